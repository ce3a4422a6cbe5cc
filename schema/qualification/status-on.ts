import type { QualificationStatus } from '../records.ts';
import { compareCalendarDates, type CalendarDate } from '../time/calendar-date.ts';

interface Lasting {
  readonly status: QualificationStatus;
  readonly validTo: CalendarDate | null;
}

/**
 * The status on a day, in China: nobody changes a record when its last day has passed, so what was valid has then
 * expired, however old the record is.
 */
export function statusOn({ status, validTo }: Lasting, day: CalendarDate): QualificationStatus {
  const isOver = validTo !== null && compareCalendarDates(validTo, day) < 0;
  return isOver && status === 'VALID' ? 'EXPIRED' : status;
}
