/** Upstream calls do not grow with the page: one per department and kind of facts (design rule 8). */
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  codeOf,
  dataOf,
  nodesOf,
  PATIENCE_MS,
  useHub,
  type Connection,
  type CoverageSeen,
} from './support.ts';

const hub = useHub({ worldSize: 200, patienceMs: PATIENCE_MS });

beforeEach(() => hub().resetCalls());

/** What one page of stations with every kind of facts may cost. */
const ONE_PER_FACET = {
  'market-regulation': {
    listInstitutions: 1,
    qualificationsByCode: 1,
    searchReports: 1,
    penaltiesByCode: 1,
    listEntriesByCode: 1,
  },
  ecology: {
    // The station itself, and its filing.
    downStationInfo: 2,
    downInspStmDevice: 1,
    downInspTestingResultInfo: 1,
    downInspReportInfo: 1,
    downPunishInfo: 1,
  },
  // The station and its filing; the tests and the reports on them.
  transport: { 'SELECT QZ_JCJG': 2, 'SELECT QZ_CLJC': 2, 'SELECT QZ_XZCF': 1 },
  // The station and its filing.
  'public-security': { '18C01': 2, '18C02': 1, '18Q90': 1 },
};

interface StationSeen {
  readonly aliases: readonly unknown[];
  readonly inspections: { readonly edges: readonly unknown[] };
  readonly coverage: readonly CoverageSeen[];
}

describe('a page of stations with every kind of facts', () => {
  const STATIONS = `
    query ($first: Int!) {
      institutions(first: $first, filter: { kinds: [VEHICLE_INSPECTION_BODY] }) { edges { node {
        name aliases { localId } conflicts { field } provenance { receipt }
        qualifications { scheme status } facilities { kind }
        inspections(first: 3) { edges { node { startedAt } } }
        reports { edges { node { number } } }
        penalties { totalCount } listEntries { listType }
        coverage { department { id } facet status reason } decisionSafety(maxAgeSeconds: 60) { safe }
      } } }
    }`;

  it.each([1, 20, 100])('of %i costs one call per department and kind of facts', async (first) => {
    const answer = await hub().query<{ institutions: Connection<StationSeen> }>(STATIONS, { first }, PATIENCE_MS);
    const stations = nodesOf(dataOf(answer).institutions);
    expect(stations).toHaveLength(first);
    expect(stations.filter(({ aliases, inspections }) => aliases.length < 2 || inspections.edges.length < 3)).toEqual([]);
    expect(stations.flatMap(({ coverage }) => coverage).filter(({ status }) => /UNAV|PART/.test(status))).toEqual([]);
    expect(hub().calls()).toEqual(ONE_PER_FACET);
  });
});

describe('one operation that asks the same thing in several ways', () => {
  it('asks each department once for two lists of inspections with different filters', async () => {
    await hub().query(
      `query ($code: CreditCode!) {
        institution(creditCode: $code) {
          failed: inspections(first: 5, filter: { result: FAIL }) { edges { node { id } } }
          inMarch: inspections(first: 50, filter: { from: "2026-03-01T00:00:00+08:00" }) { edges { node { id } } }
        }
      }`,
      { code: codeOf('INST-A') },
      PATIENCE_MS,
    );
    expect(hub().calls()).toEqual({
      'market-regulation': { institutionsByCode: 1 },
      ecology: { downInspTestingResultInfo: 1 },
      transport: { 'SELECT QZ_CLJC': 1 },
      'public-security': { '18Q90': 1 },
    });
  });

  it('asks each department once for one institution under two names, and for another one beside it', async () => {
    const answer = await hub().query(
      `query ($a: CreditCode!, $b: CreditCode!) {
        first: institution(creditCode: $a) { name penalties { totalCount } }
        again: institution(creditCode: $a) { status penalties { totalCount } }
        other: institution(creditCode: $b) { name penalties { totalCount } }
      }`,
      { a: codeOf('INST-A'), b: codeOf('INST-B') },
      PATIENCE_MS,
    );
    dataOf(answer);
    expect(hub().calls()).toEqual({
      'market-regulation': { institutionsByCode: 1, penaltiesByCode: 1 },
      ecology: { downPunishInfo: 1 },
      transport: { 'SELECT QZ_XZCF': 1 },
      'public-security': {},
    });
  });

  it('asks once for the second-by-second data of several tests, and not at all when nobody reads it', async () => {
    const TESTS = `
      query ($code: CreditCode!, $series: Boolean!) {
        institution(creditCode: $code) { inspections(first: 5, filter: { departments: ["ecology"] }) { edges { node {
          ... on VehicleEmissionTest { method processSeries @include(if: $series) { second } }
        } } } }
      }`;
    type Tests = { institution: { inspections: Connection<{ processSeries: readonly unknown[] }> } };
    const code = codeOf('INST-A');
    await hub().query(TESTS, { code, series: false }, PATIENCE_MS);
    expect(hub().calls()['ecology']).toEqual({ downInspTestingResultInfo: 1 });

    hub().resetCalls();
    const answer = await hub().query<Tests>(TESTS, { code, series: true }, PATIENCE_MS);
    const tests = nodesOf(dataOf(answer).institution.inspections);
    expect(tests.map(({ processSeries }) => processSeries.length > 60)).toEqual([true, true, true, true, true]);
    expect(hub().calls()['ecology']).toEqual({ downInspTestingResultInfo: 1, downInspProcess: 1 });
  });

  it('asks nobody but the register for what only the register knows', async () => {
    const answer = await hub().query('{ institutions(first: 50) { edges { node { name status } } } }', {}, PATIENCE_MS);
    dataOf(answer);
    expect(hub().calls()).toEqual({
      'market-regulation': { listInstitutions: 1 },
      ecology: {},
      transport: {},
      'public-security': {},
    });
  });
});
