/** How timely departments publish their penalties, counted again from the world that their upstreams serve. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import { publicityDueOn } from '../../schema/penalty/timeliness.ts';
import { parseInstant } from '../../schema/time/instant.ts';
import { callScope } from '../support/source-under-test.ts';
import type { DepartmentName } from '../support/hub.ts';
import { DEPARTMENTS, present, startReplicatedHub, type ReplicatedHub } from './support.ts';

const QUERY = '{ departments { id health { timeliness } } }';

interface Shown {
  readonly departments: readonly { readonly id: string; readonly health: { readonly timeliness: number | null } }[];
}

let hub: ReplicatedHub;

beforeAll(async () => {
  hub = await startReplicatedHub({ worldSize: 300 });
}, 120_000);
afterAll(() => hub.close());

const shares = async (): Promise<Record<string, number | null>> => {
  const { data, errors } = await hub.query<Shown>(QUERY);
  expect(errors).toBeUndefined();
  return Object.fromEntries(data.departments.map(({ id, health }) => [id, health.timeliness]));
};

/** As if it were that day; the reading itself is real. */
const syncAllOn = async (day: string): Promise<void> => {
  const { replica, services } = hub;
  const now = parseInstant(`${day}T12:00:00+08:00`);
  for (const id of DEPARTMENTS) {
    const source = present(services.registry.find(id));
    if (!source.changeFeeds.has('penalties')) continue;
    const clock = { now: () => now };
    await syncFeed({ source, replica, read: 'penalties', full: true, clock, scope: callScope(60_000) });
  }
};

/** [late, all] of a department's decisions with `from` < day of decision <= `to`. */
const countInWorld = (department: DepartmentName, from: string, to: string): [late: number, all: number] => {
  const decisions = hub.world.institutions
    .flatMap((institution) => hub.world.penaltiesOf(institution))
    .filter(({ heldBy, decidedOn }) => heldBy === department && decidedOn > from && decidedOn <= to);
  const late = decisions.filter(({ decidedOn, publishedFrom }) => publishedFrom > publicityDueOn(decidedOn));
  return [late.length, decisions.length];
};

describe('timeliness', () => {
  it('is unknown before anything has been read', async () => {
    expect(await shares()).toEqual({
      'market-regulation': null,
      ecology: null,
      transport: null,
      'public-security': null,
    });
  });

  it('is the share of last year’s penalties that were published in time, and unknown where none are held', async () => {
    await syncAllOn('2026-03-31');
    const timely = await shares();
    const [late, all] = countInWorld('market-regulation', '2025-03-31', '2026-03-31');
    expect(late).toBeGreaterThan(0);
    expect(timely['market-regulation']).toBeCloseTo((all - late) / all, 10);
    for (const department of ['ecology', 'transport'] as const) {
      const [lateThere, allThere] = countInWorld(department, '2025-03-31', '2026-03-31');
      expect(timely[department]).toBeCloseTo((allThere - lateThere) / allThere, 10);
    }
    expect(timely['public-security']).toBeNull();
  });

  it('is unknown again when all decisions are older than a year', async () => {
    await syncAllOn('2028-01-01');
    expect(Object.values(await shares())).toEqual([null, null, null, null]);
  });
});
