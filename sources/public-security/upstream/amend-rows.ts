/** What an amended record looks like on the wire: which field changes, and which one holds nonsense. */
import { addMonths, parseCalendarDate } from '../../../schema/time/calendar-date.ts';
import type { RecordState } from './amendments.ts';
import type { Row } from './documents.ts';
import { PERMITTED_SCOPES } from './rows.ts';

const NONSENSE = '不详';

type Edit = (value: string) => string;

/** Address of the station; its name is gone when it is spoiled. */
export function amendStation(row: Row, { changes, spoiled }: RecordState): Row {
  const changed = changes === 0 ? row : edited(row, 'dwdz', numbered(changes));
  return spoiled ? edited(changed, 'jczmc', () => '') : changed;
}

/** Permitted scope of the filing; its state is none of the list when it is spoiled. */
export function amendFiling(row: Row, { changes, spoiled }: RecordState): Row {
  const changed = changes === 0 ? row : edited(row, 'xkjyfw', (value) => scopeAfter(value, changes));
  return spoiled ? edited(changed, 'zt', () => NONSENSE) : changed;
}

/** Name of the line; a spoiled one has two. */
export function amendLine(row: Row, { changes, spoiled }: RecordState): Row {
  const changed = changes === 0 ? row : edited(row, 'jcxmc', numbered(changes));
  return spoiled ? [...changed, ['jcxmc', NONSENSE]] : changed;
}

/** End of the calibration of one block, a year later with each change. */
export function amendBlock(row: Row, prefix: string, { changes, spoiled }: RecordState): Row {
  const end = `${prefix}jdyxqz`;
  const changed = changes === 0 ? row : edited(row, end, (value) => yearsLater(value, changes));
  return spoiled ? edited(changed, end, () => NONSENSE) : changed;
}

/** The verdict, the other one with each change; a spoiled one has no beginning. */
export function amendVerdict(row: Row, { changes, spoiled }: RecordState): Row {
  const changed = changes % 2 === 0 ? row : edited(row, 'jyjgpd', (value) => (value === '1' ? '2' : '1'));
  return spoiled ? edited(changed, 'kssj', () => NONSENSE) : changed;
}

/** A block without values: the line has no such equipment. */
export function withoutBlock(row: Row, prefix: string): Row {
  return row.map(([name, value]) => [name, name.startsWith(prefix) ? '' : value] as const);
}

export function edited(row: Row, field: string, edit: Edit): Row {
  return row.map(([name, value]) => [name, name === field ? edit(value) : value] as const);
}

function numbered(changes: number): Edit {
  return (value) => `${value}（变更${changes}）`;
}

function scopeAfter(scope: string, changes: number): string {
  return PERMITTED_SCOPES[(PERMITTED_SCOPES.indexOf(scope) + changes) % PERMITTED_SCOPES.length] ?? scope;
}

function yearsLater(dayStart: string, years: number): string {
  return `${addMonths(parseCalendarDate(dayStart.slice(0, 10)), 12 * years)} 00:00:00`;
}
