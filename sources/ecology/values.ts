/** From one value of the platform to one of the hub's. Each throws an Error when the value does not fit. */
import { checkCreditCode, parseCreditCode, normaliseCode, type CreditCode } from '../../schema/codes/credit-code.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { readNativeDate, readNativeInstant } from '../kit/native-dates.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';

const DECIMAL = /^-?(?:\d+(?:\.\d*)?|\.\d+)$/;

/** Numbers are number(12,4) written as text. */
export function decimal(text: string): number {
  if (!DECIMAL.test(text)) throw new RangeError('is not a decimal number');
  return Number(text);
}

export function decimalOrNull(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : decimal(text);
}

export function wholeNumberOrNull(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw new RangeError('is not a whole number');
  return Number(text);
}

/** The department's own clock, not corrected. */
export function instant(text: string): Date {
  const read = readNativeInstant(text);
  if (read === null) throw new RangeError('is no time');
  return read;
}

export function instantOrNull(text: string | null): Date | null {
  return text === null ? null : readNativeInstant(text);
}

export function date(text: string): CalendarDate {
  const read = readNativeDate(text);
  if (read === null) throw new RangeError('is no date');
  return read;
}

export function dateOrNull(text: string | null): CalendarDate | null {
  return text === null ? null : readNativeDate(text);
}

/** Region codes as received; retired ones stay, because the record shows what the platform holds. */
export function regionOrNull(text: string | null): string | null {
  if (text === null) return null;
  if (!/^[1-9]\d{5}$/.test(text)) throw new RangeError('is no code of six digits');
  return text;
}

/**
 * The credit code that the platform holds beside its own number. A code whose check characters are wrong and that the
 * registry has not confirmed is not passed on: ecology is no authority for it, and its own number identifies the station.
 * @throws RangeError for a text that does not have the shape of a code
 */
export function creditCodeOrNull(text: string | null): CreditCode | null {
  if (text === null) return null;
  const { verdict, faults } = checkCreditCode(text);
  if (verdict !== 'REJECT') return parseCreditCode(text);
  if (faults.some(({ kind }) => kind === 'LENGTH' || kind === 'CHARSET')) throw new RangeError('is no credit code');
  return null;
}

/** Not checked further: imported and old vehicles have numbers of any form. */
export function vinOrNull(text: string | null): string | null {
  if (text === null) return null;
  return /^[0-9A-Z]{17}$/.test(text) ? text : normaliseCode(text);
}

/** `yyyyMMddHHmmss` in the time of China; milliseconds are cut off. */
export function compactTime(time: Date): string {
  return formatInstant(time).slice(0, 19).replaceAll(/\D/g, '');
}

/** The first whole second that is not before the time, as `yyyyMMddHHmmss`. */
export function compactTimeNotBefore(time: Date): string {
  return compactTime(new Date(Math.ceil(time.getTime() / 1000) * 1000));
}

/** `yyyyMMdd` */
export function compactDate(day: CalendarDate): string {
  return day.replaceAll('-', '');
}
