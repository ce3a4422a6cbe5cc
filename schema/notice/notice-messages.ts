/** The messages of notices, as the delivery machine sees them. */
import { aggregateMessages } from '../aggregate/aggregate-messages.ts';
import type { MessageKeeper } from '../delivery/ports.ts';
import { begin, carriedBy, end, hurry } from './dispatch.ts';
import { envelopeOf } from './envelope.ts';
import { noticeLog } from './notice-log.ts';
import type { NoticeStore } from './notice-store.ts';

export const NOTICE_TOPIC = 'notice';

export const noticeMessages = (store: NoticeStore): MessageKeeper =>
  aggregateMessages({
    topic: NOTICE_TOPIC,
    store,
    log: noticeLog(store.model.db),
    messagesOf: ({ deliveries }) => deliveries.flatMap(({ messages }) => messages),
    envelopeOf(notice, message) {
      const carried = carriedBy(notice, message.id);
      if (carried === null) throw new Error(`notice ${notice._id} has no message ${message.id}`);
      return envelopeOf(notice, carried.delivery, message);
    },
    laneOf: ({ subject }, departmentId) => `${subject.creditCode}|${departmentId}`,
    lane(lane) {
      const [creditCode, departmentId = ''] = lane.split('|');
      return { departmentId, conditions: { openLanes: departmentId, 'subject.creditCode': creditCode } };
    },
    openTo: (departmentId) => ({ openLanes: departmentId }),
    begin,
    end,
    hurry,
  });
