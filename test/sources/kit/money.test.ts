import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wanYuanTextToFen, yuanTextToFen } from '../../../sources/kit/money.ts';

/** The amount as text, by moving the point in the digits. */
function textOf(fen: number, scale: number): string {
  const digits = String(Math.abs(fen)).padStart(scale + 1, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const anyFen = fc.maxSafeInteger();

describe('an amount in yuan', () => {
  it.each([
    ['0', 0],
    ['0.01', 1],
    ['0.29', 29],
    ['1.1', 110],
    ['1234.50', 123_450],
    [' 500000.00 ', 50_000_000],
    ['007', 700],
    ['.5', 50],
    ['1.2300000', 123],
    ['-3.5', -350],
    ['-0.00', 0],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
    [1234.5, 123_450],
    [0.29, 29],
  ])('%p is %i fen', (text, fen) => {
    expect(yuanTextToFen(text)).toBe(fen);
  });

  it.each([
    ['', 'not a plain decimal'],
    ['  ', 'not a plain decimal'],
    ['-', 'not a plain decimal'],
    ['.', 'not a plain decimal'],
    ['5.', 'not a plain decimal'],
    ['1,234.50', 'not a plain decimal'],
    ['3万', 'not a plain decimal'],
    ['1e3', 'not a plain decimal'],
    ['0x10', 'not a plain decimal'],
    ['1.2.3', 'not a plain decimal'],
    [Number.NaN, 'not a plain decimal'],
    [Number.POSITIVE_INFINITY, 'not a plain decimal'],
    [1e21, 'not a plain decimal'],
    ['0.001', 'below one fen'],
    [0.1 + 0.2, 'below one fen'],
    ['90071992547409.92', 'too large'],
    ['9'.repeat(400), 'too large'],
  ])('%p is refused', (text, reason) => {
    expect(() => yuanTextToFen(text)).toThrow(RangeError);
    expect(() => yuanTextToFen(text)).toThrow(reason);
  });

  it('survives a round trip', () => {
    fc.assert(fc.property(anyFen, (fen) => expect(yuanTextToFen(textOf(fen, 2))).toBe(fen)));
  });
});

describe('an amount in ten thousand yuan', () => {
  it.each([
    ['3.000000', 3_000_000],
    ['3', 3_000_000],
    ['0.000001', 1],
    ['0.29', 290_000],
    ['12.345678', 12_345_678],
    ['1.00000000', 1_000_000],
    ['-1.5', -1_500_000],
    [0.07, 70_000],
    ['9007199254.740991', Number.MAX_SAFE_INTEGER],
  ])('%p is %i fen', (text, fen) => {
    expect(wanYuanTextToFen(text)).toBe(fen);
  });

  it.each([
    ['0.0000001', 'below one fen'],
    ['9007199254.740992', 'too large'],
    ['三万', 'not a plain decimal'],
    [1e-7, 'not a plain decimal'],
  ])('%p is refused', (text, reason) => {
    expect(() => wanYuanTextToFen(text)).toThrow(RangeError);
    expect(() => wanYuanTextToFen(text)).toThrow(reason);
  });

  it('survives a round trip', () => {
    fc.assert(fc.property(anyFen, (fen) => expect(wanYuanTextToFen(textOf(fen, 6))).toBe(fen)));
  });

  it('is ten thousand times the same number of yuan', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (fen) => {
        const text = textOf(fen, 2);
        expect(wanYuanTextToFen(text)).toBe(yuanTextToFen(text) * 10_000);
      }),
    );
  });
});
