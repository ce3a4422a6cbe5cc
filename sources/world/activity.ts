import { addDays, calendarDateOf } from '../../schema/time/calendar-date.ts';
import { day, LAST_DAY, later } from './clock.ts';
import type { WorldQualification } from './types.ts';
import type { Activity } from './visits.ts';

/** Records of the last fourteen months are kept. */
const RECORDS_SINCE = day('2025-02-01');
/** A new body needs some days until its first customer comes. */
const DAYS_TO_START = 10;

/**
 * When a body worked lawfully within the time on record: from its first CMA certificate (or approval) until the day
 * before it lost the right to report, at the latest until the last day of the world.
 * @param versions of all its qualifications.
 * @returns null for a body without such a time.
 */
export function activityOf(versions: readonly WorldQualification[]): Activity | null {
  const valid = versions.filter(
    ({ scheme, status, supersededAt }) =>
      (scheme === 'CMA' || scheme === 'CERTIFICATION_APPROVAL') && status === 'VALID' && supersededAt === null,
  );
  const [first] = valid;
  const last = valid.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    from: later(RECORDS_SINCE, addDays(calendarDateOf(first.effectiveFrom), DAYS_TO_START)),
    to: last.effectiveTo === null ? LAST_DAY : addDays(calendarDateOf(last.effectiveTo), -1),
    signatories: last.signatories.map(({ name }) => name),
  };
}
