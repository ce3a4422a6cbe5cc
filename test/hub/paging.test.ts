/** Lists: every record exactly once and in order, whatever the size of the page; filters against the world's truth. */
import { describe, expect, it } from '@jest/globals';
import { PUBLIC_CALLER } from '../../schema/access/caller.ts';
import type { World, WorldInstitution } from '../../sources/world/types.ts';
import {
  codeOf,
  dataOf,
  errorsOf,
  institutionAt,
  PATIENCE_MS,
  present,
  subjectOf,
  STAFF,
  useHub,
  type Connection,
} from './support.ts';

const hub = useHub({ worldSize: 60, patienceMs: PATIENCE_MS });

const ask = <T>(text: string, variables: Record<string, unknown> = {}) => hub().query<T>(text, variables, PATIENCE_MS);

/** All pages of a list one after the other, as a client with this page size sees them. */
async function walk<N>(
  page: (first: number, after: string | null) => Promise<Connection<N>>,
  first: number,
): Promise<N[]> {
  const all: N[] = [];
  let after: string | null = null;
  for (;;) {
    const { edges, pageInfo }: Connection<N> = await page(first, after);
    all.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return all;
    expect(edges).toHaveLength(first);
    after = pageInfo.endCursor;
  }
}

interface Dated {
  readonly id: string;
  readonly at: string;
  readonly provenance: { readonly department: { readonly id: string } };
}

/** A page of one of an institution's lists. */
function pagesOf(code: string, list: 'inspections' | 'reports' | 'penalties', filter: string = '') {
  const nodes = {
    inspections: 'id at: startedAt',
    reports: 'id: number at: issuedOn version: digest',
    penalties: 'id at: decidedOn',
  }[list];
  const text = `
    query ($code: CreditCode!, $first: Int!, $after: Cursor) {
      institution(creditCode: $code) {
        list: ${list}(first: $first, after: $after ${filter}) {
          totalCount pageInfo { hasNextPage endCursor } edges { node { ${nodes} provenance { department { id } } } }
        }
      }
    }`;
  return async (first: number, after: string | null): Promise<Connection<Dated>> => {
    const variables = { code, first, after };
    const answer = await hub().query<{ institution: { list: Connection<Dated> } }>(text, variables, PATIENCE_MS, STAFF);
    return dataOf(answer).institution.list;
  };
}

function countByDepartment(records: readonly Dated[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { provenance } of records) {
    const { id } = provenance.department;
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

const newestFirst = (records: readonly Dated[]): string[] =>
  records
    .map(({ at }) => at)
    .toSorted()
    .reverse();

/** How many of an institution's visits have a part with one department, and of those how many fit. */
function truthOf(
  world: World,
  institution: WorldInstitution,
  fits: (part: { readonly passed: boolean | null }) => boolean = () => true,
): Record<string, number> {
  const visits = world.visitsOf(institution);
  const count = (part: 'emission' | 'road' | 'safety'): number =>
    visits.filter((visit) => visit[part] !== null && fits(visit[part])).length;
  return { ecology: count('emission'), transport: count('road'), 'public-security': count('safety') };
}

describe('inspections', () => {
  it.each([7, 50, 100])('of a station come once each and newest first in pages of %i', async (first) => {
    const station = institutionAt(hub().world, 19);
    const all = await walk(pagesOf(station.creditCode, 'inspections'), first);
    expect(countByDepartment(all)).toEqual(truthOf(hub().world, station));
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.map(({ at }) => at)).toEqual(newestFirst(all));
  });

  it('are the same list in pages of any size', async () => {
    const pages = pagesOf(codeOf('INST-A'), 'inspections');
    const whole = await walk(pages, 100);
    expect(await walk(pages, 3)).toEqual(whole);
    expect(await walk(pages, 29)).toEqual(whole);
  });

  it.each([
    ['FAIL', false],
    ['PASS', true],
  ] as const)('with verdict %s are found on every page, however rare they are', async (result, passed) => {
    const station = subjectOf(hub().world, 'INST-B');
    const pages = pagesOf(station.creditCode, 'inspections', `filter: { result: ${result} }`);
    const all = await walk(pages, 9);
    expect(countByDepartment(all)).toEqual(truthOf(hub().world, station, (part) => part.passed === passed));
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('without a verdict are found by that', async () => {
    const { world } = hub();
    const notJudged = ({ passed }: { passed: boolean | null }) => passed === null;
    const [station] = world.institutions.slice(10).flatMap((each) => {
      const { ecology = 0 } = truthOf(world, each, notJudged);
      return ecology > 0 ? [{ code: each.creditCode, ecology }] : [];
    });
    const { code, ecology } = present(station);
    const all = await walk(pagesOf(code, 'inspections', 'filter: { result: NOT_INSPECTED }'), 5);
    expect(countByDepartment(all)).toEqual({ ecology });
  });

  it('of one crowded day are paged through at one department', async () => {
    const filter = `filter: {
      from: "2025-11-18T00:00:00+08:00", to: "2025-11-18T23:59:59+08:00", departments: ["public-security"]
    }`;
    const all = await walk(pagesOf(codeOf('INST-H'), 'inspections', filter), 30);
    expect(countByDepartment(all)).toEqual({ 'public-security': 100 });
  });
});

describe('reports', () => {
  it.each([8, 100])('of a station come once per register and newest first in pages of %i', async (first) => {
    const station = institutionAt(hub().world, 19);
    const all = await walk(pagesOf(station.creditCode, 'reports'), first);
    const { ecology, transport } = truthOf(hub().world, station);
    expect(countByDepartment(all)).toEqual({
      'market-regulation': hub().world.reportsOf(station).length,
      ecology,
      transport,
    });
    expect(all.map(({ at }) => at)).toEqual(newestFirst(all));
  });

  it('of one day that fill many pages come once each', async () => {
    const day = 'filter: { from: "2025-11-18", to: "2025-11-18" }';
    const all = await walk(pagesOf(codeOf('INST-H'), 'reports', day), 17);
    const registered = hub()
      .world.reportsOf(subjectOf(hub().world, 'INST-H'))
      .filter(({ issuedOn }) => issuedOn === '2025-11-18');
    expect(registered.length).toBeGreaterThan(90);
    expect(countByDepartment(all)['market-regulation']).toBe(registered.length);
    expect(new Set(all.map(({ id, provenance }) => `${id} ${provenance.department.id}`)).size).toBe(all.length);
  });

  it('are found by number', async () => {
    const pages = pagesOf(codeOf('INST-A'), 'reports', 'filter: { number: "520115PF260302000000117" }');
    expect(countByDepartment(await walk(pages, 10))).toEqual({ 'market-regulation': 1, ecology: 1 });
  });
});

describe('penalties', () => {
  it('of several departments come once each, latest first, with their number', async () => {
    const pages = pagesOf(codeOf('INST-H'), 'penalties');
    const all = await walk(pages, 1);
    expect((await pages(1, null)).totalCount).toBe(3);
    expect(countByDepartment(all)).toEqual({ 'market-regulation': 2, transport: 1 });
    expect(all.map(({ at }) => at)).toEqual(newestFirst(all));
    expect(await walk(pages, 100)).toEqual(all);
  });
});

describe('institutions', () => {
  interface Row {
    readonly creditCode: string;
    readonly name: string;
  }
  interface Page {
    readonly institutions: Connection<Row>;
  }
  const LIST = `
    query ($first: Int!, $after: Cursor, $filter: InstitutionFilter, $orderBy: InstitutionOrder) {
      institutions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { creditCode name } }
      }
    }`;
  const pages =
    (variables: Record<string, unknown> = {}) =>
    async (first: number, after: string | null): Promise<Connection<Row>> =>
      dataOf(await ask<Page>(LIST, { ...variables, first, after })).institutions;
  const codes = (rows: readonly { readonly creditCode: string }[]): string[] =>
    rows.map(({ creditCode }) => creditCode).toSorted();

  it.each([7, 100])('come once each and by name in pages of %i', async (first) => {
    const all = await walk(pages(), first);
    const byName = hub().world.institutions.toSorted((a, b) =>
      a.name === b.name ? (a.creditCode < b.creditCode ? -1 : 1) : a.name < b.name ? -1 : 1,
    );
    expect(all).toEqual(byName.map(({ creditCode, name }) => ({ creditCode, name })));
    expect((await pages()(first, null)).totalCount).toBe(all.length);
  });

  it('come with the latest change first when asked to', async () => {
    const all = await walk(pages({ orderBy: 'UPDATED_DESC' }), 20);
    const times = all.map(({ creditCode }) => hub().world.byCreditCode(creditCode)?.updatedAt.getTime() ?? 0);
    expect(times).toHaveLength(hub().world.institutions.length);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  const FILTERS: readonly (readonly [
    what: string,
    filter: Record<string, unknown>,
    truth: (institution: WorldInstitution, world: World) => boolean,
  ])[] = [
    ['part of the name', { text: '机动车' }, ({ name }) => name.includes('机动车')],
    ['a credit code', { text: '91520115MAYDM00198' }, ({ key }) => key === 'INST-A'],
    ['a certificate number', { text: '222412050021' }, ({ key }) => key === 'INST-C'],
    ['a prefecture', { region: '5201' }, ({ region }) => region.startsWith('5201')],
    ['a county', { region: '520402' }, ({ region }) => region === '520402'],
    ['a prefecture by its retired code', { region: '522400' }, ({ region }) => region.startsWith('5205')],
    [
      'one of two kinds',
      { kinds: ['CERTIFICATION_BODY', 'ENV_MONITORING_BODY'] },
      ({ kinds }) => kinds.some((kind) => kind === 'CERTIFICATION_BODY' || kind === 'ENV_MONITORING_BODY'),
    ],
    ['standing on a list', { listed: true }, isListed],
    ['standing on no list', { listed: false }, (institution, world) => !isListed(institution, world)],
    ['a revoked qualification', { qualification: 'REVOKED' }, (each, world) => holds(each, world, 'REVOKED')],
    [
      'a qualification under rectification',
      { qualification: 'RECTIFYING' },
      (each, world) => holds(each, world, 'RECTIFYING'),
    ],
    [
      'several of these at once',
      { kinds: ['VEHICLE_INSPECTION_BODY'], region: '52', listed: true },
      (each, world) => each.kinds.includes('VEHICLE_INSPECTION_BODY') && isListed(each, world),
    ],
    ['no kind at all', { kinds: [] }, () => false],
  ];

  function isListed(institution: WorldInstitution, world: World): boolean {
    return world.listEntriesOf(institution).some(({ removedOn }) => removedOn === null || removedOn > world.today);
  }

  function holds(institution: WorldInstitution, world: World, status: string): boolean {
    return world
      .qualificationsOf(institution)
      .some((version) => version.status === status && version.effectiveTo === null && version.supersededAt === null);
  }

  it.each(FILTERS)('are found by %s', async (_, filter, truth) => {
    const { world } = hub();
    const expected = world.institutions.filter((institution) => truth(institution, world));
    const found = await walk(pages({ filter }), 10);
    expect(codes(found)).toEqual(codes(expected));
    expect((await pages({ filter })(10, null)).totalCount).toBe(expected.length);
    expect(expected.length > 0 || Object.values(filter).some((value) => Array.isArray(value))).toBe(true);
  });

  it.each([
    ['the order RISK_DESC', { orderBy: 'RISK_DESC' }],
    ['the filter riskClass', { filter: { riskClass: ['D'] } }],
  ])('are not shown by %s to the public', async (_, variables) => {
    const answer = await hub().query(LIST, { ...variables, first: 5 }, PATIENCE_MS, PUBLIC_CALLER);
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('are not continued in another order than they were begun in', async () => {
    const { pageInfo } = await pages({ orderBy: 'NAME' })(5, null);
    const answer = await ask(LIST, { orderBy: 'UPDATED_DESC', first: 5, after: pageInfo.endCursor });
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'INPUT_INVALID' } }]);
  });
});

describe('what cannot be a page', () => {
  const inInstitution = (field: string): string => `{ institution(creditCode: "${codeOf('INST-A')}") { ${field} } }`;
  const LISTS: readonly (readonly [name: string, of: (args: string) => string])[] = [
    ['institutions', (args) => `{ institutions(${args}) { totalCount } }`],
    ['inspections', (args) => inInstitution(`inspections(${args}) { totalCount }`)],
    ['reports', (args) => inInstitution(`reports(${args}) { totalCount }`)],
    ['penalties', (args) => inInstitution(`penalties(${args}) { totalCount }`)],
  ];
  const cursorOf = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');

  describe.each(LISTS)('of %s', (name, of) => {
    it.each(['first: 0', 'first: -1', 'first: 101', 'after: "gibberish"', 'after: ""'])('is %s', async (args) => {
      const errors = errorsOf(await ask(of(args)));
      expect(errors).toMatchObject([{ extensions: { code: 'INPUT_INVALID' } }]);
    });

    it('is one after the cursor of another list', async () => {
      const own = {
        institutions: ['register', 'x'],
        inspections: ['2026-03-02T02:05:00.000Z', ['ecology~1']],
        reports: ['2026-03-02', ['ecology 1']],
        penalties: ['2026-03-02', ['ecology~1']],
      };
      const foreign = name === 'inspections' ? own.reports : own.inspections;
      const errors = errorsOf(await ask(of(`after: "${cursorOf(foreign)}"`)));
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/cursor/), extensions: { code: 'INPUT_INVALID' } },
      ]);
    });
  });

  it.each([
    ['a vehicle number with a letter that is not used', 'vin: "LDMHCV3B7I0000101"'],
    ['a department that is none', 'departments: ["railways"]'],
    ['a department id in capitals', 'departments: ["Ecology"]'],
    ['a time without its zone', 'from: "2026-03-02T10:00:00"'],
  ])('is also %s', async (_, filter) => {
    hub().resetCalls();
    const errors = errorsOf(await ask(inInstitution(`inspections(filter: { ${filter} }) { totalCount }`)));
    expect(errors).toMatchObject([{ extensions: { code: 'INPUT_INVALID' } }]);
    expect(hub().calls()['ecology']).toEqual({});
  });
});
