/** A record on its way out, in the documented spelling. */
import type { RecordElement } from '../operations.ts';
import { hashOf } from './format.ts';

export type RowValue = string | null | readonly Readonly<Record<string, string | null>>[];
export type Row = Readonly<Record<string, RowValue>>;

export interface OutgoingRecord {
  readonly element: RecordElement;
  readonly row: Row;
}

/** A record that the platform holds; it is written when it is sent. */
export interface OnRecord {
  /** Id, of stations TsNo. */
  readonly id: string;
  /** 上传时间, yyyyMMddHHmmss on the platform's clock. */
  uploadedAt(): string;
  record(): OutgoingRecord;
}

type Respell = (key: string) => string;

const AS_DOCUMENTED: Respell = (key) => key;
const LOWER: Respell = (key) => key.toLowerCase();
const OTHER_FIRST_LETTER: Respell = (key) => {
  const first = key.charAt(0);
  return (first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()) + key.slice(1);
};
/** Two records of five come in another case than documented. */
const HABITS: readonly Respell[] = [AS_DOCUMENTED, LOWER, AS_DOCUMENTED, OTHER_FIRST_LETTER, AS_DOCUMENTED];

/** A text value; empty for a list or nothing. */
export function textIn(row: Row, key: string): string {
  const value = row[key];
  return typeof value === 'string' ? value : '';
}

const respelt = <T>(record: Readonly<Record<string, T>>, respell: Respell): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [respell(key), value]));

/** The keys of one record, and of the list in it, in the case that this record happens to have. */
export function withUnstableKeys(row: Row): Row {
  const identity = textIn(row, 'Id') || textIn(row, 'TsNo');
  const respell = HABITS[hashOf(identity) % HABITS.length] ?? AS_DOCUMENTED;
  if (respell === AS_DOCUMENTED) return row;
  const deep = Object.entries(row).map(([key, value]): [string, RowValue] => [
    key,
    typeof value === 'string' || value === null ? value : value.map((each) => respelt(each, respell)),
  ]);
  return respelt(Object.fromEntries(deep), respell);
}
