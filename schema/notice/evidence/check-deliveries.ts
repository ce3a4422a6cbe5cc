import { formatInstant } from '../../time/instant.ts';
import { mayBeKnown, measuresOf } from '../deliveries.ts';
import type { Delivery, DeliveryState, RecipientAct } from '../notice.ts';
import { missingFrom } from './bags.ts';
import type { Evidence, EvidenceNotice } from './evidence-form.ts';

type Parts = Pick<Evidence, 'notice' | 'events'>;

/** Every delivery is to a recipient of its version, and every recipient of the version that stands has one. */
export function recipientFaults({ id, version, versions, deliveries, publishedAt }: EvidenceNotice): readonly string[] {
  const faults: string[] = [];
  for (const delivery of deliveries) {
    const content = versions.find((each) => each.version === delivery.version)?.content;
    const recipient = content?.recipients.find(({ departmentId }) => departmentId === delivery.departmentId);
    const isAsDecided =
      content !== undefined &&
      recipient?.mandatory === delivery.mandatory &&
      delivery.id === `${id}.${delivery.version}.${delivery.departmentId}` &&
      delivery.measureIds.join() === measuresOf(content, delivery.departmentId).join() &&
      delivery.superseded === delivery.version < version;
    if (!isAsDecided) faults.push(`delivery ${delivery.id} is not as version ${delivery.version} decides`);
  }
  const current = versions.at(-1)?.content.recipients ?? [];
  const due = publishedAt === null ? [] : current.map(({ departmentId }) => [departmentId]);
  const found = deliveries.filter((each) => each.version === version).map(({ departmentId }) => [departmentId]);
  for (const departmentId of missingFrom(found, due)) faults.push(`${departmentId} has no delivery`);
  for (const departmentId of missingFrom(due, found)) faults.push(`a delivery to ${departmentId} is too many`);
  return faults;
}

const EVENT_OF_ACT: Readonly<Record<RecipientAct['kind'], string>> = {
  SIGNED: 'DELIVERY_SIGNED',
  RETURNED: 'DELIVERY_RETURNED',
  FED_BACK: 'DELIVERY_FED_BACK',
  LIFT_CONFIRMED: 'LIFT_CONFIRMED',
};

/** Each word of a recipient has its event, and each such event its word. */
export function wordFaults({ notice, events }: Parts): readonly string[] {
  const acts = notice.deliveries.flatMap(({ departmentId, acts: own }) =>
    own.map(({ kind, at, actor }) => [EVENT_OF_ACT[kind], departmentId, formatInstant(at), actor]),
  );
  const kinds = new Set(Object.values(EVENT_OF_ACT));
  const told = events
    .filter(({ kind }) => kinds.has(kind))
    .map(({ kind, departmentId, at, actor }) => [kind, departmentId, formatInstant(at), actor]);
  return [
    ...missingFrom(told, acts).map((act) => `no event tells of ${act}`),
    ...missingFrom(acts, told).map((event) => `nothing is on record of ${event}`),
  ];
}

const DEMANDS: Readonly<Record<DeliveryState, (delivery: Delivery) => boolean>> = {
  PENDING: ({ signedAt }) => signedAt === null,
  SENT: ({ sentAt, signedAt }) => sentAt !== null && signedAt === null,
  SIGNED: ({ signedAt }) => signedAt !== null,
  RETURNED: ({ returnReason }) => returnReason !== null,
  EXECUTED: ({ signedAt, feedback, measureIds }) => signedAt !== null && feedback.length === measureIds.length,
  CONFIRMED_LIFT: ({ liftConfirmedAt }) => liftConfirmedAt !== null,
  DEAD: ({ messages }) => messages.some(({ state }) => state === 'DEAD'),
};

/** What a delivery says of itself, against the words that its recipient has spoken. */
function outcomeFaults({ notice, events }: Parts, delivery: Delivery): readonly string[] {
  const { departmentId, acts, messages, sentAt, signedAt, returnReason, liftBy, liftConfirmedAt } = delivery;
  const timesOf = (...kinds: readonly RecipientAct['kind'][]): readonly string[] =>
    acts.filter(({ kind }) => kinds.includes(kind)).map(({ at }) => formatInstant(at));
  /** Whether there is one word of this kind, spoken at this time; for null, none. */
  const isTimeOf = (time: Date | null, kind: RecipientAct['kind']): boolean =>
    timesOf(kind).join() === (time === null ? '' : formatInstant(time));
  const faults: string[] = [];
  const demand = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(`delivery ${delivery.id}: ${fault}`);
  };
  demand(DEMANDS[delivery.state](delivery), `it cannot be ${delivery.state}`);
  demand(isTimeOf(signedAt, 'SIGNED'), 'signedAt is not when it was signed for');
  const arrivals = messages.filter(({ kind, state }) => kind === 'NOTICE' && state === 'SENT');
  demand(
    sentAt === null ||
      arrivals.some(({ settledAt }) => settledAt?.getTime() === sentAt.getTime()) ||
      timesOf('SIGNED', 'RETURNED').includes(formatInstant(sentAt)),
    'sentAt is not when it arrived',
  );
  // Who cannot have heard of the notice has nothing to confirm; its delivery was closed with the notice.
  const wasNeverKnown = liftBy === null && notice.ending !== null && !mayBeKnown(delivery);
  demand(
    wasNeverKnown || isTimeOf(liftConfirmedAt, 'LIFT_CONFIRMED'),
    'liftConfirmedAt is not when its end was confirmed',
  );
  const returned = events.findLast(
    (event) => event.kind === 'DELIVERY_RETURNED' && event.departmentId === departmentId,
  );
  demand(
    returnReason === null ||
      (returned?.detail === returnReason && timesOf('RETURNED').includes(formatInstant(returned.at))),
    'the reason of its return is not the one that was given',
  );
  demand(
    delivery.feedback.every(({ receivedAt }) => timesOf('FED_BACK').includes(formatInstant(receivedAt))),
    'feedback was not received when it says',
  );
  return faults;
}

export const outcomesFaults = (parts: Parts): readonly string[] =>
  parts.notice.deliveries.flatMap((delivery) => outcomeFaults(parts, delivery));
