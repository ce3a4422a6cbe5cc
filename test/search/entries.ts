/** Generated entries of the search index: valid codes, names of the fictional world, and plenty of equal sort values. */
import { currentRegionCode, parseRegionCode } from '../../schema/region/region.ts';
import type { InstitutionEntry, RiskClass } from '../../schema/search/institution-entry.model.ts';
import type { QualificationStatus } from '../../schema/records.ts';
import { institutionCode } from '../../sources/world/codes.ts';
import { nameOf } from '../../sources/world/names.ts';
import { Dice } from '../../sources/world/random.ts';
import { PREFECTURES, RETIRED_COUNTY_CODES } from '../../sources/world/regions.ts';
import type { WorldKind } from '../../sources/world/types.ts';

const SEED = 20_260_331;
const KINDS: readonly { readonly kind: WorldKind; readonly weight: number }[] = [
  { kind: 'VEHICLE_INSPECTION_BODY', weight: 40 },
  { kind: 'INSPECTION_TESTING_BODY', weight: 30 },
  { kind: 'ENV_MONITORING_BODY', weight: 15 },
  { kind: 'FOOD_AGRI_TESTING_BODY', weight: 9 },
  { kind: 'CERTIFICATION_BODY', weight: 4 },
  { kind: 'CARBON_VERIFICATION_BODY', weight: 2 },
];
const CLASSES: readonly { readonly riskClass: RiskClass | null; readonly weight: number }[] = [
  { riskClass: 'A', weight: 50 },
  { riskClass: 'B', weight: 30 },
  { riskClass: 'C', weight: 10 },
  { riskClass: 'D', weight: 5 },
  { riskClass: null, weight: 5 },
];
const FLOOR: Readonly<Record<RiskClass, number>> = { A: 0, B: 25, C: 50, D: 75 };
const OTHER_STATUSES: readonly QualificationStatus[] = ['RECTIFYING', 'SUSPENDED', 'EXPIRED', 'CANCELLED', 'REVOKED'];
const NEWEST = Date.parse('2026-03-31T00:00:00Z');

/** The entry at this index; the same every time. About one in twenty still carries a retired division code. */
export function generatedEntry(index: number): InstitutionEntry {
  const dice = new Dice(SEED, index, 'search entry');
  const prefecture = dice.pick(PREFECTURES);
  const county = prefecture.prefix + dice.pick(prefecture.counties);
  const retired = RETIRED_COUNTY_CODES[county];
  const { kind } = dice.pickWeighted(KINDS);
  const { riskClass } = dice.pickWeighted(CLASSES);
  const hasSecondKind = dice.chance(0.1);
  const form = dice.chance(0.9) ? '91' : '12';
  return {
    creditCode: institutionCode(form, county, index),
    name: nameOf(dice, index, { kind, form, place: prefecture.shortName, seed: SEED }).registered,
    regionCode: dice.chance(0.01)
      ? null
      : parseRegionCode(retired !== undefined && dice.chance(0.5) ? retired : county),
    kinds: hasSecondKind ? [...new Set<WorldKind>([kind, 'OTHER'])] : [kind],
    status: 'ACTIVE',
    listed: dice.chance(0.02),
    qualificationStatuses: dice.chance(0.1) ? ['VALID', dice.pick(OTHER_STATUSES)] : ['VALID'],
    cmaNumbers: [`2624${String(10_000_000 + index)}`],
    riskClass,
    riskScore: riskClass === null ? null : FLOOR[riskClass] + dice.int(0, 24),
    // Several hundred of a large index share an instant, as after a department's nightly delivery.
    updatedAt: new Date(NEWEST - dice.int(0, 364) * 86_400_000),
    changesAt: null,
  };
}

export function generatedEntries(count: number): InstitutionEntry[] {
  return Array.from({ length: count }, (_, index) => generatedEntry(index));
}

/** The division that counts today. */
export function currentRegionOf({ regionCode }: InstitutionEntry): string | null {
  return regionCode === null ? null : currentRegionCode(regionCode);
}
