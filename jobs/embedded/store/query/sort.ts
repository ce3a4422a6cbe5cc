import { compareValues } from '../bson/compare.ts';
import { inverted, valueKey } from '../bson/value-key.ts';
import { entriesOf, isNumber, toNumber, type Fields } from '../bson/values.ts';
import { MongoError, refuseValue } from '../mongo-error.ts';
import { sortableValues } from './path.ts';

export interface SortField {
  readonly name: string;
  readonly path: readonly string[];
  readonly direction: 1 | -1;
}

const MAX_SORT_FIELDS = 32;

/** @throws MongoError when a direction is neither 1 nor -1, e.g. a `$meta` sort */
export function parseSort(sort: Fields): readonly SortField[] {
  const fields = entriesOf(sort).map(([name, direction]): SortField => {
    const sign = isNumber(direction) ? toNumber(direction) : 0;
    if (name.startsWith('$')) return refuseValue(`sort by ${name} is not supported by the embedded store`);
    if (sign !== 1 && sign !== -1) {
      throw new MongoError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    return { name, path: name.split('.'), direction: sign };
  });
  if (fields.length > MAX_SORT_FIELDS) return refuseValue('too many compound keys');
  return fields;
}

/** Bytes whose order is the order asked for. An array counts as its smallest element, or its largest when descending. */
export function sortKey(document: Fields, sort: readonly SortField[]): Buffer {
  return Buffer.concat(
    sort.map(({ path, direction }) => {
      const [first, ...others] = sortableValues(document, path);
      const extreme = others.reduce(
        (best, value) => (compareValues(value, best) * direction < 0 ? value : best),
        first,
      );
      const key = valueKey(extreme);
      return direction === 1 ? key : inverted(key);
    }),
  );
}
