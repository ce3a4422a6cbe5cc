import { calendarDateOf, calendarDateOfParts } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { instantOfClock } from '../../schema/time/instant.ts';
import type { ClockDigits } from '../../schema/time/instant.ts';

/*
 * The departments' dates. Their specifications disagree with their data (one writes minutes as `mm` and seconds as `SS`),
 * and one message mixes several styles, so the readers go by the digits they meet and not by an announced pattern.
 */

/** yyyyMMdd, yyyyMMddHHmmss, yyyyMMddHHmmss.SSS */
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})(?:\.(\d+))?)?$/;
/** yyyy-MM-dd, yyyy/M/d, each also with a time after a blank or T, and with an offset after the time. */
const SEPARATED =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:(?:T| +)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
/** Fillers that stand for "no value" in a column of dates. */
const FILLER = /^(?:[-—–/_]*|null)$/i;
/** Dates and a word that mean "no end": transport, market regulation, common platforms, MySQL. */
const OPEN_ENDS: ReadonlySet<string> = new Set(['9999-09-09', '2099-12-31', '9999-12-31', '0000-00-00']);
const OPEN_END_WORD = '长期';

interface Digits {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly clock: ClockDigits;
  readonly offset: string | undefined;
}

/**
 * Reads a date in any of the departments' styles.
 * @param text `yyyyMMdd`, `yyyy-MM-dd`, `yyyy/MM/dd`, `yyyy/M/d`, alone or followed by a time, which is dropped. With
 *   an offset the answer is the day in China. Blanks around it do not matter.
 * @returns null when there is no value: blank, dashes or the word `null`.
 * @throws RangeError naming what is wrong; the kit reports it as a malformed field.
 */
export function readNativeDate(text: string): CalendarDate | null {
  const digits = digitsOf(text);
  return digits === null ? null : dateOf(digits);
}

/**
 * Reads a point in time in any of the departments' styles.
 * @param text as for `readNativeDate`; without an offset it is the time of China, without a time the start of the day.
 *   What is finer than a millisecond is cut off.
 * @returns null when there is no value.
 * @throws RangeError naming what is wrong.
 */
export function readNativeInstant(text: string): Date | null {
  const digits = digitsOf(text);
  return digits === null ? null : instantOf(digits);
}

/**
 * Reads the last day of a period.
 * @param text as for `readNativeDate`.
 * @returns null when the period has no end: no value, one of the placeholder days (9999-09-09, 2099-12-31, 9999-12-31,
 *   0000-00-00 in any style), or the word 长期.
 * @throws RangeError naming what is wrong.
 */
export function readNativeEndDate(text: string): CalendarDate | null {
  if (text.trim() === OPEN_END_WORD) return null;
  const digits = digitsOf(text);
  if (digits === null) return null;
  const { year, month, day } = digits;
  return OPEN_ENDS.has(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`) ? null : dateOf(digits);
}

function digitsOf(text: string): Digits | null {
  const trimmed = text.trim();
  if (FILLER.test(trimmed)) return null;
  const compact = COMPACT.exec(trimmed);
  if (compact !== null) {
    const [, year = '', month = '', day = '', hour, minute, second, fraction] = compact;
    return { year, month, day, clock: { hour, minute, second, fraction }, offset: undefined };
  }
  const separated = SEPARATED.exec(trimmed);
  if (separated === null) throw new RangeError('not a date in any style the departments use');
  const [, year = '', , month = '', day = '', hour, minute, second, fraction, offset] = separated;
  return { year, month, day, clock: { hour, minute, second, fraction }, offset };
}

function instantOf({ year, month, day, clock, offset }: Digits): Date {
  return instantOfClock(calendarDateOfParts(Number(year), Number(month), Number(day)), clock, offset);
}

function dateOf(digits: Digits): CalendarDate {
  // The time is checked even where it is dropped: an hour 25 means that the field was cut wrongly.
  const instant = instantOf(digits);
  return digits.offset === undefined
    ? calendarDateOfParts(Number(digits.year), Number(digits.month), Number(digits.day))
    : calendarDateOf(instant);
}
