/**
 * Credit codes and local numbers of generated institutions.
 *
 * The organisation codes of all fictional bodies begin with MAYD or MBYD (public institutions), far ahead of every issued
 * sequence. The subjects of the domain reference go on with M (MAYDM001 ...). Generated ones go on with any other
 * character of the code's alphabet and three more: 30 x 31 x 31 x 31 = 893,730 values, so no generated code can meet a
 * subject's. Holders of certificates have their own sequence MAYH with four more characters, 923,521 values.
 */
import { completeCreditCode } from '../../schema/codes/credit-code.ts';
import type { CreditCode } from '../../schema/codes/credit-code.ts';

/** The characters of a credit code (GB 32100). */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WITHOUT_M = ALPHABET.replace('M', '');
const TAIL = ALPHABET.length ** 3;
/** Primes that divide neither range: multiplying by one visits every value once, in no visible order. */
const BODY_STRIDE = 700_001;
const HOLDER_STRIDE = 500_009;

/** Market regulation registers companies, the staffing commission public institutions, civil affairs private bodies. */
export type LegalForm = '91' | '12' | '52';

/** The valid code of the generated institution at this index. */
export function institutionCode(form: LegalForm, region: string, index: number): CreditCode {
  const value = (index * BODY_STRIDE) % (WITHOUT_M.length * TAIL);
  const body = WITHOUT_M.charAt(Math.floor(value / TAIL)) + inAlphabet(value % TAIL, 3);
  return completeCreditCode(form + region, (form === '12' ? 'MBYD' : 'MAYD') + body);
}

/** The valid code of the n-th fictional holder of a certificate. */
export function holderCode(region: string, ordinal: number): CreditCode {
  const value = (ordinal * HOLDER_STRIDE) % ALPHABET.length ** 4;
  return completeCreditCode(`91${region}`, `MAYH${inAlphabet(value, 4)}`);
}

/**
 * The same code with a wrong last character, as a handful of really issued codes have it. It carries the brand although
 * no check accepts it: the registry's word stands above the arithmetic.
 */
export function withWrongCheck(code: CreditCode): CreditCode {
  const wrong = ALPHABET.charAt((ALPHABET.indexOf(code.charAt(17)) + 1) % ALPHABET.length);
  return (code.slice(0, 17) + wrong) as CreditCode;
}

/** Ecology TsNo: county and station, "520115-0107". */
export function ecologyNumber(region: string, stationNumber: number): string {
  return `${region}-${digits(stationNumber, 4)}`;
}

/** Transport JCJGBH, 10 digits: county and a number of transport's own. */
export function transportNumber(region: string, stationNumber: number): string {
  return region + digits(stationNumber + 1000, 4);
}

/** Public security jczbh, 10 digits: prefecture and a running number through the province. */
export function policeNumber(region: string, index: number): string {
  return region.slice(0, 4) + digits(index + 1000, 6);
}

/** A number with leading zeros. */
export function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

function inAlphabet(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
