/** A hub with a replica that has been read in full, at noon of the world's last day. */
import { Sequencer } from '../../jobs/events/sequencer.ts';
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import type { Caller } from '../../schema/access/caller.ts';
import { creditOutbox } from '../../schema/credit/case-store.ts';
import { creditLog } from '../../schema/credit/credit-log.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import { EventTail } from '../../schema/events/tail.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { NoticeNumbers } from '../../schema/notice/notice-number.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import { NoticeService } from '../../schema/notice/notice-service.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import { PROJECTED_READS } from '../../schema/replica/facts.ts';
import { DEPARTMENTS, STAFF, startReplicatedHub, type ReplicatedHub } from '../hub/support.ts';
import type { DepartmentName } from '../support/hub.ts';
import { SIGNATURE } from '../notice/cases.ts';
import { openStore } from '../support/store.ts';
import { callScope } from '../support/source-under-test.ts';

const SIGNER = { sign: () => Promise.resolve(SIGNATURE) };
const fail = (error: unknown): never => {
  throw error;
};

export const NOON = '2026-03-31T12:00:00+08:00';

export const staff = (over: Partial<Caller> = {}): Caller => ({ ...STAFF, ...over });

export interface CreditHub extends ReplicatedHub {
  /** By which profiles are made. */
  time: Date;
  /** Reads what these departments hold, and computes. */
  follow(departments?: readonly DepartmentName[]): Promise<void>;
  /** Numbers what has happened, and computes what follows from it. */
  settle(): Promise<void>;
}

export async function startCreditHub(worldSize: number): Promise<CreditHub> {
  const clock = { now: () => credit.time };
  const store = await openStore();
  const { connection } = store;
  const log = noticeLog(connection);
  const notices = new NoticeStore(connection, { now: () => clock.now() });
  await Promise.all([notices.open(), log.open()]);
  const hub = await startReplicatedHub(
    {
      ...{ worldSize, clock },
      noticesOf: (parts) => ({
        service: new NoticeService({
          store: notices,
          numbers: new NoticeNumbers(connection),
          signer: SIGNER,
          ...parts,
        }),
        log,
        tail: new EventTail(log, { doorbell: localDoorbell(), onFailure: fail }),
      }),
    },
    store,
  );
  const numbered = {
    lease: (name: string) => new Lease(connection, `sequencer:${name}`, 10_000),
    ...{ doorbell: localDoorbell(), onNumbered: () => Promise.resolve(), onFailure: fail },
  };
  const sequencers = [
    new Sequencer({ ...numbered, outbox: noticeOutbox(notices), log, lease: numbered.lease('notices') }),
    new Sequencer({
      ...{ ...numbered, outbox: creditOutbox(connection), log: creditLog(connection) },
      lease: numbered.lease('credit'),
    }),
  ];
  const credit: CreditHub = {
    ...hub,
    time: new Date(NOON),
    async follow(departments = DEPARTMENTS) {
      for (const id of departments) {
        const source = hub.services.registry.find(id);
        for (const read of PROJECTED_READS) {
          if (source?.changeFeeds.has(read) !== true) continue;
          await syncFeed({ source, replica: hub.replica, read, full: false, clock, scope: callScope(30_000) });
        }
      }
      await hub.project();
    },
    async settle() {
      for (const sequencer of sequencers) await sequencer.run();
      await hub.project();
    },
  };
  return credit;
}
