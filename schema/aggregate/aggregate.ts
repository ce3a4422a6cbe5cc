/**
 * An aggregate is one document: what it is about, the events that are not in the log yet and, where it is pushed to
 * departments, the messages that carry it. It is read whole and written whole, in one atomic write.
 */
import type { LogEvent } from '../events/event-log.ts';

/** An event that knows when it happened. */
export interface AggregateEvent extends LogEvent {
  readonly at: Date;
}

export interface Aggregate<E extends AggregateEvent = AggregateEvent> {
  readonly _id: string;
  /** Raised by every write; a writer that read an older one tries again. */
  readonly revision: number;
  /** Not in the log yet, oldest first. */
  readonly pendingEvents: readonly E[];
  readonly hasPending: boolean;
  /** Since when its oldest pending event waits; null when none does. */
  readonly pendingSince: Date | null;
}

export const pendingIn = ({
  pendingEvents,
}: Pick<Aggregate, 'pendingEvents'>): Pick<Aggregate, 'hasPending' | 'pendingSince'> => ({
  hasPending: pendingEvents.length > 0,
  pendingSince: pendingEvents[0]?.at ?? null,
});

/** One change of an aggregate, of which nothing is written yet. A command that changes nothing leaves it unchanged. */
export interface AggregateChange<A> {
  readonly isChanged: boolean;
  /** The aggregate as it is to be written. */
  outcome(): A;
}

export interface Actor {
  readonly name: string;
}

/** The hub itself: its jobs and its clock. */
export const HUB_ACTOR: Actor = { name: 'hub' };

/** Ids of deliveries and of messages begin with their aggregate's. */
export const aggregateIdOf = (id: string): string => id.split('.')[0] ?? '';
