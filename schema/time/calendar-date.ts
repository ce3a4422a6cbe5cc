import { HubError } from '../errors.ts';

/** A day of the calendar in China, `yyyy-MM-dd`, years 0001 to 9999. Sorts as text. */
export type CalendarDate = string & { readonly __brand: 'CalendarDate' };

const DAY_MS = 86_400_000;
/** The Gregorian calendar repeats after 400 years; Date.UTC cannot be asked about the years 0 to 99 directly. */
const CYCLE_MS = 146_097 * DAY_MS;
/**
 * Asia/Shanghai is a fixed +08:00: China has had no daylight saving time since 1991, and the departments' wall times of
 * the summers before were never shifted. A constant is also much faster than a time zone lookup.
 */
export const SHANGHAI_OFFSET_MINUTES = 480;
const SHANGHAI_OFFSET_MS = SHANGHAI_OFFSET_MINUTES * 60_000;

/**
 * The date of a year, a month (1-12) and a day.
 * @throws RangeError naming what is impossible, for example that a month has no such day.
 */
export function calendarDateOfParts(year: number, month: number, day: number): CalendarDate {
  if (!Number.isInteger(year) || year < 1 || year > 9999) throw new RangeError(`there is no year ${year}`);
  if (!Number.isInteger(month) || month < 1 || month > 12) throw new RangeError(`there is no month ${month}`);
  if (!Number.isInteger(day) || day < 1 || day > daysInMonth(year, month)) {
    throw new RangeError(`there is no day ${day} in month ${month} of ${year}`);
  }
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}` as CalendarDate;
}

/**
 * Reads a date strictly.
 * @param text `yyyy-MM-dd`, a day that exists; nothing around it.
 * @throws HubError INPUT_INVALID saying what is impossible.
 */
export function parseCalendarDate(text: string): CalendarDate {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (day === undefined) {
    throw new HubError('INPUT_INVALID', 'A date must be written as yyyy-MM-dd, for example 2026-03-02.');
  }
  try {
    return calendarDateOfParts(Number(year), Number(month), Number(day));
  } catch (cause) {
    const reason = cause instanceof RangeError ? cause.message : 'it does not exist';
    throw new HubError('INPUT_INVALID', `The date does not exist: ${reason}.`, { cause });
  }
}

/** -1, 0 or 1, for sorting from earliest to latest. */
export function compareCalendarDates(left: CalendarDate, right: CalendarDate): -1 | 0 | 1 {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * The date a number of months later, earlier when negative.
 * @returns the day of the same number; where that month has none, its last day.
 * @throws RangeError when `months` is not whole or the result leaves the years 0001 to 9999.
 * @remarks Civil Code art. 202: a period in months or years ends on the corresponding day, or on the last of the month.
 */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  if (!Number.isInteger(months)) throw new RangeError('months must be a whole number');
  const { year, month, day } = partsOf(date);
  const count = year * 12 + (month - 1) + months;
  const newYear = Math.floor(count / 12);
  const newMonth = count - newYear * 12 + 1;
  return calendarDateOfParts(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
}

/**
 * The date a number of days later, earlier when negative.
 * @throws RangeError when `days` is not whole or the result leaves the years 0001 to 9999.
 */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  if (!Number.isInteger(days)) throw new RangeError('days must be a whole number');
  return dateOfUtcDay(new Date(utcMidnightMs(date) + days * DAY_MS));
}

/** Whether a date lies between two others, both included; null leaves that end open. */
export function isWithin(date: CalendarDate, from: CalendarDate | null, to: CalendarDate | null): boolean {
  return (from === null || date >= from) && (to === null || date <= to);
}

/**
 * The day an instant falls on in China.
 * @throws RangeError for an invalid Date or one outside the years 0001 to 9999.
 */
export function calendarDateOf(instant: Date): CalendarDate {
  return dateOfUtcDay(new Date(instant.getTime() + SHANGHAI_OFFSET_MS));
}

/** The instant a day begins in China: 16:00 UTC of the day before. */
export function startOfDay(date: CalendarDate): Date {
  return new Date(utcMidnightMs(date) - SHANGHAI_OFFSET_MS);
}

/** The last millisecond of a day in China. */
export function endOfDay(date: CalendarDate): Date {
  return new Date(utcMidnightMs(date) - SHANGHAI_OFFSET_MS + DAY_MS - 1);
}

function partsOf(date: CalendarDate): { year: number; month: number; day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

function utcMidnightMs(date: CalendarDate): number {
  const { year, month, day } = partsOf(date);
  return Date.UTC(year + 400, month - 1, day) - CYCLE_MS;
}

function dateOfUtcDay(date: Date): CalendarDate {
  return calendarDateOfParts(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
