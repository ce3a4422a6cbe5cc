/** Which version of each qualification counts at an instant (valid time), given what was known at another. Pure. */
import type { ProvenanceRecord, QualificationRecord } from '../records.ts';
import { calendarDateOf, compareCalendarDates, type CalendarDate } from '../time/calendar-date.ts';
import { statusOn } from './status-on.ts';

/** What decides when a version counts, and as what. */
export interface QualificationVersion extends Pick<
  QualificationRecord,
  'scheme' | 'number' | 'status' | 'validFrom' | 'validTo' | 'effectiveFrom' | 'recordedAt' | 'supersededAt'
> {
  readonly provenance: Pick<ProvenanceRecord, 'departmentId'>;
}

function keyOf(record: QualificationVersion): string {
  return `${record.provenance.departmentId} ${record.scheme} ${record.number}`;
}

const timeOf = (instant: Date | null, ifOpen: number): number => instant?.getTime() ?? ifOpen;

function wasBelieved(record: QualificationVersion, knownAt: Date): boolean {
  return (
    timeOf(record.recordedAt, Number.NEGATIVE_INFINITY) <= knownAt.getTime() &&
    timeOf(record.supersededAt, Number.POSITIVE_INFINITY) > knownAt.getTime()
  );
}

function hadBegun(record: QualificationVersion, at: Date, day: CalendarDate): boolean {
  const begun = timeOf(record.effectiveFrom, Number.NEGATIVE_INFINITY) <= at.getTime();
  return begun && (record.validFrom === null || compareCalendarDates(record.validFrom, day) <= 0);
}

/** The later version in valid time wins; among equals, the one recorded later. */
function isLater(a: QualificationVersion, b: QualificationVersion): boolean {
  const from = Number.NEGATIVE_INFINITY;
  return (
    timeOf(a.effectiveFrom, from) - timeOf(b.effectiveFrom, from) > 0 ||
    (timeOf(a.effectiveFrom, from) === timeOf(b.effectiveFrom, from) &&
      timeOf(a.recordedAt, from) > timeOf(b.recordedAt, from))
  );
}

/**
 * @param records versions of any number of qualifications, in any order
 * @param at the instant whose truth is asked for
 * @param knownAt whose knowledge: corrections recorded later do not count
 * @returns one record per department, scheme and number that had begun by then, with its status on that day; those
 * that had ended stay, with the status they ended in; sorted by scheme and number
 */
export function qualificationsAt<V extends QualificationVersion>(
  records: readonly V[],
  at: Date,
  knownAt: Date,
): readonly V[] {
  const day = calendarDateOf(at);
  const chosen = new Map<string, V>();
  for (const record of records) {
    if (!wasBelieved(record, knownAt) || !hadBegun(record, at, day)) continue;
    const known = chosen.get(keyOf(record));
    if (known === undefined || isLater(record, known)) chosen.set(keyOf(record), record);
  }
  return [...chosen.values()]
    .map((record) => ({ ...record, status: statusOn(record, day) }))
    .sort((a, b) => a.scheme.localeCompare(b.scheme) || a.number.localeCompare(b.number));
}
