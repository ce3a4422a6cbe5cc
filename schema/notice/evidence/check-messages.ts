import type { Message } from '../../delivery/message.ts';
import { formatInstant } from '../../time/instant.ts';
import type { MessageKind } from '../deliveries.ts';
import { missingFrom } from './bags.ts';
import type { Evidence, EvidenceEvent } from './evidence-form.ts';

type Parts = Pick<Evidence, 'notice' | 'events'>;

/** With which events a message may have come to be. */
const BIRTHS: Readonly<Record<MessageKind, readonly string[]>> = {
  NOTICE: ['DELIVERY_QUEUED', 'DELIVERY_REPEATED'],
  LIFT: ['END_QUEUED'],
  WITHDRAWAL: ['END_QUEUED'],
};
const birthsOf = (kind: string): readonly string[] =>
  new Map<string, readonly string[]>(Object.entries(BIRTHS)).get(kind) ?? [];

function birthFault(message: Message, born: EvidenceEvent | undefined): string | null {
  if (born === undefined) return 'the event with which it came to be is not here';
  if (!birthsOf(message.kind).includes(born.kind) || born.departmentId !== message.departmentId) {
    return `it cannot have come to be with event ${born.ordinal}`;
  }
  return message.position === null || message.position === born.number ? null : 'its place is not that of its event';
}

/** What became of a message is what its attempts say. */
function attemptFault({ attempts, state, settledAt, position }: Message): string | null {
  if (attempts.length > 0 && position === null) return 'it was sent before it had a place';
  if (attempts.slice(0, -1).some(({ endedAt }) => endedAt === null)) return 'an attempt began while another ran';
  if (attempts.some(({ endedAt, outcome }) => (endedAt === null) !== (outcome === null))) {
    return 'an attempt has an end or an outcome, but not both';
  }
  const accepted = attempts.filter(({ outcome }) => outcome === 'ACCEPTED');
  const endsThen = ({ endedAt }: Message['attempts'][number]): boolean => endedAt?.getTime() === settledAt?.getTime();
  switch (state) {
    case 'SENT':
      return accepted.some(endsThen) ? null : 'it is sent, and no attempt was accepted at that time';
    case 'DEAD':
      return accepted.length === 0 && attempts.some(endsThen) ? null : 'it is dead, and its attempts do not say so';
    case 'PENDING':
      return accepted.length === 0 ? null : 'an attempt was accepted, and it is not sent';
    case 'CANCELLED':
      return null;
  }
}

const timed = (kind: string, departmentId: string | null, at: Date | null) =>
  [kind, departmentId, at === null ? null : formatInstant(at)] as const;

/** Each message was queued with an event, each arrival and each failure has its event, and the other way round. */
export function messageFaults({ notice, events }: Parts): readonly string[] {
  const messages = notice.deliveries.flatMap((delivery) => delivery.messages);
  const byId = new Map(events.map((event) => [event.eventId, event]));
  const faults = messages.flatMap((message) => {
    const fault = birthFault(message, byId.get(message.eventId)) ?? attemptFault(message);
    return fault === null ? [] : [`message ${message.id}: ${fault}`];
  });
  const strays = notice.deliveries.filter((delivery) =>
    delivery.messages.some(({ departmentId }) => departmentId !== delivery.departmentId),
  );
  faults.push(...strays.map(({ id }) => `delivery ${id} holds a message to another department`));

  const queued = events.filter(({ kind }) => kind === 'DELIVERY_QUEUED' || kind === 'END_QUEUED');
  const births = messages.map(({ eventId }) => [eventId]);
  const unborn = missingFrom(
    births,
    queued.map(({ eventId }) => [eventId]),
  );
  faults.push(...unborn.map((eventId) => `event ${eventId} queued a message that is not here`));

  const toldOf = (kind: string) => events.filter((event) => event.kind === kind);
  const factsOf = (kind: string) => toldOf(kind).map(({ departmentId, at }) => timed(kind, departmentId, at));
  const stateOf = (state: Message['state'], kind: string) =>
    messages
      .filter((message) => message.state === state)
      .map(({ departmentId, settledAt }) => timed(kind, departmentId, settledAt));
  const sent = stateOf('SENT', 'DELIVERY_SENT');
  faults.push(
    ...missingFrom(factsOf('DELIVERY_SENT'), sent).map((fact) => `no event tells of ${fact}`),
    ...missingFrom(sent, factsOf('DELIVERY_SENT')).map((fact) => `no attempt was accepted for ${fact}`),
    ...missingFrom(factsOf('DELIVERY_DEAD'), stateOf('DEAD', 'DELIVERY_DEAD')).map(
      (fact) => `no event tells of ${fact}`,
    ),
  );
  // A message that a person had repeated has its earlier failures in its attempts alone.
  const failures = messages.flatMap(({ departmentId, attempts }) =>
    attempts
      .filter(({ outcome }) => outcome !== null && outcome !== 'ACCEPTED')
      .map(({ endedAt }) => timed('DELIVERY_DEAD', departmentId, endedAt)),
  );
  faults.push(...missingFrom(failures, factsOf('DELIVERY_DEAD')).map((fact) => `no attempt failed for ${fact}`));
  return faults;
}
