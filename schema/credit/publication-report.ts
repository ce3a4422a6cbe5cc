/**
 * Publication of penalties (双公示) per department: what came in time, late, or not at all. What is missing is known only of
 * decisions that the hub has heard of otherwise, and only where the department's publication has been read since.
 */
import { normaliseCaseNumber } from '../codes/case-number.ts';
import { publicityDueOn, TIMELINESS_WINDOW_DAYS } from '../penalty/timeliness.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { PenaltyRecord } from '../records.ts';
import { feedOf, type Feed } from '../replica/facts.ts';
import { judgedDecisions } from '../replica/feed-summary.ts';
import { NEVER_READ, type FeedState } from '../replica/feed-states.ts';
import type { ReplicaModels } from '../replica/replica-models.ts';
import { addDays, calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import type { KnownDecision } from './known-decisions.ts';

/** UNKNOWN: it is there, and nobody can say since when. */
export const PUBLICATION_STATES = ['ON_TIME', 'LATE', 'MISSING', 'UNKNOWN'] as const;
export type PublicationState = (typeof PUBLICATION_STATES)[number];

export interface PublishedDecisionRow {
  readonly departmentId: string;
  readonly documentNumber: string;
  readonly decidedOn: CalendarDate;
  /** The last day on which it is in time. */
  readonly dueOn: CalendarDate;
  readonly publishedOn: CalendarDate | null;
  readonly state: PublicationState;
}

export interface PublicationSummary {
  readonly departmentId: string;
  readonly counts: Readonly<Record<PublicationState, number>>;
  /** On time of those that came, as departments{health{timeliness}}; null when none can be judged. */
  readonly share: number | null;
  /** Until when the department's publication has been read; null = never in full, and nothing is said of it. */
  readonly readAt: Date | null;
}

export interface PublicationReport {
  readonly departments: readonly PublicationSummary[];
  /** Late and missing ones, by department and day of decision. */
  readonly rows: readonly PublishedDecisionRow[];
}

interface ReportParts {
  readonly models: Pick<ReplicaModels, 'records'>;
  readonly states: ReadonlyMap<Feed, FeedState>;
  readonly departments: readonly DepartmentDescriptor[];
  readonly known: readonly KnownDecision[];
}

/** Of these decisions the ones that the department has not published at all. */
async function unpublished(
  { records }: Pick<ReplicaModels, 'records'>,
  feed: Feed,
  decisions: readonly KnownDecision[],
): Promise<readonly KnownDecision[]> {
  const missing = new Map(decisions.map((decision) => [normaliseCaseNumber(decision.documentNumber), decision]));
  if (missing.size === 0) return [];
  const published = records
    .find({ feed, deleted: false }, { _id: 0, 'record.documentNumber': 1 })
    .lean<{ readonly record: Pick<PenaltyRecord, 'documentNumber'> }>()
    .cursor();
  for await (const { record } of published) missing.delete(normaliseCaseNumber(record.documentNumber));
  return [...missing.values()];
}

async function rowsOf(
  { models, known }: ReportParts,
  departmentId: string,
  { firstLoadedAt, syncedAt }: Pick<FeedState, 'firstLoadedAt' | 'syncedAt'>,
  today: CalendarDate,
): Promise<readonly PublishedDecisionRow[]> {
  const feed = feedOf(departmentId, 'penalties');
  const rows: PublishedDecisionRow[] = [];
  for await (const { penalty, arrivedAt, state } of judgedDecisions(models, feed, firstLoadedAt, today)) {
    const { documentNumber, decidedOn } = penalty;
    rows.push({
      ...{ departmentId, documentNumber, decidedOn, dueOn: publicityDueOn(decidedOn) },
      ...{ publishedOn: arrivedAt && calendarDateOf(arrivedAt), state: state ?? 'UNKNOWN' },
    });
  }
  // What the department may have published since it was read last is not missing.
  const readOn = syncedAt === null ? null : calendarDateOf(syncedAt);
  const overdue = known.filter(
    ({ departmentId: own, decidedBy }) =>
      own === departmentId &&
      readOn !== null &&
      publicityDueOn(decidedBy) < readOn &&
      decidedBy > addDays(today, -TIMELINESS_WINDOW_DAYS),
  );
  for (const { documentNumber, decidedBy } of await unpublished(models, feed, overdue)) {
    rows.push({
      ...{ departmentId, documentNumber, decidedOn: decidedBy, dueOn: publicityDueOn(decidedBy) },
      ...{ publishedOn: null, state: 'MISSING' },
    });
  }
  return rows;
}

const byDay = (a: PublishedDecisionRow, b: PublishedDecisionRow): number =>
  a.decidedOn === b.decidedOn ? (a.documentNumber < b.documentNumber ? -1 : 1) : a.decidedOn < b.decidedOn ? -1 : 1;

/** @returns every department, in their order; of one that has never been read in full nothing is counted */
export async function publicationReport(parts: ReportParts, today: CalendarDate): Promise<PublicationReport> {
  const departments: PublicationSummary[] = [];
  const rows: PublishedDecisionRow[] = [];
  for (const { id } of parts.departments) {
    const state = parts.states.get(feedOf(id, 'penalties')) ?? NEVER_READ;
    const own = state.loadedAt === null ? [] : await rowsOf(parts, id, state, today);
    const counts = { ON_TIME: 0, LATE: 0, MISSING: 0, UNKNOWN: 0 };
    for (const row of own) counts[row.state] += 1;
    const judged = counts.ON_TIME + counts.LATE;
    const share = judged === 0 ? null : counts.ON_TIME / judged;
    departments.push({ departmentId: id, counts, share, readAt: state.loadedAt === null ? null : state.syncedAt });
    rows.push(...own.filter((row) => row.state === 'LATE' || row.state === 'MISSING').sort(byDay));
  }
  return { departments, rows };
}
