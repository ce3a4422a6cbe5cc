import type { CreditCode } from '../codes/credit-code.ts';

/** What is known of an institution when its local numbers are looked for. */
export interface SubjectFacts {
  readonly creditCode: CreditCode;
  /** '' where nobody has said. */
  readonly name: string;
  /** GB/T 2260 six digits as received. */
  readonly regionCode: string | null;
  readonly cmaNumbers: readonly string[];
}

/** Of an institution that only its code is known of. */
export const unknownSubject = (creditCode: CreditCode): SubjectFacts => ({
  creditCode,
  name: '',
  regionCode: null,
  cmaNumbers: [],
});

/** What the institution shares with another one, as far as is known. */
export interface SharedIdentity {
  /** Another institution of the region has the same name. */
  readonly name: boolean;
  /** The same but for the legal form. */
  readonly looseName: boolean;
  /** Of its CMA numbers those under which the register has another institution too. */
  readonly cmaNumbers: ReadonlySet<string>;
}
