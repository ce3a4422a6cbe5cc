/**
 * The recipients' own words, by whichever door they come in. Each may come more than once: what says the same again
 * changes nothing, what says something else is refused.
 */
import { HubError } from '../errors.ts';
import type { NoticeChange } from './change.ts';
import { IN_HANDS_OF_RECIPIENTS } from './derive.ts';
import { closeWhenConfirmed } from './end.ts';
import type { Delivery, MeasureFeedbackRecord, RecipientAct, Voice } from './notice.ts';
import { monthsAfter, TIME_LIMITS, workingDaysAfter } from './time-limits.ts';

/** How a word came in. */
export interface Hearing {
  readonly voice: Voice;
  /** SM3 of what was received, hex. */
  readonly receipt: string;
  /** The department's own number of the word, where it has one: heard again, it is the same word. */
  readonly wordId?: string;
}

export type MeasureFeedback = Omit<MeasureFeedbackRecord, 'receivedAt'>;

const act = (change: NoticeChange, kind: RecipientAct['kind'], { voice, receipt, wordId }: Hearing): RecipientAct => ({
  kind,
  at: change.now,
  actor: change.actor,
  voice,
  receipt,
  ...(wordId !== undefined && { wordId }),
});

/** A word whose mark was lost comes again, perhaps when much else has been said: it must not be taken for a new one. */
const wasHeard = ({ acts }: Delivery, kind: RecipientAct['kind'], { wordId }: Hearing): boolean =>
  wordId !== undefined && acts.some((each) => each.kind === kind && each.wordId === wordId);

/** A delivery of a version that stands, in a case that is still going on. */
function standing(change: NoticeChange, deliveryId: string, doing: string): Delivery {
  const delivery = change.deliveryOf(deliveryId);
  if (delivery.superseded) {
    throw new HubError('CONFLICT', `Delivery ${deliveryId} has been replaced by a later version of the notice.`);
  }
  change.demandState([...IN_HANDS_OF_RECIPIENTS, 'REPAIR_PENDING'], doing);
  return delivery;
}

/** A word proves that the notice has arrived, whatever the transport knows of it. */
const arrival = ({ sentAt }: Delivery, now: Date): Pick<Delivery, 'sentAt'> => ({ sentAt: sentAt ?? now });

export function sign(change: NoticeChange, deliveryId: string, hearing: Hearing): void {
  const known = change.deliveryOf(deliveryId);
  if ((known.signedAt !== null && known.returnReason === null) || wasHeard(known, 'SIGNED', hearing)) return;
  const delivery = standing(change, deliveryId, 'sign');
  if (delivery.returnReason !== null) {
    throw new HubError('CONFLICT', `Delivery ${deliveryId} has been returned; it must be delivered again first.`);
  }
  change.setDelivery(deliveryId, {
    ...arrival(delivery, change.now),
    state: 'SIGNED',
    signedAt: change.now,
    feedbackBy: workingDaysAfter(change.now, TIME_LIMITS.feedbackWorkingDays),
    acts: [...delivery.acts, act(change, 'SIGNED', hearing)],
  });
  change.emit('DELIVERY_SIGNED', { departmentId: delivery.departmentId });
}

/** Sends it back, with a reason, before it has been signed for. */
export function giveBack(change: NoticeChange, deliveryId: string, reason: string, hearing: Hearing): void {
  if (wasHeard(change.deliveryOf(deliveryId), 'RETURNED', hearing)) return;
  const delivery = standing(change, deliveryId, 'return');
  if (delivery.returnReason === reason) return;
  if (delivery.returnReason !== null) {
    throw new HubError('CONFLICT', `Delivery ${deliveryId} has been returned for another reason.`);
  }
  if (delivery.signedAt !== null) {
    throw new HubError('CONFLICT', `Delivery ${deliveryId} has been signed for and cannot be returned.`);
  }
  change.setDelivery(deliveryId, {
    ...arrival(delivery, change.now),
    state: 'RETURNED',
    returnReason: reason,
    acts: [...delivery.acts, act(change, 'RETURNED', hearing)],
  });
  change.emit('DELIVERY_RETURNED', { departmentId: delivery.departmentId, detail: reason });
}

const saysTheSame = (held: MeasureFeedbackRecord | undefined, said: MeasureFeedback): boolean =>
  held !== undefined &&
  held.result === said.result &&
  held.caseCount === said.caseCount &&
  held.executedAt?.getTime() === said.executedAt?.getTime() &&
  held.description === said.description;

function checkFeedback(
  { id, measureIds, signedAt, returnReason }: Delivery,
  feedback: readonly MeasureFeedback[],
): void {
  if (signedAt === null || returnReason !== null) {
    throw new HubError('CONFLICT', `Delivery ${id} must be signed for before feedback.`);
  }
  if (feedback.length === 0) throw new HubError('INPUT_INVALID', 'Feedback names at least one measure.');
  const foreign = feedback.find(({ measureId }) => !measureIds.includes(measureId));
  if (foreign !== undefined) {
    throw new HubError('INPUT_INVALID', `Delivery ${id} has the measures ${measureIds.join(', ')} only.`);
  }
  const ids = feedback.map(({ measureId }) => measureId);
  if (new Set(ids).size < ids.length) throw new HubError('INPUT_INVALID', 'A measure is named twice.');
  if (feedback.some(({ caseCount }) => !Number.isInteger(caseCount) || caseCount < 0)) {
    throw new HubError('INPUT_INVALID', 'caseCount is a whole number from 0.');
  }
}

/** Reports how measures are carried out; the next report is due a quarter later. */
export function feedBack(
  change: NoticeChange,
  deliveryId: string,
  feedback: readonly MeasureFeedback[],
  hearing: Hearing,
): void {
  const known = change.deliveryOf(deliveryId);
  if (wasHeard(known, 'FED_BACK', hearing)) return;
  const held = new Map(known.feedback.map((each) => [each.measureId, each]));
  if (feedback.length > 0 && feedback.every((said) => saysTheSame(held.get(said.measureId), said))) return;
  const delivery = standing(change, deliveryId, 'feed back');
  checkFeedback(delivery, feedback);
  for (const said of feedback) held.set(said.measureId, { ...said, receivedAt: change.now });
  const all = delivery.measureIds.flatMap((measureId) => held.get(measureId) ?? []);
  const isWhole = all.length === delivery.measureIds.length;
  change.setDelivery(deliveryId, {
    feedback: all,
    acts: [...delivery.acts, act(change, 'FED_BACK', hearing)],
    ...(isWhole && { state: 'EXECUTED', feedbackBy: monthsAfter(change.now, TIME_LIMITS.feedbackEveryMonths) }),
  });
  change.emit('DELIVERY_FED_BACK', { departmentId: delivery.departmentId });
}

/** Confirms that the notice has been lifted or undone here. */
export function confirmLift(change: NoticeChange, deliveryId: string, hearing: Hearing): void {
  const delivery = change.deliveryOf(deliveryId);
  if (delivery.liftConfirmedAt !== null) return;
  if (delivery.liftBy === null) {
    throw new HubError('CONFLICT', `Delivery ${deliveryId} has not ended; there is nothing to confirm.`);
  }
  change.setDelivery(deliveryId, {
    state: 'CONFIRMED_LIFT',
    liftConfirmedAt: change.now,
    acts: [...delivery.acts, act(change, 'LIFT_CONFIRMED', hearing)],
  });
  change.emit('LIFT_CONFIRMED', { departmentId: delivery.departmentId });
  closeWhenConfirmed(change);
}
