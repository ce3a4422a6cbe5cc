import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkCreditCode,
  completeCreditCode,
  normaliseCode,
  parseCreditCode,
} from '../../../schema/codes/credit-code.ts';
import type { CreditCodeFault } from '../../../schema/codes/credit-code.ts';
import { confirmByRegistry, isConfirmedByRegistry } from '../../../schema/codes/registry-confirmed.ts';
import { HubError } from '../../../schema/errors.ts';

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const ANY_CHARACTER = 'a digit or a capital letter other than I, O, S, V, Z';

/** Published codes of public bodies and large companies; used to test the arithmetic only. */
const VALID = [
  ['9152000071430580XT', 'organization check X'],
  ['11100000MB0143028R', 'state organ, MB code'],
  ['11100000000013338W', 'leading zeros in the organization code'],
  ['12100000400000624D', 'public institution'],
  ['1210000042500615X0', 'organization check X and code check 0'],
  ['914403001922038216', 'digits only'],
  ['91440300192317458F', 'letter check F'],
  ['91330100799655058B', 'letter check B'],
  ['9144030071526726XG', 'organization check X and check G'],
  ['91110108551385082Q', 'check Q, a letter after the skipped ones'],
  ['91340111MA2RAD3M4R', 'letters inside the organization code'],
  ['91110000802100433B', 'letter check B'],
  ['12100000470095016Q', 'public institution, check Q'],
  ['91350100M000100Y43', 'the worked example of the standard'],
  ['9131000063159284XQ', 'named as wrong in public, passes'],
] as const;

const FICTIONAL = [
  ...['91520115MAYDM00198', '91520201MAYDM0027Y', '91520303MAYDM0035U', '91520103MAYDM0043C', '12520000MBYDM0055A'],
  ...['91520502MAYDM006X5', '91520602MAYDM0078A', '91520402MAYDM0086T', '91522601MAYDM0094A', '11520000MBYDM1015G'],
  ...['11520000MBYDM1023B', '11520000MBYDM10316', '11520000MBYDM104XX', '11520000MBYDM1058X', '11520000MBYDM1066Q'],
] as const;

const digit = fc.constantFrom(...Array.from('0123456789'));
const character = fc.constantFrom(...Array.from(ALPHABET));
const joined = (parts: readonly string[]): string => parts.join('');
const first8 = fc
  .tuple(fc.array(character, { minLength: 2, maxLength: 2 }), fc.array(digit, { minLength: 6, maxLength: 6 }))
  .map(([registration, division]) => joined([...registration, ...division]));
const orgBody8 = fc.array(character, { minLength: 8, maxLength: 8 }).map(joined);
const validCode = fc.tuple(first8, orgBody8).map(([first, body]) => completeCreditCode(first, body));

const errorOf = (action: () => unknown): HubError => {
  try {
    action();
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('a credit code', () => {
  it.each<readonly [string, string]>(VALID)('accepts %s (%s)', (code) => {
    expect(checkCreditCode(code)).toEqual({ verdict: 'OK', normalised: code, faults: [] });
    expect(parseCreditCode(code)).toBe(code);
  });

  it.each(FICTIONAL)('accepts the fictional %s', (code) => {
    expect(parseCreditCode(code)).toBe(code);
  });

  it.each<[string, string, CreditCodeFault[]]>([
    ['91350100M000100Y4Z', 'a letter the alphabet leaves out', [fault('CHARSET', 18, ANY_CHARACTER)]],
    ['9152000071430580XU', 'a wrong last character', [fault('CHECK18', 18, 'T')]],
    ['9152000071430508XT', 'a transposition', [fault('ORG_CHECK', 17, '4'), fault('CHECK18', 18, 'M')]],
    ['9125000071430580XT', 'swapped digits of the division', [fault('CHECK18', 18, '3')]],
    ['9152000071430580X', '17 characters', [fault('LENGTH', 18, '18 characters')]],
    ['9152000071430580XTT', '19 characters', [fault('LENGTH', 19, '18 characters')]],
    ['9152000071430580XTTTTT', 'even more characters', [fault('LENGTH', 19, '18 characters')]],
    ['', 'nothing', [fault('LENGTH', 1, '18 characters')]],
    ['91520000I1430580XT', 'the letter I', [fault('CHARSET', 9, ANY_CHARACTER)]],
    ['91A20000714305O0XT', 'a letter in the division first', [fault('CHARSET', 3, 'a digit')]],
    ['9152000071430580X贵', 'a Chinese character', [fault('CHARSET', 18, ANY_CHARACTER)]],
    ['9152000071430580X🚗', 'a character of two code units', [fault('CHARSET', 18, ANY_CHARACTER)]],
    ['91350211M0000XUF46', 'issued, it is said, with a wrong check', [fault('CHECK18', 18, 'R')]],
    ['91350100M0001TGQXM', 'issued, it is said, with a wrong check', [fault('CHECK18', 18, '1')]],
  ])('rejects %s: %s', (code, _why, faults) => {
    expect(checkCreditCode(code)).toEqual({ verdict: 'REJECT', normalised: code, faults });
  });

  it.each([
    ['9152000071430580xt', 'lower case'],
    [' 9152000071430580XT\t', 'blanks around it'],
    ['91520000-71430580-X T', 'hyphens and blanks inside'],
    ['91520000—71430580–XT', 'long dashes'],
    ['91520000７1430580XT', 'a full-width digit'],
    ['９１５２００００７１４３０５８０ＸＴ', 'full width throughout'],
    ['\uFEFF91520000\u200B71430580XT', 'invisible characters from a paste'],
  ])('normalises %s before looking at it: %s', (text) => {
    expect(normaliseCode(text)).toBe('9152000071430580XT');
    expect(parseCreditCode(text)).toBe('9152000071430580XT');
  });

  it('names position and expectation but never repeats the code', () => {
    const error = errorOf(() => parseCreditCode('9152000071430508XT'));
    expect(error.code).toBe('INPUT_INVALID');
    expect(error.details).toEqual({ position: 17, fault: 'ORG_CHECK' });
    expect(error.message).toContain('expected 4 at position 17');
    expect(error.message).toContain('expected M at position 18');
    expect(error.message).not.toContain('71430508');
  });

  it('says which position is missing or too many', () => {
    expect(errorOf(() => parseCreditCode('9152000071430580X')).message).toContain('position 18 is missing');
    expect(errorOf(() => parseCreditCode('9152000071430580XTT')).message).toContain('position 19 is too many');
    expect(errorOf(() => parseCreditCode('91520000I1430580XT')).details).toEqual({ position: 9, fault: 'CHARSET' });
  });

  it('never throws while checking and is stable under its own normalisation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { normalised, verdict } = checkCreditCode(text);
        expect(checkCreditCode(normalised).verdict).toBe(verdict);
      }),
    );
  });

  it('detects every single substitution of the published codes', () => {
    for (const [code] of VALID) {
      for (let position = 0; position < code.length; position += 1) {
        for (const other of ALPHABET.replace(code.charAt(position), '')) {
          const changed = code.slice(0, position) + other + code.slice(position + 1);
          expect([changed, checkCreditCode(changed).verdict]).toEqual([changed, 'REJECT']);
        }
      }
    }
  });

  it('detects every single substitution and adjacent transposition of any code', () => {
    fc.assert(
      fc.property(validCode, fc.nat(17), character, (code, position, other) => {
        fc.pre(code.charAt(position) !== other);
        const changed = code.slice(0, position) + other + code.slice(position + 1);
        expect(checkCreditCode(changed).verdict).toBe('REJECT');
      }),
    );
    fc.assert(
      fc.property(validCode, fc.nat(16), (code, position) => {
        const [left, right] = [code.charAt(position), code.charAt(position + 1)];
        fc.pre(left !== right);
        const swapped = code.slice(0, position) + right + left + code.slice(position + 2);
        expect(checkCreditCode(swapped).verdict).toBe('REJECT');
      }),
    );
  });
});

describe('a code the registry has confirmed', () => {
  it('is accepted with a warning when only its check characters are wrong', () => {
    const issued = '91350211M0000XUF46';
    expect(() => parseCreditCode(issued)).toThrow(HubError);
    confirmByRegistry(issued);
    expect(isConfirmedByRegistry(issued)).toBe(true);
    expect(checkCreditCode(' 91350211m0000xuf46 ')).toEqual({
      verdict: 'WARN_REGISTRY_CONFIRMED',
      normalised: issued,
      faults: [fault('CHECK18', 18, 'R')],
    });
    expect(parseCreditCode('91350211m0000xuf46')).toBe(issued);
  });

  it('is still rejected when its characters cannot be a code', () => {
    confirmByRegistry('91350100M000100Y4Z');
    expect(checkCreditCode('91350100M000100Y4Z').verdict).toBe('REJECT');
  });

  it('stays plainly OK when nothing is wrong with it', () => {
    confirmByRegistry('91350100M000100Y43');
    expect(checkCreditCode('91350100M000100Y43').verdict).toBe('OK');
  });

  it('must be named in the normalised form, so that no confirmation is lost', () => {
    expect(() => confirmByRegistry('91350100m0001tgqxm')).toThrow(RangeError);
    expect(isConfirmedByRegistry('91350100M0001TGQXM')).toBe(false);
  });
});

describe('completing a code', () => {
  it('computes both check characters of the published codes', () => {
    for (const [code] of VALID) expect(completeCreditCode(code.slice(0, 8), code.slice(8, 16))).toBe(code);
  });

  it('always gives a code that verifies', () => {
    fc.assert(fc.property(validCode, (code) => expect(checkCreditCode(code).verdict).toBe('OK')));
  });

  it.each([
    ['9152000', '71430580', { position: 1, fault: 'LENGTH' }],
    ['91520000', '714305800', { position: 9, fault: 'LENGTH' }],
    ['91S20000', '71430580', { position: 3, fault: 'CHARSET' }],
    ['91520000', '7143O580', { position: 13, fault: 'CHARSET' }],
  ])('refuses the parts %s and %s', (first, body, details) => {
    expect(errorOf(() => completeCreditCode(first, body)).details).toEqual(details);
  });
});

function fault(kind: CreditCodeFault['kind'], position: number, expected: string): CreditCodeFault {
  return { kind, position, expected };
}
