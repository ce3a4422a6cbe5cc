import { endOfDay } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { isBelievedAt } from './qualification-history.ts';
import type { WorldCapability, WorldQualification, WorldSignatory } from './types.ts';

/** The capability scope of the CMA certificate on a day, as is believed today; empty when none was in force. */
export function scopeOn(versions: readonly WorldQualification[], date: CalendarDate): readonly WorldCapability[] {
  return cmaOn(versions, date)?.scope ?? [];
}

/** Who was authorised to sign on a day. */
export function signatoriesOn(versions: readonly WorldQualification[], date: CalendarDate): readonly WorldSignatory[] {
  return cmaOn(versions, date)?.signatories ?? [];
}

/** The version of the CMA certificate on a day, whatever its status. */
export function cmaOn(versions: readonly WorldQualification[], date: CalendarDate): WorldQualification | undefined {
  const instant = endOfDay(date);
  return versions.find((version) => version.scheme === 'CMA' && isBelievedAt(version, instant));
}
