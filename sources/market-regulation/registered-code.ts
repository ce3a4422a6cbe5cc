/** Credit codes in the words of the register that issues them. */
import { checkCreditCode, parseCreditCode } from '../../schema/codes/credit-code.ts';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import { confirmByRegistry } from '../../schema/codes/registry-confirmed.ts';

/** Value of CODEFLAG: issued as it stands, although a check character is wrong (domain reference 1.3). */
export const ISSUED_AS_IT_STANDS = '1';

/**
 * Reads a code that the register sent about one of its own subjects. A code with a wrong check character passes only
 * when the register says beside it that it was issued so; the whole process then knows it as confirmed.
 * @param flag CODEFLAG of the same row
 * @throws HubError INPUT_INVALID for every other wrong code
 */
export function readRegisteredCode(text: string, flag: string | null): CreditCode {
  if (flag === ISSUED_AS_IT_STANDS) {
    const { normalised, faults } = checkCreditCode(text);
    if (faults.every(({ kind }) => kind === 'ORG_CHECK' || kind === 'CHECK18')) confirmByRegistry(normalised);
  }
  return parseCreditCode(text);
}
