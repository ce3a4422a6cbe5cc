/** Where an answer comes from: the replica when it is fresh enough, else the department, else the last known answer. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CoverageStatus } from '../../schema/enums.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import { callScope } from '../support/source-under-test.ts';
import { startHub, type HubUnderTest } from '../support/hub.ts';
import { STAFF } from './support.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

const QUERY = `query ($code: CreditCode!, $maxAgeSeconds: Int) {
  institution(creditCode: $code, maxAgeSeconds: $maxAgeSeconds) {
    name
    penalties { edges { node { documentNumber reason } } }
    coverage { department { id } facet status asOf reason }
  }
}`;

interface Shown {
  readonly institution: {
    readonly name: string;
    readonly penalties: { readonly edges: readonly { readonly node: { readonly documentNumber: string } }[] };
    readonly coverage: readonly {
      readonly department: { readonly id: string };
      readonly facet: string;
      readonly status: CoverageStatus;
      readonly asOf: string | null;
      readonly reason: string | null;
    }[];
  };
}

let store: StoreUnderTest;
let replica: Replica;
let hub: HubUnderTest;
/** An institution with penalties at transport. */
let code: string;

beforeAll(async () => {
  store = await openStore();
  replica = new Replica(store.connection);
  await replica.open();
  hub = await startHub({ worldSize: 40, replica, guard: { failuresToOpen: 1_000 } });
  const transport = hub.services.registry.find('transport');
  const page = await transport?.changes('penalties', { since: null, after: null, limit: 100 }, callScope());
  const own = page?.changes.flatMap((change) => (change.kind === 'UPSERT' ? change.subjects : []));
  code = own?.find((key) => key.startsWith('code:'))?.slice('code:'.length) ?? '';
});
afterAll(async () => {
  await hub.close();
  await store.close();
});

const ask = async (maxAgeSeconds: number | null) => {
  const { data, errors } = await hub.query<Shown>(QUERY, { code, maxAgeSeconds }, 5_000, STAFF);
  expect(errors).toBeUndefined();
  return data.institution;
};
const penaltiesAt = (institution: Shown['institution']) =>
  institution.coverage.find(({ department, facet }) => department.id === 'transport' && facet === 'PENALTIES');
const numbersOf = (institution: Shown['institution']): string[] =>
  institution.penalties.edges.map(({ node }) => node.documentNumber);
const sync = async (read: 'penalties' | 'institutions') => {
  const source = hub.services.registry.find('transport');
  if (source === undefined) throw new Error('no transport');
  return await syncFeed({ source, replica, read, full: false, clock: hub.services.clock, scope: callScope(30_000) });
};

describe('an answer', () => {
  let live: Shown['institution'];

  it('is live while the replica has nothing', async () => {
    live = await ask(600);
    expect(penaltiesAt(live)).toMatchObject({ status: 'LIVE', reason: null });
    expect(numbersOf(live).length).toBeGreaterThan(0);
    await hub.settled();
  });

  it('comes from the replica as soon as somebody has asked the department, without asking it again', async () => {
    hub.resetCalls();
    const again = await ask(600);
    expect(penaltiesAt(again)?.status).toBe('REPLICA');
    expect(numbersOf(again)).toEqual(numbersOf(live));
    expect(hub.calls()['transport']).toEqual({});
  });

  it('is live when the question has no patience', async () => {
    expect(penaltiesAt(await ask(0))?.status).toBe('LIVE');
  });

  it('is the last known one, with its time, when the department is silent', async () => {
    await hub.settled();
    await hub.during('transport', { kind: 'down' }, async () => {
      const stale = await ask(0);
      expect(penaltiesAt(stale)).toMatchObject({ status: 'STALE' });
      expect(penaltiesAt(stale)?.asOf).not.toBeNull();
      expect(penaltiesAt(stale)?.reason).toMatch(/^SOURCE_/);
      expect(numbersOf(stale)).toEqual(numbersOf(live));
    });
  });

  it('is none at all when the department is silent and nothing was ever known', async () => {
    const stranger = hub.world.institutions.find((each) => each.creditCode !== code)?.creditCode ?? '';
    await hub.during('transport', { kind: 'down' }, async () => {
      const { data } = await hub.query<Shown>(QUERY, { code: stranger, maxAgeSeconds: 600 }, 5_000, STAFF);
      expect(penaltiesAt(data.institution)?.status).toBe('UNAVAILABLE');
    });
  });

  it('says that nothing is on record from a full reading, for institutions that nobody has asked about', async () => {
    await sync('penalties');
    await sync('institutions');
    const known = new Set(
      (await replica.models.records.find({ feed: 'transport|penalties' }).lean()).flatMap(({ subjects }) => subjects),
    );
    const clean = hub.world.institutions.find(({ creditCode }) => !known.has(`code:${creditCode}`))?.creditCode ?? '';
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { data } = await hub.query<Shown>(QUERY, { code: clean, maxAgeSeconds: 600 }, 5_000, STAFF);
    expect(penaltiesAt(data.institution)).toMatchObject({ status: 'REPLICA', reason: null });
  });
});

describe('equal questions at the same time', () => {
  it('are put to the department once', async () => {
    hub.resetCalls();
    const answers = await Promise.all([ask(0), ask(0), ask(0)]);
    expect(answers.map((answer) => penaltiesAt(answer)?.status)).toEqual(['LIVE', 'LIVE', 'LIVE']);
    const calls = Object.values(hub.calls()['transport'] ?? {}).reduce((sum, count) => sum + count, 0);
    // One for the description, one for the penalties.
    expect(calls).toBeLessThanOrEqual(2);
  });
});

describe('departments', () => {
  it('say how far the replica has followed them', async () => {
    const { data } = await hub.query<{ departments: { id: string; health: { watermarks: object[] } }[] }>(
      '{ departments { id health { watermarks { facet at lagSeconds } } } }',
    );
    const own = data.departments.find(({ id }) => id === 'transport')?.health.watermarks;
    expect(own).toContainEqual(expect.objectContaining({ facet: 'PENALTIES', lagSeconds: expect.any(Number) }));
  });
});

describe('a hub whose store has gone', () => {
  it('asks the departments as if it had none', async () => {
    const lonely = await openStore();
    const lost = new Replica(lonely.connection);
    await lost.open();
    const other = await startHub({ worldSize: 10, replica: lost });
    await lonely.connection.close();
    const [first] = other.world.institutions;
    const { data } = await other.query<Shown>(QUERY, { code: first?.creditCode, maxAgeSeconds: 600 }, 5_000, STAFF);
    expect(penaltiesAt(data.institution)?.status).toBe('LIVE');
    expect(other.replicaFailures.length).toBeGreaterThan(0);
    await other.close();
  });
});
