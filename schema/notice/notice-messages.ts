/** The messages of notices, as the delivery machine sees them. */
import { isOpen, type Message } from '../delivery/message.ts';
import type { HeldMessage, MessageKeeper, MessageReference, OpenMessage } from '../delivery/ports.ts';
import { begin, carriedBy, end } from './dispatch.ts';
import { envelopeOf } from './envelope.ts';
import type { Delivery, Notice } from './notice.ts';
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

/** Messages that are ready to go, of one department or of all. */
const openOf = (notice: Notice, departmentId: string | null): OpenMessage[] =>
  notice.deliveries
    .flatMap(({ messages }) => messages)
    .filter((message) => isOpen(message) && (departmentId === null || message.departmentId === departmentId))
    .flatMap(({ id, nextAttemptAt, position }) =>
      position === null
        ? []
        : [{ reference: { topic: NOTICE_TOPIC, aggregateId: notice._id, messageId: id }, nextAttemptAt, position }],
    );

export function noticeMessages(store: NoticeStore): MessageKeeper {
  const ofLane = async (lane: string): Promise<OpenMessage[]> => {
    const [creditCode, departmentId = ''] = lane.split('|');
    const notices = await store.model
      .find({ openLanes: departmentId, 'subject.creditCode': creditCode })
      .lean<Notice[]>();
    return notices.flatMap((notice) => openOf(notice, departmentId));
  };

  return {
    topic: NOTICE_TOPIC,
    async find({ aggregateId, messageId }: MessageReference) {
      return held(await store.find(aggregateId), messageId);
    },
    async isBlocked({ lane, message }) {
      const own = message.position ?? Infinity;
      return (await ofLane(lane)).some(({ position }) => position < own);
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
    async openIn(where) {
      if ('lane' in where) return await ofLane(where.lane);
      const notices = await store.model.find({ _id: { $in: [...where.aggregateIds] }, hasOpen: true }).lean<Notice[]>();
      return notices.flatMap((notice) => openOf(notice, null));
    },
    async openAfter(after, aggregates) {
      const notices = await store.model
        .find({ hasOpen: true, ...(after !== null && { _id: { $gt: after } }) })
        .sort({ _id: 1 })
        .limit(aggregates)
        .lean<Notice[]>();
      return {
        messages: notices.flatMap((notice) => openOf(notice, null)),
        next: notices.length < aggregates ? null : (notices.at(-1)?._id ?? null),
      };
    },
  };
}
