/** Events that lie in their aggregates until a sequencer has numbered them. */
import type { LogEvent } from './event-log.ts';

/** One aggregate with events that are not numbered yet. */
export interface Unnumbered<E extends LogEvent> {
  readonly aggregateId: string;
  /** Oldest first. */
  readonly events: readonly E[];
}

export interface Outbox<E extends LogEvent> {
  /** At most `limit` aggregates, those first whose events have waited longest: what came first is numbered first. */
  waiting(limit: number): Promise<readonly Unnumbered<E>[]>;
  /**
   * Takes numbered events out of their aggregate, and gives the messages that came with them their place. May run twice.
   * @param numbers of event ids
   */
  settle(aggregateIds: readonly string[], numbers: ReadonlyMap<string, number>): Promise<void>;
}
