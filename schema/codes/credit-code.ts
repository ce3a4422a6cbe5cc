import { HubError } from '../errors.ts';
import { organizationCodeCheck } from './organization-code.ts';
import { isConfirmedByRegistry } from './registry-confirmed.ts';

/** A unified social credit code (统一社会信用代码), normalised; made only by `parseCreditCode` and `completeCreditCode`. */
export type CreditCode = string & { readonly __brand: 'CreditCode' };

/** What is wrong with a code at one place. */
export interface CreditCodeFault {
  readonly kind: 'LENGTH' | 'CHARSET' | 'ORG_CHECK' | 'CHECK18';
  /** 1-based. For LENGTH the first missing position, or 19 when there are too many characters. */
  readonly position: number;
  /** For the check kinds the right character; for the others what belongs there, in words. */
  readonly expected?: string;
}

/** The outcome of looking at a text that claims to be a credit code. */
export interface CreditCodeCheck {
  /** WARN_REGISTRY_CONFIRMED: only check characters are wrong and the registry has confirmed the code. */
  readonly verdict: 'OK' | 'WARN_REGISTRY_CONFIRMED' | 'REJECT';
  readonly normalised: string;
  /** Empty exactly when the verdict is OK. */
  readonly faults: readonly CreditCodeFault[];
}

const LENGTH = 18;
const DIGITS = '0123456789';
/** Value = index. The letters I, O, S, V and Z are skipped, so no arithmetic on character codes works here. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** 3^(i-1) mod 31 for the positions 1 to 17. */
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
const SHAPE = /^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
/** Blanks, all hyphens and dashes, the minus sign, and invisible characters that come along when a text is pasted. */
const SEPARATORS = /[\s\p{Dash_Punctuation}\p{Format}\u2212]+/gu;

/**
 * The text as a code is compared and stored: NFKC (full-width forms become ASCII), without blanks and hyphens anywhere,
 * upper case. Nothing is checked. Keep the raw text beside it where it may serve as evidence.
 */
export function normaliseCode(text: string): string {
  return text.normalize('NFKC').replace(SEPARATORS, '').toUpperCase();
}

/**
 * Examines a credit code and reports everything that is wrong with it. Never throws.
 * @param text the code as somebody wrote it; it is normalised first.
 * @returns the verdict, the normalised text and the faults in order of position. A wrong length or a foreign character
 *   is reported alone, because the check characters mean nothing then; otherwise both check characters are tested.
 * @remarks GB 32100-2015 for the shape and position 18, GB 11714-1997 for position 17. The check proves the form of a
 *   code, not whose it is.
 */
export function checkCreditCode(text: string): CreditCodeCheck {
  const normalised = SHAPE.test(text) ? text : normaliseCode(text);
  const faults = SHAPE.test(normalised) ? checkCharacterFaults(normalised) : [shapeFault(normalised)];
  return { verdict: verdictOf(normalised, faults), normalised, faults };
}

/**
 * Reads a credit code.
 * @param text the code as somebody wrote it; it is normalised first.
 * @returns the normalised code. One that fails only its check characters passes if the registry has confirmed it.
 * @throws HubError INPUT_INVALID with `details.position` and `details.fault` of the first fault; the message says what
 *   was expected there and never repeats the code.
 */
export function parseCreditCode(text: string): CreditCode {
  const { verdict, normalised, faults } = checkCreditCode(text);
  const [first] = faults;
  if (verdict === 'REJECT' && first !== undefined) {
    throw new HubError('INPUT_INVALID', `The unified social credit code is wrong: ${faults.map(inWords).join('; ')}.`, {
      details: { position: first.position, fault: first.kind },
    });
  }
  return branded(normalised);
}

/**
 * Builds the one valid code that starts with these 16 characters by computing both check characters.
 * @param first8 registration authority, class of body and six-digit division.
 * @param orgBody8 the organization code without its check, in the alphabet of the credit code.
 * @throws HubError INPUT_INVALID with `details.position` (1-based in the whole code; where the part begins when its
 *   length is wrong) and `details.fault`.
 */
export function completeCreditCode(first8: string, orgBody8: string): CreditCode {
  if (first8.length !== 8 || orgBody8.length !== 8) {
    const position = first8.length === 8 ? 9 : 1;
    throw new HubError('INPUT_INVALID', 'A credit code is completed from two parts of 8 characters each.', {
      details: { position, fault: 'LENGTH' },
    });
  }
  const foreign = firstForeignPosition(first8 + orgBody8);
  if (foreign !== null) {
    throw new HubError(
      'INPUT_INVALID',
      `Cannot complete the credit code: expected ${expectedAt(foreign)} at position ${foreign}.`,
      {
        details: { position: foreign, fault: 'CHARSET' },
      },
    );
  }
  const first17 = first8 + orgBody8 + organizationCodeCheck(orgBody8);
  return branded(first17 + creditCodeCheck(first17));
}

function branded(normalised: string): CreditCode {
  return normalised as CreditCode;
}

function verdictOf(normalised: string, faults: readonly CreditCodeFault[]): CreditCodeCheck['verdict'] {
  if (faults.length === 0) return 'OK';
  const onlyChecks = faults.every(({ kind }) => kind === 'ORG_CHECK' || kind === 'CHECK18');
  return onlyChecks && isConfirmedByRegistry(normalised) ? 'WARN_REGISTRY_CONFIRMED' : 'REJECT';
}

/** The single fault of a text that does not have the shape of a code. */
function shapeFault(normalised: string): CreditCodeFault {
  const length = Array.from(normalised).length;
  if (length !== LENGTH) {
    return { kind: 'LENGTH', position: Math.min(length, LENGTH) + 1, expected: `${LENGTH} characters` };
  }
  const position = firstForeignPosition(normalised) ?? LENGTH;
  return { kind: 'CHARSET', position, expected: expectedAt(position) };
}

/** Both check characters of a code with the right shape. */
function checkCharacterFaults(code: string): CreditCodeFault[] {
  const faults: CreditCodeFault[] = [];
  const organization = organizationCodeCheck(code.slice(8, 16));
  if (code[16] !== organization) faults.push({ kind: 'ORG_CHECK', position: 17, expected: organization });
  const check = creditCodeCheck(code);
  if (code[17] !== check) faults.push({ kind: 'CHECK18', position: 18, expected: check });
  return faults;
}

/** Position 18 from the positions 1 to 17. The outer modulus writes a remainder of 0 as "0", there is no 32nd sign. */
function creditCodeCheck(code: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + ALPHABET.indexOf(code.charAt(index)) * weight, 0);
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** 1-based position of the first character that may not stand where it stands, null if there is none. */
function firstForeignPosition(code: string): number | null {
  const index = Array.from(code).findIndex((character, at) => !alphabetAt(at + 1).includes(character));
  return index < 0 ? null : index + 1;
}

/** The division in the positions 3 to 8 has digits only. */
function alphabetAt(position: number): string {
  return position >= 3 && position <= 8 ? DIGITS : ALPHABET;
}

function expectedAt(position: number): string {
  return alphabetAt(position) === DIGITS ? 'a digit' : 'a digit or a capital letter other than I, O, S, V, Z';
}

function inWords({ kind, position, expected = '' }: CreditCodeFault): string {
  switch (kind) {
    case 'LENGTH':
      return `expected ${expected}, ${position > LENGTH ? `position ${position} is too many` : `position ${position} is missing`}`;
    case 'CHARSET':
      return `expected ${expected} at position ${position}`;
    case 'ORG_CHECK':
      return `expected ${expected} at position ${position}, the check of the organization code`;
    case 'CHECK18':
      return `expected ${expected} at position ${position}, the check of the whole code`;
  }
}
