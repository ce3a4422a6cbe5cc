/** A notice that has been through much, recorded by the hub's own parts, and the keys by which it was signed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import type { Caller } from '../../schema/access/caller.ts';
import type { AttemptOutcome, ChannelReply } from '../../schema/delivery/message.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import type { Stage } from '../../schema/notice/case.ts';
import { exportEvidence } from '../../schema/notice/evidence/export-evidence.ts';
import type { NoticeRequest } from '../../schema/notice/issue.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { noticeMessages } from '../../schema/notice/notice-messages.ts';
import { NoticeNumbers } from '../../schema/notice/notice-number.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import { NoticeService } from '../../schema/notice/notice-service.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import type { Notice, NoticeSubject } from '../../schema/notice/notice.ts';
import { openKeyRing, type KeyRing } from '../../schema/signing/key-ring.ts';
import type { CanonicalJson } from '../../schema/signing/signature.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';
import { fakeDepartment, registryOf } from '../schema/support/fake-departments.ts';
import { openStore } from '../support/store.ts';

const DEPARTMENTS = ['market-regulation', 'ecology', 'transport', 'public-security'] as const;
type DepartmentId = (typeof DEPARTMENTS)[number];
const MINUTE_MS = 60_000;
const HEARING = { voice: 'MUTATION', receipt: sm3Hex('what the recipient sent') } as const;
/** Do not adopt its reports: every recipient carries it out. */
const MEASURE = 'M206';

const callerOf = (departmentId: DepartmentId): Caller => ({
  subject: `${departmentId}-desk`,
  departmentId,
  roles: ['PUBLIC', 'DETERMINER', 'RECIPIENT'],
  regions: ['52'],
  credentialId: 'key',
});
const DETERMINER = callerOf('market-regulation');

/** The first two recipients must act. */
const requestFor = (departmentIds: readonly DepartmentId[]): NoticeRequest => ({
  decisionNumber: '黔示市监罚〔2026〕12号',
  decidedOn: parseCalendarDate('2026-02-27'),
  listType: 'SERIOUS_MR',
  severity: 'SERIOUS',
  factsSummary: '出具虚假机动车排放检验报告 "OBD" 37 份 <示例>',
  measures: [{ measureId: MEASURE, basis: null }],
  startDate: parseCalendarDate('2026-03-02'),
  endDate: parseCalendarDate('2029-03-01'),
  recipients: departmentIds.map((departmentId, index) => ({ departmentId, mandatory: index < 2 })),
});

const subjectAsOf = (registeredAsOf: Date): NoticeSubject => ({
  creditCode: '91520115MAYDM00198',
  name: '贵州示例甲机动车检测有限公司',
  regionCode: '520115',
  kinds: ['VEHICLE_INSPECTION_BODY'],
  registeredAsOf,
});

export interface Office {
  readonly keys: KeyRing;
  readonly service: NoticeService;
  /** Opens a case and takes it to this stage. */
  issue(stage: Stage, ...recipients: readonly DepartmentId[]): Promise<Notice>;
  /** Puts a version with these recipients in the place of the one that stands. */
  revise(noticeId: string, ...recipients: readonly DepartmentId[]): Promise<void>;
  /** Numbers what waits, then sends all that is open; departments that are not named accept. */
  send(outcomes?: Readonly<Partial<Record<DepartmentId, AttemptOutcome>>>): Promise<void>;
  export(number: string): Promise<CanonicalJson>;
  close(): Promise<void>;
}

const replyOf = (outcome: AttemptOutcome): ChannelReply => ({
  outcome,
  httpStatus: outcome === 'ACCEPTED' ? 202 : 503,
  detail: outcome === 'ACCEPTED' ? null : 'not now',
  receiptNumber: outcome === 'ACCEPTED' ? 'R-1' : null,
  replyDigest: sm3Hex(outcome),
  retryAfterMs: null,
});

interface Place {
  readonly connection: Connection;
  /** Of the private keys. */
  readonly folder: string;
  readonly close: () => Promise<void>;
}

async function newPlace(): Promise<Place> {
  const store = await openStore();
  const folder = await mkdtemp(join(tmpdir(), 'hub-keys-'));
  return {
    connection: store.connection,
    folder,
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param place ends with the office; a new one when it is left out */
export async function openOffice(place?: Place): Promise<Office> {
  const { connection, folder, close } = place ?? (await newPlace());
  let time = new Date('2026-03-02T08:00:00.250Z').getTime();
  // Nothing happens at the same time as anything else: each look at the clock is a minute later.
  const now = (): Date => new Date((time += MINUTE_MS));
  const keys = await openKeyRing({ connection, folder, now });
  await keys.ensureKeys(['market-regulation', 'hub']);
  const store = new NoticeStore(connection, { now });
  const log = noticeLog(connection);
  await Promise.all([store.open(), log.open()]);
  const service = new NoticeService({
    store,
    numbers: new NoticeNumbers(connection),
    signer: keys,
    registry: registryOf(DEPARTMENTS.map((id) => fakeDepartment(id))),
    clock: { now },
  });
  const messages = noticeMessages(store);
  const sequencer = new Sequencer({
    outbox: noticeOutbox(store),
    log,
    lease: new Lease(connection, 'sequencer', MINUTE_MS),
    doorbell: localDoorbell(),
    onNumbered: () => Promise.resolve(),
    onFailure: (error) => {
      throw error;
    },
  });

  return {
    keys,
    service,
    async issue(stage, ...recipients) {
      const request = { ...requestFor(recipients), subjectCode: '91520115MAYDM00198', stage };
      const idempotencyKey = `case-of-${now().getTime()}`;
      return await service.issue(DETERMINER, { ...request, idempotencyKey }, () => Promise.resolve(subjectAsOf(now())));
    },
    async revise(noticeId, ...recipients) {
      await service.revise(DETERMINER, noticeId, requestFor(recipients), 'one department less');
    },
    async send(outcomes: Readonly<Record<string, AttemptOutcome>> = {}) {
      await sequencer.run();
      const open = await messages.openAfter(null, 100);
      for (const { reference } of open.messages.toSorted((a, b) => a.position - b.position)) {
        const held = await messages.begin(reference, 'webhook', MINUTE_MS);
        if (held === null) continue;
        await messages.end(reference, replyOf(outcomes[held.message.departmentId] ?? 'ACCEPTED'));
      }
      await sequencer.run();
    },
    export: (number) => exportEvidence({ notices: store, log, keys, now }, number),
    async close() {
      await sequencer.close();
      await close();
    },
  };
}

export const lift = (office: Office, noticeId: string): Promise<Notice> =>
  office.service.lift(DETERMINER, noticeId, '修复完成');
export const withdraw = (office: Office, noticeId: string): Promise<Notice> =>
  office.service.withdraw(DETERMINER, noticeId, '决定撤销');

/**
 * A case with every kind of thing that a pack can hold: failures, a return, repetitions, two versions, feedback, an end.
 * @returns its number
 */
export async function eventfulCase(office: Office): Promise<string> {
  const { service } = office;
  const { _id: id, number } = await office.issue('PUBLISHED', 'ecology', 'transport', 'public-security');
  const to = (departmentId: DepartmentId, version = 1): string => `${id}.${version}.${departmentId}`;
  const signs = (departmentId: DepartmentId, version?: number) =>
    service.sign(callerOf(departmentId), to(departmentId, version), HEARING);
  const feedback = {
    measureId: MEASURE,
    result: 'EXECUTED',
    caseCount: 2,
    description: '已停止采信',
    executedAt: new Date('2026-03-02T10:00:00Z'),
  } as const;
  const feedsBack = (departmentId: DepartmentId, version?: number) =>
    service.feedBack(callerOf(departmentId), to(departmentId, version), [feedback], HEARING);

  await office.send({ transport: 'UNREACHABLE', 'public-security': 'REFUSED' });
  await office.send();
  await service.redeliver(DETERMINER, to('public-security'), 'their endpoint is mended');
  await service.giveBack(callerOf('transport'), to('transport'), '不属本部门', HEARING);
  await service.redeliver(DETERMINER, to('transport'), 'agreed by telephone');
  await office.send();
  await signs('ecology');
  await signs('transport');
  await feedsBack('ecology');
  await office.revise(id, 'ecology', 'transport');
  await office.send({ ecology: 'UNREACHABLE' });
  await service.confirmLift(callerOf('public-security'), to('public-security'), HEARING);
  await office.send();
  for (const department of ['ecology', 'transport'] as const) {
    await signs(department, 2);
    await feedsBack(department, 2);
  }
  await lift(office, id);
  await office.send();
  for (const department of ['ecology', 'transport'] as const)
    await service.confirmLift(callerOf(department), to(department, 2), HEARING);
  await office.send();
  return number;
}
