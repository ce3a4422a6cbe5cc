/** Upstream calls do not grow with the page: one per department and kind of facts (design rule 8). */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { isComplete, ONE_CALL_PER_FACET, STATIONS, type StationPage } from './stations.ts';
import { SPECIAL_INDEXES } from '../../sources/world/special-indexes.ts';
import { codeOf, dataOf, institutionAt, nodesOf, PATIENCE_MS, useHub, type Connection } from './support.ts';
import { IN_A_CASE, INSPECTOR } from '../support/callers.ts';

const hub = useHub({ worldSize: 200, patienceMs: PATIENCE_MS });

/** Two of one name, of which only a person can say whose ecology's stations are. */
const torn = (): string[] =>
  SPECIAL_INDEXES.sameNameSameRegion.map((index) => institutionAt(hub().world, index).creditCode);

beforeEach(() => hub().resetCalls());

describe('a page of stations with every kind of facts', () => {
  it.each([1, 20, 100])('of %i costs one call per department and kind of facts', async (first) => {
    const stations = nodesOf(dataOf(await hub().query<StationPage>(STATIONS, { first }, PATIENCE_MS)).institutions);
    expect(stations).toHaveLength(first);
    expect(stations.filter((station) => !isComplete(station) && !torn().includes(station.creditCode))).toEqual([]);
    expect(hub().calls()).toEqual(ONE_CALL_PER_FACET);
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
    const answer = await hub().query<Tests>(TESTS, { code, series: true }, PATIENCE_MS, INSPECTOR, IN_A_CASE);
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
