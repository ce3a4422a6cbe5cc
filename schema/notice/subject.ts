/** The institution against which a notice is: as the departments know it now, else as the notice names it. */
import { parseCreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { HubError } from '../errors.ts';
import { findInstitution } from '../institution/find-institution.ts';
import { institutionNode, type InstitutionNode } from '../institution/institution-node.ts';
import type { NoticeSubject } from './notice.ts';

/** A notice is shown whole whether or not a department answers just now. */
export async function subjectNode(subject: NoticeSubject, context: HubContext): Promise<InstitutionNode> {
  const creditCode = parseCreditCode(subject.creditCode);
  try {
    const known = await findInstitution(creditCode, context);
    if (known !== null) return known;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
  }
  const { name, kinds, regionCode } = subject;
  return institutionNode(creditCode, { name, kinds, regionCode, status: 'UNKNOWN', address: null });
}

/**
 * What the register says of an institution about to be punished.
 * @returns null when it knows none of this code
 * @throws HubError SOURCE_UNAVAILABLE while nobody can say
 */
export async function findSubject(code: string, context: HubContext): Promise<NoticeSubject | null> {
  const creditCode = parseCreditCode(code);
  const institution = await findInstitution(creditCode, context);
  if (institution === null) return null;
  const { coverage } = await context.loaders.registration(creditCode);
  const { name, kinds, regionCode } = institution;
  return { creditCode, name, regionCode, kinds, registeredAsOf: coverage.asOf ?? context.clock.now() };
}
