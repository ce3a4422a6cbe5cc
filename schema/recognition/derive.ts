/** What follows from a recognition's parts: the state that they amount to, its next hour, what finds it. Pure. */
import { pendingIn } from '../aggregate/aggregate.ts';
import { isOpen } from '../delivery/message.ts';
import { endOfDay } from '../time/calendar-date.ts';
import type { Recognition, RecognitionState, SyncTarget } from './recognition.ts';

/** States in which a recognition was made and goes on by what happens to what it rests on. */
export const MADE = ['RECOGNIZED', 'SYNCED', 'SUSPENDED', 'REVOKED'] as const satisfies readonly RecognitionState[];

export const isMade = (state: RecognitionState): boolean => MADE.some((each) => each === state);

const hasConfirmed = ({ told, state }: SyncTarget): boolean => told === 'RECOGNIZED' && state === 'SIGNED';

/** Whatever order things happen in, the same holds amount to the same state. */
function stateOf(recognition: Recognition): RecognitionState {
  const { state, revocation, holds, expiredAt, targets } = recognition;
  if (!isMade(state)) return state;
  if (revocation !== null || holds.some(({ consequence }) => consequence === 'REVOKE')) return 'REVOKED';
  if (expiredAt !== null) return 'EXPIRED';
  if (holds.length > 0) return 'SUSPENDED';
  return targets.length > 0 && targets.every(hasConfirmed) ? 'SYNCED' : 'RECOGNIZED';
}

/** It can still be changed by what happens to the institution: a person's revocation and the end of time are final. */
const restsOn = (state: RecognitionState, { institution, revocation }: Recognition): string | null =>
  isMade(state) && revocation === null ? institution.creditCode : null;

/** When the last day has passed on which it may be relied on; null when it has no end, or is not relied on. */
export const endsAt = ({ validTo, state, expiredAt }: Recognition): Date | null =>
  validTo === null || expiredAt !== null || !isMade(state) || state === 'REVOKED' ? null : endOfDay(validTo);

const earliest = (times: readonly (Date | null)[]): Date | null => {
  const known = times.flatMap((time) => (time === null ? [] : [time.getTime()]));
  return known.length === 0 ? null : new Date(Math.min(...known));
};

type Derived = Pick<
  Recognition,
  'state' | 'hasPending' | 'pendingSince' | 'hasOpen' | 'hasDead' | 'targetIds' | 'restsOn' | 'nextClockAt'
>;

export function derived(recognition: Recognition): Derived {
  const state = stateOf(recognition);
  const { targets, pendingEvents, decideBy, isDecisionOverdue, recheckAt } = recognition;
  const messages = targets.flatMap((target) => target.messages);
  return {
    state,
    ...pendingIn({ pendingEvents }),
    hasOpen: messages.some(isOpen),
    hasDead: messages.some((message) => message.state === 'DEAD'),
    targetIds: targets.map(({ departmentId }) => departmentId),
    restsOn: restsOn(state, recognition),
    nextClockAt: earliest([
      endsAt({ ...recognition, state }),
      isDecisionOverdue ? null : decideBy,
      state === 'NEED_MORE' || restsOn(state, recognition) !== null ? recheckAt : null,
      ...targets.map(({ confirmBy, isOverdue }) => (isOverdue ? null : confirmBy)),
    ]),
  };
}
