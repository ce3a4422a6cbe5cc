/** A department that fails is named; what the others know is shown, in time and without an error. */
import { describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../../sources/kit/upstream/faults.ts';
import { SPECIAL_INDEXES } from '../../sources/world/special-indexes.ts';
import type { DepartmentName } from '../support/hub.ts';
import {
  codeOf,
  dataOf,
  DEPARTMENTS,
  errorsOf,
  institutionAt,
  nodesOf,
  useHub,
  type Connection,
  type CoverageSeen,
} from './support.ts';

const hub = useHub({ worldSize: 12, guard: { failuresToOpen: 1_000 } });

/** An operation is to be answered within 2 s; the rest is for a machine that has other work to do. */
const LONGEST_MS = 2_300;

const JOIN = `
  query ($code: CreditCode!) {
    institution(creditCode: $code) {
      name
      aliases { localId }
      qualifications { scheme }
      facilities { id }
      inspections(filter: { from: "2026-03-02T00:00:00+08:00" }) { edges { node { __typename } } }
      reports { edges { node { provenance { department { id } } } } }
      penalties { edges { node { documentNumber } } }
      listEntries { listType }
      coverage { department { id } facet status reason }
      decisionSafety(maxAgeSeconds: 60) { safe reasons { department { id } facet reason } }
    }
  }`;

interface Joined {
  readonly institution: {
    readonly name: string;
    readonly qualifications: readonly { scheme: string }[];
    readonly inspections: Connection<{ __typename: string }>;
    readonly reports: Connection<{ provenance: { department: { id: string } } }>;
    readonly coverage: readonly CoverageSeen[];
    readonly decisionSafety: { readonly safe: boolean; readonly reasons: readonly CoverageSeen[] };
  };
}

const join = (key: Parameters<typeof codeOf>[0] = 'INST-A') => hub().query<Joined>(JOIN, { code: codeOf(key) });

/** Which departments' own facts are in the answer. */
function heardFrom({ qualifications, inspections }: Joined['institution']): DepartmentName[] {
  const schemes = qualifications.map(({ scheme }) => scheme);
  const kinds = nodesOf(inspections).map(({ __typename }) => __typename);
  const signs: Readonly<Record<DepartmentName, boolean>> = {
    'market-regulation': schemes.includes('CMA'),
    ecology: schemes.includes('ECOLOGY_FILING') && kinds.includes('VehicleEmissionTest'),
    transport: schemes.includes('TRANSPORT_FILING') && kinds.includes('RoadVehicleTest'),
    'public-security': schemes.includes('POLICE_FILING') && kinds.includes('VehicleSafetyInspection'),
  };
  return DEPARTMENTS.filter((department) => signs[department]);
}

/** Answers that are neither full nor "holds no such facts". */
const wanting = (coverage: readonly CoverageSeen[]): CoverageSeen[] =>
  coverage.filter(({ status }) => status !== 'LIVE' && status !== 'UNSUPPORTED');

const FACETS_HELD: Readonly<Record<DepartmentName, readonly string[]>> = {
  'market-regulation': ['INSTITUTIONS', 'LIST_ENTRIES', 'PENALTIES', 'QUALIFICATIONS', 'REPORTS'],
  ecology: ['FACILITIES', 'INSPECTIONS', 'INSTITUTIONS', 'PENALTIES', 'QUALIFICATIONS', 'REPORTS'],
  transport: ['INSPECTIONS', 'INSTITUTIONS', 'PENALTIES', 'QUALIFICATIONS', 'REPORTS'],
  'public-security': ['FACILITIES', 'INSPECTIONS', 'INSTITUTIONS', 'QUALIFICATIONS'],
};

const FAULTS: readonly (readonly [kind: FaultKind, code: string])[] = [
  ['slow', 'SOURCE_TIMEOUT'],
  ['down', 'SOURCE_UNAVAILABLE'],
  ['half-open', 'SOURCE_TIMEOUT'],
  ['garbage', 'SOURCE_MALFORMED'],
  ['truncated', 'SOURCE_UNAVAILABLE'],
  ['refused', 'SOURCE_REFUSED'],
];

describe.each(DEPARTMENTS)('while %s fails', (failing) => {
  const others = DEPARTMENTS.filter((department) => department !== failing);

  it.each(FAULTS)('(%s) the others are shown in time and it is named with %s', async (kind, code) => {
    dataOf(await join());
    const [answer, elapsedMs] = await hub().during(failing, { kind }, async () => {
      const begunAt = Date.now();
      return [await join(), Date.now() - begunAt] as const;
    });

    const { institution } = dataOf(answer);
    expect(elapsedMs).toBeLessThan(LONGEST_MS);
    expect(heardFrom(institution)).toEqual(others);
    expect(institution.name).toBe('贵州示例甲机动车检测有限公司');
    const missing = wanting(institution.coverage);
    expect(missing.map(({ department, facet, status }) => [department.id, facet, status]).toSorted()).toEqual(
      FACETS_HELD[failing].map((facet) => [failing, facet, 'UNAVAILABLE']),
    );
    for (const { reason } of missing) expect(reason).toMatch(new RegExp(`^${code}: \\S`));
    const { safe, reasons } = institution.decisionSafety;
    expect(safe).toBe(false);
    expect(reasons.map(({ reason }) => reason)).toEqual(missing.map(({ reason }) => reason));
  });

  it('and it is live again at once when it has recovered', async () => {
    await hub().during(failing, { kind: 'down' }, () => join());
    const { institution } = dataOf(await join());
    expect(heardFrom(institution)).toEqual(DEPARTMENTS);
    expect(wanting(institution.coverage)).toEqual([]);
    expect(institution.decisionSafety).toEqual({ safe: true, reasons: [] });
  });
});

describe('while the register is silent', () => {
  const SILENT = { kind: 'down' } as const;
  interface Known {
    readonly institution: {
      readonly name: string;
      readonly aliases: readonly { readonly localId: string }[];
      readonly inspections: Connection<{ readonly __typename: string }>;
      readonly coverage: readonly CoverageSeen[];
    } | null;
  }
  const KNOWN = `
    query ($code: CreditCode!) {
      institution(creditCode: $code) {
        name aliases { localId } inspections { edges { node { __typename } } }
        coverage { department { id } facet status reason }
      }
    }`;
  const ask = (code: string) => hub().query<Known>(KNOWN, { code });
  const kindsIn = (seen: Known): Set<string> =>
    new Set(nodesOf(seen.institution?.inspections ?? { edges: [] }).map(({ __typename }) => __typename));

  it('an institution seen before keeps its numbers, and another department gives the name', async () => {
    // Ecology writes its name with other brackets, so that one can tell who speaks.
    const station = institutionAt(hub().world, 19);
    const code = station.creditCode;
    expect(dataOf(await ask(code)).institution?.name).toBe(station.name);

    const seen = dataOf(await hub().during('market-regulation', SILENT, () => ask(code)));
    expect(seen.institution?.name).toBe(station.nameAt.ecology);
    expect(seen.institution?.aliases.map(({ localId }) => localId)).toEqual([
      station.localNumbers.ecology,
      station.localNumbers.transport,
      station.localNumbers.publicSecurity,
    ]);
    expect(kindsIn(seen)).toEqual(new Set(['VehicleEmissionTest', 'VehicleSafetyInspection', 'RoadVehicleTest']));
    expect(wanting(seen.institution?.coverage ?? [])).toMatchObject([
      { department: { id: 'market-regulation' }, facet: 'INSTITUTIONS', status: 'UNAVAILABLE' },
    ]);
  });

  it('an institution never seen is found by what transport holds of it', async () => {
    const station = institutionAt(hub().world, SPECIAL_INDEXES.sameNameOtherRegion[0]);
    const seen = dataOf(await hub().during('market-regulation', SILENT, () => ask(station.creditCode)));
    expect(seen.institution?.name).toBe(station.name);
    expect(kindsIn(seen)).toEqual(new Set(['VehicleEmissionTest', 'VehicleSafetyInspection', 'RoadVehicleTest']));
  });

  it.each([
    ['one that only the register knows', codeOf('INST-D')],
    ['one that nobody knows', '91350100M000100Y43'],
  ])('%s is an error and not "no such institution"', async (_, code) => {
    const answer = await hub().during('market-regulation', SILENT, () => ask(code));
    expect(answer.data).toEqual({ institution: null });
    expect(errorsOf(answer)).toMatchObject([
      { message: expect.stringContaining('Market Regulation'), extensions: { code: 'SOURCE_UNAVAILABLE' } },
    ]);
  });

  it('the list of institutions is an error and not an empty list', async () => {
    const answer = await hub().during('market-regulation', SILENT, () =>
      hub().query('{ institutions { edges { node { name } } } }'),
    );
    expect(answer.data).toBeNull();
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'SOURCE_UNAVAILABLE' } }]);
  });
});

describe('records that cannot be read', () => {
  interface Records {
    readonly institution: {
      readonly inspections: Connection<Source>;
      readonly reports: Connection<Source>;
      readonly coverage: readonly CoverageSeen[];
      readonly decisionSafety: { readonly safe: boolean };
    };
  }
  interface Source {
    readonly provenance: { readonly department: { readonly id: string }; readonly sourceRecordId: string };
  }
  const RECORDS = `
    query ($code: CreditCode!) {
      institution(creditCode: $code) {
        inspections(first: 50, filter: { from: "2026-02-01T00:00:00+08:00" }) {
          edges { node { provenance { department { id } sourceRecordId } } }
        }
        reports(first: 50, filter: { from: "2026-02-01" }) {
          edges { node { provenance { department { id } sourceRecordId } } }
        }
        coverage { department { id } facet status reason }
        decisionSafety(maxAgeSeconds: 60) { safe }
      }
    }`;
  const records = async () => dataOf(await hub().query<Records>(RECORDS, { code: codeOf('INST-A') })).institution;

  const CASES = [
    { department: 'ecology', facet: 'INSPECTIONS', list: 'inspections', field: 'Teststime' },
    { department: 'public-security', facet: 'INSPECTIONS', list: 'inspections', field: 'jyjgpd' },
    { department: 'transport', facet: 'INSPECTIONS', list: 'inspections', field: 'JCJL' },
    { department: 'market-regulation', facet: 'REPORTS', list: 'reports', field: 'QFRQ' },
  ] as const;

  /** The department's own record numbers in a list. */
  const idsOf = (list: Connection<Source>, of: (department: string) => boolean): string[] =>
    nodesOf(list)
      .filter(({ provenance }) => of(provenance.department.id))
      .map(({ provenance }) => provenance.sourceRecordId);

  it.each(CASES)('$department: one is left out and named, the others are shown', async (known) => {
    const { department, facet, list, field } = known;
    const isOwn = (id: string) => id === department;
    const before = await records();
    const seen = await hub().during(department, { kind: 'schema-drift', scope: 'first' }, records);

    const [shownBefore, shownNow] = [idsOf(before[list], isOwn), idsOf(seen[list], isOwn)];
    expect(shownNow.length).toBeGreaterThan(0);
    expect(shownBefore.filter((id) => !shownNow.includes(id))).toHaveLength(1);
    const own = seen.coverage.find((each) => each.department.id === department && each.facet === facet);
    expect(own).toMatchObject({ status: 'PARTIAL' });
    expect(own?.reason).toMatch(new RegExp(`^SOURCE_MALFORMED: 1 record left out; field ${field} `));
    expect(seen.decisionSafety.safe).toBe(false);
  });

  it.each(CASES)(
    '$department: a list of which none can be read does not look like nothing on record',
    async (known) => {
      const { department, facet, list, field } = known;
      const isOwn = (id: string) => id === department;
      const before = await records();
      const seen = await hub().during(department, { kind: 'schema-drift', scope: 'all' }, records);

      expect(idsOf(seen[list], isOwn)).toEqual([]);
      expect(idsOf(seen[list], (id) => !isOwn(id))).toEqual(idsOf(before[list], (id) => !isOwn(id)));
      const own = seen.coverage.find((each) => each.department.id === department && each.facet === facet);
      expect(own?.status).toMatch(/^(PARTIAL|UNAVAILABLE)$/);
      expect(own?.reason).toMatch(new RegExp(`^SOURCE_MALFORMED: .*\\b${field}\\b`));
      expect(seen.decisionSafety.safe).toBe(false);
    },
  );
});

describe('an answer in another shape', () => {
  const FACTS = `
    query ($code: CreditCode!) {
      institution(creditCode: $code) {
        name address aliases { localId } qualifications { number status } facilities { name }
        inspections(first: 5) { edges { node { id result vehicle { plate } } } }
        reports(first: 5) { edges { node { number parameters { parameter standard } } } }
        penalties { totalCount edges { node { documentNumber reason } } }
        coverage { department { id } facet status reason }
      }
    }`;
  const facts = async () => dataOf(await hub().query(FACTS, { code: codeOf('INST-H') }));

  describe.each(DEPARTMENTS)('from %s', (department) => {
    it.each(['duplicate-rows', 'out-of-order', 'wrong-charset'] as const)('(%s) is the same answer', async (kind) => {
      const before = await facts();
      expect(await hub().during(department, { kind }, facts)).toEqual(before);
    });
  });
});
