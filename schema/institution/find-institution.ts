/** Finds an institution: the register's word; while it is silent, another department's. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { failIfSilent } from '../department-answer.ts';
import { institutionNode, type InstitutionNode } from './institution-node.ts';

/**
 * @returns null when the register answered and does not know the code
 * @throws HubError SOURCE_UNAVAILABLE when the register is silent and nobody else knows the institution either
 */
export async function findInstitution(
  creditCode: CreditCode,
  { loaders, asOf }: Pick<HubContext, 'loaders' | 'asOf'>,
): Promise<InstitutionNode | null> {
  const registration = await loaders.registration(creditCode);
  const [record] = registration.records;
  if (record !== undefined) return institutionNode(creditCode, record, asOf);
  if (['LIVE', 'REPLICA'].includes(registration.coverage.status)) return null;
  const answers = await loaders.institutions(creditCode);
  const [known] = answers.flatMap((answer) => answer.records);
  if (known !== undefined) return institutionNode(creditCode, known, asOf);
  failIfSilent(answers);
  return null;
}
