/**
 * Timeliness of 双公示 (publicity of licences and penalties): each must reach the public sources within 7 working days of
 * the decision (domain reference 3.5 and 4.3).
 */
import type { PenaltyRecord } from '../records.ts';
import { calendarDateOf, startOfDay, type CalendarDate } from '../time/calendar-date.ts';
import { addWorkingDays } from '../time/working-days.ts';

/** Statutory time from the decision, in working days; day 1 is the day after the decision. */
export const PUBLICITY_WORKING_DAYS = 7;

/** A department is judged by its decisions of this many days, today included. */
export const TIMELINESS_WINDOW_DAYS = 365;

/** 按时 or 迟报. Records that never arrived are not seen here. */
export type TimelinessState = 'ON_TIME' | 'LATE';

/** A penalty or a licence. */
export interface PublishedDecision {
  readonly decidedOn: CalendarDate;
  /** When it was public, as far as can be told. */
  readonly arrivedAt: Date;
}

/**
 * When a penalty arrived where it must be: on the first day of publicity, by the department's own word (公示日期); where
 * it names none, when the record appeared at the department.
 * @param appearedAt null where nobody saw it come: a time of update may be that of a later correction
 * @returns null where it cannot be told
 */
export function arrivalOf(
  { publishedFrom }: Pick<PenaltyRecord, 'publishedFrom'>,
  appearedAt: Date | null,
): Date | null {
  return publishedFrom === null ? appearedAt : startOfDay(publishedFrom);
}

/** The last day on which the record is still on time. */
export function publicityDueOn(decidedOn: CalendarDate): CalendarDate {
  return addWorkingDays(decidedOn, PUBLICITY_WORKING_DAYS);
}

/**
 * Whether a record came in time. The whole last day counts, as a day in China. A record that arrived before its decision
 * (a clock that is ahead) is on time.
 * @throws RangeError for an invalid instant.
 */
export function timelinessOf({ decidedOn, arrivedAt }: PublishedDecision): TimelinessState {
  return calendarDateOf(arrivedAt) <= publicityDueOn(decidedOn) ? 'ON_TIME' : 'LATE';
}
