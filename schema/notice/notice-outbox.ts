import type { Outbox, Unnumbered } from '../events/outbox.ts';
import { pendingIn } from './derive.ts';
import type { Delivery, Notice, NoticeEvent } from './notice.ts';
import type { NoticeStore } from './notice-store.ts';

const MOST_TRIES = 50;

/** Messages leave in the order of the events with which they came to be. */
const placed = (delivery: Delivery, numbers: ReadonlyMap<string, number>): Delivery => ({
  ...delivery,
  messages: delivery.messages.map((message) => ({
    ...message,
    position: message.position ?? numbers.get(message.eventId) ?? null,
  })),
});

export function noticeOutbox({ model }: Pick<NoticeStore, 'model'>): Outbox<NoticeEvent> {
  const settleOnce = async (aggregateId: string, numbers: ReadonlyMap<string, number>): Promise<boolean> => {
    const notice = await model.findById(aggregateId).lean<Notice>();
    if (notice === null) return true;
    const pendingEvents = notice.pendingEvents.filter(({ eventId }) => !numbers.has(eventId));
    if (pendingEvents.length === notice.pendingEvents.length) return true;
    const settled: Notice = {
      ...notice,
      pendingEvents,
      ...pendingIn({ pendingEvents }),
      deliveries: notice.deliveries.map((delivery) => placed(delivery, numbers)),
      revision: notice.revision + 1,
    };
    const filter = { _id: aggregateId, revision: notice.revision };
    const { matchedCount } = await model.collection.replaceOne(filter as never, { ...settled });
    return matchedCount === 1;
  };

  return {
    async waiting(limit) {
      const notices = await model
        .find({ hasPending: true }, { pendingEvents: 1 })
        .sort({ pendingSince: 1, _id: 1 })
        .limit(limit)
        .lean<Pick<Notice, '_id' | 'pendingEvents'>[]>();
      return notices.map(({ _id, pendingEvents }): Unnumbered<NoticeEvent> => ({
        aggregateId: _id,
        events: pendingEvents,
      }));
    },
    async settle(aggregateId, numbers) {
      for (let tries = 1; tries <= MOST_TRIES; tries += 1) if (await settleOnce(aggregateId, numbers)) return;
      throw new Error(`notice ${aggregateId} is being written by too many at once`);
    },
  };
}
