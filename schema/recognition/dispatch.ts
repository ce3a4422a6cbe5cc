/** What sending does to a recognition: calls that begin and end, and messages that a person has repeated. */
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
import type { RecognitionChange } from './change.ts';
import type { Recognition, SyncTarget } from './recognition.ts';

interface Carried {
  readonly target: SyncTarget;
  readonly message: Message;
}

function carriedBy({ targets }: Recognition, messageId: string): Carried | null {
  for (const target of targets) {
    const message = target.messages.find(({ id }) => id === messageId);
    if (message !== undefined) return { target, message };
  }
  return null;
}

function setMessage(change: RecognitionChange, { target, message }: Carried, next: Message): void {
  const messages = target.messages.map((each) => (each.id === message.id ? next : each));
  change.setTarget(target.departmentId, { messages });
}

/** @returns false when it is settled, not numbered yet, or another process is calling now */
export function begin(change: RecognitionChange, messageId: string, channel: string, leaseMs: number): boolean {
  const carried = carriedBy(change.recognition, messageId);
  if (carried === null || !isOpen(carried.message) || carried.message.position === null) return false;
  const until = leasedUntil(carried.message);
  if (until !== null && until > change.now) return false;
  setMessage(change, carried, beginAttempt(carried.message, channel, change.now, leaseMs));
  return true;
}

/** Records the reply. A 2xx is transport: that the department goes by it is its own word. @param random 0..1 */
export function end(change: RecognitionChange, messageId: string, reply: ChannelReply, random: number): void {
  const carried = carriedBy(change.recognition, messageId);
  if (carried === null) return;
  const { target, message } = carried;
  const next = endAttempt(message, reply, change.now, random);
  setMessage(change, carried, next);
  if (next.state === message.state) return;
  const { departmentId } = target;
  const isWaiting = target.state === 'PENDING';
  if (next.state === 'DEAD') {
    if (isWaiting) change.setTarget(departmentId, { state: 'DEAD', at: change.now });
    change.emit('SYNC_DEAD', { departmentId, detail: `${reply.outcome}: ${reply.detail ?? ''}`.trim() });
    return;
  }
  if (isWaiting) change.setTarget(departmentId, { state: 'SENT', at: change.now });
  change.emit('SYNC_SENT', { departmentId, detail: message.kind });
}

/** A department can be reached again: what waits for it need not wait for its time. */
export function hurry(change: RecognitionChange, departmentId: string): void {
  const { messages } = change.targetOf(departmentId);
  const hurried = messages.map((message) => hurryMessage(message, change.now));
  if (hurried.some((message, index) => message !== messages[index])) {
    change.setTarget(departmentId, { messages: hurried });
  }
}

/** Repeats what could not be delivered, by a person's order. */
export function resend(change: RecognitionChange, departmentId: string, reason: string): void {
  const target = change.targetOf(departmentId);
  const last = target.messages.at(-1);
  if (last?.state !== 'DEAD') {
    throw new HubError('CONFLICT', `What was sent to ${departmentId} is not dead; there is nothing to repeat.`);
  }
  setMessage(change, { target, message: last }, repeatMessage(last, change.now));
  change.setTarget(departmentId, { state: 'PENDING', at: change.now });
  change.emit('SYNC_REPEATED', { departmentId, detail: `${change.actor}: ${reason}` });
}

/** Tells that a department's endpoint is called no more, on the recognition whose message brought it to light. */
export function tellEndpointDisabled(change: RecognitionChange, messageId: string, detail: string): void {
  const departmentId = carriedBy(change.recognition, messageId)?.target.departmentId;
  if (departmentId !== undefined) change.emit('ENDPOINT_DISABLED', { departmentId, detail });
}
