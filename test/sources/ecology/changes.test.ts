import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import ecology from '../../../sources/ecology/index.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { FEEDS, Follower } from './follow.ts';
import { PATIENT, at, envelope, facts, startPlatform } from './support.ts';

let hub: SourceUnderTest;
let follow: Follower;

beforeAll(async () => {
  hub = await startSource(ecology, { worldSize: 40, environment: PATIENT, guard: { failuresToOpen: 1_000 } });
  follow = new Follower(hub);
});
afterEach(() => hub.upstream.setFault(null));
afterAll(() => hub.close());

describe('the change feed of ecology', () => {
  it('files records under station numbers, penalties under each key that is on the document', async () => {
    const { world } = hub;
    for (const read of FEEDS.filter((name) => name !== 'penalties')) {
      for (const { subjects } of await follow.upsertsOf(read)) {
        expect(subjects).toEqual([expect.stringMatching(/^local:\d{6}-\d{4}$/)]);
      }
    }
    const penalties = await follow.upsertsOf('penalties');
    expect(penalties.length).toBeGreaterThan(2);
    for (const { record, subjects } of penalties) {
      const punished = world.institutions.filter((each) =>
        world.penaltiesOf(each).some(({ documentNumber }) => documentNumber === record.documentNumber),
      );
      const { localNumbers, creditCode, kinds } = at(punished, 0);
      const byNumber = localNumbers.ecology === null ? [] : [`local:${localNumbers.ecology}`];
      const byCode = byNumber.length === 0 || kinds.includes('ENV_MONITORING_BODY') ? [`code:${creditCode}`] : [];
      expect(subjects).toEqual([...byNumber, ...byCode]);
    }
    expect(penalties.filter(({ subjects }) => subjects.length === 2).length).toBeGreaterThan(0);
    expect(penalties.filter(({ subjects }) => subjects.length === 1).length).toBeGreaterThan(0);
  });

  it('begins with the second in which the time asked for lies', async () => {
    const all = await follow.changesOf('inspections');
    const middle = at(all, Math.floor(all.length * 0.99));
    const time = middle.updatedAt?.getTime() ?? 0;
    const idsSince = async (since: number) =>
      (await follow.changesOf('inspections', new Date(since))).map(({ recordId }) => recordId);
    const expected = all.filter(({ updatedAt }) => (updatedAt?.getTime() ?? 0) >= time).map(({ recordId }) => recordId);
    expect(await idsSince(time)).toEqual(expected);
    expect(await idsSince(time + 999)).toEqual(expected);
    expect(await idsSince(time + 1_000)).not.toContain(middle.recordId);
  });

  it('tells how many records there are, and where the page is newest', async () => {
    const all = await follow.changesOf('reports');
    const first = await follow.pageOf('reports', { limit: 10 });
    const second = await follow.pageOf('reports', { limit: 10, after: first.next });
    expect([first.total, second.total]).toEqual([all.length, all.length]);
    expect(first.newestAt).toEqual(at(first.changes, 9).updatedAt);
    const since = at(all, all.length - 1).updatedAt;
    const last = await follow.pageOf('reports', { since });
    expect(last).toMatchObject({ next: null, total: last.changes.length, newestAt: since });
    expect(await follow.pageOf('reports', { since: follow.nextDay() })).toMatchObject({
      total: 0,
      newestAt: null,
      changes: [],
    });
  });

  it('gives every record once where many were uploaded in one second', async () => {
    const all = await follow.changesOf('inspections');
    const seconds = new Set(all.map(({ updatedAt }) => updatedAt?.getTime()));
    expect(seconds.size).toBeLessThan(all.length / 2);
    const inMany = await follow.changesOf('inspections', null, 97);
    expect(inMany).toHaveLength(all.length);
    expect(inMany.map(({ recordId }) => recordId)).toEqual(all.map(({ recordId }) => recordId));
  });

  it('loses nothing when a record moves while the pages are read', async () => {
    const before = (await follow.changesOf('facilities')).map(({ recordId }) => recordId);
    const first = await follow.pageOf('facilities', { limit: 5 });
    const recordId = at(first.changes, 4).recordId;
    await follow.amend('facilities', recordId, { kind: 'CHANGE' });
    const seen = first.changes.map((change) => change.recordId);
    for (let after = first.next; after !== null;) {
      const page = await follow.pageOf('facilities', { limit: 5, after });
      seen.push(...page.changes.map((change) => change.recordId));
      after = page.next;
    }
    expect(seen).toEqual([...before, recordId]);
    await follow.amend('facilities', recordId, { kind: 'RESTORE' });
  });
});

describe.each(FEEDS)('the change feed of ecology in trouble, asked for %s', (read) => {
  const limit = 20;

  it.each(['duplicate-rows', 'out-of-order', 'wrong-charset'] as const)('%s: the page is the same', async (kind) => {
    const comparable = async () => {
      const { changes, malformed, next, newestAt, total } = await follow.pageOf(read, { limit });
      const told = changes.map((change) => {
        if (change.kind === 'DELETE') return change;
        const { record, ...rest } = change;
        return { ...rest, facts: facts([{ records: [record], malformed: [] }]) };
      });
      return { told, malformed, next, newestAt, total };
    };
    const before = await comparable();
    await hub.upstream.setFault({ kind, scope: 'all', delayMs: 0 });
    expect(await comparable()).toEqual(before);
  });

  it('renames a key: the records are named, all others are there, and the pages lead on', async () => {
    const before = await follow.pageOf(read, { limit });
    for (const [scope, lost] of [
      ['first', 1],
      ['all', before.changes.length],
    ] as const) {
      await hub.upstream.setFault({ kind: 'schema-drift', scope, delayMs: 0 });
      const page = await follow.pageOf(read, { limit });
      expect(page.malformed).toHaveLength(lost);
      expect(page.malformed.map(({ recordId }) => recordId).sort()).toEqual(
        before.changes
          .slice(0, lost)
          .map(({ recordId }) => recordId)
          .sort(),
      );
      expect(page.changes).toHaveLength(before.changes.length - lost);
      expect(page).toMatchObject({ next: before.next, newestAt: before.newestAt });
    }
  });

  it('is refused in one call, which is not repeated', async () => {
    await hub.upstream.setFault({ kind: 'refused', scope: 'all', delayMs: 0 });
    hub.upstream.resetCalls();
    await expect(follow.pageOf(read)).rejects.toMatchObject({ name: 'HubError', code: 'SOURCE_REFUSED' });
    expect(Object.values(hub.upstream.calls())).toEqual([1]);
  });
});

describe('a page of changes of ecology', () => {
  const row = (changes: object = {}) => ({
    line: { Id: 'L1', TsNo: '520115-0007', TestLineNo: '1', Uptime: '20260301120000', DelFlag: '0', ...changes },
  });
  const result = (changes: object = {}) => ({
    conditionno: '1',
    total: '1',
    lasttime: '',
    lastid: '',
    body: [row()],
    ...changes,
  });
  async function pageAnswered(text: string, after: string | null = null) {
    const platform = await startPlatform(text);
    try {
      const page = await platform.source.changes('facilities', { since: null, after, limit: 10 }, callScope());
      return { page, sent: JSON.parse(at(platform.requests, 0).body) as { data: [{ body: [object] }] } };
    } finally {
      await platform.close();
    }
  }

  it('is asked for with the time of the oldest change and the end of the page before', async () => {
    const { page } = await pageAnswered(envelope([result({ lasttime: '20260301120000', lastid: 'L1' })]));
    expect(page.changes).toMatchObject([{ kind: 'UPSERT', recordId: 'L1', subjects: ['local:520115-0007'] }]);
    const { sent } = await pageAnswered(envelope([result({ body: [] })]), page.next);
    expect(sent.data[0].body).toEqual([
      { conditionno: '1', kssj: '', jssj: '', maxrows: '10', lasttime: '20260301120000', lastid: 'L1' },
    ]);
  });

  it.each([
    ['without its end', result({ lasttime: undefined }), 'lasttime'],
    ['with half an end', result({ lasttime: '20260301120000' }), 'lastid'],
    ['with an end that is no time', result({ lasttime: 'yesterday', lastid: 'L1' }), 'lasttime'],
    ['without the number of all records', result({ total: undefined }), 'total'],
    ['to another condition', result({ conditionno: '2' }), 'result'],
  ])('%s is malformed, and says where', async (_, answer, where) => {
    await expect(pageAnswered(envelope([answer]))).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      message: expect.stringContaining(where),
    });
  });

  it('that ends where it began, or before, is malformed: it would never end', async () => {
    for (const end of [
      { lasttime: '20260301120000', lastid: 'L1' },
      { lasttime: '20260301115959', lastid: 'L9' },
    ]) {
      await expect(pageAnswered(envelope([result(end)]), '20260301120000~L1')).rejects.toMatchObject({
        code: 'SOURCE_MALFORMED',
      });
    }
  });

  it('is not asked for where no page ended', async () => {
    hub.upstream.resetCalls();
    await expect(follow.pageOf('facilities', { after: 'nowhere' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(hub.upstream.calls()).toEqual({});
  });

  it.each([
    ['Uptime', { Uptime: 'noon' }],
    ['Uptime', { Uptime: '' }],
    ['DelFlag', { DelFlag: '2' }],
    ['DelFlag', { DelFlag: undefined }],
    ['TestLineNo', { TestLineNo: '' }],
  ])('with a row whose %s cannot be read names it and keeps the others', async (field, changes) => {
    const body = [row(changes), row({ Id: 'L2' })];
    const { page } = await pageAnswered(envelope([result({ body })]));
    expect(page.malformed).toMatchObject([{ recordId: 'L1', field }]);
    expect(page.changes).toMatchObject([{ recordId: 'L2' }]);
  });

  it('takes a deleted record by its number alone, whatever the case of its keys', async () => {
    const flagged = { line: { id: 'L1', uptime: '2026-03-01 12:00:00', delflag: '1' } };
    const nameless = { line: { uptime: '20260301120000', DelFlag: '1' } };
    const { page } = await pageAnswered(envelope([result({ body: [flagged, nameless] })]));
    expect(page.changes).toEqual([
      { kind: 'DELETE', recordId: 'L1', updatedAt: new Date('2026-03-01T12:00:00+08:00') },
    ]);
    expect(page.malformed).toMatchObject([{ recordId: null, field: 'Id' }]);
  });

  it('does not keep a penalty that nobody would find', async () => {
    const platform = await startPlatform(
      envelope([
        result({
          body: [
            {
              punish: {
                ...{ Id: 'P1', TsNo: '', tyshxydm: '', PunishNo: 'n', PunishOrg: 'o', PunishType: '', IllegalAct: 'a' },
                ...{ PunishBasis: '', FineAmount: '', ForfeitAmount: '', DecideDate: '20260101', PublishDate: '' },
                ...{ PublishEndDate: '', Uptime: '20260301120000', DelFlag: '0' },
              },
            },
          ],
        }),
      ]),
    );
    const page = await platform.source.changes('penalties', { since: null, after: null, limit: 10 }, callScope());
    await platform.close();
    expect(page.changes).toEqual([]);
    expect(page.malformed).toMatchObject([{ recordId: 'P1', field: 'tyshxydm' }]);
  });

  it('is refused by the reference upstream when the condition makes no sense', async () => {
    const url = hub.upstream.environment['ECOLOGY_URL'] ?? '';
    for (const condition of [{ kssj: 'noon' }, { lasttime: '2026' }, { maxrows: '0' }, { maxrows: '1001' }]) {
      const body = {
        jkid: 'downPunishChange',
        jksqm: 'DEMO-KEY',
        data: [{ body: [{ conditionno: '1', ...condition }] }],
      };
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      expect(await response.json()).toMatchObject({ code: '400' });
    }
  });
});
