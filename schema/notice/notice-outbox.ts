import { aggregateOutbox, placedMessages } from '../aggregate/aggregate-outbox.ts';
import type { Outbox } from '../events/outbox.ts';
import type { NoticeEvent } from './notice.ts';
import type { NoticeStore } from './notice-store.ts';

export const noticeOutbox = (store: NoticeStore): Outbox<NoticeEvent> =>
  aggregateOutbox(store, ({ deliveries }, numbers) => ({
    deliveries: deliveries.map((delivery) => ({ ...delivery, messages: placedMessages(delivery.messages, numbers) })),
  }));
