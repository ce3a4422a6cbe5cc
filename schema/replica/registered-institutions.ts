/** The institutions of the hub's list as the replica holds them. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { DepartmentDescriptor, SubjectKey } from '../ports.ts';
import type { InstitutionRecord } from '../records.ts';
import { departmentOf, feedOf } from './facts.ts';
import type { ReplicaDocument, ReplicaModels } from './replica-models.ts';

export interface RegisteredInstitution {
  readonly creditCode: CreditCode;
  readonly record: InstitutionRecord;
  readonly matchKeys: readonly string[];
}

/**
 * The departments whose institutions are those of the hub's list: the one that keeps the register, whose word wins on
 * names; where there is none, all that hold institutions under their credit codes, in order of department code.
 */
export function registersOf(departments: readonly DepartmentDescriptor[]): readonly DepartmentDescriptor[] {
  const byCode = departments.filter(({ keyedBy }) => keyedBy === 'CREDIT_CODE');
  const registers = byCode.filter(({ authoritativeFor }) => authoritativeFor.includes('name'));
  return registers.length > 0 ? registers : byCode;
}

type Found = Pick<ReplicaDocument, 'feed' | 'matchKeys'> & { readonly record: InstitutionRecord | null };

/**
 * One query, however many they are.
 * @param codes at most 1000
 * @returns the description that counts of each institution that a register holds, in no particular order
 */
export async function registeredInstitutions(
  { records }: Pick<ReplicaModels, 'records'>,
  departments: readonly DepartmentDescriptor[],
  codes: readonly CreditCode[],
): Promise<readonly RegisteredInstitution[]> {
  const registers = registersOf(departments).map(({ id }) => id);
  const found = await records
    .find(
      {
        feed: { $in: registers.map((id) => feedOf(id, 'institutions')) },
        subjects: { $in: codes.map((code): SubjectKey => `code:${code}`) },
        deleted: false,
      },
      { _id: 0, feed: 1, matchKeys: 1, record: 1 },
    )
    .sort({ recordId: 1 })
    .lean<Found[]>();
  const rankOf = ({ feed }: Found): number => registers.indexOf(departmentOf(feed));
  const wanted = new Set<string>(codes);
  const byCode = new Map<CreditCode, RegisteredInstitution>();
  for (const { record, matchKeys = [] } of found.sort((a, b) => rankOf(a) - rankOf(b))) {
    const creditCode = record?.creditCode ?? null;
    if (record === null || creditCode === null || !wanted.has(creditCode) || byCode.has(creditCode)) continue;
    byCode.set(creditCode, { creditCode, record, matchKeys });
  }
  return [...byCode.values()];
}
