/** Whether a caller sees a fact: one pure function over the tables, asked before any department is. */
import type { Caller } from './caller.ts';
import { CLASS_RULES, UNMASKED_RULES, type PersonalKind, type Term, type Terms } from './class-rules.ts';
import type { FieldClass } from './field-class.ts';
import type { Grounds } from './grounds.ts';
import { reachesRegion } from './policy.ts';

export interface Asker extends Grounds {
  readonly caller: Caller;
}

/** Which facts, as far as it matters. */
export interface Place {
  /** Whose facts; absent = not one department's. */
  readonly departmentId?: string;
  /** GB/T 2260 code of the institution; null = unknown; absent = it has been asked before, or there is none. */
  readonly regionCode?: string | null;
}

export interface Refusal {
  readonly seen: false;
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  /** For the caller: what is lacking. */
  readonly message: string;
}
export type Sight = { readonly seen: true } | Refusal;

export const SEEN: Sight = Object.freeze({ seen: true });
const forbidden = (message: string): Refusal => ({ seen: false, code: 'FORBIDDEN', message });

function isMet(term: Term, { caller, purpose, caseNumber }: Asker, { departmentId }: Place): boolean {
  switch (term) {
    case 'ALWAYS':
      return true;
    case 'DEPARTMENT':
      return caller.departmentId !== null;
    case 'OWN_FACTS':
      return caller.departmentId !== null && caller.departmentId === departmentId;
    case 'IN_CASE':
      return purpose !== null && caseNumber !== null;
    case 'IN_AUDIT':
      return purpose === 'AUDIT' && caseNumber !== null;
  }
}

const termsOf = (terms: Terms, { caller }: Asker): readonly Term[] =>
  caller.roles.flatMap((role): readonly Term[] => terms[role] ?? []);

const isWithinLimits = ({ limits }: Caller, fieldClass: FieldClass): boolean =>
  limits === undefined || limits.classes === null || limits.classes.includes(fieldClass);

/** What the caller would have to add. */
function refusalFor(terms: readonly Term[], fieldClass: FieldClass, { caller }: Asker): Refusal {
  const facts = `Facts of the class ${fieldClass}`;
  const send = 'send Hub-Purpose and Hub-Case-Number.';
  if (caller.credentialId === null)
    return { seen: false, code: 'UNAUTHENTICATED', message: `${facts} are not public: send credentials.` };
  if (terms.includes('IN_CASE')) return forbidden(`${facts} are shown for a purpose in a case: ${send}`);
  if (terms.includes('IN_AUDIT')) return forbidden(`${facts} are shown for the purpose AUDIT in a case: ${send}`);
  if (terms.includes('OWN_FACTS')) return forbidden(`${facts} are shown to the department that holds them only.`);
  return forbidden(`${facts} are not shown to ${caller.roles.join(', ')}.`);
}

export function sightOf(asker: Asker, fieldClass: FieldClass, place: Place = {}): Sight {
  const { caller } = asker;
  const terms = termsOf(CLASS_RULES[fieldClass], asker);
  if (!terms.some((term) => isMet(term, asker, place))) return refusalFor(terms, fieldClass, asker);
  if (!isWithinLimits(caller, fieldClass))
    return forbidden(`These credentials are limited to the classes ${caller.limits?.classes?.join(', ') ?? ''}.`);
  // What is public is public everywhere.
  if (fieldClass === 'PUBLIC' || place.regionCode === undefined || reachesRegion(caller, place.regionCode)) return SEEN;
  return forbidden('The institution is outside of the divisions of these credentials.');
}

/** Whether personal data is shown as it is, to whoever sees the fact in which it stands. */
export function seesUnmasked(
  asker: Asker,
  kind: PersonalKind,
  { regionCode }: Pick<Place, 'regionCode'> = {},
): boolean {
  const terms = termsOf(UNMASKED_RULES[kind], asker);
  return (
    terms.some((term) => isMet(term, asker, {})) &&
    isWithinLimits(asker.caller, 'CONDITIONAL') &&
    (regionCode === undefined || reachesRegion(asker.caller, regionCode))
  );
}
