/** How this platform writes values: everything is text. */
import type { CalendarDate } from '../../../schema/time/calendar-date.ts';
import { formatInstant } from '../../../schema/time/instant.ts';

/** `yyyyMMddHHmmss`, as the stations' software sends it; the offset is the error of the platform's clock. */
export function compactTime(instant: Date, offsetSeconds = 0): string {
  return wallTime(instant, offsetSeconds).replaceAll(/\D/g, '');
}

/** `yyyy-MM-dd HH:mm:ss`, as the columns of the province platform have it. */
export function columnTime(instant: Date, offsetSeconds = 0): string {
  return wallTime(instant, offsetSeconds).replace('T', ' ');
}

function wallTime(instant: Date, offsetSeconds: number): string {
  return formatInstant(new Date(instant.getTime() + offsetSeconds * 1000)).slice(0, 19);
}

/** `yyyyMMdd` */
export function compactDate(date: CalendarDate): string {
  return date.replaceAll('-', '');
}

/** Yuan with two decimals; empty for no amount. */
export function yuan(fen: number | null): string {
  return fen === null ? '' : `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}

/** 1 pass, 0 fail, and for "not judged" either of the two ways in use: 9, or nothing. */
export function judge(passed: boolean | null, id: string): string {
  if (passed === null) return hashOf(id) % 2 === 0 ? '9' : '';
  return passed ? '1' : '0';
}

/** A small stable number from a text, for habits that differ from record to record. */
export function hashOf(text: string): number {
  let hash = 7;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) >>> 0;
  return (hash ^ (hash >>> 15)) >>> 0;
}
