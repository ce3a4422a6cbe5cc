/** Decimal places between the unit of the text and the fen. */
const YUAN_SCALE = 2;
const WAN_YUAN_SCALE = 6;
/** At most one sign, at least one digit; `.5` is how some databases print a half. */
const DECIMAL = /^(-?)(\d*)(?:\.(\d+))?$/;

/**
 * An amount in yuan (元) as fen (分), exactly.
 * @param text a decimal number such as `1234.50`, or the number as JSON brought it. Blanks around it do not matter.
 * @returns a safe integer, negative only when the text is.
 * @throws RangeError when it is not a plain decimal number, has a remainder below one fen, or is too large.
 */
export function yuanTextToFen(text: string | number): number {
  return toFen(text, YUAN_SCALE);
}

/**
 * An amount in ten thousand yuan (万元) as fen (分), exactly: one 万元 is 1,000,000 fen, so the six decimals of the
 * penalty tables lose nothing.
 * @param text a decimal number such as `3.000000`, or the number as JSON brought it.
 * @returns a safe integer, negative only when the text is.
 * @throws RangeError as `yuanTextToFen`.
 */
export function wanYuanTextToFen(text: string | number): number {
  return toFen(text, WAN_YUAN_SCALE);
}

/** Moves the decimal point in the text, because binary fractions cannot hold most amounts (0.29 * 100 is not 29). */
function toFen(text: string | number, scale: number): number {
  const [, sign = '', whole = '', decimals = ''] = DECIMAL.exec(String(text).trim()) ?? [];
  if (whole + decimals === '') throw new RangeError('not a plain decimal number');
  if (/[1-9]/.test(decimals.slice(scale))) throw new RangeError('an amount with a remainder below one fen');
  const fen = Number(whole + decimals.slice(0, scale).padEnd(scale, '0'));
  if (!Number.isSafeInteger(fen)) throw new RangeError('an amount too large to be held exactly in fen');
  return sign === '-' && fen !== 0 ? -fen : fen;
}
