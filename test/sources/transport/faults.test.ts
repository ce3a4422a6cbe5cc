import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SourceAnswer } from '../../../schema/ports.ts';
import transport from '../../../sources/transport/index.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { at, inspectionsOf, live, reportsOf, startWith, stationsOf, subject, testsOf } from './support.ts';

/** Long enough for any answer, short enough to wait for. */
const TIMEOUT_MS = 1_000;
const UNBREAKABLE = { failuresToOpen: 1_000 };

let hub: SourceUnderTest;
let stations: WorldInstitution[];
/** The first three stations of the world, and one whose rows lack the credit code. */
let asked: WorldInstitution[];

beforeAll(async () => {
  hub = await startSource(transport, {
    worldSize: 60,
    environment: { TRANSPORT_TIMEOUT_MS: String(TIMEOUT_MS), TRANSPORT_CONCURRENCY: '4' },
    guard: UNBREAKABLE,
  });
  stations = stationsOf(hub.world);
  asked = [...stations.slice(0, 2), ...stations.filter(({ codeMissingAt }) => codeMissingAt.length > 0).slice(0, 1)];
}, 60_000);
afterAll(() => hub.close());
beforeEach(async () => {
  await hub.upstream.setFault(null);
  hub.upstream.resetCalls();
});

const inspections = (limit = 5) =>
  hub.source.read(
    'inspections',
    asked.map((station) => inspectionsOf(station, { limit })),
    callScope(),
  );
const expectedIds = (limit = 5): string[][] =>
  asked.map((station) =>
    testsOf(hub.world, station)
      .slice(0, limit)
      .map(({ road }) => `transport~${road.id}`),
  );
const idsIn = (answer: Awaited<ReturnType<typeof inspections>>): string[][] =>
  live(answer).map(({ records }) => records.map(({ id }) => id));
/** What the hub says, without the times and receipts of the call. */
const facts = (answer: SourceAnswer<object>): string =>
  JSON.stringify(live(answer), (key, value: unknown) => (key === 'fetchedAt' || key === 'receipt' ? undefined : value));

describe('one statement answers a whole batch', () => {
  it.each([1, 20, 100])('of %i', async (size) => {
    const batch = Array.from({ length: size }, (_, index) => at(stations, index % stations.length));
    const subjects = batch.map(subject);
    const numbers = batch.map((station) => testsOf(hub.world, station)[0]?.road.reportNumber ?? 'none');
    const calls = async (run: () => Promise<{ readonly status: string }>) => {
      hub.upstream.resetCalls();
      expect((await run()).status).toBe('LIVE');
      return hub.upstream.calls();
    };
    const { source } = hub;
    expect(await calls(() => source.read('institutions', subjects, callScope()))).toEqual({ 'SELECT QZ_JCJG': 1 });
    expect(await calls(() => source.read('qualifications', subjects, callScope()))).toEqual({ 'SELECT QZ_JCJG': 1 });
    expect(await calls(() => source.read('penalties', subjects, callScope()))).toEqual({ 'SELECT QZ_XZCF': 1 });
    expect(
      await calls(() =>
        source.read(
          'inspections',
          batch.map((each) => inspectionsOf(each)),
          callScope(),
        ),
      ),
    ).toEqual({ 'SELECT QZ_CLJC': 1 });
    expect(
      await calls(() =>
        source.read(
          'reports',
          batch.map((each) => reportsOf(each)),
          callScope(),
        ),
      ),
    ).toEqual({
      'SELECT QZ_CLJC': 1,
    });
    expect(await calls(() => source.read('reportsByNumber', numbers, callScope()))).toEqual({ 'SELECT QZ_CLJC': 1 });
  });

  it('also when the requests differ in what they ask for', async () => {
    const station = at(stations, 0);
    const requests = [
      inspectionsOf(station),
      inspectionsOf(station, { vin: 'LDMPKA2C6R0000207' }),
      inspectionsOf(station, { from: new Date('2026-01-01'), result: 'PASS' }),
    ];
    live(await hub.source.read('inspections', requests, callScope()));
    expect(hub.upstream.calls()).toEqual({ 'SELECT QZ_CLJC': 1 });
  });

  it('and the ping is one small row', async () => {
    await hub.source.ping(callScope());
    expect(hub.upstream.calls()).toEqual({ 'SELECT QZ_JCJG': 1 });
  });
});

describe('what transport offers', () => {
  it('is keyed by the credit code and shows no credentials in its address', () => {
    expect(hub.source.department).toMatchObject({ id: 'transport', code: '03', keyedBy: 'CREDIT_CODE' });
    expect([...hub.source.reads].sort()).toEqual([
      'inspections',
      'institutions',
      'penalties',
      'qualifications',
      'reports',
      'reportsByNumber',
    ]);
    expect(hub.source).not.toHaveProperty('directory');
    expect(hub.source.address).toMatch(/^postgres:\/\/127\.0\.0\.1:\d+\/qzk$/);
  });
});

describe('when the database', () => {
  it('is slow, the caller waits no longer than the deadline, and the connection is not kept', async () => {
    await hub.upstream.setFault({ kind: 'slow', delayMs: 20_000, scope: 'all' });
    const startedAt = performance.now();
    const answer = await hub.source.read(
      'inspections',
      asked.map((each) => inspectionsOf(each)),
      callScope(200),
    );
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_TIMEOUT' });
    await hub.upstream.setFault(null);
    expect(idsIn(await inspections())).toEqual(expectedIds());
  });

  it('is slow but in time, the answer is the same', async () => {
    await hub.upstream.setFault({ kind: 'slow', delayMs: 100, scope: 'all' });
    expect(idsIn(await inspections())).toEqual(expectedIds());
  });

  it('is down, it is unavailable, and back as soon as it is up', async () => {
    await hub.upstream.setFault({ kind: 'down', delayMs: 0, scope: 'all' });
    expect(await inspections()).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_UNAVAILABLE' });
    await hub.upstream.setFault(null);
    expect(idsIn(await inspections())).toEqual(expectedIds());
  });

  it('accepts calls and never answers, none of the connections stays stuck', async () => {
    await hub.source.ping(callScope());
    await hub.upstream.setFault({ kind: 'half-open', delayMs: 0, scope: 'all' });
    // More calls than connections: some get one that was open before, some must open their own.
    const answers = await Promise.all(Array.from({ length: 10 }, () => inspections()));
    for (const answer of answers) expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_TIMEOUT' });
    await hub.upstream.setFault(null);
    const again = await Promise.all(Array.from({ length: 10 }, () => inspections()));
    for (const answer of again) expect(idsIn(answer)).toEqual(expectedIds());
  });

  it('sends bytes of another protocol, it is malformed, and what comes after is read again', async () => {
    await hub.source.ping(callScope());
    await hub.upstream.setFault({ kind: 'garbage', delayMs: 0, scope: 'all' });
    // The first on an open connection, the next while it says who it is.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await inspections()).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_MALFORMED' });
    }
    await hub.upstream.setFault(null);
    expect(idsIn(await inspections())).toEqual(expectedIds());
  });

  it('breaks off in the middle of a reply, it is unavailable', async () => {
    await hub.upstream.setFault({ kind: 'truncated', delayMs: 0, scope: 'all' });
    expect(await inspections()).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_UNAVAILABLE' });
    await hub.upstream.setFault(null);
    expect(idsIn(await inspections())).toEqual(expectedIds());
  });

  it('has one record with a wrong value, only that one is missing, and its field is named', async () => {
    const sound = facts(await inspections());
    await hub.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'first' });
    const [first, ...others] = live(await inspections());
    const [wrong, ...rest] = at(expectedIds(), 0);
    expect(first?.malformed).toEqual([
      { recordId: wrong?.replace('transport~', ''), field: 'JCJL', problem: 'is no conclusion of a test' },
    ]);
    expect(first?.records.map(({ id }) => id)).toEqual(rest);
    expect(others.map(({ records, malformed }) => [records.map(({ id }) => id), malformed])).toEqual(
      expectedIds()
        .slice(1)
        .map((ids) => [ids, []]),
    );
    const [station, next] = live(await hub.source.read('institutions', asked.map(subject), callScope()));
    expect(station).toMatchObject({ records: [], malformed: [{ recordId: 'J00000', field: 'BAZT' }] });
    expect(next?.records).toHaveLength(1);
    const [filing] = live(await hub.source.read('qualifications', asked.map(subject), callScope()));
    expect(filing).toMatchObject({ records: [], malformed: [{ field: 'BAZT' }] });
    await hub.upstream.setFault(null);
    expect(facts(await inspections())).toBe(sound);
  });

  it('has one penalty with an impossible date, the field is named', async () => {
    const punished = hub.world.institutions.filter((institution) =>
      hub.world.penaltiesOf(institution).some(({ heldBy }) => heldBy === 'transport'),
    );
    await hub.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'first' });
    const sets = live(await hub.source.read('penalties', punished.map(subject), callScope()));
    expect(sets[0]).toMatchObject({ records: [], malformed: [{ field: 'CF_JDRQ' }] });
    expect(sets.slice(1).every(({ records, malformed }) => records.length > 0 && malformed.length === 0)).toBe(true);
  });

  it.each([
    ['inspections', 'QZ_CLJC.JCJL'],
    ['institutions', 'QZ_JCJG.BAZT'],
    ['qualifications', 'QZ_JCJG.BAZT'],
    ['penalties', 'QZ_XZCF.CF_JDRQ'],
  ] as const)('renames a column, %s are malformed and the column is named: %s', async (read, column) => {
    await hub.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'all' });
    const requests = asked.map((each) => inspectionsOf(each));
    const answer = await hub.source.read(read, requests, callScope());
    expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_MALFORMED' });
    expect(answer).toMatchObject({ reason: expect.stringContaining(column) });
    await hub.upstream.setFault(null);
    live(await hub.source.read(read, requests, callScope()));
  });

  it('was filled by a client that took GBK for Latin-1, the texts are right all the same', async () => {
    const requests = asked.map((each) => inspectionsOf(each));
    const [sound, stationsBefore] = [
      facts(await hub.source.read('inspections', requests, callScope())),
      facts(await hub.source.read('institutions', requests, callScope())),
    ];
    await hub.upstream.setFault({ kind: 'wrong-charset', delayMs: 0, scope: 'all' });
    expect(facts(await hub.source.read('inspections', requests, callScope()))).toBe(sound);
    expect(facts(await hub.source.read('institutions', requests, callScope()))).toBe(stationsBefore);
  });

  it.each(['duplicate-rows', 'out-of-order'] as const)(
    'has %s, the answer and its limit are the same',
    async (kind) => {
      const requests = asked.map((each) => inspectionsOf(each, { limit: 3 }));
      const read = async () => [
        facts(await hub.source.read('inspections', requests, callScope())),
        facts(
          await hub.source.read(
            'reports',
            asked.map((each) => reportsOf(each, { limit: 3 })),
            callScope(),
          ),
        ),
        facts(await hub.source.read('institutions', requests, callScope())),
        facts(await hub.source.read('penalties', hub.world.institutions.map(subject), callScope())),
      ];
      const before = await read();
      await hub.upstream.setFault({ kind, delayMs: 0, scope: 'all' });
      expect(await read()).toEqual(before);
    },
  );

  it('denies the table, it has refused', async () => {
    await hub.upstream.setFault({ kind: 'refused', delayMs: 0, scope: 'all' });
    expect(await inspections()).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_REFUSED' });
    await hub.upstream.setFault(null);
    expect(idsIn(await inspections())).toEqual(expectedIds());
  });

  it('is told one fault after the other, the last one holds', async () => {
    await hub.upstream.setFault({ kind: 'duplicate-rows', delayMs: 0, scope: 'all' });
    await hub.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'all' });
    await hub.upstream.setFault({ kind: 'down', delayMs: 0, scope: 'all' });
    await hub.upstream.setFault({ kind: 'duplicate-rows', delayMs: 0, scope: 'all' });
    expect(idsIn(await inspections())).toEqual(expectedIds());
  });
});

describe('credentials', () => {
  const readWith = async (change: (url: URL) => void): Promise<SourceAnswer<object>> => {
    const url = new URL(hub.upstream.environment['TRANSPORT_DATABASE_URL'] ?? '');
    change(url);
    const other = await startWith(url.href);
    try {
      return await other.source.read('institutions', asked.map(subject), callScope());
    } finally {
      await other.close();
    }
  };

  it.each([
    ['password', (url: URL) => (url.password = 'wrong')],
    ['user', (url: URL) => (url.username = 'nobody')],
  ])('with a wrong %s are refused', async (_what, change) => {
    expect(await readWith(change)).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_REFUSED' });
  });

  it('for a database that is not there are malformed', async () => {
    expect(await readWith((url) => (url.pathname = '/other'))).toMatchObject({
      status: 'UNAVAILABLE',
      code: 'SOURCE_MALFORMED',
    });
  });
});

describe('many callers at a time', () => {
  it('each get their own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        const station = at(stations, index % stations.length);
        const [set] = live(await hub.source.read('inspections', [inspectionsOf(station, { limit: 1 })], callScope()));
        return [set?.records[0]?.id, `transport~${at(testsOf(hub.world, station), 0).road.id}`];
      }),
    );
    for (const [given, expected] of answers) expect(given).toBe(expected);
  });
});
