/** What stands behind the graph's Notice, Delivery and NoticeEvent: plain objects, made of the aggregate and of the log. */
import type { AttemptOutcome } from '../delivery/message.ts';
import { eventCursors } from '../events/event-cursor.ts';
import type { Numbered } from '../events/event-log.ts';
import { isOverdue } from './clock.ts';
import { currentVersion, type Delivery, type Notice, type NoticeEvent } from './notice.ts';
import { signedNotice } from './signed-form.ts';

export type NoticeNode = ReturnType<typeof noticeNode>;

export function noticeNode(notice: Notice) {
  const { _id: id, number, version, state, createdAt, publishedAt, closedAt, ending } = notice;
  const current = currentVersion(notice);
  const { decisionNumber, decidedOn, listType, severity, factsSummary, startDate, endDate } = current.content;
  return {
    aggregate: notice,
    ...{ id, number, version, state, createdAt, publishedAt, closedAt },
    ...{ decisionNumber, decidedOn, listType, severity, factsSummary, startDate, endDate },
    endReason: ending?.reason ?? null,
    signature: current.signature,
    signedText: signedNotice(notice, current),
  };
}

export type DeliveryNode = ReturnType<typeof deliveryNode>;

/** An attempt that has not ended tells nothing yet. */
const attemptsOf = ({ messages }: Delivery) =>
  messages
    .flatMap(({ kind, attempts }) => attempts.map((attempt) => ({ kind, ...attempt })))
    .flatMap(({ kind, startedAt, endedAt, outcome, httpStatus, detail, channel, receiptNumber }) =>
      endedAt === null || outcome === null
        ? []
        : [
            {
              at: startedAt,
              outcome: outcome satisfies AttemptOutcome,
              httpStatus,
              detail,
              channel,
              receiptNumber,
              message: kind,
              durationMs: endedAt.getTime() - startedAt.getTime(),
            },
          ],
    )
    .sort((a, b) => a.at.getTime() - b.at.getTime());

export function deliveryNode(notice: Notice, delivery: Delivery) {
  return {
    ...delivery,
    aggregate: notice,
    overdue: isOverdue(delivery),
    attempts: attemptsOf(delivery),
  };
}

/** The delivery of this id, as the graph shows it. */
export function deliveryNodeOf(notice: Notice, deliveryId: string): DeliveryNode {
  const delivery = notice.deliveries.find(({ id }) => id === deliveryId);
  if (delivery === undefined) throw new Error(`notice ${notice._id} has no delivery ${deliveryId}`);
  return deliveryNode(notice, delivery);
}

export const EVENT_CURSORS = eventCursors('notice-event');

export const eventCursor = (number: number): string => EVENT_CURSORS.write(number);

export type NoticeEventNode = ReturnType<typeof noticeEventNode>;

export const noticeEventNode = (event: NoticeEvent & Numbered) => ({ ...event, cursor: eventCursor(event._id) });
