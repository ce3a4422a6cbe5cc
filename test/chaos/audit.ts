/** What the hub has on record of its deliveries, held against what its recipients have. Everything is empty when all is well. */
import type { Numbered } from '../../schema/events/event-log.ts';
import type { Message } from '../../schema/delivery/message.ts';
import type { Notice, NoticeEvent } from '../../schema/notice/notice.ts';
import type { Call, Recipient } from './recipient.ts';

export interface Faults {
  /** Messages that did not reach their recipient. */
  readonly lost: readonly string[];
  /** Deliveries that had more than one effect at their recipient. */
  readonly doubled: readonly string[];
  /** Messages that the recipient has and the hub has not, or with other bytes at another attempt. */
  readonly strange: readonly string[];
  /** Calls that came after a later one of their lane. */
  readonly outOfOrder: readonly string[];
  /** Messages that have not one accepted attempt, the last one; or more calls than attempts. */
  readonly misrecorded: readonly string[];
  /** Events of the log that are missing, doubled or out of order. */
  readonly mistold: readonly string[];
}

export interface Audit {
  readonly faults: Faults;
  /** Attempts that ended with the process that made them. */
  readonly interrupted: number;
}

export const NO_FAULTS: Faults = { lost: [], doubled: [], strange: [], outOfOrder: [], misrecorded: [], mistold: [] };

const repeated = (values: readonly string[]): string[] => {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
};

function strangeIn(calls: readonly Call[], known: ReadonlySet<string>): string[] {
  const bodies = new Map<string, string>();
  return calls
    .filter(({ messageId, body }) => {
      const first = bodies.get(messageId) ?? body;
      bodies.set(messageId, first);
      return first !== body || !known.has(messageId);
    })
    .map(({ messageId }) => messageId);
}

function outOfOrderIn(calls: readonly Call[], positions: ReadonlyMap<string, number>): string[] {
  const last = new Map<string, number>();
  return calls
    .filter(({ lane, messageId }) => {
      const own = positions.get(messageId) ?? 0;
      const before = last.get(lane) ?? 0;
      last.set(lane, Math.max(own, before));
      return own < before;
    })
    .map(({ messageId }) => messageId);
}

function isWellRecorded({ state, attempts }: Message, calls: number): boolean {
  const accepted = attempts.filter(({ outcome }) => outcome === 'ACCEPTED');
  const isLast = attempts.at(-1) === accepted[0];
  return state === 'SENT' && accepted.length === 1 && isLast && calls >= 1 && calls <= attempts.length;
}

/** In the order in which notices were published, per subject. */
function misplaced(notices: readonly Notice[], positions: ReadonlyMap<string, number>): string[] {
  const published = notices.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  const last = new Map<string, number>();
  return published.flatMap(({ subject, deliveries }) =>
    deliveries.flatMap(({ departmentId, messages }) =>
      messages.flatMap(({ id }) => {
        const lane = `${subject.creditCode}|${departmentId}`;
        const [own, before] = [positions.get(id) ?? 0, last.get(lane) ?? 0];
        last.set(lane, own);
        return own > before ? [] : [id];
      }),
    ),
  );
}

function mistoldIn(events: readonly (NoticeEvent & Numbered)[], notices: readonly Notice[]): string[] {
  const gaps = events.filter(({ _id }, index) => _id !== index + 1).map(({ eventId }) => `gap before ${eventId}`);
  const sent = events.flatMap((event) =>
    event.kind === 'DELIVERY_SENT' ? [`sent ${event.noticeId} ${event.departmentId ?? ''}`] : [],
  );
  const expected = notices.flatMap(({ _id, deliveries }) =>
    deliveries.map(({ departmentId }) => `sent ${_id} ${departmentId}`),
  );
  const told = new Set(sent);
  return [...gaps, ...repeated(sent), ...expected.filter((each) => !told.has(each))];
}

export function auditOf(
  notices: readonly Notice[],
  events: readonly (NoticeEvent & Numbered)[],
  { calls, effects, refused }: Recipient,
): Audit {
  const messages = notices.flatMap(({ deliveries }) => deliveries.flatMap((each) => [...each.messages]));
  const positions = new Map(messages.map(({ id, position }) => [id, position ?? 0]));
  const callsOf = new Map<string, number>();
  for (const { messageId } of calls) callsOf.set(messageId, (callsOf.get(messageId) ?? 0) + 1);
  const attempts = messages.flatMap((message) => [...message.attempts]);
  return {
    interrupted: attempts.filter(({ outcome }) => outcome !== 'ACCEPTED').length,
    faults: {
      lost: messages.filter(({ id }) => !effects.has(id)).map(({ id }) => id),
      doubled: repeated([...effects.values()].map(({ deliveryId }) => deliveryId)),
      strange: [...strangeIn(calls, new Set(positions.keys())), ...refused],
      outOfOrder: [...outOfOrderIn(calls, positions), ...misplaced(notices, positions)],
      misrecorded: messages.filter((each) => !isWellRecorded(each, callsOf.get(each.id) ?? 0)).map(({ id }) => id),
      mistold: mistoldIn(events, notices),
    },
  };
}
