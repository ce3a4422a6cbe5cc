/** What happens later on the credit side: events are numbered, clocks of repairs run, notices follow repairs and lists. */
import type { Connection } from 'mongoose';
import { creditOutbox } from '../../schema/credit/case-store.ts';
import type { CreditParts } from '../../schema/credit/credit-parts.ts';
import { tick } from '../../schema/credit/repair-case.ts';
import { REPAIR_TOPIC } from '../../schema/credit/repair-messages.ts';
import { carryAllThrough } from '../../schema/credit/repair-notices.ts';
import type { Doorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import type { NoticeService } from '../../schema/notice/notice-service.ts';
import type { Clock } from '../../schema/ports.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';
import { Sequencer } from '../events/sequencer.ts';
import type { QueueBackend } from '../queue/queue-backend.ts';

export interface CreditJobsParts {
  readonly connection: Connection;
  readonly credit: CreditParts;
  /** null: the hub keeps no notices. */
  readonly notices: NoticeService | null;
  readonly backend: QueueBackend;
  readonly doorbell: Doorbell;
  readonly clock: Clock;
  readonly delivery: Pick<DeliveryService, 'enqueue'>;
  /** Told when something has happened that profiles rest on. */
  readonly onNumbered: () => void;
  readonly onFailure: (error: unknown) => void;
}

const SEQUENCER_LEASE_MS = 10_000;
const EVERY_MS = 60_000;
const AT_ONCE = 200;

/**
 * May run twice and in several processes at once.
 * @returns how many repairs were looked at
 * @throws AggregateError when some notices could not follow, after everything else has been seen to
 */
export async function runCreditClock(
  { repairs, listEnds }: Pick<CreditParts, 'repairs' | 'listEnds'>,
  notices: NoticeService | null,
  now: Date,
): Promise<number> {
  const failures =
    notices === null ? [] : [...(await carryAllThrough(notices, repairs.store)), ...(await listEnds.lift(notices))];
  let ticked = 0;
  for (;;) {
    const due = await repairs.store.due(now, AT_ONCE);
    if (due.length === 0) break;
    for (const { _id } of due) await repairs.store.update(_id, (repair) => tick(repair, now));
    ticked += due.length;
  }
  if (failures.length > 0) throw new AggregateError(failures, `notices of ${failures.length} cases could not follow`);
  return ticked;
}

/** @returns what lets go of the lease; the worker ends with the backend */
export async function startCreditJobs(parts: CreditJobsParts): Promise<{ close(): Promise<void> }> {
  const { connection, credit, notices, backend, doorbell, clock, onFailure } = parts;
  const sequencer = new Sequencer({
    outbox: creditOutbox(connection),
    log: credit.log,
    lease: new Lease(connection, 'sequencer:credit', SEQUENCER_LEASE_MS),
    doorbell,
    async onNumbered(caseIds) {
      parts.onNumbered();
      await parts.delivery.enqueue(REPAIR_TOPIC, caseIds);
    },
    onFailure,
  });
  backend.worker('credit-clock', async () => {
    try {
      await runCreditClock(credit, notices, clock.now());
    } catch (error) {
      onFailure(error);
      throw error;
    }
  });
  await backend.queue('credit-clock').schedule('credit-clock', EVERY_MS, { v: 1 });
  sequencer.start();
  return { close: () => sequencer.close() };
}
