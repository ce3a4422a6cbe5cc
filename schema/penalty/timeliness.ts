/**
 * Timeliness of 双公示 (publicity of licences and penalties): each must reach the public sources within 7 working days of
 * the decision (domain reference 3.5 and 4.3). Here a record counts as there when the hub's source has it.
 */
import { calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import { addWorkingDays } from '../time/working-days.ts';

/** Statutory time from the decision, in working days; day 1 is the day after the decision. */
export const PUBLICITY_WORKING_DAYS = 7;

/** 按时 or 迟报. Records that never arrived are not seen here. */
export type TimelinessState = 'ON_TIME' | 'LATE';

/** A penalty or a licence. */
export interface PublishedDecision {
  readonly decidedOn: CalendarDate;
  /** When the source that the hub reads received it. */
  readonly arrivedAt: Date;
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

/**
 * The share of records that came in time.
 * @returns 0 to 1, null when there are none: nothing to judge is not the same as everything late.
 * @throws RangeError for an invalid instant.
 */
export function timelinessShare(decisions: readonly PublishedDecision[]): number | null {
  if (decisions.length === 0) return null;
  return decisions.filter((decision) => timelinessOf(decision) === 'ON_TIME').length / decisions.length;
}
