/** The replica follows a department: changes, withdrawals, silence, nonsense. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reconcileFeed } from '../../../jobs/sync/reconcile-feed.ts';
import { syncFeed, type SyncRun } from '../../../jobs/sync/sync-feed.ts';
import { Replica } from '../../../schema/replica/replica.ts';
import { discoverSources } from '../../../sources/kit/registry.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';

let store: StoreUnderTest;
let replica: Replica;
let stand: SourceUnderTest;
const FEED = 'transport|penalties';

beforeAll(async () => {
  store = await openStore();
  replica = new Replica(store.connection);
  await replica.open();
  const definition = (await discoverSources()).find(({ department }) => department.id === 'transport');
  if (definition === undefined) throw new Error('no transport');
  stand = await startSource(definition, { worldSize: 200, guard: { failuresToOpen: 1_000 } });
});
afterAll(async () => {
  await stand.close();
  await store.close();
});

const run = (options: Partial<SyncRun> = {}): SyncRun => ({
  source: stand.source,
  replica,
  read: 'penalties',
  full: false,
  clock: { now: () => new Date() },
  scope: callScope(30_000),
  ...options,
});
const held = async (): Promise<ReadonlyMap<string, string>> => {
  const documents = await replica.models.records.find({ feed: FEED, deleted: false }).lean();
  return new Map(documents.map(({ recordId, hash }) => [recordId, hash]));
};
const anyRecord = async (): Promise<string> => [...(await held()).keys()][0] ?? '';
const soon = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

describe('following a department', () => {
  it('begins with everything, and then reads only what changed', async () => {
    const first = await syncFeed(run());
    expect(first).toMatchObject({ wasFull: true, malformed: 0 });
    expect(first.inserted).toBeGreaterThan(0);
    const second = await syncFeed(run());
    expect(second).toMatchObject({ wasFull: false, inserted: 0, updated: 0, removed: 0 });
    expect(second.records).toBeLessThan(first.records);
  });

  it('learns of a change and of a withdrawal', async () => {
    const before = await held();
    const recordId = await anyRecord();
    await stand.upstream.amend({ read: 'penalties', recordId, kind: 'CHANGE', at: soon(1) });
    expect(await syncFeed(run())).toMatchObject({ updated: 1 });
    expect((await held()).get(recordId)).not.toBe(before.get(recordId));
    await stand.upstream.amend({ read: 'penalties', recordId, kind: 'WITHDRAW', at: soon(2) });
    expect(await syncFeed(run())).toMatchObject({ removed: 1 });
    expect((await held()).has(recordId)).toBe(false);
    await stand.upstream.amend({ read: 'penalties', recordId, kind: 'RESTORE', at: soon(3) });
    await syncFeed(run());
    expect((await held()).has(recordId)).toBe(true);
  });

  it('finds by comparing what the department did not tell, and repairs it', async () => {
    const before = await held();
    const [vanished = '', changed = ''] = [...before.keys()].slice(1);
    await stand.upstream.amend({
      read: 'penalties',
      recordId: vanished,
      kind: 'WITHDRAW',
      at: soon(4),
      silently: true,
    });
    await stand.upstream.amend({ read: 'penalties', recordId: changed, kind: 'CHANGE', at: soon(4), silently: true });
    await replica.models.records.deleteOne({ feed: FEED, recordId: [...before.keys()][3] ?? '' });
    const drift = await reconcileFeed(run());
    expect(drift.extra).toBe(1);
    expect(drift.missing).toBe(1);
    const after = await held();
    expect(after.has(vanished)).toBe(false);
    expect(after.get(changed)).not.toBe(before.get(changed));
    expect(after.size).toBe(before.size - 1);
    expect(await reconcileFeed(run())).toMatchObject({ missing: 0, extra: 0, changed: 0, count: after.size });
  });

  it('puts a record that cannot be read aside, with the reason, and goes on with the others', async () => {
    const recordId = await anyRecord();
    const count = (await held()).size;
    await stand.upstream.amend({ read: 'penalties', recordId, kind: 'SPOIL', at: soon(5) });
    expect(await syncFeed(run())).toMatchObject({ malformed: 1 });
    expect(await replica.quarantine.list(10)).toMatchObject([{ feed: FEED, recordId }]);
    expect((await held()).size).toBe(count);
    await stand.upstream.amend({ read: 'penalties', recordId, kind: 'RESTORE', at: soon(6) });
    await syncFeed(run());
    expect(await replica.quarantine.list(10)).toEqual([]);
  });

  it('notes why it could not, keeps what it has, and catches up', async () => {
    const before = await held();
    await stand.upstream.setFault({ kind: 'down', delayMs: 0, scope: 'all' });
    await expect(syncFeed(run())).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(await replica.states.of(FEED)).toMatchObject({ lastErrorCode: 'SOURCE_UNAVAILABLE' });
    await stand.upstream.setFault(null);
    await syncFeed(run());
    expect(await held()).toEqual(before);
    expect(await replica.states.of(FEED)).toMatchObject({ lastErrorCode: null });
  });
});
