import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import type { InstitutionRecord, ReportRecord } from '../records.ts';
import { HubError } from '../errors.ts';
import { looseName } from '../identity/institution-name.ts';

/**
 * The credit code of a report's issuer. A department that registers under local numbers is answered through its
 * directory entry: by a person's decision on its number, else the code it holds, else the register's only institution with that CMA number or name.
 * @returns null when it cannot be told (the register is silent, or several institutions fit)
 */
export async function issuerOf(
  { issuerCode, issuerLocalId, provenance }: ReportRecord,
  { identity, loaders, scope }: Pick<HubContext, 'identity' | 'loaders' | 'scope'>,
): Promise<CreditCode | null> {
  if (issuerCode !== null) return issuerCode;
  const entry = issuerLocalId === null ? undefined : identity.entryOf(provenance.departmentId, issuerLocalId);
  if (entry === undefined) return null;
  const decided = identity.decisions.of(provenance.departmentId);
  const confirmation = decided.confirmationOf(entry.localId);
  if (confirmation !== null) return confirmation.creditCode;
  const unlessRejected = (code: CreditCode | null): CreditCode | null =>
    code !== null && decided.isRejected(entry.localId, code) ? null : code;
  if (entry.creditCode !== null) return unlessRejected(entry.creditCode);
  const { register } = loaders;
  if (register?.listInstitutions === undefined) return null;
  const text = entry.cmaNumbers[0] ?? entry.name;
  let found: readonly InstitutionRecord[];
  try {
    const query = {
      text,
      regionPrefix: null,
      kinds: null,
      listed: null,
      qualification: null,
      orderBy: 'NAME' as const,
    };
    const page = await register.listInstitutions({ ...query, first: 2, after: null }, scope);
    found = page.rows.map((row) => row.institution);
  } catch (error) {
    if (error instanceof HubError) return null;
    throw error;
  }
  const [only] = found;
  if (found.length !== 1 || only === undefined) return null;
  // The register also gives names that only contain the one asked for.
  const isMeant = text !== entry.name || looseName(only.name) === looseName(entry.name);
  return isMeant ? unlessRejected(only.creditCode) : null;
}
