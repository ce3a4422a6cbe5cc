/** The styles in which the service writes dates, times and codes; every office has its own. */
import { checkCreditCode } from '../../../schema/codes/credit-code.ts';
import type { CalendarDate } from '../../../schema/time/calendar-date.ts';
import { formatInstant } from '../../../schema/time/instant.ts';
import { ISSUED_AS_IT_STANDS } from '../registered-code.ts';

/** A row as it goes into the reply. */
export type WireRow = Readonly<Record<string, unknown>>;

/** 2026/01/20 */
export const slashed = (date: CalendarDate): string => date.replaceAll('-', '/');
/** 20260120 */
export const compact = (date: CalendarDate): string => date.replaceAll('-', '');
/** 2026-01-20 09:15:00, wall time without an offset */
export const wallTime = (instant: Date): string => formatInstant(instant).slice(0, 19).replace('T', ' ');
/** 20260120091500 */
export const compactTime = (instant: Date): string => wallTime(instant).replace(/\D/g, '');

/** CODEFLAG of a code: empty for nearly all. */
export function codeFlag(code: string | null): string {
  return code !== null && checkCreditCode(code).faults.length > 0 ? ISSUED_AS_IT_STANDS : '';
}
