import { HubError } from '../errors.ts';

/** GB 11714 uses all 36 characters; the credit code around it leaves five letters out, so the tables differ. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/**
 * The check character of an organization code (组织机构代码).
 * @param body8 the 8 characters before the check, digits and capital letters (A = 10 ... Z = 35).
 * @returns one character, `0`-`9` or `X`.
 * @throws HubError INPUT_INVALID with `details.position` (1-based) when the body is not 8 such characters.
 * @remarks GB 11714-1997: 11 - (weighted sum mod 11), where 10 is written X and 11 is written 0.
 */
export function organizationCodeCheck(body8: string): string {
  let sum = 0;
  for (const [index, weight] of WEIGHTS.entries()) {
    const character = body8.charAt(index);
    const value = character === '' ? -1 : ALPHABET.indexOf(character);
    if (value < 0) throw invalidBody(index + 1);
    sum += value * weight;
  }
  if (body8.length > WEIGHTS.length) throw invalidBody(WEIGHTS.length + 1);
  const check = 11 - (sum % 11);
  if (check === 10) return 'X';
  return check === 11 ? '0' : String(check);
}

function invalidBody(position: number): HubError {
  return new HubError(
    'INPUT_INVALID',
    `The body of an organization code has 8 digits or capital letters; position ${position} does not fit.`,
    { details: { position } },
  );
}
