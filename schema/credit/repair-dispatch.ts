/** What sending does to a repair: calls that begin and end, and messages that a person has repeated. */
import {
  beginAttempt,
  cancelMessage,
  endAttempt,
  hurryMessage,
  isOpen,
  leasedUntil,
  newMessage,
  repeatMessage,
  type ChannelReply,
  type Message,
} from '../delivery/message.ts';
import { HubError } from '../errors.ts';
import { nextEventId, withEvent, withMessages, type CaseChange } from './credit-case.ts';
import type { RepairCase } from './repair-case.ts';

type Change = CaseChange<RepairCase>;

const ACTOR = 'hub';

const messageOf = ({ messages }: RepairCase, messageId: string): Message | null =>
  messages.find(({ id }) => id === messageId) ?? null;

const replaced = (repair: RepairCase, next: Message): RepairCase =>
  withMessages(
    repair,
    repair.messages.map((each) => (each.id === next.id ? next : each)),
  );

/** Tells these departments with the event that comes next. */
export const telling = (repair: RepairCase, departmentIds: readonly string[], now: Date): RepairCase =>
  withMessages(repair, [
    ...repair.messages,
    ...departmentIds.map((departmentId) =>
      newMessage(
        { id: `${repair._id}.${departmentId}.1`, kind: 'APPROVED', departmentId, eventId: nextEventId(repair) },
        now,
      ),
    ),
  ]);

/** A department knows, whatever the transport says. */
export const told = (repair: RepairCase, departmentId: string, now: Date): RepairCase =>
  withMessages(
    repair,
    repair.messages.map((message) => (message.departmentId === departmentId ? cancelMessage(message, now) : message)),
  );

/** @returns false when it is settled, not numbered yet, or another process is calling now */
export function begin(change: Change, messageId: string, channel: string, leaseMs: number): boolean {
  const message = messageOf(change.credit, messageId);
  if (message === null || !isOpen(message) || message.position === null) return false;
  const until = leasedUntil(message);
  if (until !== null && until > change.now) return false;
  change.credit = replaced(change.credit, beginAttempt(message, channel, change.now, leaseMs));
  return true;
}

/** Records the reply. A 2xx is transport: that the department has ended the entry is its own word. @param random 0..1 */
export function end(change: Change, messageId: string, reply: ChannelReply, random: number): void {
  const { credit, now } = change;
  const message = messageOf(credit, messageId);
  if (message === null) return;
  const next = endAttempt(message, reply, now, random);
  change.credit = replaced(credit, next);
  if (next.state === message.state) return;
  const detail =
    next.state === 'DEAD'
      ? `${message.departmentId}: ${reply.outcome} ${reply.detail ?? ''}`.trim()
      : message.departmentId;
  const kind = next.state === 'DEAD' ? 'REPAIR_UNDELIVERED' : 'REPAIR_DELIVERED';
  change.credit = withEvent(change.credit, { kind, at: now, actor: ACTOR, detail });
}

/** A department can be reached again: what waits for it need not wait for its time. */
export function hurry(change: Change, departmentId: string): void {
  const { credit, now } = change;
  const messages = credit.messages.map((message) =>
    message.departmentId === departmentId ? hurryMessage(message, now) : message,
  );
  if (messages.some((message, index) => message !== credit.messages[index]))
    change.credit = withMessages(credit, messages);
}

/** Repeats what could not be delivered, by a person's order. @throws HubError CONFLICT when there is nothing to repeat */
export function resend(
  repair: RepairCase,
  departmentId: string,
  { actor, now, reason }: { readonly actor: string; readonly now: Date; readonly reason: string },
): RepairCase {
  const last = repair.messages.findLast((message) => message.departmentId === departmentId);
  if (last?.state !== 'DEAD')
    throw new HubError('CONFLICT', `What was sent to ${departmentId} is not dead; there is nothing to repeat.`);
  const detail = `${departmentId}: ${reason}`;
  return withEvent(replaced(repair, repeatMessage(last, now)), { kind: 'REPAIR_REPEATED', at: now, actor, detail });
}

/** Tells that a department's endpoint is called no more, on the repair whose message brought it to light. */
export function tellEndpointDisabled(repair: RepairCase, messageId: string, detail: string, now: Date): RepairCase {
  const message = messageOf(repair, messageId);
  if (message === null) return repair;
  const told = `${message.departmentId}: ${detail}`;
  return withEvent(repair, { kind: 'ENDPOINT_DISABLED', at: now, actor: ACTOR, detail: told });
}
