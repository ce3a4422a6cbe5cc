import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseCreditCode } from '../../../schema/codes/credit-code.ts';
import type { ReportRequest } from '../../../schema/ports.ts';
import definition from '../../../sources/market-regulation/index.ts';
import { SPECIAL_INDEXES } from '../../../sources/world/special-indexes.ts';
import type { WorldInstitution, WorldReport } from '../../../sources/world/types.ts';
import { callScope, startSource } from '../../support/source-under-test.ts';
import type { SourceUnderTest } from '../../support/source-under-test.ts';
import { factsOf, setsOf, subject } from './support.ts';

const UNKNOWN = { creditCode: parseCreditCode('9152000071430580XT'), localIds: [] };
const NOTHING = { records: [], malformed: [] };

let hub: SourceUnderTest;
let all: readonly WorldInstitution[];

beforeAll(async () => {
  hub = await startSource(definition, { worldSize: 150 });
  all = hub.world.institutions;
});
afterAll(() => hub.close());
beforeEach(() => hub.upstream.resetCalls());

describe('institutions', () => {
  it('are what the register holds, as of their own update time', async () => {
    const sets = setsOf(await hub.source.read('institutions', all.map(subject), callScope()));
    expect(sets.map(({ malformed }) => malformed)).toEqual(all.map(() => []));
    for (const [index, institution] of all.entries()) {
      const [record, ...others] = sets[index]?.records ?? [];
      expect(others).toEqual([]);
      expect(record).toMatchObject({
        creditCode: institution.creditCode,
        localId: null,
        name: institution.nameAt['market-regulation'] ?? institution.name,
        kinds: institution.kinds,
        status: institution.statusAt['market-regulation'] ?? institution.status,
        regionCode: institution.regionAt['market-regulation'] ?? institution.region,
        address: institution.addressAt['market-regulation'] ?? institution.address,
        provenance: {
          departmentId: 'market-regulation',
          sourceRecordId: institution.creditCode,
          asOf: institution.updatedAt,
        },
      });
    }
  });

  it('carry well-formed CMA numbers only, the one in force among them, and the end of the certificate', async () => {
    const sets = setsOf(await hub.source.read('institutions', all.map(subject), callScope()));
    for (const [index, institution] of all.entries()) {
      const record = sets[index]?.records[0];
      const number = hub.world.cmaNumberOf(institution);
      for (const each of record?.cmaNumbers ?? []) expect(each).toMatch(/^\d{12}$/);
      if (number !== null) expect(record?.cmaNumbers).toContain(number);
      const believed = hub.world
        .qualificationsOf(institution)
        .filter(({ scheme, supersededAt }) => scheme === 'CMA' && supersededAt === null);
      const newest = believed.sort((a, b) => b.effectiveFrom.getTime() - a.effectiveFrom.getTime())[0];
      expect(record?.cmaValidTo).toBe(newest?.validTo ?? null);
    }
  });

  it('are accepted with the wrong check digit that the register confirms', async () => {
    const confirmed = all[SPECIAL_INDEXES.registryConfirmed];
    if (confirmed === undefined) throw new Error('the world has no such institution');
    const [set] = setsOf(await hub.source.read('institutions', [subject(confirmed)], callScope()));
    expect(set?.malformed).toEqual([]);
    expect(set?.records[0]?.creditCode).toBe(confirmed.creditCode);
    expect(parseCreditCode(confirmed.creditCode)).toBe(confirmed.creditCode);
  });
});

describe('qualifications', () => {
  it('come with every version, oldest first, with both time axes, scope and signatories', async () => {
    const sets = setsOf(await hub.source.read('qualifications', all.map(subject), callScope()));
    for (const [index, institution] of all.entries()) {
      const truth = [...hub.world.qualificationsOf(institution)].sort(
        (a, b) =>
          (a.scheme === b.scheme ? 0 : a.scheme < b.scheme ? -1 : 1) ||
          a.effectiveFrom.getTime() - b.effectiveFrom.getTime() ||
          a.recordedAt.getTime() - b.recordedAt.getTime(),
      );
      expect(sets[index]?.malformed).toEqual([]);
      expect(sets[index]?.records.map(factsOf)).toEqual(
        truth.map((version) => ({
          scheme: version.scheme,
          number: version.number,
          status: version.status,
          validFrom: version.issuedOn,
          validTo: version.validTo,
          issuer: version.issuer,
          scope: version.scope.map(({ object, parameter, standard, restriction, site }) => ({
            object,
            parameter,
            standard,
            restriction,
            site,
          })),
          signatories: version.signatories,
          emergencyChannel: version.emergencyChannel,
          effectiveFrom: version.effectiveFrom,
          effectiveTo: version.effectiveTo,
          recordedAt: version.recordedAt,
          supersededAt: version.supersededAt,
        })),
      );
    }
  });
});

describe('penalties', () => {
  it('are read from both layouts, newest first, without persons and withdrawn decisions', async () => {
    const sets = setsOf(await hub.source.read('penalties', all.map(subject), callScope()));
    const layouts = new Set<string>();
    for (const [index, institution] of all.entries()) {
      const truth = hub.world
        .penaltiesOf(institution)
        .filter(({ heldBy }) => heldBy === 'market-regulation')
        .sort((a, b) => (a.decidedOn < b.decidedOn ? 1 : -1));
      truth.forEach(({ layout }) => layouts.add(layout));
      expect(sets[index]?.malformed).toEqual([]);
      expect(sets[index]?.records.map(factsOf)).toEqual(
        truth.map((penalty) => ({
          documentNumber: penalty.documentNumber,
          authority: penalty.authority,
          categories: penalty.categories,
          reason: penalty.violation,
          ...(penalty.layout === '2021' && { facts: penalty.facts }),
          basis: penalty.basis,
          fineFen: penalty.layout === '2021' ? penalty.fineFen : null,
          confiscatedFen: penalty.layout === '2021' ? penalty.confiscatedFen : null,
          decidedOn: penalty.decidedOn,
          severity: null,
          publishedFrom: penalty.publishedFrom,
          publishedTo: penalty.publishedTo,
        })),
      );
      const ids = sets[index]?.records.map(({ id }) => id) ?? [];
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect(layouts).toEqual(new Set(['2021', '2015']));
  });
});

describe('list entries', () => {
  it('come from both lists, removed ones included', async () => {
    const sets = setsOf(await hub.source.read('listEntries', all.map(subject), callScope()));
    const types = new Set<string>();
    for (const [index, institution] of all.entries()) {
      const truth = [...hub.world.listEntriesOf(institution)].sort((a, b) => (a.listedOn < b.listedOn ? 1 : -1));
      truth.forEach(({ list }) => types.add(list));
      expect(sets[index]?.malformed).toEqual([]);
      expect(sets[index]?.records.map(factsOf)).toEqual(
        truth.map(({ list, reason, listedOn, authority, removedOn }) => ({
          listType: list,
          reason,
          listedOn,
          authority,
          removedOn,
        })),
      );
    }
    expect(types).toEqual(new Set(['ABNORMAL', 'SERIOUS_MR']));
  });
});

describe('certificates', () => {
  it('are found by number, with holder and issuer', async () => {
    const truth = all.flatMap((institution) => hub.world.certificatesOf(institution));
    const sets = setsOf(
      await hub.source.read(
        'certificates',
        truth.map(({ number }) => number),
        callScope(),
      ),
    );
    expect(new Set(truth.map(({ scheme }) => scheme)).size).toBe(4);
    expect(sets.map(({ malformed }) => malformed)).toEqual(truth.map(() => []));
    expect(sets.map(({ records }) => records.map(factsOf))).toEqual(truth.map((certificate) => [{ ...certificate }]));
  });

  it('that nobody issued are an empty answer between the others', async () => {
    const [certificate] = all.flatMap((institution) => hub.world.certificatesOf(institution));
    const number = certificate?.number ?? '';
    const sets = setsOf(await hub.source.read('certificates', ['000000000000', ` ${number} `, ''], callScope()));
    expect(sets.map(({ records }) => records.map((record) => record.number))).toEqual([[], [number], []]);
  });
});

describe('reports', () => {
  const anyOf = (institution: WorldInstitution): ReportRequest => ({
    ...subject(institution),
    from: null,
    to: null,
    number: null,
    limit: 1_000,
  });
  const factsOfReport = (institution: WorldInstitution, report: WorldReport) => ({
    number: report.number,
    version: report.version,
    issuedOn: report.issuedOn,
    parameters: report.parameters.map(({ object, parameter, standard, restriction, site }) => ({
      object,
      parameter,
      standard,
      restriction,
      site,
    })),
    signatory: report.signatory === '' ? null : report.signatory,
    conclusion: report.conclusion,
    digest: report.digest,
    issuerCode: institution.creditCode,
    issuerLocalId: null,
    samplingKind: report.samplingKind,
  });
  let busiest: WorldInstitution;

  beforeAll(() => {
    const counted = all.map((institution) => ({ institution, count: hub.world.reportsOf(institution).length }));
    const most = counted.sort((a, b) => b.count - a.count)[0];
    if (most === undefined || most.count < 6) throw new Error('the world has too few reports');
    busiest = most.institution;
  });

  it('are all there, newest first, with digest and parameters', async () => {
    const some = all.slice(0, 30);
    const sets = setsOf(await hub.source.read('reports', some.map(anyOf), callScope()));
    for (const [index, institution] of some.entries()) {
      const truth = hub.world.reportsOf(institution);
      expect(sets[index]?.malformed).toEqual([]);
      const records = sets[index]?.records ?? [];
      const days = records.map(({ issuedOn }) => issuedOn);
      expect(days).toEqual([...days].sort().reverse());
      // Versions and rows of one number and day have an order of the register's own.
      const inOrder = (facts: readonly object[]) => facts.map((each) => JSON.stringify(each)).sort();
      const inKeyOrder = (facts: object) => Object.fromEntries(Object.entries(facts).sort());
      expect(inOrder(records.map((record) => inKeyOrder(factsOf(record))))).toEqual(
        inOrder(truth.map((report) => inKeyOrder(factsOfReport(institution, report)))),
      );
    }
  });

  it('respect from, to, number and limit of each request on its own, in one call', async () => {
    const newestFirst = hub.world.reportsOf(busiest).map(({ issuedOn }) => issuedOn);
    const [to = null] = newestFirst.slice(1);
    const [from = null] = newestFirst.slice(4);
    const [report] = hub.world.reportsOf(busiest);
    const requests: ReportRequest[] = [
      { ...anyOf(busiest), limit: 3 },
      { ...anyOf(busiest), from, to },
      { ...anyOf(busiest), number: report?.number ?? '' },
      { ...anyOf(busiest), number: 'no such number' },
      { ...anyOf(busiest), limit: 0 },
      { ...anyOf(busiest), from, to, limit: 2 },
    ];
    const sets = setsOf(await hub.source.read('reports', requests, callScope()));
    const within = newestFirst.filter((day) => day >= (from ?? '') && day <= (to ?? ''));
    expect(sets[0]?.records.map(({ issuedOn }) => issuedOn)).toEqual(newestFirst.slice(0, 3));
    expect(sets[1]?.records.map(({ issuedOn }) => issuedOn)).toEqual(within);
    expect(new Set(sets[2]?.records.map(({ number }) => number))).toEqual(new Set([report?.number]));
    expect(sets[3]).toEqual(NOTHING);
    expect(sets[4]).toEqual(NOTHING);
    expect(sets[5]?.records.map(({ issuedOn }) => issuedOn)).toEqual(within.slice(0, 2));
    expect(hub.upstream.calls()).toEqual({ searchReports: 1 });
  });

  it('are found by number under every body that uses it', async () => {
    const numbers = [...new Set(all.flatMap((each) => hub.world.reportsOf(each).map(({ number }) => number)))];
    const shared = numbers.filter((number) => hub.world.institutionOfReport(number).length > 1).slice(0, 5);
    const asked = [...shared, ...numbers.slice(0, 20), 'no such number'];
    const sets = setsOf(await hub.source.read('reportsByNumber', asked, callScope()));
    for (const [index, number] of asked.entries()) {
      const bodies = hub.world.institutionOfReport(number);
      const truth = bodies.flatMap((body) => hub.world.reportsOf(body).filter((report) => report.number === number));
      expect(sets[index]?.records).toHaveLength(truth.length);
      expect(new Set(sets[index]?.records.map(({ issuerCode }) => issuerCode))).toEqual(
        new Set(bodies.map(({ creditCode }) => creditCode)),
      );
    }
    expect(sets.at(-1)).toEqual(NOTHING);
  });
});

describe('every read', () => {
  const READS = ['institutions', 'qualifications', 'penalties', 'listEntries'] as const;

  it.each(READS)(
    'of %s answers in the order asked, with nothing for the unknown and twice for the repeated',
    async (name) => {
      const [a, b, c] = all;
      if (a === undefined || b === undefined || c === undefined) throw new Error('the world is too small');
      const straight = setsOf(await hub.source.read(name, [subject(a), subject(b), subject(c)], callScope()));
      const mixed = setsOf(
        await hub.source.read(name, [subject(c), UNKNOWN, subject(a), subject(c), subject(b)], callScope()),
      );
      const ids = (set: (typeof mixed)[number] | undefined) =>
        set?.records.map((each) => each.provenance.sourceRecordId);
      expect(mixed.map(ids)).toEqual([ids(straight[2]), [], ids(straight[0]), ids(straight[2]), ids(straight[1])]);
    },
  );

  it.each([1, 20, 100])('makes exactly one call for a batch of %i', async (size) => {
    const some = all.slice(0, size);
    const scope = callScope(20_000);
    const names = Array.from({ length: size }, (_, index) => `number ${index}`);
    for (const name of READS) setsOf(await hub.source.read(name, some.map(subject), scope));
    setsOf(await hub.source.read('certificates', names, scope));
    setsOf(await hub.source.read('reportsByNumber', names, scope));
    const open = { from: null, to: null, number: null, limit: 5 };
    setsOf(
      await hub.source.read(
        'reports',
        some.map((each) => ({ ...subject(each), ...open })),
        scope,
      ),
    );
    expect(hub.upstream.calls()).toEqual({
      institutionsByCode: 1,
      qualificationsByCode: 1,
      penaltiesByCode: 1,
      listEntriesByCode: 1,
      certificatesByNumber: 1,
      reportsByNumber: 1,
      searchReports: 1,
    });
  });

  it('asked for nothing does not call at all', async () => {
    expect(setsOf(await hub.source.read('institutions', [], callScope()))).toEqual([]);
    expect(hub.upstream.calls()).toEqual({});
  });

  it('gives each record a receipt of the reply it came in', async () => {
    const [set] = setsOf(await hub.source.read('institutions', all.slice(0, 1).map(subject), callScope()));
    expect(set?.records[0]?.provenance).toMatchObject({
      receipt: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      adapterVersion: definition.adapterVersion,
    });
  });
});

it('offers what the register knows, and answers a ping', async () => {
  expect(hub.source.reads).toEqual(
    new Set([
      'institutions',
      'qualifications',
      'reports',
      'reportsByNumber',
      'penalties',
      'listEntries',
      'certificates',
    ]),
  );
  expect('directory' in hub.source).toBe(false);
  await hub.source.ping(callScope());
  expect(hub.upstream.calls()).toEqual({ ping: 1 });
});
