/** Chooses the index that answers a filter with the fewest entries, in the order asked for where one can. Pure. */
import { BSONRegExp } from 'bson';
import { valueKey, afterPrefix, inverted } from '../bson/value-key.ts';
import { entriesOf, typeRank, type Fields, type Value } from '../bson/values.ts';
import type { CollectionIndex } from '../storage/collection-index.ts';
import { boundKey, fieldKey, ownerKey } from '../storage/keys.ts';
import { isCondition } from './matcher.ts';
import { literalPrefix, toRegExp } from './regular-expression.ts';
import type { SortField } from './sort.ts';
import { bracketsRange } from './value-tests.ts';

/** One demand that every matching document fulfils. */
interface Demand {
  readonly path: string;
  readonly operator: string;
  readonly argument: Value;
  readonly condition: Fields;
}

export interface KeyRange {
  /** Inclusive. */
  readonly start: Buffer;
  /** Exclusive. */
  readonly end: Buffer;
  /** How many bytes of the entries' keys are fixed; what follows is in the order of the remaining fields. */
  readonly fixedBytes: number;
}

export interface Plan {
  /** null: every document is looked at. */
  readonly index: CollectionIndex | null;
  readonly ranges: readonly KeyRange[];
  readonly isReverse: boolean;
  /** The entries come in the order that was asked for. */
  readonly isSorted: boolean;
  /** The ranges hold exactly the documents that match. */
  readonly isExact: boolean;
}

const MOST_POINTS = 2_000;
const RANGE_OPERATORS = ['$gt', '$gte', '$lt', '$lte'];
const SCAN: Plan = { index: null, ranges: [], isReverse: false, isSorted: false, isExact: false };

function demandsOf(filter: Fields): Demand[] {
  return entriesOf(filter).flatMap(([path, argument]): Demand[] => {
    if (path === '$and' && Array.isArray(argument)) return argument.flatMap((each) => demandsOf(each as Fields));
    if (path === '$comment') return [];
    if (!isCondition(argument)) {
      const operator = argument instanceof BSONRegExp ? '$regex' : '$eq';
      return [{ path, operator, argument, condition: {} }];
    }
    return entriesOf(argument).map(([operator, own]) => ({ path, operator, argument: own, condition: argument }));
  });
}

/** A value that a document matches exactly when its entry is in the index. */
const isPoint = (value: Value, { description }: CollectionIndex): boolean =>
  !(value instanceof BSONRegExp) && !Array.isArray(value) && !(description.sparse && value === null);

interface Points {
  readonly values: readonly Value[];
  readonly isWhole: boolean;
}

/** The values that the field may have, if they are a list. */
function pointsFor(demands: readonly Demand[], index: CollectionIndex): Points | null {
  const equal = demands.find(({ operator, argument }) => operator === '$eq' && isPoint(argument, index));
  if (equal !== undefined) return { values: [equal.argument], isWhole: demands.length === 1 };
  const every = demands.find(({ operator, argument }) => operator === '$all' && Array.isArray(argument));
  const [first] = every !== undefined && Array.isArray(every.argument) ? every.argument : [];
  if (first !== undefined && isPoint(first, index) && !isCondition(first)) return { values: [first], isWhole: false };
  const among = demands.find(
    ({ operator, argument }) =>
      operator === '$in' && Array.isArray(argument) && argument.every((value) => isPoint(value, index)),
  );
  return among !== undefined && Array.isArray(among.argument)
    ? { values: among.argument, isWhole: demands.length === 1 }
    : null;
}

interface Bounds {
  readonly start: Buffer;
  readonly end: Buffer;
}

function rangeOf({ operator, argument, condition }: Demand): Bounds | null {
  if (operator === '$regex') {
    const prefix = literalPrefix(toRegExp(argument, condition['$options']));
    if (prefix === null) return null;
    // A text's key ends with a mark; without it, it is the beginning of all longer texts.
    const exact = valueKey(prefix);
    const start = exact.subarray(0, 1 + Buffer.byteLength(prefix));
    return prefix.includes('\0') ? null : { start, end: afterPrefix(start) };
  }
  if (!RANGE_OPERATORS.includes(operator) || !bracketsRange(argument)) return null;
  const type = Buffer.from([typeRank(argument)]);
  const bound = boundKey(argument);
  return operator.startsWith('$g')
    ? { start: bound, end: afterPrefix(type) }
    : { start: type, end: afterPrefix(bound) };
}

/** @param isMultikey of an array one element may fulfil one bound and another the other, so they do not add up */
function boundsFor(demands: readonly Demand[], isMultikey: boolean): Bounds | null {
  const ranges = demands.flatMap((demand) => rangeOf(demand) ?? []);
  const [first, ...others] = ranges;
  if (first === undefined) return null;
  if (isMultikey) return first;
  return others.reduce(
    (bounds, range) => ({
      start: Buffer.compare(range.start, bounds.start) > 0 ? range.start : bounds.start,
      end: Buffer.compare(range.end, bounds.end) < 0 ? range.end : bounds.end,
    }),
    first,
  );
}

/** A partial index holds every document that fulfils its filter; the query must demand at least that. */
function isCovered({ description }: CollectionIndex, demands: readonly Demand[]): boolean {
  if (description.partialFilter === null) return true;
  return demandsOf(description.partialFilter).every((needed) =>
    demands.some(
      ({ path, operator, argument }) =>
        path === needed.path &&
        ((operator === needed.operator && valueKey(argument).equals(valueKey(needed.argument))) ||
          (needed.operator === '$exists' && needed.argument === true && operator === '$eq' && argument !== null) ||
          (needed.operator === '$type' &&
            needed.argument === 'string' &&
            operator === '$eq' &&
            typeof argument === 'string')),
    ),
  );
}

interface Candidate extends Plan {
  readonly score: number;
}

function candidate(index: CollectionIndex, demands: readonly Demand[], sort: readonly SortField[]): Candidate | null {
  if (!isCovered(index, demands)) return null;
  const { fields, traits } = index;
  let prefixes: Buffer[] = [ownerKey(index.id)];
  let score = 0;
  let used = 0;
  let isExact = !traits.cut;
  let bounds: Bounds | null = null;
  for (const [position, path] of fields.entries()) {
    const own = demands.filter((demand) => demand.path === path);
    const points = pointsFor(own, index);
    if (points !== null && prefixes.length * points.values.length <= MOST_POINTS) {
      const keys = new Map(
        points.values
          .map((value) => fieldKey(value, index.directionAt(position)))
          .map((key) => [key.toString('latin1'), key]),
      );
      prefixes = prefixes.flatMap((prefix) => [...keys.values()].map((key) => Buffer.concat([prefix, key])));
      // null also stands for a missing field, and an index cannot tell them apart from what it was asked for.
      isExact &&= points.isWhole && points.values.every((value) => value !== null);
      score += keys.size === 1 ? 20 : 15;
      used = position + 1;
      continue;
    }
    const inOrder = boundsFor(own, traits.multikey.includes(path));
    if (inOrder !== null) {
      const isDescending = index.directionAt(position) === -1;
      bounds = isDescending ? { start: inverted(inOrder.end), end: afterPrefix(inverted(inOrder.start)) } : inOrder;
      score += 10;
    }
    break;
  }
  isExact &&= bounds === null && new Set(demands.map(({ path }) => path)).size === used;
  const order = orderOf(index, used, sort);
  if (order !== null && sort.length > 0) score += 6;
  if (score === 0) return null;
  // A sparse index lacks documents, so it may only answer what asks for a value in it.
  if (index.description.sparse && used === 0 && bounds === null) return null;
  if (index.description.unique && used === fields.length) score += 50;
  const ranges = prefixes.map((prefix) => ({
    fixedBytes: prefix.length,
    start: bounds === null ? prefix : Buffer.concat([prefix, bounds.start]),
    end: bounds === null ? afterPrefix(prefix) : Buffer.concat([prefix, bounds.end]),
  }));
  return { index, ranges, isReverse: order === 'BACKWARD', isSorted: order !== null, isExact, score };
}

/** Whether the entries after the fixed fields come in the order asked for. */
function orderOf(
  { fields, traits, description }: CollectionIndex,
  used: number,
  sort: readonly SortField[],
): 'FORWARD' | 'BACKWARD' | null {
  if (sort.length === 0) return 'FORWARD';
  if (traits.cut || description.sparse) return null;
  const rest = description.key.slice(used);
  // Fixed fields are the same in every entry, but an array may be fixed by one of its elements only.
  const asked = sort.filter(({ name }) => {
    const position = fields.indexOf(name);
    return position < 0 || position >= used || traits.multikey.includes(name);
  });
  if (asked.length > rest.length) return null;
  const turns = asked.map(({ name, direction }, position) => {
    const [path, own] = rest[position] ?? [];
    return path !== name || traits.multikey.includes(name) ? null : own === direction;
  });
  if (turns.some((turn) => turn === null)) return null;
  if (turns.every((turn) => turn === true)) return 'FORWARD';
  return turns.every((turn) => turn === false) ? 'BACKWARD' : null;
}

/**
 * @param hint name of the index to use, or null
 */
export function planQuery(
  indexes: readonly CollectionIndex[],
  filter: Fields,
  sort: readonly SortField[],
  hint: string | null = null,
): Plan {
  const demands = demandsOf(filter);
  const usable = hint === null ? indexes : indexes.filter(({ description }) => description.name === hint);
  let best: Candidate | null = null;
  for (const index of usable) {
    const own = candidate(index, demands, sort);
    if (own !== null && own.score > (best?.score ?? 0)) best = own;
  }
  return best ?? SCAN;
}
