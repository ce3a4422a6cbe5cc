import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { ChangesPage, ReplicatedRead, SourceChange } from '../../../schema/ports.ts';
import type { Amendment } from '../../../sources/kit/upstream/amendment.ts';
import transport from '../../../sources/transport/index.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { at } from './support.ts';

const READS = ['institutions', 'qualifications', 'inspections', 'reports', 'penalties'] as const;
const TIMEOUT_MS = 1_000;

let hub: SourceUnderTest;

beforeAll(async () => {
  hub = await startSource(transport, {
    worldSize: 25,
    environment: { TRANSPORT_TIMEOUT_MS: String(TIMEOUT_MS) },
    guard: { failuresToOpen: 1_000 },
  });
}, 60_000);
afterAll(() => hub.close());
beforeEach(() => hub.upstream.setFault(null));

const changesOf = async (read: ReplicatedRead, since: Date | null = null, limit = 1_000) => {
  const changes: SourceChange<object>[] = [];
  for (let after: string | null = null; ;) {
    const page: ChangesPage<object> = await hub.source.changes(read, { since, after, limit }, callScope());
    changes.push(...page.changes);
    if (page.next === null) return changes;
    after = page.next;
  }
};
const amend = (amendment: Partial<Amendment> & Pick<Amendment, 'read' | 'recordId' | 'kind'>): Promise<void> =>
  hub.upstream.amend({ at: new Date('2031-01-01T00:00:00Z'), ...amendment });
const recordOf = async (read: ReplicatedRead, recordId: string): Promise<object | undefined> => {
  const change = (await changesOf(read)).findLast((each) => each.recordId === recordId);
  return change?.kind === 'UPSERT' ? change.record : undefined;
};
/** A record without what differs from one reply to the next. */
const facts = (record: object | undefined): object => ({ ...record, provenance: null, recordedAt: null });

async function rowsOf(table: string, recordId: string): Promise<Record<string, string | null>[]> {
  const client = new Client({ connectionString: hub.upstream.environment['TRANSPORT_DATABASE_URL'] });
  await client.connect();
  try {
    const text = `select czlx, sjzt, pch, gxsj::text as gxsj from ${table} where ID = $1 order by gxsj, pch`;
    return (await client.query<Record<string, string | null>>(text, [recordId])).rows;
  } finally {
    await client.end();
  }
}

describe('an amendment of the reference database', () => {
  it('adds a row that is newer and unread, and leaves the others', async () => {
    const { recordId } = at(await changesOf('institutions'), 0);
    const before = await rowsOf('QZ_JCJG', recordId);
    await amend({ read: 'institutions', recordId, kind: 'CHANGE' });
    const after = await rowsOf('QZ_JCJG', recordId);
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)).toMatchObject({ czlx: 'U', sjzt: '0', gxsj: '2031-01-01 08:00:00' });
    await amend({ read: 'institutions', recordId, kind: 'WITHDRAW', at: new Date('2031-01-02T00:00:00Z') });
    expect((await rowsOf('QZ_JCJG', recordId)).at(-1)).toMatchObject({ czlx: 'D', gxsj: '2031-01-02 08:00:00' });
    await amend({ read: 'institutions', recordId, kind: 'RESTORE', at: new Date('2031-01-03T00:00:00Z') });
    expect(await rowsOf('QZ_JCJG', recordId)).toHaveLength(before.length + 3);
  });

  it.each(READS)(
    'of %s that is silent changes neither time nor state, and only reading everything finds it',
    async (read) => {
      const since = new Date('2032-01-01T00:00:00Z');
      const table =
        read === 'penalties' ? 'QZ_XZCF' : ['inspections', 'reports'].includes(read) ? 'QZ_CLJC' : 'QZ_JCJG';
      const { recordId } = at(await changesOf(read), 1);
      const [before, rows] = [await recordOf(read, recordId), await rowsOf(table, recordId)];
      await amend({ read, recordId, kind: 'CHANGE', silently: true, at: since });
      expect(facts(await recordOf(read, recordId))).not.toEqual(facts(before));
      expect(await rowsOf(table, recordId)).toEqual(rows);
      expect(await changesOf(read, since)).toEqual([]);
    },
  );

  it.each(READS)('of %s brings a record back as it was, also silently', async (read) => {
    const { recordId } = at(await changesOf(read), 0);
    const before = facts(await recordOf(read, recordId));
    let days = 0;
    const nextDay = (): Date => new Date(Date.UTC(2033, 0, ++days));
    for (const kind of ['WITHDRAW', 'SPOIL'] as const) {
      for (const silently of [false, true]) {
        await amend({ read, recordId, kind, silently, at: nextDay() });
        expect(await recordOf(read, recordId)).toBeUndefined();
        await amend({ read, recordId, kind: 'RESTORE', silently, at: nextDay() });
        expect(facts(await recordOf(read, recordId))).toEqual(before);
      }
    }
  });

  it.each([
    ['a record that is not there', { read: 'institutions', recordId: 'J99999', kind: 'CHANGE' }],
    ['a record that was never withdrawn from there', { read: 'penalties', recordId: 'J00000', kind: 'RESTORE' }],
    ['what the department does not have', { read: 'listEntries', recordId: 'J00000', kind: 'CHANGE' }],
    ['a record by something that looks like SQL', { read: 'institutions', recordId: "' OR '1'='1", kind: 'WITHDRAW' }],
  ] as const)('is refused for %s', async (_what, amendment) => {
    await expect(amend(amendment)).rejects.toThrow(/there is no record|transport has no/);
  });
});

describe('the feed, when the database', () => {
  it.each(['duplicate-rows', 'out-of-order', 'wrong-charset'] as const)('has %s, is the same', async (kind) => {
    for (const read of READS) {
      const before = await changesOf(read, null, 7);
      await hub.upstream.setFault({ kind, delayMs: 0, scope: 'all' });
      const during = await changesOf(read, null, 7);
      await hub.upstream.setFault(null);
      const described = (changes: readonly SourceChange<object>[]) =>
        changes.map((change) => (change.kind === 'UPSERT' ? { ...change, record: facts(change.record) } : change));
      // A copy of the row that ends a page does not come again.
      expect(described(during)).toEqual(described(before));
    }
  });

  it.each([
    ['institutions', 'QZ_JCJG.BAZT', 'BAZT'],
    ['inspections', 'QZ_CLJC.JCJL', 'JCJL'],
    ['penalties', 'QZ_XZCF.CF_JDRQ', 'CF_JDRQ'],
  ] as const)('has another column, names it for %s; and the field of one wrong value', async (read, column, field) => {
    const sound = await changesOf(read);
    await hub.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'all' });
    await expect(changesOf(read)).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      message: expect.stringContaining(column),
    });
    await hub.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'first' });
    const page = await hub.source.changes(read, { since: null, after: null, limit: 1_000 }, callScope());
    expect(page.malformed).toMatchObject([{ field }]);
    expect(page.changes).toHaveLength(sound.length - 1);
  });

  it.each([
    ['half-open', 'SOURCE_TIMEOUT'],
    ['refused', 'SOURCE_REFUSED'],
    ['down', 'SOURCE_UNAVAILABLE'],
    ['garbage', 'SOURCE_MALFORMED'],
  ] as const)('is %s, says %s, and so does a receipt', async (kind, code) => {
    await hub.upstream.setFault({ kind, delayMs: 0, scope: 'all' });
    await expect(changesOf('institutions')).rejects.toMatchObject({ code });
    const receipt = { batch: 'B1', taken: [{ recordId: 'J00000', updatedAt: new Date() }], refused: [] };
    await expect(hub.source.acknowledge('institutions', receipt, callScope())).rejects.toMatchObject({ code });
    await hub.upstream.setFault(null);
    expect((await changesOf('institutions')).length).toBeGreaterThan(0);
  });
});

describe('a receipt', () => {
  it('costs one look, one row of feedback and one mark for a whole page', async () => {
    const taken = await changesOf('inspections');
    hub.upstream.resetCalls();
    await hub.source.acknowledge('inspections', { batch: 'B2', taken, refused: [] }, callScope());
    expect(hub.upstream.calls()).toEqual({ 'SELECT QZ_CLJC': 1, 'INSERT QZ_FK': 1, 'UPDATE QZ_CLJC': 1 });
  });

  it.each(['qualifications', 'reports', 'listEntries'] as const)('for %s changes nothing', async (read) => {
    const taken = [{ recordId: at(await changesOf('institutions'), 0).recordId, updatedAt: new Date() }];
    hub.upstream.resetCalls();
    await hub.source.acknowledge(read, { batch: 'B3', taken, refused: [] }, callScope());
    expect(hub.upstream.calls()).toEqual({});
  });
});
