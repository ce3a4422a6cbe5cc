/** A notice that has been through much, recorded by the hub's own parts, and the keys by which it was signed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import type { AttemptOutcome, ChannelReply } from '../../schema/delivery/message.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import type { EventLog } from '../../schema/events/event-log.ts';
import { Lease } from '../../schema/events/lease.ts';
import { revise, takeTo, type Stage } from '../../schema/notice/case.ts';
import { CHAIN_START, NoticeChange } from '../../schema/notice/change.ts';
import { redeliver } from '../../schema/notice/dispatch.ts';
import { lift, withdraw } from '../../schema/notice/end.ts';
import { exportEvidence } from '../../schema/notice/evidence/export-evidence.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { noticeMessages } from '../../schema/notice/notice-messages.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import type { Notice, NoticeContent, NoticeEnding, NoticeEvent, NoticeVersion } from '../../schema/notice/notice.ts';
import { confirmLift, feedBack, giveBack, sign, type Hearing } from '../../schema/notice/receive.ts';
import { signedEnding, signedNotice } from '../../schema/notice/signed-form.ts';
import { openKeyRing, type KeyRing } from '../../schema/signing/key-ring.ts';
import type { CanonicalJson } from '../../schema/signing/signature.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';
import { openStore } from '../support/store.ts';

const DETERMINER = 'market-regulation';
const MINUTE_MS = 60_000;
const HEARING: Hearing = { voice: 'MUTATION', receipt: sm3Hex('what the recipient sent') };

const contentFor = (...departmentIds: readonly string[]): NoticeContent => ({
  decisionNumber: '黔示市监罚〔2026〕12号',
  decidedOn: parseCalendarDate('2026-02-27'),
  listType: 'SERIOUS_MR',
  severity: 'SERIOUS',
  factsSummary: '出具虚假机动车排放检验报告 "OBD" 37 份 <示例>',
  measures: departmentIds.map((responsibleId, index) => ({
    measureId: `M-${index + 1}`,
    name: 'More frequent inspections',
    nameZh: '增加检查频次',
    basis: '市场监督管理严重违法失信名单管理办法 第十五条',
    catalogueEdition: '2025',
    responsibleId,
  })),
  startDate: parseCalendarDate('2026-03-02'),
  endDate: parseCalendarDate('2029-03-01'),
  recipients: departmentIds.map((departmentId, index) => ({ departmentId, mandatory: index < 2 })),
});

export interface Office {
  readonly keys: KeyRing;
  readonly notices: NoticeStore;
  readonly log: EventLog<NoticeEvent>;
  /** The clock goes on by a minute with each act. */
  now(): Date;
  /** Opens a case with a version signed by the determining department. @returns the notice's id */
  issue(number: string, stage: Stage, ...recipients: readonly string[]): Promise<string>;
  revise(noticeId: string, ...recipients: readonly string[]): Promise<void>;
  end(noticeId: string, kind: NoticeEnding['kind']): Promise<void>;
  act(noticeId: string, actor: string, command: (change: NoticeChange) => void): Promise<void>;
  /** Numbers what waits, then sends all that is open; departments that are not named accept. */
  send(outcomes?: Readonly<Record<string, AttemptOutcome>>): Promise<void>;
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
  const now = (): Date => new Date(time);
  const keys = await openKeyRing({ connection, folder, now });
  await keys.ensureKeys([DETERMINER, 'hub']);
  const notices = new NoticeStore(connection, { now });
  const log = noticeLog(connection);
  await Promise.all([notices.open(), log.open()]);
  const messages = noticeMessages(notices);
  const sequencer = new Sequencer({
    outbox: noticeOutbox(notices),
    log,
    lease: new Lease(connection, 'sequencer', 60_000),
    doorbell: localDoorbell(),
    onNumbered: () => Promise.resolve(),
    onFailure: (error) => {
      throw error;
    },
  });
  const pass = (): void => void (time += MINUTE_MS);

  const version = async (
    notice: Pick<Notice, 'number' | 'subject' | 'determinerId'>,
    number: number,
    content: NoticeContent,
  ): Promise<NoticeVersion> => {
    const unsigned = { version: number, content, issuedAt: now() };
    const signature = await keys.sign(DETERMINER, Buffer.from(signedNotice(notice, unsigned)));
    return { ...unsigned, issuedBy: 'case-desk', signature };
  };

  const act: Office['act'] = async (noticeId, actor, command) => {
    pass();
    await notices.change(noticeId, { name: actor }, command);
  };

  return {
    keys,
    notices,
    log,
    now,
    act,
    async issue(number, stage, ...recipients) {
      pass();
      const subject = {
        creditCode: '91520115MAYDM00198',
        name: '贵州示例甲机动车检测有限公司',
        regionCode: '520115',
        registeredAsOf: now(),
      };
      const named = { number, subject, determinerId: DETERMINER };
      const draft: Notice = {
        ...named,
        _id: number.toLowerCase(),
        revision: 1,
        idempotencyKey: number,
        inputDigest: sm3Hex(number),
        state: 'DRAFT',
        version: 1,
        versions: [await version(named, 1, contentFor(...recipients))],
        deliveries: [],
        publishedAt: null,
        stateBeforeRepair: null,
        ending: null,
        closedAt: null,
        createdAt: now(),
        createdBy: 'case-desk',
        eventCount: 0,
        lastChain: CHAIN_START,
        pendingEvents: [],
        hasPending: false,
        recipientIds: [],
        overdue: false,
        openLanes: [],
        hasOpen: false,
        nextClockAt: null,
      };
      const change = new NoticeChange(draft, 'case-desk', now());
      change.emit('DRAFT');
      takeTo(change, stage);
      if (!(await notices.insert(change.outcome()))) throw new Error(`${number} is taken`);
      return draft._id;
    },
    async revise(noticeId, ...recipients) {
      pass();
      const notice = await notices.get(noticeId);
      const next = await version(notice, notice.version + 1, contentFor(...recipients));
      await act(noticeId, 'case-desk', (change) => revise(change, next, 'one department less'));
    },
    async end(noticeId, kind) {
      pass();
      const notice = await notices.get(noticeId);
      const unsigned = { kind, reason: '修复完成', at: now() };
      const signature = await keys.sign(DETERMINER, Buffer.from(signedEnding(notice, unsigned)));
      const ending: NoticeEnding = { ...unsigned, actor: 'case-desk', signature };
      await act(noticeId, 'case-desk', (change) => (kind === 'WITHDRAWN' ? withdraw : lift)(change, ending));
    },
    async send(outcomes = {}) {
      await sequencer.run();
      const open = await messages.openAfter(null, 100);
      for (const { reference } of open.messages.toSorted((a, b) => a.position - b.position)) {
        pass();
        const held = await messages.begin(reference, 'webhook');
        if (held === null) continue;
        pass();
        await messages.end(reference, replyOf(outcomes[held.message.departmentId] ?? 'ACCEPTED'));
      }
      await sequencer.run();
    },
    async export(number) {
      pass();
      return await exportEvidence({ notices, log, keys, now }, number);
    },
    async close() {
      await sequencer.close();
      await close();
    },
  };
}

/** Every kind of thing that a pack can hold: failures, returns, repetitions, two versions, feedback, an end. */
export async function eventfulCase(office: Office, number: string): Promise<void> {
  const id = await office.issue(number, 'PUBLISHED', 'ecology', 'transport', 'public-security');
  const to = (departmentId: string, version = 1): string => `${id}.${version}.${departmentId}`;
  const feedback = { result: 'EXECUTED', caseCount: 2, description: '已增加', executedAt: office.now() } as const;
  await office.send({ transport: 'UNREACHABLE', 'public-security': 'REFUSED' });
  await office.send();
  await office.act(id, 'desk', (change) => redeliver(change, to('public-security'), 'their endpoint is mended'));
  await office.act(id, 'transport', (change) => giveBack(change, to('transport'), '不属本部门', HEARING));
  await office.act(id, 'desk', (change) => redeliver(change, to('transport'), 'agreed by telephone'));
  await office.send();
  await office.act(id, 'ecology', (change) => sign(change, to('ecology'), HEARING));
  await office.act(id, 'transport', (change) => sign(change, to('transport'), HEARING));
  await office.act(id, 'ecology', (change) =>
    feedBack(change, to('ecology'), [{ measureId: 'M-1', ...feedback }], HEARING),
  );
  await office.revise(id, 'ecology', 'transport');
  await office.send({ ecology: 'UNREACHABLE' });
  await office.act(id, 'public-security', (change) => confirmLift(change, to('public-security'), HEARING));
  await office.send();
  for (const [index, department] of ['ecology', 'transport'].entries()) {
    await office.act(id, department, (change) => sign(change, to(department, 2), HEARING));
    const measureId = `M-${index + 1}`;
    await office.act(id, department, (change) =>
      feedBack(change, to(department, 2), [{ measureId, ...feedback }], HEARING),
    );
  }
  await office.end(id, 'LIFTED');
  await office.send();
  for (const department of ['ecology', 'transport'])
    await office.act(id, department, (change) => confirmLift(change, to(department, 2), HEARING));
  await office.send();
}
