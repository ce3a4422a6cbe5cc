import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { InstitutionListQuery } from '../../../schema/ports.ts';
import type { Amendment } from '../../../sources/kit/upstream/amendment.ts';
import definition from '../../../sources/market-regulation/index.ts';
import { Amendments } from '../../../sources/market-regulation/upstream/amendments.ts';
import { ChangeFeed } from '../../../sources/market-regulation/upstream/change-feed.ts';
import { holdingsOf } from '../../../sources/market-regulation/upstream/holdings.ts';
import { buildWorld } from '../../../sources/world/build-world.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope, startSource } from '../../support/source-under-test.ts';
import type { SourceUnderTest } from '../../support/source-under-test.ts';
import { setsOf, subject } from './support.ts';

const AT = new Date('2026-05-04T09:30:15.125+08:00');
const EVERYONE: InstitutionListQuery = {
  text: null,
  regionPrefix: null,
  kinds: null,
  listed: null,
  qualification: null,
  orderBy: 'NAME',
  first: 1_000,
  after: null,
};

let hub: SourceUnderTest;
let busy: WorldInstitution;

beforeAll(async () => {
  hub = await startSource(definition, { worldSize: 60 });
  const found = hub.world.institutions.find((each) => hub.world.reportsOf(each).length > 3);
  if (found === undefined) throw new Error('nobody has filed reports');
  busy = found;
});
afterAll(() => hub.close());
beforeEach(() => hub.upstream.setFault(null));

const amend = async (amendment: Amendment): Promise<void> => hub.upstream.amend(amendment);
const listed = async (query: Partial<InstitutionListQuery> = {}) => {
  const page = await hub.source.listInstitutions?.({ ...EVERYONE, ...query }, callScope(30_000));
  return { total: page?.totalCount, codes: page?.rows.map(({ institution }) => institution.creditCode) ?? [] };
};
const since = <K extends 'institutions' | 'reports' | 'listEntries'>(read: K, from: Date | null) =>
  hub.source.changes(read, { since: from, after: null, limit: 1_000 }, callScope(30_000));
const institution = async () => setsOf(await hub.source.read('institutions', [subject(busy)], callScope()))[0];

describe('a changed record', () => {
  const recordId = () => busy.creditCode;

  it('is changed in every answer, with the time of the change', async () => {
    const before = (await institution())?.records[0];
    await amend({ read: 'institutions', recordId: recordId(), kind: 'CHANGE', at: AT });
    const after = (await institution())?.records[0];
    expect(after?.address).toBe(`${before?.address}（第1次更正）`);
    expect(after?.provenance.asOf).toEqual(AT);
    expect((await listed({ orderBy: 'UPDATED_DESC' })).codes[0]).toBe(recordId());
    const { changes } = await since('institutions', AT);
    expect(changes).toMatchObject([{ kind: 'UPSERT', updatedAt: AT, record: { address: after?.address } }]);
  });

  it('is another again after each change, and as it was when it comes back', async () => {
    const first = (await institution())?.records[0];
    await amend({ read: 'institutions', recordId: recordId(), kind: 'CHANGE', at: AT });
    expect((await institution())?.records[0]?.address).not.toBe(first?.address);
    await amend({ read: 'institutions', recordId: recordId(), kind: 'RESTORE', at: AT });
    expect((await institution())?.records[0]).toMatchObject({
      address: busy.addressAt['market-regulation'] ?? busy.address,
      provenance: { asOf: busy.updatedAt },
    });
  });

  it('that says nothing of it keeps its place and its times', async () => {
    const [entry] = (await since('reports', null)).changes;
    if (entry?.kind !== 'UPSERT') throw new Error('there are no reports');
    const { recordId: id, updatedAt, record } = entry;
    await amend({ read: 'reports', recordId: id, kind: 'CHANGE', at: AT, silently: true });
    expect((await since('reports', AT)).changes).toEqual([]);
    const [again] = (await since('reports', null)).changes;
    expect(again).toMatchObject({ recordId: id, updatedAt, record: { version: record.version + 1 } });
    if (again?.kind === 'UPSERT') expect(again.record.provenance.asOf).toEqual(record.provenance.asOf);
  });
});

describe('a withdrawn record', () => {
  const reportsOf = async (limit: number) => {
    const asked = { ...subject(busy), from: null, to: null, number: null, limit };
    return setsOf(await hub.source.read('reports', [asked], callScope()))[0]?.records ?? [];
  };

  it('makes room for the next one where only so many are asked for', async () => {
    const [first, second] = await reportsOf(2);
    const recordId = first?.provenance.sourceRecordId ?? '';
    await amend({ read: 'reports', recordId, kind: 'WITHDRAW', at: AT });
    expect((await reportsOf(1)).map(({ number }) => number)).toEqual([second?.number]);
    const byNumber = await hub.source.read('reportsByNumber', [first?.number ?? ''], callScope());
    expect(setsOf(byNumber)[0]?.records.map(({ provenance }) => provenance.sourceRecordId)).not.toContain(recordId);
    expect((await since('reports', AT)).changes).toEqual([{ kind: 'DELETE', recordId, updatedAt: AT }]);
  });

  it('cannot be changed until it has come back', async () => {
    const [first] = await reportsOf(1);
    const recordId = first?.provenance.sourceRecordId ?? '';
    await amend({ read: 'reports', recordId, kind: 'WITHDRAW', at: AT });
    await expect(amend({ read: 'reports', recordId, kind: 'CHANGE', at: AT })).rejects.toThrow('is withdrawn');
    await amend({ read: 'reports', recordId, kind: 'RESTORE', at: AT });
    expect((await reportsOf(1))[0]?.provenance.sourceRecordId).toBe(recordId);
  });

  it('of the register leaves the list, and its number of all', async () => {
    const before = await listed();
    const totalBefore = (await since('institutions', null)).total ?? 0;
    const change = { read: 'institutions', recordId: busy.creditCode, at: AT } as const;
    await amend({ ...change, kind: 'WITHDRAW', silently: true });
    expect(await listed()).toEqual({
      total: (before.total ?? 0) - 1,
      codes: before.codes.filter((code) => code !== busy.creditCode),
    });
    expect(await institution()).toEqual({ records: [], malformed: [] });
    expect((await since('institutions', null)).total).toBe(totalBefore - 1);
    await amend({ ...change, kind: 'RESTORE' });
    expect(await listed()).toEqual(before);
  });

  it('of a list no longer puts its institution on it', async () => {
    const entries = (await since('listEntries', null)).changes.flatMap((change) =>
      change.kind === 'UPSERT' && change.record.removedOn === null ? [change] : [],
    );
    const [entry] = entries;
    const code = entry?.subjects[0]?.slice('code:'.length) ?? '';
    const own = entries.filter(({ subjects }) => subjects.includes(`code:${code}`));
    expect((await listed({ listed: true })).codes).toContain(code);
    for (const { recordId } of own) await amend({ read: 'listEntries', recordId, kind: 'WITHDRAW', at: AT });
    expect((await listed({ listed: true })).codes).not.toContain(code);
  });
});

it('a record that nobody holds cannot be amended', async () => {
  for (const read of ['penalties', 'certificates', 'listEntries', 'inspections'] as const)
    await expect(amend({ read, recordId: 'no-such-record', kind: 'CHANGE', at: AT })).rejects.toThrow(/holds no/);
});

it('a page deep in a feed computes only the institutions on it', async () => {
  const world = buildWorld({ size: 5_000 });
  let computed = 0;
  const holdings = holdingsOf({
    ...world,
    reportsOf: (each) => {
      computed += 1;
      return world.reportsOf(each);
    },
  });
  const feed = new ChangeFeed(world, holdings, new Amendments(holdings));
  const middle = new Date('2026-03-31T03:00:00+08:00');
  const first = await feed.page('reports', { since: middle, limit: 1_000 });
  const second = await feed.page('reports', { since: middle, cursor: first.nextCursor ?? '', limit: 1_000 });
  expect([first.rows.length, second.rows.length]).toEqual([1_000, 1_000]);
  expect(computed).toBeLessThan(200);
});
