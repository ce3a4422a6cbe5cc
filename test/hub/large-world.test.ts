/** A whole province with `npm run test:scale`, a part of one in the suite. About being right on a slow machine, not fast. */
import { expect, it } from '@jest/globals';
import { isComplete, ONE_CALL_PER_FACET, STATIONS, type StationPage } from './stations.ts';
import { dataOf, nodesOf, useHub } from './support.ts';

const PATIENCE_MS = 60_000;
const START_MS = 200_000;

const WORLD_SIZE = process.env['HUB_TEST_SCALE'] === undefined ? 3_000 : 20_000;

const hub = useHub({ worldSize: WORLD_SIZE, patienceMs: PATIENCE_MS }, START_MS);

it(
  `of ${WORLD_SIZE} institutions two pages of 100 stations are joined in full, each with one call per kind of facts`,
  async () => {
    const stations = hub().world.institutions.filter(({ kinds }) => kinds.includes('VEHICLE_INSPECTION_BODY'));
    const seen = new Set<string>();
    let after: string | null = null;
    for (let page = 1; page <= 2; page += 1) {
      hub().resetCalls();
      const { institutions }: StationPage = dataOf(
        await hub().query<StationPage>(STATIONS, { first: 100, after }, PATIENCE_MS),
      );
      const shown = nodesOf(institutions);
      for (const { creditCode } of shown) seen.add(creditCode);
      expect(institutions.totalCount).toBe(stations.length);
      expect(shown.filter((station) => !isComplete(station))).toEqual([]);
      expect(seen.size).toBe(page * 100);
      expect(hub().calls()).toEqual(ONE_CALL_PER_FACET);
      after = institutions.pageInfo.endCursor;
    }
  },
  2 * PATIENCE_MS,
);
