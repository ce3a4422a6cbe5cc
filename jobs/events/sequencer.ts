/**
 * Numbers the events that lie in their aggregates. One process at a time does it, by a lease; two at once would only get
 * in each other's way, because the log itself lets no number be given twice. It may be killed at any moment: what has been
 * numbered and not yet taken out of its aggregate is found in the log again.
 */
import { chunksOf } from '../../schema/chunks.ts';
import type { Doorbell } from '../../schema/events/doorbell.ts';
import type { EventLog, LogEvent } from '../../schema/events/event-log.ts';
import type { Lease } from '../../schema/events/lease.ts';
import type { Outbox } from '../../schema/events/outbox.ts';

export interface SequencerParts<E extends LogEvent & { readonly at: Date }> {
  readonly outbox: Outbox<E>;
  readonly log: EventLog<E>;
  readonly lease: Lease;
  readonly doorbell: Doorbell;
  /** Told which aggregates now have numbered events. */
  readonly onNumbered: (aggregateIds: readonly string[]) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
  /** The safety net under the doorbell. */
  readonly pollMs?: number;
}

const POLL_MS = 500;
const AGGREGATES_AT_ONCE = 200;
const SETTLED_AT_ONCE = 50;

export class Sequencer<E extends LogEvent & { readonly at: Date }> {
  readonly #parts: SequencerParts<E>;
  readonly #pollMs: number;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => undefined;
  #running: Promise<void> | null = null;
  #wasRung = false;
  #isStopped = false;

  constructor(parts: SequencerParts<E>) {
    this.#parts = parts;
    this.#pollMs = parts.pollMs ?? POLL_MS;
  }

  start(): void {
    this.#stopListening = this.#parts.doorbell.listen('pending', () => this.#wake());
    this.#wake();
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    this.#stopListening();
    clearTimeout(this.#timer);
    await this.#running;
    await this.#parts.lease.release().catch(() => undefined);
  }

  /** Numbers all that waits now. @returns how many events; 0 also when another process holds the lease */
  async run(): Promise<number> {
    const { outbox, log, lease, doorbell, onNumbered } = this.#parts;
    let numbered = 0;
    while (await lease.take()) {
      const waiting = await outbox.waiting(AGGREGATES_AT_ONCE);
      if (waiting.length === 0) return numbered;
      // Oldest first; within an aggregate the order is its own, whatever its clock says.
      const events = waiting
        .toSorted((a, b) => (a.events[0]?.at.getTime() ?? 0) - (b.events[0]?.at.getTime() ?? 0))
        .flatMap((each) => each.events);
      const numbers = await log.append(events);
      doorbell.ring('logged');
      const ids = waiting.map(({ aggregateId }) => aggregateId);
      for (const some of chunksOf(ids, SETTLED_AT_ONCE)) await outbox.settle(some, numbers);
      await onNumbered(ids);
      numbered += events.length;
    }
    return numbered;
  }

  #wake(): void {
    if (this.#isStopped) return;
    if (this.#running !== null) {
      this.#wasRung = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.run()
      .then(
        () => undefined,
        (error: unknown) => {
          if (!this.#isStopped) this.#parts.onFailure(error);
        },
      )
      .then(() => {
        this.#running = null;
        if (this.#isStopped) return;
        if (this.#wasRung) {
          this.#wasRung = false;
          this.#wake();
        } else {
          this.#timer = setTimeout(() => this.#wake(), this.#pollMs);
          this.#timer.unref();
        }
      });
  }
}
