/** Making deliveries of a version, and the messages that carry it and its end. */
import { cancelMessage, mayHaveArrived, newMessage, type Message } from '../delivery/message.ts';
import type { NoticeChange } from './change.ts';
import type { Delivery, NoticeContent, NoticeRecipient } from './notice.ts';
import { TIME_LIMITS, workingDaysAfter } from './time-limits.ts';

export const MESSAGE_KINDS = ['NOTICE', 'LIFT', 'WITHDRAWAL'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** The measures that this recipient carries out. */
export const measuresOf = ({ measures }: NoticeContent, departmentId: string): readonly string[] =>
  measures.filter(({ responsibleId }) => responsibleId === departmentId).map(({ measureId }) => measureId);

export function newDelivery(
  noticeId: string,
  version: number,
  content: NoticeContent,
  { departmentId, mandatory }: NoticeRecipient,
  now: Date,
): Delivery {
  return {
    id: `${noticeId}.${version}.${departmentId}`,
    version,
    departmentId,
    mandatory,
    measureIds: measuresOf(content, departmentId),
    state: 'PENDING',
    superseded: false,
    signBy: workingDaysAfter(now, TIME_LIMITS.signWorkingDays),
    feedbackBy: workingDaysAfter(now, TIME_LIMITS.feedbackWorkingDays),
    liftBy: null,
    sentAt: null,
    signedAt: null,
    returnReason: null,
    liftConfirmedAt: null,
    feedback: [],
    acts: [],
    messages: [],
    alerts: [],
  };
}

/** Goes out with the event that is told next. What is sent again after a return is a message of its own. */
export function messageOf(change: NoticeChange, { id, departmentId, messages }: Delivery, kind: MessageKind): Message {
  const before = messages.filter((message) => message.kind === kind).length;
  const messageId = before === 0 ? `${id}.${kind}` : `${id}.${kind}-${before + 1}`;
  return newMessage({ id: messageId, kind, departmentId, eventId: change.nextEventId }, change.now);
}

/** Whether the recipient may have heard of the notice by this delivery. */
export const mayBeKnown = ({ messages, acts }: Delivery): boolean =>
  acts.length > 0 || messages.some((message) => message.kind === 'NOTICE' && mayHaveArrived(message));

/**
 * Tells a recipient that the notice has ended for it. Who cannot have heard of it is not told, and has nothing to confirm.
 * What is still under way stops first: a notice must not arrive after its end.
 */
export function endDelivery(change: NoticeChange, deliveryId: string, kind: 'LIFT' | 'WITHDRAWAL'): void {
  const delivery = change.deliveryOf(deliveryId);
  const messages = delivery.messages.map((message) => cancelMessage(message, change.now));
  if (!mayBeKnown(delivery)) {
    change.setDelivery(deliveryId, { messages, state: 'CONFIRMED_LIFT', liftConfirmedAt: change.now });
    return;
  }
  const workingDays = kind === 'LIFT' ? TIME_LIMITS.liftWorkingDays : TIME_LIMITS.undoWorkingDays;
  change.setDelivery(deliveryId, {
    messages: [...messages, messageOf(change, delivery, kind)],
    liftBy: workingDaysAfter(change.now, workingDays),
  });
  change.emit('END_QUEUED', { departmentId: delivery.departmentId });
}
