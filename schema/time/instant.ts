import { HubError } from '../errors.ts';
import { calendarDateOfParts, SHANGHAI_OFFSET_MINUTES, startOfDay } from './calendar-date.ts';
import type { CalendarDate } from './calendar-date.ts';

const MINUTE_MS = 60_000;
const SHANGHAI_OFFSET_MS = SHANGHAI_OFFSET_MINUTES * MINUTE_MS;
const FORMAT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(Z|[+-]\d{2}:?\d{2})$/;

/** A time of day as text cut it: digits only, absent parts are zero. */
export interface ClockDigits {
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second: string | undefined;
  /** Digits after the decimal point of the seconds; what is finer than a millisecond is cut off. */
  readonly fraction: string | undefined;
}

/**
 * Writes an instant in the time of China, `2026-03-02T10:05:00+08:00`; milliseconds only when they are not zero.
 * @throws RangeError for an invalid Date or one outside the years 0000 to 9999.
 */
export function formatInstant(date: Date): string {
  const text = new Date(date.getTime() + SHANGHAI_OFFSET_MS).toISOString();
  // Years beyond four digits make toISOString write a sign and six digits.
  if (text.length !== 24) throw new RangeError('An instant must lie in the years 0000 to 9999.');
  return `${text.endsWith('.000Z') ? text.slice(0, 19) : text.slice(0, 23)}+08:00`;
}

/**
 * Reads an ISO 8601 instant.
 * @param text date, `T`, time to the minute or finer, and an offset (`Z`, `+08:00`, `+0800`). The offset is mandatory:
 *   a wall time alone is not an instant.
 * @throws HubError INPUT_INVALID saying what is wrong.
 */
export function parseInstant(text: string): Date {
  const [, year, month, day, hour, minute, second, fraction, offset] = FORMAT.exec(text) ?? [];
  if (offset === undefined) {
    throw new HubError(
      'INPUT_INVALID',
      'An instant must be written in ISO 8601 with its offset, for example 2026-03-02T10:05:00+08:00.',
    );
  }
  try {
    const date = calendarDateOfParts(Number(year), Number(month), Number(day));
    return instantOfClock(date, { hour, minute, second, fraction }, offset);
  } catch (cause) {
    const reason = cause instanceof RangeError ? cause.message : 'it does not exist';
    throw new HubError('INPUT_INVALID', `The instant does not exist: ${reason}.`, { cause });
  }
}

/**
 * The instant of a time of day on a date.
 * @param offset `Z`, `+hh:mm` or `+hhmm`; without one the time is that of China.
 * @throws RangeError naming an impossible hour, minute, second or offset. 24:00 and leap seconds are impossible.
 */
export function instantOfClock(date: CalendarDate, clock: ClockDigits, offset?: string): Date {
  const time =
    below(24, 'hour', clock.hour) * 60 * MINUTE_MS +
    below(60, 'minute', clock.minute) * MINUTE_MS +
    below(60, 'second', clock.second) * 1000 +
    Number((clock.fraction ?? '').padEnd(3, '0').slice(0, 3));
  const shift = offset === undefined ? 0 : SHANGHAI_OFFSET_MS - offsetMs(offset);
  return new Date(startOfDay(date).getTime() + time + shift);
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = below(24, 'offset hour', offset.slice(1, 3)) * 60 + below(60, 'offset minute', offset.slice(-2));
  return (offset.startsWith('-') ? -minutes : minutes) * MINUTE_MS;
}

function below(limit: number, what: string, digits = '0'): number {
  const value = Number(digits);
  if (value >= limit) throw new RangeError(`there is no ${what} ${value}`);
  return value;
}
