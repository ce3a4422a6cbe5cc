/** How long each step of a notice may take (domain reference 5.1). A period in working days begins the day after. */
import { addDays, calendarDateOf, endOfDay, addMonths, type CalendarDate } from '../time/calendar-date.ts';
import { addWorkingDays } from '../time/working-days.ts';

export const TIME_LIMITS = {
  /** The recipient signs for it. */
  signWorkingDays: 3,
  /** The recipient is reminded when so many have passed unsigned. */
  signReminderWorkingDays: 2,
  /** First feedback, from the day it is sent. */
  feedbackWorkingDays: 15,
  /** The recipient is reminded so many before feedback is due. */
  feedbackReminderWorkingDays: 2,
  /** Then each quarter. */
  feedbackEveryMonths: 3,
  /** Recipients confirm that it is lifted. */
  liftWorkingDays: 3,
  /** Recipients undo what was withdrawn. */
  undoWorkingDays: 1,
  /** It goes to the archive so long after the last confirmation, in calendar days. */
  archiveDays: 30,
} as const;

/** The last moment of the period, in China. */
export const workingDaysAfter = (from: Date, workingDays: number): Date =>
  endOfDay(addWorkingDays(calendarDateOf(from), workingDays));

export const monthsAfter = (from: Date, months: number): Date => endOfDay(addMonths(calendarDateOf(from), months));

export const daysAfter = (from: Date, days: number): Date => endOfDay(addDays(calendarDateOf(from), days));

/** The moment from which so many working days remain before a deadline. */
export const workingDaysBefore = (deadline: Date, workingDays: number): Date => {
  const day: CalendarDate = calendarDateOf(deadline);
  return endOfDay(addWorkingDays(day, -workingDays));
};
