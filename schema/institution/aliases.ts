import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import type { DepartmentSource } from '../ports.ts';
import type { InstitutionAlias } from './institution.type.ts';

async function aliasesAt(
  source: DepartmentSource,
  creditCode: CreditCode,
  { loaders, identity, scope }: HubContext,
): Promise<readonly InstitutionAlias[]> {
  const { department } = source;
  if (department.keyedBy === 'CREDIT_CODE') {
    const { records } = await loaders.institutionAt(department.id, creditCode);
    return records.flatMap(({ localId }): InstitutionAlias[] =>
      localId === null ? [] : [{ department, localId, matchedBy: 'CREDIT_CODE', confidence: 1, confirmedBy: null }],
    );
  }
  const facts = await loaders.references.factsOf(creditCode);
  if (facts === null) return [];
  const answer = await identity.stationsOf(source, facts, scope);
  if (!answer.known) return [];
  return answer.stations.matches.map(({ entry, matchedBy, confidence }) => ({
    department,
    localId: entry.localId,
    matchedBy,
    confidence,
    confirmedBy: null,
  }));
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
