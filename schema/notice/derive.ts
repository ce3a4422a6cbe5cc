/** What follows from a notice's parts: the state that its deliveries amount to, its open lanes, its next hour. Pure. */
import { pendingIn } from '../aggregate/aggregate.ts';
import { isOpen } from '../delivery/message.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { isOverdue, nextClockAt } from './clock.ts';
import {
  currentDeliveries,
  currentVersion,
  recipientsOf,
  type Delivery,
  type FeedbackResult,
  type Notice,
  type NoticeState,
} from './notice.ts';

/** States in which the case goes on by what its recipients do. */
export const IN_HANDS_OF_RECIPIENTS = [
  'PUBLISHED',
  'PUSHED',
  'SIGNED',
  'RETURNED',
  'EXECUTING',
  'FED_BACK',
  'EFFECTIVE',
] as const satisfies readonly NoticeState[];

const isInHandsOfRecipients = (state: NoticeState): boolean => IN_HANDS_OF_RECIPIENTS.some((each) => each === state);

/** A person must look at it: its message was refused, or its department silent for too long. */
export const isDead = ({ messages }: Delivery): boolean => messages.some(({ state }) => state === 'DEAD');

/** Results that leave nothing to be done. */
const CARRIED_OUT: ReadonlySet<FeedbackResult> = new Set(['EXECUTED', 'NOT_APPLICABLE', 'NO_OBJECT']);

const isSent = ({ sentAt }: Delivery): boolean => sentAt !== null;
const isSigned = ({ signedAt, returnReason }: Delivery): boolean => signedAt !== null && returnReason === null;
const hasFedBack = ({ measureIds, feedback }: Delivery): boolean =>
  measureIds.every((measureId) => feedback.some((each) => each.measureId === measureId));
const isCarriedOut = (delivery: Delivery): boolean =>
  hasFedBack(delivery) && delivery.feedback.every(({ result }) => CARRIED_OUT.has(result));

/** The case advances when all mandatory recipients have; where none is mandatory, when all have. */
function stateOfDeliveries(notice: Notice, now: Date): NoticeState {
  const current = currentDeliveries(notice);
  const mandatory = current.filter((each) => each.mandatory);
  const decisive = mandatory.length > 0 ? mandatory : current;
  // Between two versions nothing is delivered.
  if (decisive.length === 0) return 'PUBLISHED';
  if (decisive.some(({ returnReason }) => returnReason !== null)) return 'RETURNED';
  if (!decisive.every(isSent)) return 'PUBLISHED';
  if (!decisive.every(isSigned)) return 'PUSHED';
  if (!decisive.every(hasFedBack)) return decisive.some(({ feedback }) => feedback.length > 0) ? 'EXECUTING' : 'SIGNED';
  const hasBegun = currentVersion(notice).content.startDate <= calendarDateOf(now);
  return hasBegun && decisive.every(isCarriedOut) ? 'EFFECTIVE' : 'FED_BACK';
}

type Derived = Pick<
  Notice,
  | 'state'
  | 'recipientIds'
  | 'overdue'
  | 'hasPending'
  | 'pendingSince'
  | 'hasOpen'
  | 'hasDead'
  | 'openLanes'
  | 'nextClockAt'
>;

export function derived(notice: Notice, now: Date): Derived {
  const state = isInHandsOfRecipients(notice.state) ? stateOfDeliveries(notice, now) : notice.state;
  const open = notice.deliveries.filter(({ messages }) => messages.some(isOpen));
  return {
    state,
    recipientIds: recipientsOf(notice),
    overdue: notice.deliveries.some(isOverdue),
    ...pendingIn(notice),
    hasOpen: open.length > 0,
    hasDead: notice.deliveries.some(isDead),
    openLanes: [...new Set(open.map(({ departmentId }) => departmentId))],
    nextClockAt: nextClockAt({ ...notice, state }, now),
  };
}
