/** Events that lie in aggregates until the sequencer has numbered them. */
import type { Message } from '../delivery/message.ts';
import type { Outbox, Unnumbered } from '../events/outbox.ts';
import { pendingIn, type Aggregate, type AggregateChange, type AggregateEvent } from './aggregate.ts';
import type { AggregateStore } from './aggregate-store.ts';

const MOST_TRIES = 50;

/** Messages leave in the order of the events with which they came to be. */
export const placedMessages = (
  messages: readonly Message[],
  numbers: ReadonlyMap<string, number>,
): readonly Message[] =>
  messages.map((message) => ({ ...message, position: message.position ?? numbers.get(message.eventId) ?? null }));

/** @param placed the part of the aggregate that holds messages, with their places */
export function aggregateOutbox<E extends AggregateEvent, A extends Aggregate<E>, C extends AggregateChange<A>>(
  store: AggregateStore<A, C>,
  placed: (aggregate: A, numbers: ReadonlyMap<string, number>) => Partial<A>,
): Outbox<E> {
  const settleOnce = async (aggregateId: string, numbers: ReadonlyMap<string, number>): Promise<boolean> => {
    const aggregate = await store.find(aggregateId);
    if (aggregate === null) return true;
    const pendingEvents = aggregate.pendingEvents.filter(({ eventId }) => !numbers.has(eventId));
    if (pendingEvents.length === aggregate.pendingEvents.length) return true;
    const settled = { ...aggregate, ...placed(aggregate, numbers), pendingEvents, ...pendingIn({ pendingEvents }) };
    return await store.replace(aggregate, settled);
  };

  return {
    async waiting(limit) {
      const waiting = await store.model
        .find({ hasPending: true } as Record<string, unknown>, { pendingEvents: 1 })
        .sort({ pendingSince: 1, _id: 1 })
        .limit(limit)
        .lean<Pick<A, '_id' | 'pendingEvents'>[]>();
      return waiting.map(({ _id, pendingEvents }): Unnumbered<E> => ({ aggregateId: _id, events: pendingEvents }));
    },
    async settle(aggregateId, numbers) {
      for (let tries = 1; tries <= MOST_TRIES; tries += 1) if (await settleOnce(aggregateId, numbers)) return;
      throw new Error(`${aggregateId} is being written by too many at once`);
    },
  };
}
