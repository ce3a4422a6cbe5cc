import { BSONRegExp, MaxKey, MinKey } from 'bson';
import { compareValues, isEqual } from '../bson/compare.ts';
import { isFields, isNumber, toNumber, TypeRank, typeRank, type Fields, type Value } from '../bson/values.ts';
import { refuseValue } from '../mongo-error.ts';
import { typeTest } from './bson-types.ts';
import { toRegExp } from './regular-expression.ts';

/** Whether one value that a path reached fulfils a condition; undefined is a missing field. */
export type ValueTest = (value: Value | undefined) => boolean;

/** MongoDB tries a condition on an array as a whole and on each of its elements. */
const orAnyElement =
  (test: ValueTest): ValueTest =>
  (value) =>
    test(value) || (Array.isArray(value) && value.some((element) => test(element)));

const isNullOrMissing: ValueTest = (value) => value === undefined || value === null;

export function regexTest(expression: RegExp): ValueTest {
  return orAnyElement((value) => typeof value === 'string' && expression.test(value));
}

export function equalityTest(wanted: Value): ValueTest {
  if (wanted === null) return orAnyElement(isNullOrMissing);
  if (wanted instanceof BSONRegExp) {
    const matches = regexTest(toRegExp(wanted, undefined));
    return (value) => matches(value) || orAnyElement((element) => isEqual(element, wanted))(value);
  }
  return orAnyElement((value) => value !== undefined && isEqual(value, wanted));
}

const isNotANumber = (value: Value | undefined): boolean => isNumber(value) && Number.isNaN(toNumber(value));

/** Only values of the wanted value's own type are compared (type bracketing), but for MinKey and MaxKey. */
function rangeTest(wanted: Value, accepts: (order: number) => boolean): ValueTest {
  if (wanted === null) return accepts(0) ? equalityTest(null) : () => false;
  if (wanted instanceof BSONRegExp) return refuseValue("Can't have RegEx as arg to predicate over field");
  const rank = typeRank(wanted);
  if (wanted instanceof MinKey || wanted instanceof MaxKey) {
    return orAnyElement((value) => value !== undefined && accepts(compareValues(value, wanted)));
  }
  if (isNotANumber(wanted)) return orAnyElement((value) => accepts(0) && isNotANumber(value));
  return orAnyElement(
    (value) => typeRank(value) === rank && !isNotANumber(value) && accepts(compareValues(value, wanted)),
  );
}

const startsWithOperator = (value: Value): boolean =>
  isFields(value) && (Object.keys(value)[0]?.startsWith('$') ?? false);

export function listOf(operator: string, values: Value): readonly Value[] {
  return Array.isArray(values) ? values : refuseValue(`${operator} needs an array`);
}

function membershipTest(values: readonly Value[]): ValueTest {
  if (values.some(startsWithOperator)) return refuseValue('cannot nest $ under $in');
  if (values.every((value) => typeof value === 'string')) {
    const wanted = new Set<Value | undefined>(values);
    return orAnyElement((value) => wanted.has(value));
  }
  const tests = values.map(equalityTest);
  return (value) => tests.some((test) => test(value));
}

function sizeTest(size: Value): ValueTest {
  const wanted = isNumber(size) ? toNumber(size) : Number.NaN;
  if (!Number.isInteger(wanted) || wanted < 0) return refuseValue('$size must be a whole, non-negative number');
  return (value) => Array.isArray(value) && value.length === wanted;
}

function anyTypeTest(types: Value): ValueTest {
  const tests = (Array.isArray(types) ? types : [types]).map(typeTest);
  if (tests.length === 0) return refuseValue('$type must match at least one type');
  return orAnyElement((value) => tests.some((test) => test(value)));
}

/**
 * The operators that look at one reached value. Negations, `$exists`, `$all` and `$elemMatch` belong to the matcher.
 * @param condition the whole condition, for operators that come in pairs such as `$regex` and `$options`
 * @throws MongoError 2 BadValue for an unknown operator or an argument that it does not take
 */
export function operatorTest(operator: string, argument: Value, condition: Fields): ValueTest {
  switch (operator) {
    case '$eq':
      return equalityTest(argument);
    case '$gt':
      return rangeTest(argument, (order) => order > 0);
    case '$gte':
      return rangeTest(argument, (order) => order >= 0);
    case '$lt':
      return rangeTest(argument, (order) => order < 0);
    case '$lte':
      return rangeTest(argument, (order) => order <= 0);
    case '$in':
      return membershipTest(listOf('$in', argument));
    case '$type':
      return anyTypeTest(argument);
    case '$size':
      return sizeTest(argument);
    case '$regex':
      return regexTest(toRegExp(argument, condition['$options']));
    default:
      return refuseValue(`unknown operator: ${operator}`);
  }
}

/** The type of the array that a range may fall on is Array itself; every other rank brackets the range. */
export const bracketsRange = (value: Value): boolean =>
  value !== null && ![TypeRank.Array, TypeRank.MinKey, TypeRank.MaxKey].some((rank) => rank === typeRank(value));
