/** The credit side over words that imagined departments have said: no protocols, a real store, the hub's own wiring. */
import type { Connection } from 'mongoose';
import { runCreditClock } from '../../jobs/credit/credit-jobs.ts';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import { openProjection, type Projection } from '../../jobs/projection/open-projection.ts';
import type { Caller } from '../../schema/access/caller.ts';
import { creditOutbox } from '../../schema/credit/case-store.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import { NO_DECISIONS } from '../../schema/identity/station-decisions.ts';
import type { IssueRequest } from '../../schema/notice/issue.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { NoticeNumbers } from '../../schema/notice/notice-number.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import { NoticeService } from '../../schema/notice/notice-service.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import type { Notice } from '../../schema/notice/notice.ts';
import { HEARING, SIGNATURE } from '../notice/cases.ts';
import { fakeDepartment, registryOf } from '../schema/support/fake-departments.ts';
import type { Clock } from '../../schema/ports.ts';
import { recognitionLog, recognitionOutbox, RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import { addMonths, calendarDateOf } from '../../schema/time/calendar-date.ts';
import { at, day, type DepartmentId } from '../schema/support/records.ts';
import { HELD_BY, openIndex, type Word } from '../search/held-records.ts';
import { staff } from './support.ts';

export const clerk = (departmentId: string): Caller =>
  staff({ subject: `${departmentId}-clerk`, departmentId, roles: ['PUBLIC', 'DETERMINER', 'RECIPIENT'] });

const fail = (error: unknown): never => {
  throw error;
};

export interface LightWorld {
  readonly projection: Projection;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly notices: NoticeService;
  /** The day and hour, e.g. "2026-02-02T12:00" in China. */
  now(time: string): void;
  hear(...words: readonly Word[]): Promise<void>;
  /** Everything that follows from what has been heard and from the hour, as the hub's jobs do it. */
  settle(): Promise<void>;
  /** What weighs, e.g. "HISTORY-NOTICES 20". */
  weights(code: CreditCode): Promise<string[]>;
  /** A notice that its only recipient, ecology, has signed for. */
  issue(determinerId: DepartmentId, subjectCode: CreditCode, about: Partial<IssueRequest>): Promise<Notice>;
  /** Kinds of what the credit side has told of an institution, oldest first. */
  told(code: CreditCode): Promise<string[]>;
  close(): Promise<void>;
}

export async function openLightWorld(start: string): Promise<LightWorld> {
  const opened = await openIndex(at(start));
  const clock = { now: () => opened.now };
  const { replica } = opened;
  const connection = replica.models.records.db;
  const projection = await openProjection({
    ...{ connection, replica, clock },
    ...{ departments: HELD_BY, decisions: NO_DECISIONS },
  });
  const log = noticeLog(connection);
  const store = new NoticeStore(connection, { now: () => clock.now() });
  const ofRecognitions = recognitionLog(connection);
  await Promise.all([store.open(), log.open(), ofRecognitions.open()]);
  const registry = registryOf(HELD_BY.map(({ id }) => fakeDepartment(id as DepartmentId)));
  const signer = { sign: () => Promise.resolve(SIGNATURE) };
  const notices = new NoticeService({ store, numbers: new NoticeNumbers(connection), signer, registry, clock });
  const numbered = { doorbell: localDoorbell(), onNumbered: () => Promise.resolve(), onFailure: fail };
  const sequencers = [
    new Sequencer({ ...numbered, outbox: noticeOutbox(store), log, lease: new Lease(connection, 'notices', 10_000) }),
    new Sequencer({
      ...{ ...numbered, outbox: creditOutbox(connection), log: projection.credit.log },
      lease: new Lease(connection, 'credit', 10_000),
    }),
    new Sequencer({
      ...{ ...numbered, outbox: recognitionOutbox(new RecognitionStore(connection)), log: ofRecognitions },
      lease: new Lease(connection, 'recognitions', 10_000),
    }),
  ];
  let issued = 0;
  return {
    ...{ projection, notices, connection, clock },
    now: (time) => void (opened.now = at(time)),
    hear: (...words) => opened.hear(...words),
    async settle() {
      for (const round of ['what was heard', 'what follows from it']) {
        await projection.projector.run();
        await runCreditClock(projection.credit, notices, clock.now()).catch((error: unknown) => {
          throw new Error(`the clock failed over ${round}`, { cause: error });
        });
        for (const sequencer of sequencers) await sequencer.run();
      }
      await projection.projector.run();
    },
    async weights(code) {
      const [profile] = await projection.credit.profiles.of([code]);
      if (profile === undefined || profile === null) throw new Error(`${code} has no profile`);
      return profile.factors.map(({ id, points }) => `${id} ${points}`);
    },
    async issue(determinerId, subjectCode, about) {
      const subject = {
        creditCode: subjectCode,
        name: '示例',
        regionCode: '520115',
        kinds: [],
        registeredAsOf: opened.now,
      };
      const notice = await notices.issue(
        clerk(determinerId),
        {
          ...{ idempotencyKey: `notice-${++issued}`, subjectCode, stage: 'PUBLISHED', listType: null },
          ...{ decisionNumber: '示罚〔2026〕1号', decidedOn: day('2026-01-05'), severity: 'SERIOUS' },
          ...{ factsSummary: '(示例)', measures: [{ measureId: 'M204', basis: null }] },
          ...{ startDate: calendarDateOf(opened.now), endDate: addMonths(calendarDateOf(opened.now), 36) },
          recipients: [{ departmentId: 'ecology', mandatory: true }],
          ...about,
        },
        () => Promise.resolve(subject),
      );
      const [delivery] = notice.deliveries;
      return delivery === undefined ? notice : await notices.sign(clerk('ecology'), delivery.id, HEARING);
    },
    async told(creditCode) {
      return (await projection.credit.log.where({ creditCode }, 1_000)).map(({ kind }) => kind);
    },
    close: () => opened.close(),
  };
}
