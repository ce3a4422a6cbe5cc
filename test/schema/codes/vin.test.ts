import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkVin, completeVin } from '../../../schema/codes/vin.ts';
import { HubError } from '../../../schema/errors.ts';

const ALPHABET = '0123456789ABCDEFGHJKLMNPRSTUVWXYZ';
const validVin = fc
  .array(fc.constantFrom(...Array.from(ALPHABET)), { minLength: 17, maxLength: 17 })
  .map((characters) => completeVin(characters.join('')));

describe('a vehicle identification number', () => {
  it.each([
    ...['1M8GDM9AXKP042788', '11111111111111111', 'LDMHCV3B7P0000101', 'LDMHCV3B9P0000102', 'LDMHCV3B0P0000103'],
    ...['LDMPKA2C6R0000207', 'LDMTGX8D0S0000311', 'LXX9A1B23R0000017'],
  ])('is OK: %s', (vin) => {
    expect(checkVin(vin)).toEqual({ verdict: 'OK', normalised: vin });
    expect(completeVin(vin)).toBe(vin);
  });

  it('is only warned about when its check character is wrong, because imported and old vehicles are', () => {
    expect(checkVin('1M8GDM9A1KP042788')).toEqual({ verdict: 'WARN', normalised: '1M8GDM9A1KP042788', position: 9 });
  });

  it('is normalised first', () => {
    expect(checkVin(' ldmhcv3b7-p0000101 ')).toEqual({ verdict: 'OK', normalised: 'LDMHCV3B7P0000101' });
  });

  it.each([
    ['LDMHCV3B7PO000101', 11],
    ['IDMHCV3B7P0000101', 1],
    ['LDMHCV3B7P000010Q', 17],
    ['LDMHCV3B7P000010', 17],
    ['LDMHCV3B7P00001011', 18],
    ['', 1],
  ])('is rejected: %j at position %i', (vin, position) => {
    expect(checkVin(vin)).toEqual({ verdict: 'REJECT', normalised: vin, position });
  });

  it('never throws while being checked', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void checkVin(text)));
  });

  it('is always OK after completion, whatever stood in position 9', () => {
    fc.assert(
      fc.property(validVin, fc.constantFrom('-', '0', 'X', '_', 'I'), (vin, placeholder) => {
        expect(checkVin(vin).verdict).toBe('OK');
        expect(completeVin(vin.slice(0, 8) + placeholder + vin.slice(9))).toBe(vin);
      }),
    );
  });

  it('betrays every single substitution of digits', () => {
    fc.assert(
      fc.property(validVin, fc.nat(16), fc.constantFrom(...Array.from('0123456789')), (vin, index, digit) => {
        fc.pre(/\d/.test(vin.charAt(index)) && vin.charAt(index) !== digit);
        expect(checkVin(vin.slice(0, index) + digit + vin.slice(index + 1)).verdict).toBe('WARN');
      }),
    );
  });

  it.each([
    ['LDMHCV3B', 9],
    ['LDMHCV3B-P000010', 17],
    ['LDMHCV3B-P00001011', 18],
    ['LDMHCV3B-PO000101', 11],
    ['ldmhcv3b7p0000101', 1],
  ])('cannot be completed from %j: position %i', (vin, position) => {
    const attempt = () => completeVin(vin);
    expect(attempt).toThrow(HubError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', details: { position } }));
  });
});
