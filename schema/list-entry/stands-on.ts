import type { ListEntryRecord } from '../records.ts';
import { compareCalendarDates, type CalendarDate } from '../time/calendar-date.ts';

/** From the day of its listing until the day of its removal an entry stands; on that day no longer. In China. */
export function standsOn(
  { listedOn, removedOn }: Pick<ListEntryRecord, 'listedOn' | 'removedOn'>,
  day: CalendarDate,
): boolean {
  const isListed = compareCalendarDates(listedOn, day) <= 0;
  const isRemoved = removedOn !== null && compareCalendarDates(removedOn, day) <= 0;
  return isListed && !isRemoved;
}
