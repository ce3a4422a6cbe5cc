/** The messages inside aggregates, as the delivery machine sees them. */
import { isOpen, type ChannelReply, type Message } from '../delivery/message.ts';
import type { Envelope, HeldMessage, MessageKeeper, MessageReference, OpenMessage } from '../delivery/ports.ts';
import type { EventLog, LogEvent } from '../events/event-log.ts';
import { HUB_ACTOR, type Aggregate, type AggregateChange } from './aggregate.ts';
import type { AggregateStore } from './aggregate-store.ts';

/** How one kind of aggregate holds messages. `hasOpen` says in the store whether one of them is open. */
export interface MessageHolding<A extends Aggregate, C extends AggregateChange<A>> {
  readonly topic: string;
  readonly store: AggregateStore<A, C>;
  readonly log: Pick<EventLog<LogEvent>, 'numbersOf'>;
  messagesOf(aggregate: A): readonly Message[];
  envelopeOf(aggregate: A, message: Message): Envelope;
  laneOf(aggregate: A, departmentId: string): string;
  /** Where the aggregates with messages of a lane are found, and to which department the lane leads. */
  lane(lane: string): { readonly departmentId: string; readonly conditions: Readonly<Record<string, unknown>> };
  /** Where the aggregates with open messages to a department are found. */
  openTo(departmentId: string): Readonly<Record<string, unknown>>;
  /** @returns false when the message is settled, not numbered yet, or another process is calling now */
  begin(change: C, messageId: string, channel: string, leaseMs: number): boolean;
  /** @param random 0..1 */
  end(change: C, messageId: string, reply: ChannelReply, random: number): void;
  /** A department can be reached again: what waits for it need not wait for its time. */
  hurry(change: C, departmentId: string): void;
}

export function aggregateMessages<A extends Aggregate, C extends AggregateChange<A>>(
  holding: MessageHolding<A, C>,
): MessageKeeper {
  const { topic, store, log } = holding;

  const held = (aggregate: A | null, messageId: string): HeldMessage | null => {
    const message = aggregate === null ? undefined : holding.messagesOf(aggregate).find(({ id }) => id === messageId);
    if (aggregate === null || message === undefined) return null;
    return {
      message,
      envelope: holding.envelopeOf(aggregate, message),
      lane: holding.laneOf(aggregate, message.departmentId),
    };
  };

  /** To one department or to all. */
  const openOf = (aggregate: A, departmentId: string | null): Message[] =>
    holding
      .messagesOf(aggregate)
      .filter((message) => isOpen(message) && (departmentId === null || message.departmentId === departmentId));

  /** Messages that are ready to go, to one department or to all. */
  const readyOf = (aggregate: A, departmentId: string | null): OpenMessage[] =>
    openOf(aggregate, departmentId).flatMap(({ id, nextAttemptAt, position }) =>
      position === null
        ? []
        : [{ reference: { topic, aggregateId: aggregate._id, messageId: id }, nextAttemptAt, position }],
    );

  const ofLane = async <T>(
    lane: string,
    of: (aggregate: A, departmentId: string) => readonly T[],
  ): Promise<readonly T[]> => {
    const { departmentId, conditions } = holding.lane(lane);
    return (await store.where(conditions)).flatMap((aggregate) => of(aggregate, departmentId));
  };

  return {
    topic,
    async find({ aggregateId, messageId }: MessageReference) {
      return held(await store.find(aggregateId), messageId);
    },
    async isBlocked({ lane, message }) {
      const own = message.position ?? Infinity;
      const others = (await ofLane(lane, openOf)).filter(({ id }) => id !== message.id);
      if (others.some(({ position }) => position !== null && position < own)) return true;
      // The sequencer may be writing places down just now, or have died over it.
      const placeless = others.flatMap(({ position, eventId }) => (position === null ? [eventId] : []));
      if (placeless.length === 0) return false;
      return [...(await log.numbersOf(placeless)).values()].some((number) => number < own);
    },
    async begin({ aggregateId, messageId }, channel, leaseMs) {
      // Another writer may be faster; what the last run of the command says counts.
      const claim = { isMine: false };
      const aggregate = await store.change(aggregateId, HUB_ACTOR, (change) => {
        claim.isMine = holding.begin(change, messageId, channel, leaseMs);
      });
      return claim.isMine ? held(aggregate, messageId) : null;
    },
    async end({ aggregateId, messageId }, reply) {
      const random = Math.random();
      const aggregate = await store.change(aggregateId, HUB_ACTOR, (change) =>
        holding.end(change, messageId, reply, random),
      );
      return holding.messagesOf(aggregate).find(({ id }) => id === messageId) ?? null;
    },
    async hurry(departmentId) {
      const ready: OpenMessage[] = [];
      for await (const { _id } of store.idsOf(holding.openTo(departmentId))) {
        const aggregate = await store.change(_id, HUB_ACTOR, (change) => holding.hurry(change, departmentId));
        ready.push(...readyOf(aggregate, departmentId));
      }
      return ready;
    },
    async openIn(where) {
      if ('lane' in where) return await ofLane(where.lane, readyOf);
      const found = await store.where({ _id: { $in: [...where.aggregateIds] }, hasOpen: true });
      return found.flatMap((aggregate) => readyOf(aggregate, null));
    },
    async openAfter(after, aggregates) {
      const found = await store.where({ hasOpen: true, ...(after !== null && { _id: { $gt: after } }) }, aggregates);
      return {
        messages: found.flatMap((aggregate) => readyOf(aggregate, null)),
        next: found.length < aggregates ? null : (found.at(-1)?._id ?? null),
      };
    },
  };
}
