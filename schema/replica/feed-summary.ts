/** What is said of a feed as a whole. Counted when a reading has ended, so that no question has to read everything. */
import { arrivalOf, timelinessOf, TIMELINESS_WINDOW_DAYS, type TimelinessState } from '../penalty/timeliness.ts';
import type { PenaltyRecord } from '../records.ts';
import { addDays, type CalendarDate } from '../time/calendar-date.ts';
import type { Feed } from './facts.ts';
import type { FeedTimeliness, ReplicaDocument, ReplicaModels } from './replica-models.ts';

/**
 * Records in quarantine of which the replica shows no earlier version to anybody.
 * @param asOf only those that could not be read at that time already; null = now
 */
export async function countUnattributed(
  { records, quarantine }: Pick<ReplicaModels, 'records' | 'quarantine'>,
  feed: Feed,
  asOf: Date | null = null,
): Promise<number> {
  const rows = await quarantine
    .find({ feed, ...(asOf !== null && { firstSeenAt: { $lte: asOf } }) }, { recordId: 1 })
    .lean<{ recordId: string | null }[]>();
  const ids = new Set(rows.flatMap(({ recordId }) => recordId ?? []));
  const nameless = rows.filter(({ recordId }) => recordId === null).length;
  if (ids.size === 0) return nameless;
  const held = await records
    .find({ feed, recordId: { $in: [...ids] }, deleted: false }, { recordId: 1 })
    .lean<{ recordId: string }[]>();
  return nameless + ids.size - held.length;
}

type HeldPenalty = Pick<ReplicaDocument, 'recordedAt' | 'versions' | 'record'>;

/** When the record was first seen at the department; null where it was there before the hub had read everything. */
function appearedAt({ recordedAt, versions, record }: HeldPenalty, firstLoadedAt: Date | null): Date | null {
  const first = versions.find((version) => version.record !== null) ?? { recordedAt, record };
  if (firstLoadedAt === null || first.record === null || first.recordedAt <= firstLoadedAt) return null;
  const { asOf } = first.record.provenance;
  // The department's own time does not count the hub's delay; a later touch of the row does not make it late.
  return asOf < first.recordedAt ? asOf : first.recordedAt;
}

/** A penalty of the window, and whether it came in time. */
export interface JudgedDecision {
  readonly penalty: PenaltyRecord;
  /** null where it cannot be told when it arrived. */
  readonly arrivedAt: Date | null;
  readonly state: TimelinessState | null;
}

/** The penalties decided in the days up to `today`, in no particular order; few are held in memory at a time. */
export async function* judgedDecisions(
  { records }: Pick<ReplicaModels, 'records'>,
  feed: Feed,
  firstLoadedAt: Date | null,
  today: CalendarDate,
): AsyncGenerator<JudgedDecision> {
  const decidedOn = { $gt: addDays(today, -TIMELINESS_WINDOW_DAYS), $lte: today };
  const held = records
    .find({ feed, deleted: false, sortKey: decidedOn }, { _id: 0, record: 1, recordedAt: 1, versions: 1 })
    .lean<HeldPenalty>()
    .cursor();
  for await (const document of held) {
    const penalty = document.record as PenaltyRecord;
    const arrivedAt = arrivalOf(penalty, appearedAt(document, firstLoadedAt));
    const state = arrivedAt === null ? null : timelinessOf({ decidedOn: penalty.decidedOn, arrivedAt });
    yield { penalty, arrivedAt, state };
  }
}

/** Of the penalties decided in the days up to `today`, how many came in time. */
export async function countTimeliness(
  models: Pick<ReplicaModels, 'records'>,
  feed: Feed,
  firstLoadedAt: Date | null,
  today: CalendarDate,
): Promise<FeedTimeliness> {
  const counts = { judged: 0, onTime: 0 };
  for await (const { state } of judgedDecisions(models, feed, firstLoadedAt, today)) {
    if (state === null) continue;
    counts.judged++;
    if (state === 'ON_TIME') counts.onTime++;
  }
  return { countedOn: today, ...counts };
}
