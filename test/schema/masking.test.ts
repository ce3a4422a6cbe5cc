import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskPersonName, maskPlate, maskVin } from '../../schema/masking.ts';

describe('the name of a person', () => {
  it.each([
    ['张三丰', '张**'],
    ['张三', '张**'],
    ['张', '张**'],
    ['𠮷田', '𠮷**'],
    ['', ''],
  ])('%j leaves the hub as %j', (name, masked) => {
    expect(maskPersonName(name)).toBe(masked);
  });

  it('does not show how long it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(maskPersonName(`张${a}`)).toBe(maskPersonName(`张${b}`));
      }),
    );
  });
});

describe('a plate', () => {
  it.each([
    ['贵A0T101', '贵A****1'],
    ['贵AD12345', '贵A*****5'],
    ['贵A1', '***'],
    ['', '***'],
  ])('%j leaves the hub as %j', (plate, masked) => {
    expect(maskPlate(plate)).toBe(masked);
  });
});

describe('a VIN', () => {
  it.each([
    ['LDMHCV3B7P0000101', 'LDM************01'],
    ['1234567', '***'],
    ['', '***'],
  ])('%j leaves the hub as %j', (vin, masked) => {
    expect(maskVin(vin)).toBe(masked);
  });
});

it('masks keep their length, and what they hide cannot be read from them', () => {
  const secret = fc.stringMatching(/^[A-HJ-NPR-Z0-9]{12}$/);
  fc.assert(
    fc.property(secret, secret, (a, b) => {
      expect(maskVin(`LDM${a}01`)).toBe(maskVin(`LDM${b}01`));
      expect(maskVin(`LDM${a}01`)).toHaveLength(17);
      expect(maskPlate(`贵A${a.slice(0, 4)}1`)).toBe(maskPlate(`贵A${b.slice(0, 4)}1`));
    }),
  );
});
