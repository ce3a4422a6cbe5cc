/** What was true when, what was known when, and who says something else. */
import { describe, expect, it } from '@jest/globals';
import { CERTIFICATES } from '../../sources/world/planted/keys.ts';
import { SPECIAL_INDEXES } from '../../sources/world/special-indexes.ts';
import type { SubjectKey } from '../../sources/world/subjects.ts';
import type { WorldInstitution } from '../../sources/world/types.ts';
import { codeOf, dataOf, institutionAt, nodesOf, PATIENCE_MS, useHub, type Connection } from './support.ts';

const hub = useHub({ worldSize: 120, patienceMs: PATIENCE_MS });

const ask = <T>(text: string, variables: Record<string, unknown> = {}) => hub().query<T>(text, variables, PATIENCE_MS);

describe('qualifications at a time', () => {
  interface Qualification {
    readonly number: string;
    readonly status: string;
    readonly emergencyChannel: boolean;
    readonly scope: readonly { readonly parameter: string }[];
  }
  const AT = `
    query ($code: CreditCode!, $at: DateTime, $knownAt: DateTime, $scheme: QualificationScheme) {
      institution(creditCode: $code) {
        qualifications(at: $at, knownAt: $knownAt, scheme: $scheme) {
          scheme number status emergencyChannel scope { parameter }
        }
      }
    }`;

  /** The register's CMA certificates as of noon of a day. */
  async function cmaOf(key: SubjectKey, day: string, knownOn: string | null = null): Promise<readonly Qualification[]> {
    const noon = (date: string): string => `${date}T12:00:00+08:00`;
    const answer = await ask<{ institution: { qualifications: readonly Qualification[] } }>(AT, {
      code: codeOf(key),
      at: noon(day),
      knownAt: knownOn && noon(knownOn),
      scheme: 'CMA',
    });
    return dataOf(answer).institution.qualifications;
  }
  const inShort = (qualifications: readonly Qualification[]): string[] =>
    qualifications.map(({ number, status }) => `${number} ${status}`);
  const canTest = (qualifications: readonly Qualification[], number: string, parameter: string): boolean | undefined =>
    qualifications.find((each) => each.number === number)?.scope.some((item) => item.parameter === parameter);

  it.each<[what: string, key: SubjectKey, day: string, expected: string[]]>([
    ['begin on their first day', 'INST-H', '2020-05-18', [`${CERTIFICATES.cmaOfH} VALID`]],
    ['are not there before', 'INST-H', '2020-05-17', []],
    ['hold until the day before they are revoked', 'INST-H', '2026-02-01', [`${CERTIFICATES.cmaOfH} VALID`]],
    ['are revoked on the day they are', 'INST-H', '2026-02-02', [`${CERTIFICATES.cmaOfH} REVOKED`]],
    ['hold on their last day', 'INST-F', '2025-12-19', [`${CERTIFICATES.cmaOfF} VALID`]],
    ['have expired on the next', 'INST-F', '2025-12-20', [`${CERTIFICATES.cmaOfF} EXPIRED`]],
    ['stand before a renewal', 'INST-B', '2022-06-19', ['162405340202 VALID']],
    ['stand beside their successor', 'INST-B', '2022-06-20', ['162405340202 EXPIRED', `${CERTIFICATES.cmaOfB} VALID`]],
    ['are under rectification', 'INST-B', '2026-03-05', ['162405340202 EXPIRED', `${CERTIFICATES.cmaOfB} RECTIFYING`]],
  ])('%s (%s, %s)', async (_, key, day, expected) => {
    expect(inShort(await cmaOf(key, day))).toEqual(expected);
  });

  it('show a renewal with the smaller scope that the register has corrected since', async () => {
    const corrected = await cmaOf('INST-G', '2024-06-01');
    expect(inShort(corrected)).toEqual([`${CERTIFICATES.cmaOfGBefore} EXPIRED`, `${CERTIFICATES.cmaOfG} VALID`]);
    expect(canTest(corrected, CERTIFICATES.cmaOfGBefore, '农药残留')).toBe(true);
    expect(canTest(corrected, CERTIFICATES.cmaOfG, '农药残留')).toBe(false);
    expect(canTest(corrected, CERTIFICATES.cmaOfG, '水分')).toBe(true);
  });

  it('show the scope that was believed before the correction to whoever asks for the knowledge of then', async () => {
    expect(canTest(await cmaOf('INST-G', '2024-06-01', '2026-02-19'), CERTIFICATES.cmaOfG, '农药残留')).toBe(true);
    expect(canTest(await cmaOf('INST-G', '2024-06-01', '2026-02-21'), CERTIFICATES.cmaOfG, '农药残留')).toBe(false);
  });

  it('do not show a renewal before the register had entered it', async () => {
    expect(inShort(await cmaOf('INST-G', '2024-02-11', '2024-02-11'))).toEqual([
      `${CERTIFICATES.cmaOfGBefore} EXPIRED`,
    ]);
    expect(inShort(await cmaOf('INST-G', '2024-02-11'))).toContain(`${CERTIFICATES.cmaOfG} VALID`);
  });

  it('show what was allowed through the emergency channel, and for how long', async () => {
    const masks = async (day: string) => {
      const [cma] = await cmaOf('INST-E', day);
      return [cma?.emergencyChannel, cma?.scope.length];
    };
    const [, usual = 0] = await masks('2022-12-19');
    expect(await masks('2022-12-20')).toEqual([true, Number(usual) + 2]);
    expect(await masks('2023-06-19')).toEqual([true, Number(usual) + 2]);
    expect(await masks('2023-06-20')).toEqual([false, usual]);
  });

  it('are of the scheme asked for', async () => {
    type Schemes = { institution: { qualifications: readonly { scheme: string }[] } };
    const schemes = async (scheme: string | null) => {
      const answer = await ask<Schemes>(AT, { code: codeOf('INST-A'), at: '2026-03-31T12:00:00+08:00', scheme });
      return dataOf(answer).institution.qualifications.map((each) => each.scheme);
    };
    expect(await schemes(null)).toEqual(['CMA', 'ECOLOGY_FILING', 'POLICE_FILING', 'TRANSPORT_FILING']);
    expect(await schemes('POLICE_FILING')).toEqual(['POLICE_FILING']);
    expect(await schemes('CNAS')).toEqual([]);
  });
});

describe('where departments disagree', () => {
  interface Conflict {
    readonly field: string;
    readonly chosen: string;
    readonly rule: string;
    readonly values: readonly { value: string; provenance: { department: { id: string } } }[];
  }
  const CONFLICTS = `
    query ($code: CreditCode!) {
      institution(creditCode: $code) {
        conflicts { field chosen rule values { value provenance { department { id } } } }
      }
    }`;

  /** Chosen value and every department's value, by field. */
  async function conflictsOf(code: string): Promise<Record<string, { chosen: string; said: Record<string, string> }>> {
    const { institution } = dataOf(await ask<{ institution: { conflicts: readonly Conflict[] } }>(CONFLICTS, { code }));
    for (const { field, rule } of institution.conflicts) {
      expect(rule).toBe(`AUTHORITY: market-regulation is authoritative for ${field}`);
    }
    return Object.fromEntries(
      institution.conflicts.map(({ field, chosen, values }) => {
        const said = Object.fromEntries(values.map(({ value, provenance }) => [provenance.department.id, value]));
        return [field, { chosen, said }];
      }),
    );
  }

  it('INST-B: the police have not heard of the renewal, and two departments write it down differently', async () => {
    const [name, short] = ['六盘水示例乙机动车检测有限公司', '六盘水示例乙机动车检测'];
    const address = '贵州省六盘水市钟山区示例路2号';
    expect(await conflictsOf(codeOf('INST-B'))).toEqual({
      name: {
        chosen: name,
        said: { 'market-regulation': name, ecology: name, transport: short, 'public-security': name },
      },
      address: {
        chosen: address,
        said: expect.objectContaining({ 'market-regulation': address, ecology: '六盘水市钟山区示例路2号附1号' }),
      },
      cmaNumber: {
        chosen: '222405340202',
        said: expect.objectContaining({ ecology: '222405340202', 'public-security': '162405340202' }),
      },
      cmaValidTo: {
        chosen: '2028-06-19',
        said: expect.objectContaining({ ecology: '2028-06-19', 'public-security': '2022-06-19' }),
      },
    });
  });

  it('INST-H: its former name with the police, and closed for ecology only', async () => {
    expect(await conflictsOf(codeOf('INST-H'))).toEqual({
      name: {
        chosen: '安顺示例辛机动车检测有限公司',
        said: expect.objectContaining({ 'public-security': '安顺示例辛机动车综合性能检测站' }),
      },
      status: {
        chosen: 'ACTIVE',
        said: { 'market-regulation': 'ACTIVE', ecology: 'REVOKED', transport: 'ACTIVE', 'public-security': 'ACTIVE' },
      },
    });
  });

  it('INST-F: a prefecture by its retired code is no other place than the county in it', async () => {
    expect(await conflictsOf(codeOf('INST-F'))).toEqual({});
  });

  it('brackets of another width and retired county codes are no disagreement', async () => {
    const { world } = hub();
    const differs = (institution: WorldInstitution): boolean =>
      Object.values(institution.nameAt).some((name) => name.normalize('NFKC') !== institution.name.normalize('NFKC'));
    const spelt = world.institutions.filter((each) => Object.keys(each.nameAt).length > 0 && !differs(each));
    const moved = world.institutions.filter(({ index, regionAt }) => index > 8 && Object.keys(regionAt).length > 0);
    expect([spelt.length > 3, moved.length > 0]).toEqual([true, true]);
    for (const { creditCode } of spelt) expect(Object.keys(await conflictsOf(creditCode))).not.toContain('name');
    for (const { creditCode } of moved) expect(Object.keys(await conflictsOf(creditCode))).not.toContain('region');
  });

  it('an old certificate on file beside the one in force is no disagreement', async () => {
    const { world } = hub();
    const renewed = world.institutions.find((institution) => {
      const numbers = new Set(world.qualificationsOf(institution).map(({ number }) => number));
      const filing = world.policeFilingOf(institution);
      return institution.index > 13 && numbers.size > 1 && filing?.cmaNumber === world.cmaNumberOf(institution);
    });
    expect(Object.keys(await conflictsOf(renewed?.creditCode ?? ''))).not.toContain('cmaNumber');
  });
});

describe('institutions of one name', () => {
  interface Namesake {
    readonly institution: {
      readonly name: string;
      readonly aliases: readonly { localId: string; matchedBy: string; department: { id: string } }[];
      readonly inspections: Connection<{ readonly id: string }>;
      readonly reports: Connection<{ readonly number: string }>;
      readonly coverage: readonly { readonly status: string }[];
    };
  }
  const NAMESAKE = `
    query ($code: CreditCode!) {
      institution(creditCode: $code) {
        name aliases { localId matchedBy department { id } }
        inspections(first: 100) { edges { node { id } } }
        reports(first: 100) { edges { node { number } } }
        coverage { status }
      }
    }`;
  const namesake = async (index: number): Promise<Namesake['institution']> => {
    const { creditCode } = institutionAt(hub().world, index);
    return dataOf(await ask<Namesake>(NAMESAKE, { code: creditCode })).institution;
  };

  it.each([
    ['in two regions', SPECIAL_INDEXES.sameNameOtherRegion, true],
    // Ecology has nothing but the name of either: a person has to tell them apart.
    ['in one region', SPECIAL_INDEXES.sameNameSameRegion, false],
  ])('%s keep their own numbers, inspections and reports', async (_, pair, isKnownToEcology) => {
    const [one, other] = [await namesake(pair[0]), await namesake(pair[1])];
    expect(one.name).toBe(other.name);
    for (const [index, seen] of [one, other].entries()) {
      const institution = institutionAt(hub().world, pair[index] ?? -1);
      const { ecology, transport, publicSecurity } = institution.localNumbers;
      const numbers = [...(isKnownToEcology ? [ecology] : []), transport, publicSecurity];
      expect(seen.aliases.map(({ localId }) => localId)).toEqual(numbers);
      expect(seen.aliases.map(({ matchedBy }) => matchedBy)).not.toContain('NAME_AND_REGION');
      const own = hub()
        .world.visitsOf(institution)
        .flatMap(({ emission, road }) => [
          ...(emission ? [`ecology~${emission.id}`] : []),
          ...(road ? [`transport~${road.id}`] : []),
        ]);
      const foreign = nodesOf(seen.inspections).filter(
        ({ id }) => !id.startsWith(`public-security~${publicSecurity ?? ''}`) && !own.includes(id),
      );
      expect(foreign).toEqual([]);
    }
    const ids = (seen: Namesake['institution']) => nodesOf(seen.inspections).map(({ id }) => id);
    const numbers = (seen: Namesake['institution']) => nodesOf(seen.reports).map(({ number }) => number);
    expect(ids(one).filter((id) => ids(other).includes(id))).toEqual([]);
    expect(numbers(one).filter((number) => numbers(other).includes(number))).toEqual([]);
  });
});
