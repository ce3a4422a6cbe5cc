import { Double, Int32 } from 'bson';
import { valueKey } from './value-key.ts';
import { typeRank, type Value } from './values.ts';

const plainNumber = (value: Value | undefined): number | null =>
  typeof value === 'number' ? value : value instanceof Int32 || value instanceof Double ? value.valueOf() : null;

function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a < b ? -1 : 1;
}

/** MongoDB's order of values over all types: negative when `a` comes first. A missing value is below null. */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return a === b ? 0 : Buffer.compare(valueKey(a), valueKey(b));
  const [x, y] = [plainNumber(a), plainNumber(b)];
  if (x !== null && y !== null) return compareNumbers(x, y);
  const rank = typeRank(a);
  const otherRank = typeRank(b);
  if (rank !== otherRank) return rank - otherRank;
  return Buffer.compare(valueKey(a), valueKey(b));
}

/** Equal as MongoDB means it: numbers by value over all their types, sub-documents in the same order of fields. */
export function isEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof b === 'string') return false;
  return typeRank(a) === typeRank(b) && compareValues(a, b) === 0;
}
