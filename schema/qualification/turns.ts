import { endOfDay, startOfDay } from '../time/calendar-date.ts';
import type { QualificationVersion } from './qualifications-at.ts';

/** When what is said of a qualification may become something else by itself. */
export function turnsOfQualification(version: QualificationVersion): (Date | null)[] {
  const { validFrom, validTo, effectiveFrom, recordedAt, supersededAt } = version;
  const dayAfter = validTo === null ? null : new Date(endOfDay(validTo).getTime() + 1);
  return [validFrom === null ? null : startOfDay(validFrom), dayAfter, effectiveFrom, recordedAt, supersededAt];
}
