/** What stands behind the graph's Recognition and RecognitionEvent: plain objects, made of the aggregate and of the log. */
import type { Message } from '../delivery/message.ts';
import { eventCursors } from '../events/event-cursor.ts';
import type { Numbered } from '../events/event-log.ts';
import { lastDecision, type Recognition, type RecognitionEvent, type SyncTarget } from './recognition.ts';

export type RecognitionNode = ReturnType<typeof recognitionNode>;

export function recognitionNode(recognition: Recognition) {
  const { _id: id, kind, number, purpose, state, validTo, decideBy, holds, flags, revocation, createdAt } = recognition;
  const { judgement, manner, at, reason } = lastDecision(recognition);
  return {
    aggregate: recognition,
    ...{ id, kind, number, purpose, state, validTo, decideBy, holds, manner, createdAt },
    reasonCodes: judgement.reasonCodes,
    rulesetEdition: judgement.rulesetEdition,
    ruleIds: judgement.ruleIds,
    decidedAt: at,
    decisionReason: reason,
    reviewFlags: flags,
    revocationReason: revocation?.reason ?? null,
  };
}

/** Calls that have ended, oldest first. */
const attemptsOf = (messages: readonly Message[]) =>
  messages
    .flatMap(({ attempts }) => attempts)
    .filter(({ endedAt }) => endedAt !== null)
    .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());

export function targetNode({ departmentId, state, at, told, confirmBy, isOverdue, messages }: SyncTarget) {
  const attempts = attemptsOf(messages);
  const last = attempts.at(-1);
  return {
    ...{ departmentId, state, at, told, confirmBy, isOverdue },
    attemptCount: attempts.length,
    lastAttempt: last === undefined ? null : `${last.outcome ?? ''}: ${last.detail ?? ''}`.trim(),
  };
}

export const RECOGNITION_CURSORS = eventCursors('recognition-event');

export type RecognitionEventNode = ReturnType<typeof recognitionEventNode>;

export const recognitionEventNode = (event: RecognitionEvent & Numbered) => ({
  ...event,
  cursor: RECOGNITION_CURSORS.write(event._id),
});
