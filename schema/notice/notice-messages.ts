/** The messages of notices, as the delivery machine sees them. */
import { isOpen, type Message } from '../delivery/message.ts';
import type { HeldMessage, MessageKeeper, MessageReference, OpenMessage } from '../delivery/ports.ts';
import { begin, carriedBy, end, hurry } from './dispatch.ts';
import { envelopeOf } from './envelope.ts';
import type { Delivery, Notice } from './notice.ts';
import { noticeLog } from './notice-log.ts';
import { HUB_ACTOR, type NoticeStore } from './notice-store.ts';

export const NOTICE_TOPIC = 'notice';

const laneOf = ({ subject }: Pick<Notice, 'subject'>, departmentId: string): string =>
  `${subject.creditCode}|${departmentId}`;

const heldIn = (notice: Notice, delivery: Delivery, message: Message): HeldMessage => ({
  message,
  envelope: envelopeOf(notice, delivery, message),
  lane: laneOf(notice, message.departmentId),
});

function held(notice: Notice | null, messageId: string): HeldMessage | null {
  const carried = notice === null ? null : carriedBy(notice, messageId);
  return notice === null || carried === null ? null : heldIn(notice, carried.delivery, carried.message);
}

/** Of one department or of all. */
const openOf = ({ deliveries }: Notice, departmentId: string | null): Message[] =>
  deliveries
    .flatMap(({ messages }) => messages)
    .filter((message) => isOpen(message) && (departmentId === null || message.departmentId === departmentId));

/** Messages that are ready to go, of one department or of all. */
const readyOf = (notice: Notice, departmentId: string | null): OpenMessage[] =>
  openOf(notice, departmentId).flatMap(({ id, nextAttemptAt, position }) =>
    position === null
      ? []
      : [{ reference: { topic: NOTICE_TOPIC, aggregateId: notice._id, messageId: id }, nextAttemptAt, position }],
  );

export function noticeMessages(store: NoticeStore): MessageKeeper {
  const log = noticeLog(store.model.db);
  const ofLane = async <T>(lane: string, of: (notice: Notice, departmentId: string) => readonly T[]): Promise<T[]> => {
    const [creditCode, departmentId = ''] = lane.split('|');
    const notices = await store.model
      .find({ openLanes: departmentId, 'subject.creditCode': creditCode })
      .lean<Notice[]>();
    return notices.flatMap((notice) => of(notice, departmentId));
  };

  return {
    topic: NOTICE_TOPIC,
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
      const notice = await store.change(aggregateId, HUB_ACTOR, (change) => {
        claim.isMine = begin(change, messageId, channel, leaseMs);
      });
      return claim.isMine ? held(notice, messageId) : null;
    },
    async end({ aggregateId, messageId }, reply) {
      const random = Math.random();
      const notice = await store.change(aggregateId, HUB_ACTOR, (change) => end(change, messageId, reply, random));
      return carriedBy(notice, messageId)?.message ?? null;
    },
    async hurry(departmentId) {
      const ready: OpenMessage[] = [];
      for await (const { _id } of store.model.find({ openLanes: departmentId }, { _id: 1 }).lean().cursor()) {
        const notice = await store.change(_id, HUB_ACTOR, (change) => hurry(change, departmentId));
        ready.push(...readyOf(notice, departmentId));
      }
      return ready;
    },
    async openIn(where) {
      if ('lane' in where) return await ofLane(where.lane, readyOf);
      const notices = await store.model.find({ _id: { $in: [...where.aggregateIds] }, hasOpen: true }).lean<Notice[]>();
      return notices.flatMap((notice) => readyOf(notice, null));
    },
    async openAfter(after, aggregates) {
      const notices = await store.model
        .find({ hasOpen: true, ...(after !== null && { _id: { $gt: after } }) })
        .sort({ _id: 1 })
        .limit(aggregates)
        .lean<Notice[]>();
      return {
        messages: notices.flatMap((notice) => readyOf(notice, null)),
        next: notices.length < aggregates ? null : (notices.at(-1)?._id ?? null),
      };
    },
  };
}
