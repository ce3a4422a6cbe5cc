import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { organizationCodeCheck } from '../../../schema/codes/organization-code.ts';
import { HubError } from '../../../schema/errors.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

describe('the check of an organization code', () => {
  it.each([
    ['71430580', 'X'],
    ['MB014302', '8'],
    ['00001333', '8'],
    ['42500615', 'X'],
    ['MA2RAD3M', '4'],
    ['M000100Y', '4'],
    ['MAYDM001', '9'],
    ['71430508', '4'],
  ])('is computed for %s', (body, check) => {
    expect(organizationCodeCheck(body)).toBe(check);
  });

  it('writes eleven as 0 and ten as X', () => {
    expect(organizationCodeCheck('00000000')).toBe('0');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Array.from(ALPHABET)), { minLength: 8, maxLength: 8 }), (body) =>
        expect(organizationCodeCheck(body.join(''))).toMatch(/^[0-9X]$/),
      ),
    );
  });

  it('knows the letters that the credit code leaves out', () => {
    // Z = 35 with weight 3 in the first place: 11 - 105 mod 11 = 5.
    expect(organizationCodeCheck('Z0000000')).toBe('5');
  });

  it.each([
    ['', 1],
    ['7143058', 8],
    ['714305800', 9],
    ['7143o580', 5],
    ['714305贵0', 7],
  ])('refuses %j and names position %i', (body, position) => {
    const attempt = () => organizationCodeCheck(body);
    expect(attempt).toThrow(HubError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', details: { position } }));
  });
});
