/** What relying departments are told, and what they answer. */
import { cancelMessage, mayHaveArrived, newMessage } from '../delivery/message.ts';
import { HubError } from '../errors.ts';
import type { Hearing } from '../notice/receive.ts';
import type { RecognitionChange } from './change.ts';
import type { SyncTarget, ToldState } from './recognition.ts';
import { dueAfter } from './time-limits.ts';

export const newTarget = (departmentId: string, now: Date): SyncTarget => ({
  departmentId,
  state: 'PENDING',
  at: now,
  told: null,
  confirmBy: null,
  messages: [],
  acts: [],
  isOverdue: false,
});

/** Whether it may have heard that the result is recognised. */
const mayKnow = ({ messages, acts }: SyncTarget): boolean => acts.length > 0 || messages.some(mayHaveArrived);

/** The later one of two messages counts, also when the clocks of two processes of the hub disagree. */
function madeAfter({ messages }: SyncTarget, now: Date): Date {
  const last = messages.at(-1)?.createdAt.getTime() ?? -Infinity;
  return new Date(Math.max(now.getTime(), last + 1));
}

/**
 * Tells every target what it is to know from now on. What is still under way stops first: a recognition must not arrive
 * after its revocation. Who cannot have heard of it is not told of its end, and has nothing to undo. Told the same again,
 * nothing happens.
 */
export function tellTargets(change: RecognitionChange, told: ToldState): void {
  const { now } = change;
  for (const { departmentId } of change.recognition.targets) {
    const target = change.targetOf(departmentId);
    if (target.told === told) continue;
    const messages = target.messages.map((message) => cancelMessage(message, now));
    if (told !== 'RECOGNIZED' && !mayKnow(target)) {
      change.setTarget(departmentId, { messages, told, state: 'CONFIRMED_LIFT', at: now, confirmBy: null });
      continue;
    }
    const id = `${change.recognition._id}.${departmentId}.${messages.length + 1}`;
    const message = {
      ...newMessage({ id, kind: told, departmentId, eventId: change.nextEventId }, madeAfter(target, now)),
      nextAttemptAt: now,
    };
    change.setTarget(departmentId, {
      messages: [...messages, message],
      told,
      state: 'PENDING',
      at: now,
      confirmBy: dueAfter('CONFIRM', now),
      isOverdue: false,
    });
    change.emit('SYNC_QUEUED', { departmentId, detail: told });
  }
}

/** A department's own word that it now goes by what it was told. Said again, it changes nothing. */
export function confirm(change: RecognitionChange, departmentId: string, state: ToldState, hearing: Hearing): void {
  const target = change.targetOf(departmentId);
  if (target.told !== state) {
    throw new HubError('CONFLICT', `What is to be confirmed is ${target.told ?? 'nothing yet'}, not ${state}.`, {
      details: { state: target.told ?? 'NONE' },
    });
  }
  const isConfirmed = target.state === 'SIGNED' || target.state === 'CONFIRMED_LIFT';
  if (isConfirmed) return;
  change.setTarget(departmentId, {
    state: state === 'RECOGNIZED' ? 'SIGNED' : 'CONFIRMED_LIFT',
    at: change.now,
    confirmBy: null,
    // It knows, whatever the transport says.
    messages: target.messages.map((message) => cancelMessage(message, change.now)),
    acts: [...target.acts, { at: change.now, actor: change.actor, ...hearing, state }],
  });
  change.emit('SYNC_CONFIRMED', { departmentId, detail: state });
}
