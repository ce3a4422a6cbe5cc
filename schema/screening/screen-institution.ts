/** One credit code of a screening. */
import { checkCreditCode, parseCreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { NOTHING_KNOWN, type InstitutionVerdict, type Screened } from './screened.ts';
import { coverageOf, listsToday, penaltiesOf, provenanceOf, qualificationsToday, silentIn } from './standing-facts.ts';

/** What is certain comes before what could not be found out. */
function verdictOf(
  isRegistered: boolean,
  registerIsSilent: boolean,
  lists: { readonly found: readonly string[]; readonly silent: readonly string[] },
): { readonly verdict: InstitutionVerdict; readonly reason: string | null } {
  if (lists.found.length > 0) return { verdict: 'LISTED', reason: lists.found.join('; ') };
  if (!isRegistered && !registerIsSilent) return { verdict: 'NOT_FOUND', reason: 'on no register' };
  if (!isRegistered) {
    return {
      verdict: 'UNVERIFIABLE',
      reason: 'the register did not answer in full, so it cannot be said that there is none',
    };
  }
  if (lists.silent.length > 0) {
    const reason = `${lists.silent.join(', ')} did not answer in full and may have listed it`;
    return { verdict: 'UNVERIFIABLE', reason };
  }
  return { verdict: 'REGISTERED', reason: null };
}

/** @param text a credit code as somebody wrote it */
export async function screenInstitution(text: string, context: HubContext): Promise<Screened> {
  const { verdict: form, faults } = checkCreditCode(text);
  if (form === 'REJECT') {
    const reason = faults
      .map(
        ({ kind, position, expected }) =>
          `${kind} at ${position}${expected === undefined ? '' : `, expected ${expected}`}`,
      )
      .join('; ');
    return { ...NOTHING_KNOWN, kind: 'INSTITUTION', verdict: 'INVALID', reason };
  }
  const code = parseCreditCode(text);
  const [registration, qualifications, lists, penalties] = await Promise.all([
    context.loaders.registration(code),
    qualificationsToday(code, context),
    listsToday(code, context),
    penaltiesOf(code, context),
  ]);
  const [record] = registration.records;
  const { verdict, reason } = verdictOf(record !== undefined, silentIn([registration]).length > 0, lists.facts);
  return {
    kind: 'INSTITUTION',
    verdict,
    reason,
    institutionCode: code,
    institutionName: record?.name ?? null,
    institutionStatus: record?.status ?? null,
    issuedOn: null,
    conclusion: null,
    qualifications: qualifications.facts,
    lists: lists.facts,
    penalties: penalties.facts,
    provenance: record === undefined ? null : provenanceOf(record.provenance),
    coverage: coverageOf([registration], qualifications.answers, lists.answers, penalties.answers),
  };
}
