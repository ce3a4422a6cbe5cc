import { addDays, parseCalendarDate, startOfDay } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';

/** The day on which the world's clock stands still. */
export const WORLD_TODAY: CalendarDate = parseCalendarDate('2026-03-31');

/** The last day on which anything happened; only end dates lie later. */
export const LAST_DAY: CalendarDate = addDays(WORLD_TODAY, -1);

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/**
 * The instant of a wall time in China.
 * @param text `yyyy-MM-dd HH:mm:ss`
 */
export function instantAt(text: string): Date {
  const instant = new Date(`${text.slice(0, 10)}T${text.slice(11)}+08:00`);
  if (Number.isNaN(instant.getTime())) throw new RangeError('A wall time is written yyyy-MM-dd HH:mm:ss.');
  return instant;
}

/** Shorthand for dates written in the tables of this folder. */
export function day(text: string): CalendarDate {
  return parseCalendarDate(text);
}

/** The instant so many seconds after the day began in China. */
export function secondsInto(date: CalendarDate, seconds: number): Date {
  return new Date(startOfDay(date).getTime() + seconds * SECOND_MS);
}

export function plusSeconds(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * SECOND_MS);
}

/** Whole days from one date to another; negative when the second is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

export function earlier(left: CalendarDate, right: CalendarDate): CalendarDate {
  return left < right ? left : right;
}

export function later(left: CalendarDate, right: CalendarDate): CalendarDate {
  return left > right ? left : right;
}

/** Not after the last evening of the world. */
export function notAfterLastDay(instant: Date): Date {
  const limit = secondsInto(LAST_DAY, 20 * 3600);
  return instant > limit ? limit : instant;
}

/** `yyyyMMdd` */
export function compactDate(date: CalendarDate): string {
  return date.slice(0, 4) + date.slice(5, 7) + date.slice(8, 10);
}
