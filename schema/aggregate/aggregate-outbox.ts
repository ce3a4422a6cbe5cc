/** Events that lie in aggregates until the sequencer has numbered them. */
import { untilWritten } from '../contested.ts';
import type { Message } from '../delivery/message.ts';
import type { Outbox, Unnumbered } from '../events/outbox.ts';
import { pendingIn, type Aggregate, type AggregateChange, type AggregateEvent } from './aggregate.ts';
import type { AggregateStore } from './aggregate-store.ts';

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
  const settled = (before: A, numbers: ReadonlyMap<string, number>): readonly { before: A; after: A }[] => {
    const pendingEvents = before.pendingEvents.filter(({ eventId }) => !numbers.has(eventId));
    if (pendingEvents.length === before.pendingEvents.length) return [];
    return [
      { before, after: { ...before, ...placed(before, numbers), pendingEvents, ...pendingIn({ pendingEvents }) } },
    ];
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
    async settle(aggregateIds, numbers) {
      const attempt = async () => {
        // What has been settled already is found so.
        const waiting = await store.where({ _id: { $in: [...aggregateIds] }, hasPending: true });
        return (await store.replaceMany(waiting.flatMap((each) => settled(each, numbers)))) ? true : null;
      };
      await untilWritten(
        attempt,
        () => new Error(`some of ${aggregateIds.join(', ')} are being written by too many at once`),
      );
    },
  };
}
