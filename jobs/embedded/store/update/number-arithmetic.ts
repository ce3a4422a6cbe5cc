/** Addition that keeps MongoDB's types: whole numbers stay whole, an overflow of 32 bits widens to 64. */
import { Decimal128, Double, Int32, Long } from 'bson';
import { toNumber, type NumberValue } from '../bson/values.ts';
import { MongoError } from '../mongo-error.ts';

const isWhole = (value: NumberValue): boolean => value instanceof Int32 || value instanceof Long;
const toBigInt = (value: NumberValue): bigint =>
  value instanceof Long ? value.toBigInt() : BigInt(Math.trunc(toNumber(value)));

/** @throws MongoError 2 when the sum does not fit, or is a decimal */
export function sum(a: NumberValue, b: NumberValue): NumberValue {
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    throw new MongoError(2, '$inc of a Decimal128 is not supported by the embedded store');
  }
  if (!isWhole(a) || !isWhole(b)) return new Double(toNumber(a) + toNumber(b));
  const total = toBigInt(a) + toBigInt(b);
  if (BigInt.asIntN(64, total) !== total) throw new MongoError(2, 'Failed to apply $inc: the sum does not fit 64 bits');
  const fitsInt32 = BigInt.asIntN(32, total) === total;
  return fitsInt32 && a instanceof Int32 && b instanceof Int32 ? new Int32(Number(total)) : Long.fromBigInt(total);
}
