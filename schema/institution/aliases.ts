import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { evidenceOf } from '../identity/match-evidence.ts';
import type { StationMatch } from '../identity/station-index.ts';
import { unknownSubject, type SubjectFacts } from '../identity/subject-facts.ts';
import type { DepartmentDescriptor, DepartmentSource } from '../ports.ts';
import type { InstitutionAlias } from './institution.type.ts';

/** A match as the graph shows it. */
export function aliasOf(
  department: DepartmentDescriptor,
  subject: SubjectFacts,
  { entry, matchedBy, confidence, confirmation }: StationMatch,
): InstitutionAlias {
  return {
    department,
    localId: entry.localId,
    matchedBy,
    confidence,
    confirmedBy: confirmation?.by ?? null,
    confirmedAt: confirmation?.at ?? null,
    evidence: evidenceOf(subject, entry),
  };
}

async function aliasesAt(
  source: DepartmentSource,
  creditCode: CreditCode,
  { loaders, identity, scope }: HubContext,
): Promise<readonly InstitutionAlias[]> {
  if (!(await loaders.mayAsk('institutions', source, creditCode))) return [];
  const { department } = source;
  const subject = (await loaders.references.factsOf(creditCode)) ?? unknownSubject(creditCode);
  if (department.keyedBy === 'CREDIT_CODE') {
    const { records } = await loaders.institutionAt(department.id, creditCode);
    return records.flatMap((record) => {
      const { localId } = record;
      if (localId === null) return [];
      const entry = { ...record, localId };
      return [aliasOf(department, subject, { entry, matchedBy: 'CREDIT_CODE', confidence: 1, confirmation: null })];
    });
  }
  const answer = await identity.stationsOf(source, subject, scope);
  if (!answer.known) return [];
  return answer.stations.matches.map((match) => aliasOf(department, subject, match));
}

/**
 * The numbers under which departments know an institution, by department code. That a department could not be asked is
 * in the institution's coverage, for which its description is asked in the same breath.
 */
export async function aliasesOf(creditCode: CreditCode, context: HubContext): Promise<readonly InstitutionAlias[]> {
  const [aliases] = await Promise.all([
    Promise.all(context.registry.all().map((source) => aliasesAt(source, creditCode, context))),
    context.loaders.institutions(creditCode),
  ]);
  return aliases.flat();
}
