/**
 * Working days (工作日) in China: Monday to Friday without the holidays, and the weekend days that the State Council's
 * yearly notice turns into working days (调休). The notices are data, see holidays.json; a new one is a new entry there.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../project-root.ts';
import { addDays, parseCalendarDate, startOfDay, type CalendarDate } from './calendar-date.ts';

/**
 * What a count of working days rests on, from the firmest to the weakest. PUBLISHED: the State Council's notice of that
 * year. PROVISIONAL: the statutory holidays alone, because that notice is not out yet. WEEKENDS_ONLY: the hub holds
 * nothing about that year.
 */
export const CALENDAR_BASES = ['PUBLISHED', 'PROVISIONAL', 'WEEKENDS_ONLY'] as const;
export type CalendarBasis = (typeof CALENDAR_BASES)[number];

const CalendarDateText = z.string().transform(parseCalendarDate);
const Holidays = z.object({
  years: z.array(
    z.object({
      year: z.int(),
      provisional: z.boolean(),
      document: z.object({ title: z.string().min(1), number: z.string().min(1), issuedOn: CalendarDateText }),
      holidays: z.array(
        z
          .object({
            name: z.string().min(1),
            from: CalendarDateText,
            to: CalendarDateText,
            /** Weekend days on which people work in exchange. */
            workingDays: z.array(CalendarDateText.refine(isWeekend, 'is no weekend day')),
          })
          .refine(({ from, to }) => from <= to, 'ends before it begins'),
      ),
    }),
  ),
});

/** Read and not imported, as with the divisions: JSON modules are still experimental in the supported Node. */
const { years } = Holidays.parse(JSON.parse(readFileSync(join(projectRoot, 'schema/time/holidays.json'), 'utf8')));
const holidays = years.flatMap((year) => year.holidays);
const restDays: ReadonlySet<CalendarDate> = new Set(holidays.flatMap(({ from, to }) => daysOf(from, to)));
const exchangedDays: ReadonlySet<CalendarDate> = new Set(holidays.flatMap(({ workingDays }) => workingDays));
const basisByYear: ReadonlyMap<number, CalendarBasis> = new Map(
  years.map(({ year, provisional }) => [year, provisional ? 'PROVISIONAL' : 'PUBLISHED']),
);

/** Whether the departments work on this day, as far as the hub knows; `calendarBasis` says how far that is. */
export function isWorkingDay(date: CalendarDate): boolean {
  if (exchangedDays.has(date)) return true;
  return !restDays.has(date) && !isWeekend(date);
}

/**
 * The last day of a period of working days. The day of the event does not count: day 1 is the first working day after it.
 * @param count whole number; 0 gives the date itself, a negative one counts backwards from the day before.
 * @throws RangeError when `count` is not whole or the result leaves the years 0001 to 9999.
 */
export function addWorkingDays(date: CalendarDate, count: number): CalendarDate {
  if (!Number.isInteger(count)) throw new RangeError('count must be a whole number');
  const step = Math.sign(count);
  let day = date;
  for (let left = Math.abs(count); left > 0;) {
    day = addDays(day, step);
    if (isWorkingDay(day)) left -= 1;
  }
  return day;
}

/**
 * How many working days lie after `from`, up to and including `to`; 0 for the same day. Where `to` comes first, minus the
 * working days from `to` up to but not including `from`. The counterpart of `addWorkingDays`.
 */
export function workingDaysBetween(from: CalendarDate, to: CalendarDate): number {
  let count = 0;
  if (to < from) {
    for (let day = to; day < from; day = addDays(day, 1)) if (isWorkingDay(day)) count -= 1;
    return count;
  }
  for (let day = from; day < to;) {
    day = addDays(day, 1);
    if (isWorkingDay(day)) count += 1;
  }
  return count;
}

/**
 * What a working-day statement about one day, or about a period in either direction, rests on: the weakest basis of the
 * years that it touches. Whoever shows a computed time limit should say so when it is not PUBLISHED.
 */
export function calendarBasis(from: CalendarDate, to: CalendarDate = from): CalendarBasis {
  const [first, last] = [yearOf(from), yearOf(to)].sort((a, b) => a - b) as [number, number];
  let weakest: CalendarBasis = 'PUBLISHED';
  for (let year = first; year <= last; year += 1) {
    const basis = basisByYear.get(year) ?? 'WEEKENDS_ONLY';
    if (basis === 'WEEKENDS_ONLY') return basis;
    if (basis === 'PROVISIONAL') weakest = basis;
  }
  return weakest;
}

function daysOf(from: CalendarDate, to: CalendarDate): CalendarDate[] {
  const days: CalendarDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

function isWeekend(date: CalendarDate): boolean {
  // Noon in China lies on the same day in UTC.
  const weekday = new Date(startOfDay(date).getTime() + 12 * 3_600_000).getUTCDay();
  return weekday === 0 || weekday === 6;
}

function yearOf(date: CalendarDate): number {
  return Number(date.slice(0, 4));
}
