/** How the department's systems write values. */
import type { CalendarDate } from '../../../schema/time/calendar-date.ts';
import { formatInstant } from '../../../schema/time/instant.ts';

/** Column name -> value; columns that are not named are NULL. */
export type Cells = Readonly<Record<string, string | number | null>>;

/** `yyyy-MM-dd HH:mm:ss`, the time of China. */
export function wallTime(instant: Date): string {
  return formatInstant(instant).slice(0, 19).replace('T', ' ');
}

/** `yyyyMMdd`. */
export function compactDay(date: CalendarDate): string {
  return date.replaceAll('-', '');
}

/** `yyyy/MM/dd`. */
export function slashedDay(date: CalendarDate): string {
  return date.replaceAll('-', '/');
}

/** Fen as 万元 with the six decimals of the penalty tables. */
export function wanYuan(fen: number): string {
  return `${Math.floor(fen / 1_000_000)}.${String(fen % 1_000_000).padStart(6, '0')}`;
}

/** The same day in the style of one of three typists. */
export function dayInStyle(date: CalendarDate, style: number): string {
  if (style % 3 === 0) return date;
  return style % 3 === 1 ? slashedDay(date) : compactDay(date);
}

/** Three ways of saying that something has no end. */
const OPEN_ENDS = ['99990909', '2099/12/31', '长期'] as const;

export function openEnd(style: number): string {
  return OPEN_ENDS[style % OPEN_ENDS.length] ?? OPEN_ENDS[0];
}

/** Some clients pad what they write, whatever the column's type. */
export function padded(text: string, style: number): string {
  return style % 2 === 1 ? `${text}    ` : text;
}

/** Control columns of a row (E.3). */
export function control(operation: 'I' | 'U' | 'D', changedAt: Date, batch = 3): Cells {
  const changed = wallTime(changedAt);
  const day = changed.slice(0, 10).replaceAll('-', '');
  return { CZLX: operation, SJZT: '0', PCH: `${day}-${String(batch).padStart(2, '0')}`, GXSJ: changed };
}

export function plusMinutes(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * 60_000);
}
