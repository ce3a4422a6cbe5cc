/** What stands behind the graph's Institution: the chosen description and nothing that has not been asked for. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { InstitutionKind, InstitutionRecord, InstitutionStatus } from '../records.ts';

export interface InstitutionNode {
  readonly creditCode: CreditCode;
  readonly name: string;
  readonly kinds: readonly InstitutionKind[];
  readonly status: InstitutionStatus;
  /** GB/T 2260 six digits. */
  readonly regionCode: string;
  readonly address: string | null;
}

/** Digits 3-8 of the credit code: the division of the registering authority (GB 32100-2015). */
function registrationRegion(creditCode: CreditCode): string {
  return creditCode.slice(2, 8);
}

export function institutionNode(creditCode: CreditCode, record: InstitutionRecord): InstitutionNode {
  return {
    creditCode,
    name: record.name,
    kinds: record.kinds,
    status: record.status,
    regionCode: record.regionCode ?? registrationRegion(creditCode),
    address: record.address,
  };
}
