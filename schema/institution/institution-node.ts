/** What stands behind the graph's Institution: the chosen description and nothing that has not been asked for. */
import type { CreditCode } from '../codes/credit-code.ts';
import { parseRegionCode, type RegionCode } from '../region/region.ts';
import type { InstitutionKind, InstitutionRecord, InstitutionStatus } from '../records.ts';

export interface InstitutionNode {
  readonly creditCode: CreditCode;
  readonly name: string;
  readonly kinds: readonly InstitutionKind[];
  readonly status: InstitutionStatus;
  /** GB/T 2260 six digits. */
  readonly regionCode: RegionCode;
  readonly address: string | null;
  /** null: as it is. Else it and everything of it is shown as the hub knew it then. */
  readonly asOf: Date | null;
}

/** Digits 3-8 of the credit code: the division of the registering authority (GB 32100-2015). */
function registrationRegion(creditCode: CreditCode): RegionCode {
  return parseRegionCode(creditCode.slice(2, 8));
}

/** A department's own word where it is a division code at all, else where the credit code was given out. */
export function regionOfRecord(creditCode: CreditCode, regionCode: string | null): RegionCode {
  if (regionCode === null) return registrationRegion(creditCode);
  try {
    return parseRegionCode(regionCode);
  } catch {
    return registrationRegion(creditCode);
  }
}

export function institutionNode(
  creditCode: CreditCode,
  record: Pick<InstitutionRecord, 'name' | 'kinds' | 'status' | 'regionCode' | 'address'>,
  asOf: Date | null = null,
): InstitutionNode {
  return {
    creditCode,
    name: record.name,
    kinds: record.kinds,
    status: record.status,
    regionCode: regionOfRecord(creditCode, record.regionCode),
    address: record.address,
    asOf,
  };
}
