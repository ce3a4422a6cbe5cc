/** The list of institutions from the replica: the same list as the register's, at its own age, whatever happens. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import { PROJECTED_READS, type ProjectedRead } from '../../schema/replica/facts.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { QUALIFICATION_STATUSES } from '../../schema/records.ts';
import type { Amendment } from '../../sources/kit/upstream/amendment.ts';
import { startHub, type DepartmentName, type HubUnderTest } from '../support/hub.ts';
import { callScope } from '../support/source-under-test.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import {
  codeOf,
  dataOf,
  DEPARTMENTS,
  errorsOf,
  nodesOf,
  present,
  type Connection,
  type CoverageSeen,
} from './support.ts';

const START_MS = 120_000;
const PATIENCE_MS = 15_000;
const HOUR_MS = 3_600_000;
const DOWN = { kind: 'down' } as const;

interface Row {
  readonly creditCode: string;
  readonly name: string;
  readonly address: string | null;
}
interface Listed extends Connection<Row> {
  readonly coverage: readonly (CoverageSeen & { readonly asOf: string })[];
}
const LIST = `
  query ($first: Int, $after: Cursor, $filter: InstitutionFilter, $orderBy: InstitutionOrder, $maxAgeSeconds: Int) {
    institutions(first: $first, after: $after, filter: $filter, orderBy: $orderBy, maxAgeSeconds: $maxAgeSeconds) {
      totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
      edges { cursor node { creditCode name address } }
      coverage { department { id } facet status asOf reason }
    }
  }`;

/** Noon of the world's last day: what departments say is then true. */
const NOON = Date.parse('2026-03-31T12:00:00+08:00');
let time = NOON;
const clock = { now: () => new Date(time) };
const pass = (milliseconds: number): void => void (time += milliseconds);

let store: StoreUnderTest;
let replica: Replica;
let hub: HubUnderTest;

/** What of the store each query has used, such as "replica_records.find". */
let used: string[] = [];

beforeAll(async () => {
  store = await openStore();
  store.connection.set('debug', (collection: string, method: string) => used.push(`${collection}.${method}`));
  replica = new Replica(store.connection);
  await replica.open();
  hub = await startHub({ worldSize: 60, replica, clock, patienceMs: PATIENCE_MS, guard: { failuresToOpen: 1_000 } });
}, START_MS);
afterAll(async () => {
  await hub.close();
  await store.close();
});
beforeEach(() => hub.resetCalls());

const ask = (variables: Record<string, unknown> = {}) =>
  hub.query<{ institutions: Listed }>(LIST, variables, PATIENCE_MS);
const list = async (variables: Record<string, unknown> = {}): Promise<Listed> =>
  dataOf(await ask(variables)).institutions;
const statusOf = ({ coverage }: Listed): string | undefined => coverage[0]?.status;

/** All pages one after the other. */
async function walk(
  first: number,
  variables: Record<string, unknown>,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Listed = await list({ ...variables, first, after });
    expect(page.pageInfo).toMatchObject({ hasPreviousPage: after !== null });
    rows.push(...nodesOf(page));
    if (!page.pageInfo.hasNextPage) return rows;
    after = page.pageInfo.endCursor;
    await between();
  }
}
const fromReplica = { maxAgeSeconds: 86_400 * 3_650 };
const fromRegister = { maxAgeSeconds: 0 };
const codesOf = (rows: readonly Row[]): string[] => rows.map(({ creditCode }) => creditCode);

/** Reads changes as the jobs do; what rests on them is computed by `hub.project()`. */
async function sync(department: DepartmentName, read: ProjectedRead): Promise<void> {
  const source = present(hub.services.registry.find(department));
  await syncFeed({ source, replica, read, full: false, clock, scope: callScope(30_000) });
}
/** A minute later: one kind of records of the register, or everything. */
async function follow(read: ProjectedRead | null = null): Promise<void> {
  pass(60_000);
  if (read !== null) await sync('market-regulation', read);
  else {
    const held = (department: DepartmentName) => present(hub.services.registry.find(department)).changeFeeds;
    for (const department of DEPARTMENTS) {
      for (const each of PROJECTED_READS) if (held(department).has(each)) await sync(department, each);
    }
  }
  await hub.project();
}
const amend = (read: ProjectedRead, recordId: string, kind: Amendment['kind']): Promise<void> =>
  hub.upstream('market-regulation').amend({ read, recordId, kind, at: new Date(time) });

describe('before the departments have been read in full', () => {
  it('the list is the register’s, whatever age is accepted', async () => {
    await hub.project();
    expect(statusOf(await list(fromReplica))).toBe('LIVE');
    await follow('institutions');
    expect(statusOf(await list(fromReplica))).toBe('REPLICA');
    expect(statusOf(await list({ ...fromReplica, filter: { listed: true } }))).toBe('LIVE');
    expect(statusOf(await list({ ...fromReplica, orderBy: 'UPDATED_DESC' }))).toBe('LIVE');
  });

  it('and an error when it is silent', async () => {
    const answer = await hub.during('market-regulation', DOWN, () => ask({ filter: { qualification: 'VALID' } }));
    expect(answer.data).toBeNull();
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'SOURCE_UNAVAILABLE' } }]);
  });
});

describe('when they have been read', () => {
  interface Facts {
    readonly creditCode: string;
    readonly qualifications: readonly { readonly status: string }[];
  }
  /** What the graph shows of every institution. */
  async function shownOfAll(): Promise<readonly Facts[]> {
    const FACTS = `{ institutions(first: 100, maxAgeSeconds: 0) { edges { node {
      creditCode qualifications { status }
    } } } }`;
    return nodesOf(dataOf(await hub.query<{ institutions: Connection<Facts> }>(FACTS, {}, PATIENCE_MS)).institutions);
  }
  let everything: readonly Facts[];
  beforeAll(async () => {
    await follow();
    everything = await shownOfAll();
  }, START_MS);

  it('the list comes from the replica, as of the oldest feed that it rests on, and asks no department', async () => {
    const page = await list();
    expect(page.coverage).toMatchObject([
      { department: { id: 'market-regulation' }, facet: 'INSTITUTIONS', status: 'REPLICA', reason: null },
    ]);
    expect(new Date(present(page.coverage[0]).asOf)).toEqual(clock.now());
    expect(page.totalCount).toBeNull();
    expect(Object.values(hub.calls()).flatMap((calls) => Object.keys(calls))).toEqual([]);
  });

  it('a page is made with one query for its institutions, however long it is', async () => {
    used = [];
    expect(nodesOf(await list({ first: 60 }))).toHaveLength(60);
    expect(used.filter((each) => each.startsWith('replica_records.'))).toEqual(['replica_records.find']);
    expect(used.filter((each) => each.startsWith('institution_entries.'))).toEqual(['institution_entries.find']);
  });

  it('facts of the institutions on a page are asked for at the same age as the list', async () => {
    const NESTED = `query ($maxAgeSeconds: Int) { institutions(first: 3, maxAgeSeconds: $maxAgeSeconds) { edges { node {
      penalties { totalCount } coverage { department { id } facet status reason }
    } } } }`;
    type Nested = { institutions: Connection<{ readonly coverage: readonly CoverageSeen[] }> };
    const statuses = async (maxAgeSeconds: number): Promise<Set<string>> => {
      const { institutions } = dataOf(await hub.query<Nested>(NESTED, { maxAgeSeconds }, PATIENCE_MS));
      return new Set(nodesOf(institutions).flatMap(({ coverage }) => coverage.map(({ status }) => status)));
    };
    expect(await statuses(3_600)).toEqual(new Set(['REPLICA', 'UNSUPPORTED']));
    expect(await statuses(0)).toEqual(new Set(['LIVE', 'UNSUPPORTED']));
    await hub.settled();
  });

  const FILTERS: readonly (readonly [what: string, filter: Record<string, unknown>])[] = [
    ['nothing', {}],
    ['part of the name', { text: '机动车' }],
    ['a whole name with brackets of either width', { text: '(贵阳)' }],
    ['a credit code', { text: codeOf('INST-A') }],
    ['a certificate number', { text: '222412050021' }],
    ['a text that nobody has', { text: '宇宙飞船' }],
    ['a province', { region: '52' }],
    ['a prefecture', { region: '5201' }],
    ['a county', { region: '520402' }],
    ['a prefecture by its retired code', { region: '522400' }],
    ['one of two kinds', { kinds: ['CERTIFICATION_BODY', 'ENV_MONITORING_BODY'] }],
    ['no kind at all', { kinds: [] }],
    ['standing on a list', { listed: true }],
    ['standing on no list', { listed: false }],
    ['several of these at once', { kinds: ['VEHICLE_INSPECTION_BODY'], region: '52', listed: true, text: '检测' }],
  ];

  it.each(FILTERS)('it is the register’s list for %s, by name, in pages of any size', async (_, filter) => {
    const live = await walk(100, { filter, ...fromRegister });
    expect(await walk(7, { filter, ...fromReplica })).toEqual(live);
    expect(await walk(100, { filter, ...fromReplica })).toEqual(live);
  });

  it.each(QUALIFICATION_STATUSES)(
    'with a qualification %s it has who is shown with one, also those of which only another department knows',
    async (qualification) => {
      const shown = everything.filter(({ qualifications }) =>
        qualifications.some(({ status }) => status === qualification),
      );
      const found = await walk(7, { filter: { qualification }, ...fromReplica });
      expect(codesOf(found).toSorted()).toEqual(shown.map(({ creditCode }) => creditCode).toSorted());
      const ofRegister = await walk(100, { filter: { qualification }, ...fromRegister });
      expect(codesOf(found)).toEqual(expect.arrayContaining(codesOf(ofRegister)));
      expect(found).toEqual(
        (await walk(100, fromRegister)).filter(({ creditCode }) => codesOf(found).includes(creditCode)),
      );
    },
  );

  it('by latest change it has all of them once each', async () => {
    const rows = await walk(7, { orderBy: 'UPDATED_DESC', ...fromReplica });
    expect(codesOf(rows).toSorted()).toEqual(codesOf(await walk(100, fromRegister)).toSorted());
  });
});

describe('when departments change what they hold', () => {
  const first = async (filter: Record<string, unknown> = {}): Promise<Row> =>
    present(nodesOf(await list({ first: 1, filter, ...fromReplica }))[0]);

  it('the list shows it after the next reading', async () => {
    const before = await first();
    await amend('institutions', before.creditCode, 'CHANGE');
    expect(await first()).toEqual(before);
    await follow('institutions');
    expect(await first()).toEqual({ ...before, address: `${before.address ?? ''}（第1次更正）` });
    expect(await list({ ...fromReplica, first: 1, orderBy: 'UPDATED_DESC' })).toMatchObject({
      edges: [{ node: { creditCode: before.creditCode } }],
    });
  });

  it('by latest change it begins with who has a changed penalty, though the register’s own record is the same', async () => {
    const [held] = await replica.models.records.find({ feed: 'market-regulation|penalties', deleted: false }).lean();
    const { recordId, subjects } = present(held);
    await amend('penalties', recordId, 'CHANGE');
    await follow('penalties');
    const { creditCode } = present(nodesOf(await list({ ...fromReplica, first: 1, orderBy: 'UPDATED_DESC' }))[0]);
    expect(subjects).toContain(`code:${creditCode}`);
  });

  it('who leaves the register leaves the list, and comes back with it', async () => {
    const everybody = codesOf(await walk(100, fromReplica));
    const [leaving] = everybody;
    await amend('institutions', present(leaving), 'WITHDRAW');
    await follow('institutions');
    expect(codesOf(await walk(100, fromReplica))).toEqual(everybody.slice(1));
    await amend('institutions', present(leaving), 'RESTORE');
    await follow('institutions');
    expect(codesOf(await walk(100, fromReplica))).toEqual(everybody);
  });

  it('who leaves a list of the register is no longer listed', async () => {
    const listed = codesOf(await walk(100, { filter: { listed: true }, ...fromReplica }));
    const [leaving, ...others] = listed;
    const entries = hub.world.listEntriesOf(present(hub.world.byCreditCode(present(leaving))));
    for (const { id } of entries) await amend('listEntries', id, 'WITHDRAW');
    await follow('listEntries');
    expect(codesOf(await walk(100, { filter: { listed: true }, ...fromReplica }))).toEqual(others);
    for (const { id } of entries) await amend('listEntries', id, 'RESTORE');
    await follow('listEntries');
    expect(codesOf(await walk(100, { filter: { listed: true }, ...fromReplica }))).toEqual(listed);
  });

  it('pages neither skip nor double who stays, while others come and go in between', async () => {
    const everybody = codesOf(await walk(100, fromReplica));
    const moving = everybody.filter((_, index) => index % 5 === 1);
    let round = 0;
    const seen = await walk(9, fromReplica, async () => {
      for (const code of moving) await amend('institutions', code, round % 2 === 0 ? 'WITHDRAW' : 'RESTORE');
      round += 1;
      await follow('institutions');
    });
    expect(round).toBeGreaterThan(4);
    const staying = everybody.filter((code) => !moving.includes(code));
    expect(codesOf(seen).filter((code) => staying.includes(code))).toEqual(staying);
    expect(new Set(codesOf(seen)).size).toBe(seen.length);
    for (const code of moving) await amend('institutions', code, 'RESTORE');
    await follow('institutions');
  });

  it('a record of the register that cannot be read makes the list incomplete, which it says', async () => {
    const spoilt = (await first()).creditCode;
    await amend('institutions', spoilt, 'SPOIL');
    await follow('institutions');
    const { coverage } = await list(fromReplica);
    expect(coverage).toMatchObject([
      { status: 'PARTIAL', reason: expect.stringMatching(/^SOURCE_MALFORMED: .*ENTNAME/) },
    ]);
    await amend('institutions', spoilt, 'RESTORE');
    await follow('institutions');
    expect(statusOf(await list(fromReplica))).toBe('REPLICA');
  });

  it('a hub that is killed before the list has followed says so by its time, and repairs it with the next run', async () => {
    const before = await first();
    const known = present((await list(fromReplica)).coverage[0]).asOf;
    await amend('institutions', before.creditCode, 'WITHDRAW');
    pass(60_000);
    await sync('market-regulation', 'institutions');
    const unfinished = await list({ ...fromReplica, first: 2 });
    // The register's record has gone; the list has not yet been told.
    expect(unfinished.edges).toHaveLength(1);
    expect(unfinished.pageInfo.hasNextPage).toBe(true);
    expect(present(unfinished.coverage[0]).asOf).toBe(known);
    const alone = await list({ ...fromReplica, first: 1 });
    expect(alone).toMatchObject({ edges: [], pageInfo: { hasNextPage: true, endCursor: expect.any(String) } });
    expect(nodesOf(await list({ ...fromReplica, first: 1, after: alone.pageInfo.endCursor }))).toEqual(
      nodesOf(unfinished),
    );
    await hub.project();
    const repaired = await list({ ...fromReplica, first: 1 });
    expect(nodesOf(repaired)).toEqual(nodesOf(unfinished));
    expect(Date.parse(present(repaired.coverage[0]).asOf)).toBeGreaterThan(Date.parse(known));
    await amend('institutions', before.creditCode, 'RESTORE');
    await follow('institutions');
  });

  it('what live answers have taught the replica reaches the list too', async () => {
    const { creditCode } = await first();
    await amend('institutions', creditCode, 'CHANGE');
    pass(60_000);
    const ASK = 'query ($code: CreditCode!) { institution(creditCode: $code, maxAgeSeconds: 0) { address } }';
    dataOf(await hub.query(ASK, { code: creditCode }, PATIENCE_MS));
    await hub.settled();
    await hub.project();
    expect(await list({ ...fromReplica, first: 1, orderBy: 'UPDATED_DESC' })).toMatchObject({
      edges: [{ node: { creditCode } }],
    });
  });
});

describe('an accepted age', () => {
  const REGISTER_LIMIT_MS = 600_000;
  beforeAll(() => follow());

  it.each([
    ['of nothing is met by the register alone', 0, 'LIVE'],
    ['of an hour is met by the replica', 3_600, 'REPLICA'],
    ['that is not said is the register’s own', null, 'REPLICA'],
  ])('%s', async (_, maxAgeSeconds, status) => {
    expect(statusOf(await list({ maxAgeSeconds }))).toBe(status);
  });

  it('below nothing is refused before anybody is asked', async () => {
    expect(errorsOf(await ask({ maxAgeSeconds: -1 }))).toMatchObject([{ extensions: { code: 'INPUT_INVALID' } }]);
    expect(hub.calls()['market-regulation']).toEqual({});
  });

  it('that the replica has passed is met by the register', async () => {
    pass(REGISTER_LIMIT_MS + 1_000);
    expect(statusOf(await list())).toBe('LIVE');
    expect(statusOf(await list({ maxAgeSeconds: 900 }))).toBe('REPLICA');
  });

  it('is met by nobody when the register is silent: the last known list is shown, with its time and why', async () => {
    const known = await list(fromReplica);
    const stale = await hub.during('market-regulation', DOWN, () => list());
    expect(stale.coverage).toMatchObject([
      { status: 'STALE', reason: expect.stringMatching(/^SOURCE_UNAVAILABLE: \S/) },
    ]);
    expect(present(stale.coverage[0]).asOf).toBe(present(known.coverage[0]).asOf);
    expect(nodesOf(stale)).toEqual(nodesOf(known));
  });

  it('need not be met by every feed, but by those that the filter rests on', async () => {
    await follow('institutions');
    expect(statusOf(await list({ filter: { text: '检测' } }))).toBe('REPLICA');
    expect(statusOf(await list({ filter: { listed: false } }))).toBe('LIVE');
    expect(statusOf(await list({ filter: { qualification: 'VALID' } }))).toBe('LIVE');
    expect(statusOf(await list({ orderBy: 'UPDATED_DESC' }))).toBe('LIVE');
    await follow();
    expect(statusOf(await list({ filter: { listed: false, qualification: 'VALID' } }))).toBe('REPLICA');
  });
});

describe('a page', () => {
  beforeAll(() => follow());
  const begin = async (variables: Record<string, unknown>) =>
    present((await list({ first: 5, ...variables })).pageInfo.endCursor);

  it('of the replica is continued there, though it has become older than asked meanwhile', async () => {
    const after = await begin({});
    pass(HOUR_MS);
    const next = await list({ first: 5, after });
    expect(next.coverage).toMatchObject([{ status: 'STALE', reason: expect.stringContaining('begin it anew') }]);
    expect(nodesOf(next)).toEqual((await walk(100, fromRegister)).slice(5, 10));
    expect(statusOf(await list({ first: 5, after, maxAgeSeconds: 7_200 }))).toBe('REPLICA');
  });

  it('of the register is continued there, though the replica would do', async () => {
    const after = await begin(fromRegister);
    const next = await list({ first: 5, after, ...fromReplica });
    expect(statusOf(next)).toBe('LIVE');
    expect(nodesOf(next)).toEqual((await walk(100, fromReplica)).slice(5, 10));
  });

  it('of the register is an error when it has fallen silent: the replica does not know its cursor', async () => {
    const after = await begin(fromRegister);
    const answer = await hub.during('market-regulation', DOWN, () => ask({ first: 5, after, ...fromReplica }));
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'SOURCE_UNAVAILABLE' } }]);
  });

  it.each([
    ['of another order', { orderBy: 'UPDATED_DESC' }],
    ['with a filter that cannot be one', { filter: { text: '检'.repeat(201) } }],
  ])('of the replica is not continued in a list %s', async (_, variables) => {
    const after = await begin(fromReplica);
    expect(errorsOf(await ask({ first: 5, after, ...variables }))).toMatchObject([
      { extensions: { code: 'INPUT_INVALID' } },
    ]);
  });
});

describe('when days pass and nobody changes a record', () => {
  it('a certificate that has run out is EXPIRED in the list and in the institution, read long ago as it is', async () => {
    // Of an institution that only the register knows, and that has one certificate.
    const [next] = hub.world.institutions
      .filter(({ localNumbers }) => Object.values(localNumbers).every((number) => number === null))
      .flatMap((institution) => {
        const versions = hub.world.qualificationsOf(institution).filter(({ supersededAt }) => supersededAt === null);
        const [only, ...others] = versions;
        return only?.status === 'VALID' && others.length === 0 ? [{ ...only, institution }] : [];
      })
      .sort((a, b) => (a.validTo < b.validTo ? -1 : 1));
    const { institution, number, validTo } = present(next);
    const isFound = async (qualification: string): Promise<boolean> =>
      codesOf(await walk(100, { filter: { qualification, text: institution.creditCode }, ...fromReplica })).includes(
        institution.creditCode,
      );
    const STATUS = `query ($code: CreditCode!, $maxAgeSeconds: Int) {
      institution(creditCode: $code, maxAgeSeconds: $maxAgeSeconds) { qualifications { number status } }
    }`;
    type Shown = { institution: { qualifications: readonly { number: string; status: string }[] } };
    const statusShown = async (): Promise<string | undefined> => {
      const answer = await hub.query<Shown>(STATUS, { code: institution.creditCode, ...fromReplica }, PATIENCE_MS);
      return dataOf(answer).institution.qualifications.find((each) => each.number === number)?.status;
    };
    const endOfLastDay = Date.parse(`${validTo}T23:59:59+08:00`);
    const before = time;
    time = endOfLastDay;
    await hub.project();
    expect(await statusShown()).toBe('VALID');
    expect(await isFound('EXPIRED')).toBe(false);
    time = endOfLastDay + 1_000;
    await hub.project();
    expect(await statusShown()).toBe('EXPIRED');
    expect(await isFound('EXPIRED')).toBe(true);
    time = before;
  });
});
