/** What sending does to a notice: calls that begin and end, and messages that a person has repeated. */
import {
  beginAttempt,
  endAttempt,
  hurryMessage,
  isOpen,
  leasedUntil,
  repeatMessage,
  type ChannelReply,
  type Message,
} from '../delivery/message.ts';
import { HubError } from '../errors.ts';
import type { NoticeChange } from './change.ts';
import { messageOf } from './deliveries.ts';
import { IN_HANDS_OF_RECIPIENTS } from './derive.ts';
import type { Delivery, Notice } from './notice.ts';
import { TIME_LIMITS, workingDaysAfter } from './time-limits.ts';

export interface Carried {
  readonly delivery: Delivery;
  readonly message: Message;
}

/** The message and the delivery that it belongs to; null when the notice has none of this id. */
export function carriedBy(notice: Notice, messageId: string): Carried | null {
  for (const delivery of notice.deliveries) {
    const message = delivery.messages.find(({ id }) => id === messageId);
    if (message !== undefined) return { delivery, message };
  }
  return null;
}

function setMessage(change: NoticeChange, { delivery, message }: Carried, next: Message): void {
  const messages = delivery.messages.map((each) => (each.id === message.id ? next : each));
  change.setDelivery(delivery.id, { messages });
}

/** @returns false when it is settled, not numbered yet, or another process is calling now */
export function begin(change: NoticeChange, messageId: string, channel: string, leaseMs: number): boolean {
  const carried = carriedBy(change.notice, messageId);
  if (carried === null || !isOpen(carried.message) || carried.message.position === null) return false;
  const until = leasedUntil(carried.message);
  if (until !== null && until > change.now) return false;
  setMessage(change, carried, beginAttempt(carried.message, channel, change.now, leaseMs));
  return true;
}

/** Records the reply, and what it means for the delivery. @param random 0..1 */
export function end(change: NoticeChange, messageId: string, reply: ChannelReply, random: number): void {
  const carried = carriedBy(change.notice, messageId);
  if (carried === null) return;
  const { delivery, message } = carried;
  const next = endAttempt(message, reply, change.now, random);
  setMessage(change, carried, next);
  if (next.state === message.state) return;
  const { departmentId } = delivery;
  if (next.state === 'DEAD') {
    if (message.kind === 'NOTICE' && delivery.state === 'PENDING') change.setDelivery(delivery.id, { state: 'DEAD' });
    change.emit('DELIVERY_DEAD', { departmentId, detail: `${reply.outcome}: ${reply.detail ?? ''}`.trim() });
    return;
  }
  if (message.kind === 'NOTICE' && delivery.sentAt === null) {
    change.setDelivery(delivery.id, {
      sentAt: change.now,
      state: delivery.state === 'PENDING' ? 'SENT' : delivery.state,
      // The time to sign runs from the day on which the notice is there.
      signBy: workingDaysAfter(change.now, TIME_LIMITS.signWorkingDays),
    });
  }
  change.emit('DELIVERY_SENT', { departmentId });
}

/** A department can be reached again: what waits for it need not wait for its time. */
export function hurry(change: NoticeChange, departmentId: string): void {
  for (const { id, messages } of change.notice.deliveries.filter((each) => each.departmentId === departmentId)) {
    const hurried = messages.map((message) => hurryMessage(message, change.now));
    if (hurried.some((message, index) => message !== messages[index])) change.setDelivery(id, { messages: hurried });
  }
}

/**
 * Repeats what could not be delivered, or what was returned, by a person's order. A notice that has ended since is not
 * sent any more, its end is.
 */
export function redeliver(change: NoticeChange, deliveryId: string, reason: string): void {
  const delivery = change.deliveryOf(deliveryId);
  const { departmentId, returnReason, superseded, messages } = delivery;
  const last = messages.at(-1);
  if (superseded && delivery.liftBy === null) {
    throw new HubError('CONFLICT', `Delivery ${deliveryId} has been replaced by a later version of the notice.`);
  }
  const detail = `${change.actor}: ${reason}`;
  if (returnReason !== null && delivery.liftBy === null) {
    change.demandState(IN_HANDS_OF_RECIPIENTS, 'redeliver');
    change.setDelivery(deliveryId, {
      state: 'PENDING',
      sentAt: null,
      returnReason: null,
      signBy: workingDaysAfter(change.now, TIME_LIMITS.signWorkingDays),
      messages: [...messages, messageOf(change, delivery, 'NOTICE')],
    });
  } else if (last?.state === 'DEAD') {
    if (last.kind === 'NOTICE') change.demandState([...IN_HANDS_OF_RECIPIENTS, 'REPAIR_PENDING'], 'redeliver');
    setMessage(change, { delivery, message: last }, repeatMessage(last, change.now));
    if (delivery.state === 'DEAD') change.setDelivery(deliveryId, { state: 'PENDING' });
  } else {
    throw new HubError('CONFLICT', `Delivery ${deliveryId} is neither dead nor returned.`);
  }
  change.emit('DELIVERY_REPEATED', { departmentId, detail });
}

/** Tells that a department's endpoint is called no more, on the notice whose delivery brought it to light. */
export function tellEndpointDisabled(change: NoticeChange, messageId: string, detail: string): void {
  const departmentId = carriedBy(change.notice, messageId)?.delivery.departmentId;
  if (departmentId !== undefined) change.emit('ENDPOINT_DISABLED', { departmentId, detail });
}
