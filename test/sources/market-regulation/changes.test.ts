import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangesPage, ReplicatedRead, SourceChange } from '../../../schema/ports.ts';
import type { PenaltyRecord } from '../../../schema/records.ts';
import type { AdapterCall } from '../../../sources/kit/adapter.ts';
import { marketRegulationChanges } from '../../../sources/market-regulation/changes.ts';
import definition from '../../../sources/market-regulation/index.ts';
import { SPECIAL_INDEXES } from '../../../sources/world/special-indexes.ts';
import { callScope, startSource } from '../../support/source-under-test.ts';
import type { SourceUnderTest } from '../../support/source-under-test.ts';
import { setsOf } from './support.ts';

const CODE = '91520115MAYDM00198';

/** The page that comes of penalty rows as the service might send them. */
async function pageOf(rows: readonly object[]) {
  const feed = marketRegulationChanges.penalties;
  if (feed === undefined) throw new Error('there is no feed of penalties');
  const reply = { penaltyChanges: { code: '0', msg: 'ok', data: { total: null, nextCursor: 'more', rows } } };
  const call: AdapterCall = { signal: new AbortController().signal, execute: () => Promise.resolve(reply) };
  return await feed({ since: null, after: null, limit: 10 }, call);
}

const row2021 = (id: string, others: object = {}): object => ({
  ID: id,
  TONG_TIME: '2026-03-31T00:00:04+08:00',
  DEL_FLAG: '0',
  CODEFLAG: '',
  CF_XDR_SHXYM: CODE,
  CF_XDR_LB: '法人及非法人组织',
  CF_WSH: '示市监处罚[2026]12号',
  CF_WFXW: '超出资质认定范围出具报告',
  CF_CFLB: '罚款',
  CF_NR_FK: '0.290000',
  CF_NR_WFFF: '',
  CF_YJ: '',
  CF_JDRQ: '2026/01/20',
  CF_GSRQ: '2026/01/22',
  CF_GSJZQ: '2099/12/31',
  CF_CFJG: '示例省市场监督管理局',
  XGSJ: '20260122102500',
  ...others,
});

describe('a row of the collection', () => {
  it.each([
    ['2026-03-31T00:00:04+08:00', '2026-03-30T16:00:04.000Z'],
    ['20260331000004', '2026-03-30T16:00:04.000Z'],
    ['2026/3/31 00:00:04', '2026-03-30T16:00:04.000Z'],
    ['2026-03-31 00:00:04.250', '2026-03-30T16:00:04.250Z'],
    ['20260331', '2026-03-30T16:00:00.000Z'],
  ])('is placed by its time of collection, written %s', async (TONG_TIME, expected) => {
    const { changes, newestAt } = await pageOf([row2021('1', { TONG_TIME })]);
    expect(changes[0]?.updatedAt).toEqual(new Date(expected));
    expect(newestAt).toEqual(new Date(expected));
  });

  it('keeps the time at which its office wrote it as the time of the fact', async () => {
    const { changes } = await pageOf([row2021('1')]);
    expect(changes).toEqual([
      expect.objectContaining({
        kind: 'UPSERT',
        subjects: [`code:${CODE}`],
        draft: expect.objectContaining({
          sourceRecordId: '1',
          fineFen: 290_000,
          publishedTo: null,
          asOf: new Date('2026-01-22T10:25:00+08:00'),
        }) as unknown,
      }),
    ]);
  });

  it.each([
    ['TONG_TIME', { TONG_TIME: 'yesterday' }],
    ['TONG_TIME', { TONG_TIME: '' }],
    ['TONG_TIME', { TONG_TIME: null }],
    ['DEL_FLAG', { DEL_FLAG: 'deleted' }],
    ['CF_XDR_SHXYM', { CF_XDR_SHXYM: '91520115MAYDM00199' }],
    ['CF_NR_FK', { CF_NR_FK: '0.2900001' }],
  ])('is named with its field %s when that cannot be read, and the others stay', async (column, others) => {
    const { changes, malformed, next } = await pageOf([row2021('1', others), row2021('2')]);
    expect(malformed).toEqual([{ recordId: '1', field: column, problem: expect.stringMatching(/\S/) as unknown }]);
    expect(changes).toHaveLength(1);
    expect(next).toBe('more');
  });

  it('may carry a code with a wrong check character that the register has issued', async () => {
    const { changes } = await pageOf([row2021('1', { CF_XDR_SHXYM: '91520115MAYDM00197', CODEFLAG: '1' })]);
    expect(changes[0]).toMatchObject({ kind: 'UPSERT', subjects: ['code:91520115MAYDM00197'] });
  });

  it('that is withdrawn is a deletion, whatever else is left of it', async () => {
    const updatedAt = new Date('2026-03-31T00:00:04+08:00');
    const { changes } = await pageOf([{ ID: '1', TONG_TIME: '20260331000004', DEL_FLAG: '1' }]);
    expect(changes).toEqual([{ kind: 'DELETE', recordId: '1', updatedAt }]);
  });

  it('that is withdrawn without saying which it is counts as malformed', async () => {
    const { changes, malformed } = await pageOf([{ TONG_TIME: '20260331000004', DEL_FLAG: '1' }]);
    expect(changes).toEqual([]);
    expect(malformed).toEqual([{ recordId: null, field: '(record)', problem: expect.any(String) as unknown }]);
  });

  it('that has come to be about a person deletes what was kept, and gives nothing else away', async () => {
    const person = { CF_XDR_LB: '自然人', CF_XDR_MC: '示例人', CF_XDR_ZJHM: '529999199001010019' };
    const { changes, malformed } = await pageOf([row2021('1', person)]);
    expect(changes).toEqual([{ kind: 'DELETE', recordId: '1', updatedAt: new Date('2026-03-31T00:00:04+08:00') }]);
    expect(malformed).toEqual([]);
  });
});

describe('the feed of the service', () => {
  let hub: SourceUnderTest;
  beforeAll(async () => {
    hub = await startSource(definition, { worldSize: 150, guard: { failuresToOpen: 1_000 } });
  });
  afterAll(() => hub.close());
  afterEach(() => hub.upstream.setFault(null));

  const page = <K extends ReplicatedRead>(read: K, query: { since?: Date; after?: string; limit?: number } = {}) =>
    hub.source.changes(read, { since: null, after: null, limit: 1_000, ...query }, callScope(30_000));
  const feeds = (): ReplicatedRead[] => [...hub.source.changeFeeds];
  const idsOf = ({ changes }: ChangesPage<unknown>) => changes.map(({ recordId }) => recordId);

  it('gives penalties of both layouts with their amounts in fen, and no row about a person', async () => {
    const truth = hub.world.institutions.flatMap((institution) =>
      hub.world.penaltiesOf(institution).filter(({ heldBy }) => heldBy === 'market-regulation'),
    );
    const { changes, malformed } = await page('penalties');
    const records = changes.flatMap((change: SourceChange<PenaltyRecord>) =>
      change.kind === 'UPSERT' ? [change.record] : [],
    );
    const told = (each: { documentNumber: string; fineFen: number | null; decidedOn: string }) =>
      `${each.documentNumber} ${each.decidedOn} ${each.fineFen}`;
    expect(malformed).toEqual([]);
    expect(new Set(truth.map(({ layout }) => layout))).toEqual(new Set(['2021', '2015']));
    expect(records.map(told).sort()).toEqual(
      truth.map((each) => told(each.layout === '2021' ? each : { ...each, fineFen: null })).sort(),
    );
    const deletions = changes.filter(({ kind }) => kind === 'DELETE').map(({ recordId }) => recordId);
    expect(deletions.filter((recordId) => recordId.endsWith('P')).length).toBeGreaterThan(0);
    expect(JSON.stringify(changes)).not.toMatch(/529999\d{8}/);
  });

  it('files what belongs to a confirmed code under it, without having seen the register', async () => {
    const confirmed = hub.world.institutions[SPECIAL_INDEXES.registryConfirmed];
    if (confirmed === undefined) throw new Error('the world has no such institution');
    const { changes, malformed } = await page('qualifications');
    const own = changes.filter(
      (change) => change.kind === 'UPSERT' && change.subjects.includes(`code:${confirmed.creditCode}`),
    );
    expect(malformed).toEqual([]);
    expect(own).toHaveLength(hub.world.qualificationsOf(confirmed).length);
  });

  it('files certificates under their issuer', async () => {
    const { changes } = await page('certificates');
    for (const change of changes) {
      if (change.kind !== 'UPSERT') throw new Error('a certificate is missing');
      const { issuerCode } = change.record;
      expect(change.subjects).toEqual(issuerCode === null ? [] : [`code:${issuerCode}`]);
    }
    const numbers = changes.flatMap((change) => (change.kind === 'UPSERT' ? [change.record.number] : []));
    const answer = setsOf(await hub.source.read('certificates', numbers.slice(0, 50), callScope(30_000)));
    expect(answer.flatMap(({ records }) => records.map(({ number }) => number))).toEqual(numbers.slice(0, 50));
  });

  it('says how many rows a whole reading gives, once they are counted', async () => {
    for (const read of feeds()) {
      let rows = 0;
      let next: string | null = null;
      do {
        const each: ChangesPage<unknown> = await page(read, next === null ? {} : { after: next });
        rows += each.changes.length;
        next = each.next;
      } while (next !== null);
      let total: number | null = null;
      while (total === null) total = (await page(read, { limit: 1 })).total;
      expect({ read, total }).toEqual({ read, total: rows });
      expect(await page(read, { since: new Date() })).toMatchObject({ total: null, changes: [], newestAt: null });
    }
  });

  it('begins with the time asked for, that time included', async () => {
    for (const read of feeds()) {
      const { changes } = await page(read);
      const since = changes.at(Math.floor(changes.length / 2))?.updatedAt ?? new Date(Number.NaN);
      const later = changes.filter(({ updatedAt }) => updatedAt !== null && updatedAt >= since);
      expect(later.length).toBeGreaterThan(0);
      const told = idsOf(await page(read, { since }));
      expect(told.slice(0, later.length)).toEqual(later.map(({ recordId }) => recordId));
      const after = new Date(since.getTime() + 1);
      expect(idsOf(await page(read, { since: after }))).not.toContain(later[0]?.recordId);
    }
  });

  it('gives at most 1000 rows in a page', async () => {
    const first = await page('reports', { limit: 5_000 });
    expect(first.changes).toHaveLength(1_000);
    const second = await page('reports', { after: first.next ?? '' });
    expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(1_000 + second.changes.length);
  });

  it.each(['duplicate-rows', 'out-of-order', 'wrong-charset'] as const)('is the same under %s', async (kind) => {
    for (const read of feeds()) {
      const usual = await page(read, { limit: 40 });
      await hub.upstream.setFault({ kind, delayMs: 0, scope: 'all' });
      const disturbed = await page(read, { limit: 40 });
      await hub.upstream.setFault(null);
      expect({ read, ids: idsOf(disturbed) }).toEqual({ read, ids: idsOf(usual) });
      expect(disturbed).toMatchObject({ next: usual.next, newestAt: usual.newestAt, malformed: [] });
    }
  });

  it.each([
    ['institutions', 'ENTNAME'],
    ['qualifications', 'CERTSTATE'],
    ['reports', 'QFRQ'],
    ['penalties', 'CF_WSH'],
    ['listEntries', 'ABNTIME'],
    ['certificates', 'HOLDNAME'],
  ] as const)('of %s names a column that has changed, and goes on', async (read, column) => {
    const usual = await page(read, { limit: 20 });
    await hub.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'first' });
    const drifted = await page(read, { limit: 20 });
    expect(drifted.malformed).toMatchObject([{ recordId: idsOf(usual)[0], field: column }]);
    expect(idsOf(drifted)).toEqual(idsOf(usual).slice(1));
    await hub.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'all' });
    const all = await page(read, { limit: 20 });
    expect(all.changes.filter(({ kind }) => kind === 'UPSERT')).toEqual([]);
    expect(new Set(all.malformed.map(({ field }) => field))).toEqual(new Set([column]));
    expect(all).toMatchObject({ next: usual.next, newestAt: usual.newestAt });
  });

  it('refuses a place that is none, or in another feed', async () => {
    const { next } = await page('reports', { limit: 1 });
    for (const after of ['nowhere', next ?? ''])
      await expect(page('institutions', { after })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('has no feed of what the service does not hold', async () => {
    await expect(page('inspections')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
