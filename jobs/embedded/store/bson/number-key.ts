import { Decimal128, Long } from 'bson';
import { toNumber, type NumberValue } from './values.ts';

/** An exact decimal number: `digits` times ten to the power of `exponent`. */
interface ExactDecimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const doubleView = new DataView(new ArrayBuffer(8));

function exactOfDouble(value: number): ExactDecimal {
  doubleView.setFloat64(0, value);
  const bits = doubleView.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = (biased === 0 ? fraction : fraction | 0x10000000000000n) * (bits >> 63n === 1n ? -1n : 1n);
  const power = (biased === 0 ? 1 : biased) - 1075;
  // 2^-n is 5^n times 10^-n, so that every double has a finite decimal form.
  return power >= 0
    ? { digits: mantissa << BigInt(power), exponent: 0 }
    : { digits: mantissa * 5n ** BigInt(-power), exponent: power };
}

function exactOfText(text: string): ExactDecimal {
  const [mantissa = '0', power = '0'] = text.toUpperCase().split('E');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function difference(a: ExactDecimal, b: ExactDecimal): ExactDecimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = ({ digits, exponent: own }: ExactDecimal): bigint => digits * 10n ** BigInt(own - exponent);
  return { digits: scaled(a) - scaled(b), exponent };
}

/** Bytes whose order is the order of the positive decimal: position of its first digit, then its digits. */
function magnitudeBytes({ digits, exponent }: ExactDecimal): number[] {
  const text = digits.toString().replace(/0+$/, '');
  const position = digits.toString().length + exponent + 0x8000;
  return [position >> 8, position & 0xff, ...Buffer.from(text, 'latin1'), 0];
}

/** The double nearest to a number that may lie beyond the doubles: the largest double then, never infinity. */
function nearestDouble(value: NumberValue, isInfinite: boolean): number {
  const near = toNumber(value);
  return !isInfinite && !Number.isFinite(near) && !Number.isNaN(near) ? Math.sign(near) * Number.MAX_VALUE : near;
}

const INEXACT_BELOW = 1;
const EXACT = 2;
const INEXACT_ABOVE = 3;

function remainderBytes(exact: ExactDecimal, near: number): number[] {
  const remainder = difference(exact, exactOfDouble(near));
  if (remainder.digits === 0n) return [EXACT];
  if (remainder.digits > 0n) return [INEXACT_ABOVE, ...magnitudeBytes(remainder)];
  return [INEXACT_BELOW, ...magnitudeBytes({ ...remainder, digits: -remainder.digits }).map((byte) => byte ^ 0xff)];
}

/** What a number is beyond the nearest double: most numbers are nothing more. */
function beyondDouble(value: NumberValue): { near: number; remainder: readonly number[] } {
  if (value instanceof Long) {
    const near = value.toNumber();
    const remainder = Number.isSafeInteger(near)
      ? [EXACT]
      : remainderBytes({ digits: value.toBigInt(), exponent: 0 }, near);
    return { near, remainder };
  }
  if (value instanceof Decimal128) {
    const text = value.toString();
    const isInfinite = text.includes('Inf');
    const near = nearestDouble(value, isInfinite);
    return { near, remainder: Number.isNaN(near) || isInfinite ? [EXACT] : remainderBytes(exactOfText(text), near) };
  }
  return { near: toNumber(value), remainder: [EXACT] };
}

/**
 * Bytes whose order is the exact numeric order over all number types; equal numbers of different types give equal bytes.
 * NaN comes before every other number.
 */
export function writeNumberKey(value: NumberValue, write: (byte: number) => void): void {
  const { near, remainder } = beyondDouble(value);
  if (Number.isNaN(near)) {
    for (let index = 0; index < 8; index += 1) write(0);
  } else {
    // Adding zero turns -0 into 0.
    doubleView.setFloat64(0, near + 0);
    const isNegative = doubleView.getUint8(0) >= 0x80;
    for (let index = 0; index < 8; index += 1) {
      const byte = doubleView.getUint8(index);
      write(isNegative ? byte ^ 0xff : index === 0 ? byte | 0x80 : byte);
    }
  }
  for (const byte of remainder) write(byte);
}
