import { Decimal128, Double, Int32, Long } from 'bson';
import { refuseValue } from '../mongo-error.ts';
import { isNumber, toNumber, TypeRank, typeRank, type NumberValue, type Value } from '../bson/values.ts';

const NUMBERS_OF_TYPES: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  javascript: 13,
  symbol: 14,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

const NUMBER_OF_RANK: ReadonlyMap<TypeRank, number> = new Map<TypeRank, number>([
  [TypeRank.MinKey, -1],
  [TypeRank.Null, 10],
  [TypeRank.Text, 2],
  [TypeRank.Object, 3],
  [TypeRank.Array, 4],
  [TypeRank.Binary, 5],
  [TypeRank.ObjectId, 7],
  [TypeRank.Boolean, 8],
  [TypeRank.Date, 9],
  [TypeRank.Timestamp, 17],
  [TypeRank.RegExp, 11],
  [TypeRank.Code, 13],
  [TypeRank.MaxKey, 127],
]);

function numberTypeOf(value: NumberValue): number {
  if (value instanceof Double) return 1;
  if (value instanceof Int32) return 16;
  if (value instanceof Long) return 18;
  if (value instanceof Decimal128) return 19;
  if (!Number.isInteger(value)) return 1;
  return Math.abs(value) < 2 ** 31 ? 16 : 18;
}

const typeNumberOf = (value: Value): number | undefined =>
  isNumber(value) ? numberTypeOf(value) : NUMBER_OF_RANK.get(typeRank(value));

function wantedNumber(type: Value): number {
  if (typeof type === 'string') return NUMBERS_OF_TYPES[type] ?? refuseValue(`Unknown type name alias: ${type}`);
  if (!isNumber(type)) return refuseValue('type must be represented as a number or a string');
  const wanted = toNumber(type);
  if (!Object.values(NUMBERS_OF_TYPES).includes(wanted)) return refuseValue(`Invalid numerical type code: ${wanted}`);
  return wanted;
}

/** @throws MongoError 2 BadValue for a type that does not exist */
export function typeTest(type: Value): (value: Value | undefined) => boolean {
  if (type === 'number') return isNumber;
  const wanted = wantedNumber(type);
  return (value) => value !== undefined && typeNumberOf(value) === wanted;
}
