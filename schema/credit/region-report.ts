/** How many institutions of each class there are in each prefecture: for planning, for staff only. */
import { parseRegionCode, regionOf, type RegionCode } from '../region/region.ts';
import { RISK_CLASSES, type RiskClass } from '../search/institution-entry.model.ts';
import type { ProfileSummary } from './credit-profiles.ts';

export interface RegionRow {
  readonly regionCode: RegionCode;
  readonly name: string;
  readonly counts: Readonly<Record<RiskClass, number>>;
  readonly total: number;
}

const NONE: Readonly<Record<RiskClass, number>> = { A: 0, B: 0, C: 0, D: 0 };

const prefectureOf = (code: RegionCode): RegionCode => parseRegionCode(`${regionOf(code).code.slice(0, 4)}00`);

/** @returns one row per prefecture with institutions, by code */
export async function regionReport(
  summaries: AsyncIterable<Pick<ProfileSummary, 'regionCode' | 'riskClass'>>,
): Promise<readonly RegionRow[]> {
  const counted = new Map<RegionCode, Record<RiskClass, number>>();
  for await (const { regionCode, riskClass } of summaries) {
    const prefecture = prefectureOf(regionCode);
    const counts = counted.get(prefecture) ?? { ...NONE };
    counts[riskClass] += 1;
    counted.set(prefecture, counts);
  }
  return [...counted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([regionCode, counts]) => ({
      ...{ regionCode, name: regionOf(regionCode).name, counts },
      total: RISK_CLASSES.reduce((sum, each) => sum + counts[each], 0),
    }));
}
