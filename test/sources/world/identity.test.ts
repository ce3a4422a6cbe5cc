import { describe, expect, it } from '@jest/globals';
import { checkCreditCode } from '../../../schema/codes/credit-code.ts';
import { currentRegionCode, parseRegionCode } from '../../../schema/region/region.ts';
import { buildWorld, MAX_SIZE } from '../../../sources/world/build-world.ts';
import { INCONSISTENCY_RATES } from '../../../sources/world/department-views.ts';
import { WORD_CHARACTERS } from '../../../sources/world/names.ts';
import { PREFECTURES } from '../../../sources/world/regions.ts';
import { SPECIAL_INDEXES } from '../../../sources/world/special-indexes.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { institutionAt } from './support.ts';

const world = buildWorld({ size: MAX_SIZE });
const generated = world.institutions.filter(({ key }) => key === null);
const vehicleBodies = generated.filter(({ kinds }) => kinds.includes('VEHICLE_INSPECTION_BODY'));

function share(count: number, total: number): number {
  return count / total;
}

describe('institutions of the largest world', () => {
  it('have valid credit codes, except the documented one', () => {
    const rejected = world.institutions.filter(({ creditCode }) => checkCreditCode(creditCode).verdict !== 'OK');
    expect(rejected.map(({ index }) => index)).toEqual([SPECIAL_INDEXES.registryConfirmed]);
    const faults = rejected.flatMap(({ creditCode }) => checkCreditCode(creditCode).faults);
    expect(faults.map(({ kind }) => kind)).toEqual(['CHECK18']);
  });

  it('have credit codes and local numbers of their own', () => {
    const of = (numbers: readonly (string | null)[]) => numbers.filter((number) => number !== null);
    for (const numbers of [
      of(world.institutions.map(({ creditCode }) => creditCode)),
      of(world.institutions.map(({ localNumbers }) => localNumbers.ecology)),
      of(world.institutions.map(({ localNumbers }) => localNumbers.transport)),
      of(world.institutions.map(({ localNumbers }) => localNumbers.publicSecurity)),
    ]) {
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  it('are found by each of their numbers', () => {
    const lost = world.institutions.filter((institution) => {
      const { ecology, transport, publicSecurity } = institution.localNumbers;
      const found = [world.byCreditCode(institution.creditCode)];
      if (ecology !== null) found.push(world.byEcologyNumber(ecology));
      if (transport !== null) found.push(world.byTransportNumber(transport));
      if (publicSecurity !== null) found.push(world.byPoliceNumber(publicSecurity));
      return found.some((each) => each !== institution);
    });
    expect(lost).toEqual([]);
    expect(world.byCreditCode('91520115MAYDM00199')).toBeUndefined();
  });

  it('have local numbers in the form of their department', () => {
    const odd = vehicleBodies.filter(
      ({ localNumbers: { ecology, transport, publicSecurity }, region }) =>
        !(
          (ecology === null || (ecology.startsWith(region) && /^\d{6}-\d{4}$/.test(ecology))) &&
          (transport === null || /^52\d{8}$/.test(transport)) &&
          (publicSecurity === null || /^52\d{8}$/.test(publicSecurity))
        ),
    );
    expect(odd).toEqual([]);
  });

  it('are clearly fictional by name, and by an organisation code far ahead of issued ones', () => {
    expect(new Set(WORD_CHARACTERS).size).toBe(150);
    const odd = world.institutions.filter(
      ({ name, creditCode, legalRepresentative }) =>
        !(name.includes('示例') && legalRepresentative.includes('示例') && /^M[AB]YD/.test(creditCode.slice(8))),
    );
    expect(odd).toEqual([]);
  });

  it('leave the codes of the subjects alone', () => {
    expect(generated.filter(({ creditCode }) => /^M[AB]YDM/.test(creditCode.slice(8)))).toEqual([]);
  });

  it('spread over all 88 county-level units', () => {
    const counties = PREFECTURES.flatMap(({ prefix, counties: tails }) => tails.map((tail) => prefix + tail));
    expect(counties).toHaveLength(88);
    expect(new Set(generated.map(({ region }) => region))).toEqual(new Set(counties));
  });

  it('have no name twice, except the two planted pairs', () => {
    const byName = new Map<string, WorldInstitution[]>();
    for (const institution of world.institutions) {
      byName.set(institution.name, [...(byName.get(institution.name) ?? []), institution]);
    }
    const twins = [...byName.values()].filter((group) => group.length > 1);
    expect(twins.map((group) => group.map(({ index }) => index))).toEqual([
      [...SPECIAL_INDEXES.sameNameOtherRegion],
      [...SPECIAL_INDEXES.sameNameSameRegion],
    ]);
    const regions = twins.map((group) => new Set(group.map(({ region }) => region)).size);
    expect(regions).toEqual([2, 1]);
    for (const index of SPECIAL_INDEXES.sameNameSameRegion) {
      expect(institutionAt(world, index).codeMissingAt).toEqual(['transport']);
      expect(institutionAt(world, index).nameAt).toEqual({});
    }
  });

  it.each([
    ['VEHICLE_INSPECTION_BODY', 0.45],
    ['ENV_MONITORING_BODY', 0.15],
    ['FOOD_AGRI_TESTING_BODY', 0.12],
    ['INSPECTION_TESTING_BODY', 0.1],
    ['MEDICAL_DEVICE_INSPECTION_BODY', 0.05],
    ['CERTIFICATION_BODY', 0.05],
    ['OTHER', 0.03],
  ] as const)('are of the kind %s with a share of about %p', (kind, expected) => {
    const count = generated.filter(({ kinds }) => kinds[0] === kind).length;
    expect(Math.abs(share(count, generated.length) - expected)).toBeLessThan(0.01);
  });

  it('are known to the departments that their kind concerns', () => {
    const odd = generated.filter(({ kinds: [kind], localNumbers: { ecology, transport, publicSecurity } }) => {
      const known = [ecology, transport, publicSecurity].filter((number) => number !== null).length;
      if (kind === 'VEHICLE_INSPECTION_BODY') return known < 2;
      return kind === 'ENV_MONITORING_BODY' ? ecology === null || known !== 1 : known !== 0;
    });
    expect(odd).toEqual([]);
    const incomplete = vehicleBodies.filter(({ localNumbers }) => Object.values(localNumbers).includes(null));
    expect(share(incomplete.length, vehicleBodies.length)).toBeCloseTo(0.04, 1);
    expect(incomplete.length).toBeGreaterThan(0);
  });

  it('are described differently by some departments', () => {
    const withView = (view: 'nameAt' | 'regionAt' | 'addressAt' | 'statusAt') =>
      vehicleBodies.filter((institution) => Object.keys(institution[view]).length > 0);
    for (const view of ['nameAt', 'regionAt', 'addressAt', 'statusAt'] as const) {
      expect(withView(view).length).toBeGreaterThan(20);
    }
    const missing = vehicleBodies.filter(({ codeMissingAt }) => codeMissingAt.includes('transport'));
    expect(share(missing.length, vehicleBodies.length)).toBeCloseTo(INCONSISTENCY_RATES.codeMissingAtTransport, 1);
  });

  it('are known by half-width brackets, without the legal form or by a former name', () => {
    const names = vehicleBodies.flatMap(({ nameAt }) => Object.values(nameAt));
    expect(names.some((name) => name.includes('('))).toBe(true);
    expect(names.some((name) => name.endsWith('综合性能检测站'))).toBe(true);
    expect(names.some((name) => /(?:检测|检验|检测服务)$/.test(name))).toBe(true);
  });

  it('lie in the same place even where a department uses a retired code', () => {
    for (const { region, regionAt } of vehicleBodies) {
      for (const retired of Object.values(regionAt)) {
        expect(retired).not.toBe(region);
        const current = currentRegionCode(parseRegionCode(retired));
        expect([region, `${region.slice(0, 4)}00`]).toContain(current);
      }
    }
  });
});
