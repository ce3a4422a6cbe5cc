import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';

/**
 * A value as stored: numbers keep their BSON type (Int32, Double, Long, Decimal128). Plain JavaScript numbers appear in
 * values that the store itself has computed.
 */
export type Value =
  | string
  | number
  | boolean
  | null
  | Date
  | Int32
  | Double
  | Long
  | Decimal128
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | MinKey
  | MaxKey
  | Code
  | BSONSymbol
  | DBRef
  | Value[]
  | Fields;

/** A document or sub-document. A missing field reads as undefined. */
export interface Fields {
  [name: string]: Value | undefined;
}

export type NumberValue = number | Int32 | Double | Long | Decimal128;

/** The order in which MongoDB sorts values of different types; also the first byte of an index key. */
export const TypeRank = {
  MinKey: 1,
  Undefined: 5,
  Null: 10,
  Number: 20,
  Text: 30,
  Object: 40,
  Array: 50,
  Binary: 60,
  ObjectId: 70,
  Boolean: 80,
  Date: 90,
  Timestamp: 100,
  RegExp: 110,
  Code: 120,
  MaxKey: 250,
} as const;
export type TypeRank = (typeof TypeRank)[keyof typeof TypeRank];

function rankOfObject(value: object): TypeRank {
  if (Array.isArray(value)) return TypeRank.Array;
  if (value instanceof Date) return TypeRank.Date;
  if (value instanceof ObjectId) return TypeRank.ObjectId;
  if (value instanceof Int32 || value instanceof Double || value instanceof Decimal128) return TypeRank.Number;
  // Timestamp extends Long.
  if (value instanceof Timestamp) return TypeRank.Timestamp;
  if (value instanceof Long) return TypeRank.Number;
  if (value instanceof Binary) return TypeRank.Binary;
  if (value instanceof BSONRegExp) return TypeRank.RegExp;
  if (value instanceof BSONSymbol) return TypeRank.Text;
  if (value instanceof Code) return TypeRank.Code;
  if (value instanceof MinKey) return TypeRank.MinKey;
  if (value instanceof MaxKey) return TypeRank.MaxKey;
  return TypeRank.Object;
}

/** @param value undefined stands for a missing field */
export function typeRank(value: Value | undefined): TypeRank {
  switch (typeof value) {
    case 'string':
      return TypeRank.Text;
    case 'number':
      return TypeRank.Number;
    case 'boolean':
      return TypeRank.Boolean;
    case 'undefined':
      return TypeRank.Undefined;
    default:
      return value === null ? TypeRank.Null : rankOfObject(value);
  }
}

export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && value !== null && typeRank(value) === TypeRank.Object && !(value instanceof DBRef);

export const isNumber = (value: Value | undefined): value is NumberValue => typeRank(value) === TypeRank.Number;

/** The nearest JavaScript number. */
export function toNumber(value: NumberValue): number {
  if (typeof value === 'number') return value;
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  return value.valueOf();
}

/** MongoDB's reading of a flag: any number but zero is true. */
export function toBoolean(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !isNumber(value) || toNumber(value) !== 0;
}

/** The fields of an object in their order; those of a DBRef are `$ref`, `$id` and so on. */
export function entriesOf(value: Fields | DBRef): [string, Value][] {
  const entries: [string, Value | undefined][] = Object.entries(
    value instanceof DBRef ? { $ref: value.collection, $id: value.oid, ...value.fields } : value,
  );
  return entries.filter((entry): entry is [string, Value] => entry[1] !== undefined);
}

/** The field's own value; never something inherited, whatever its name. */
export const fieldOf = (fields: Fields, name: string): Value | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

/** Sets a field also when it is called `__proto__`. */
export function setField(fields: Fields, name: string, value: Value): void {
  if (name === '__proto__') {
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
  } else fields[name] = value;
}

/** A copy that shares no array and no sub-document with the original. */
export function cloneValue(value: Value): Value {
  if (Array.isArray(value)) return value.map(cloneValue);
  if (!isFields(value)) return value;
  return cloneFields(value);
}

export function cloneFields(fields: Fields): Fields {
  const copy: Fields = {};
  for (const [name, value] of entriesOf(fields)) setField(copy, name, cloneValue(value));
  return copy;
}
