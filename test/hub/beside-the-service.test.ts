/** What a department's service does not show: records that a file has brought, and records that nobody can read. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { replicaSink } from '../../jobs/commands/replica-sink.ts';
import { importFile } from '../../jobs/import/import-file.ts';
import { reconcileFeed } from '../../jobs/sync/reconcile-feed.ts';
import { syncFeed, type SyncRun } from '../../jobs/sync/sync-feed.ts';
import type { ReplicatedRead } from '../../schema/ports.ts';
import marketRegulation from '../../sources/market-regulation/index.ts';
import { callScope } from '../support/source-under-test.ts';
import type { DepartmentName } from '../support/hub.ts';
import {
  codeOf,
  nodesOf,
  PATIENCE_MS,
  present,
  startReplicatedHub,
  STAFF,
  type Connection,
  type ReplicatedHub,
} from './support.ts';

const CODE = codeOf('INST-A');
const QUERY = `query ($code: CreditCode!, $maxAgeSeconds: Int) {
  institution(creditCode: $code, maxAgeSeconds: $maxAgeSeconds) {
    penalties(first: 100) { totalCount edges { node { documentNumber decidedOn provenance { receipt } } } }
    coverage { department { id } facet status reason }
  }
}`;

interface Shown {
  readonly penalties: Connection<{
    readonly documentNumber: string;
    readonly decidedOn: string;
    readonly provenance: { readonly receipt: string };
  }>;
  readonly coverage: readonly {
    readonly department: { readonly id: string };
    readonly facet: string;
    readonly status: string;
    readonly reason: string | null;
  }[];
}

let folder: string;
let hub: ReplicatedHub;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-beside-'));
  hub = await startReplicatedHub({ worldSize: 40 });
}, 120_000);
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = async (maxAgeSeconds: number, code = CODE): Promise<Shown> => {
  const { data, errors } = await hub.query<{ institution: Shown }>(QUERY, { code, maxAgeSeconds }, PATIENCE_MS, STAFF);
  expect(errors).toBeUndefined();
  return data.institution;
};
const penaltiesAt = ({ coverage }: Shown, id: DepartmentName) =>
  present(coverage.find(({ department, facet }) => department.id === id && facet === 'PENALTIES'));
const numbersOf = ({ penalties }: Shown): string[] => nodesOf(penalties).map(({ documentNumber }) => documentNumber);
const runOf = (id: DepartmentName, read: ReplicatedRead): SyncRun => ({
  source: present(hub.services.registry.find(id)),
  replica: hub.replica,
  read,
  full: false,
  clock: hub.services.clock,
  scope: callScope(60_000),
});
/** The states of feeds are remembered for a second by whoever did not change them. */
const untilStatesAreRead = () => new Promise((resolve) => setTimeout(resolve, 1_100));

describe('a record that only a file has shown', () => {
  const NUMBER = '虚市监处罚〔2026〕17号';
  const COLUMNS = [
    ...[
      'CF_XDR_MC',
      'CF_XDR_LB',
      'CF_XDR_SHXYM',
      'CF_WSH',
      'CF_WFXW',
      'CF_SY',
      'CF_YJ',
      'CF_CFLB',
      'CF_NR',
      'CF_NR_FK',
    ],
    ...[
      'CF_NR_WFFF',
      'CF_NR_ZKDX',
      'CF_JDRQ',
      'CF_YXQ',
      'CF_GSJZQ',
      'CF_CFJG',
      'CF_CFJGDM',
      'CF_SJLY',
      'CF_SJLYDM',
      'BZ',
    ],
  ];
  const OFFICE = ['虚城市市场监督管理局', '119901000070000112'];
  const ROW = [
    ...[
      '贵州示例甲机动车检测有限公司',
      '法人及非法人组织',
      CODE,
      NUMBER,
      '违反规定',
      '(示例)',
      '(示例)',
      '罚款',
      '罚款3万元',
    ],
    ...['3.000000', '0', '', '2026/01/20', '2099/12/31', '2029/01/20', ...OFFICE, ...OFFICE, ''],
  ];
  let before: string[];

  beforeAll(async () => {
    before = numbersOf(await ask(0));
    const path = join(folder, 'penalties.csv');
    await writeFile(path, `${COLUMNS.join(',')}\n${ROW.join(',')}\n`);
    const exportedAt = new Date('2026-03-02T00:00:00Z');
    const sink = replicaSink(hub.replica, 'market-regulation', exportedAt);
    const report = await importFile({ path, source: marketRegulation, layout: 'penalty', exportedAt, sink });
    expect(report).toMatchObject({ rows: 1, refused: 0, inserted: 1 });
    await untilStatesAreRead();
  });

  it('is in a live answer, in its place, beside what the department itself sends', async () => {
    expect(before).not.toContain(NUMBER);
    const live = await ask(0);
    expect(penaltiesAt(live, 'market-regulation')).toMatchObject({ status: 'LIVE', reason: null });
    expect(numbersOf(live).toSorted()).toEqual([...before, NUMBER].toSorted());
    const days = nodesOf(live.penalties).map(({ decidedOn }) => decidedOn);
    expect(days).toEqual(days.toSorted().toReversed());
  });

  it('is in no other institution’s answer', async () => {
    expect(numbersOf(await ask(0, codeOf('INST-B')))).not.toContain(NUMBER);
  });

  it('is in the answer of a whole replica too, and of a hub whose department is silent', async () => {
    await syncFeed(runOf('market-regulation', 'penalties'));
    expect(numbersOf(await ask(600))).toContain(NUMBER);
    await hub.during('market-regulation', { kind: 'down' }, async () => {
      const stale = await ask(0);
      expect(penaltiesAt(stale, 'market-regulation').status).toBe('STALE');
      expect(numbersOf(stale)).toContain(NUMBER);
    });
  });

  it('costs no query once no record is left that only a file has shown', async () => {
    const feed = 'market-regulation|penalties';
    await reconcileFeed(runOf('market-regulation', 'penalties'));
    expect((await hub.replica.states.of(feed)).filesTakenAt).not.toBeNull();
    const { recordId } = present(await hub.replica.models.records.findOne({ feed, isFromFile: true }).lean());
    await hub.replica.take('market-regulation', 'penalties', new Date(), [
      { recordId, updatedAt: null, subjects: null, record: null },
    ]);
    await reconcileFeed(runOf('market-regulation', 'penalties'));
    expect((await hub.replica.states.of(feed)).filesTakenAt).toBeNull();
    expect(await hub.replica.fromFiles('market-regulation', 'penalties', [])).toBeNull();
  });
});

describe('a record that cannot be read and never could', () => {
  const REASON = 'SOURCE_MALFORMED: 1 record of Transport cannot be read and may concern any institution';
  let spoilt: string;

  beforeAll(async () => {
    const page = await runOf('transport', 'penalties').source.changes(
      'penalties',
      { since: null, after: null, limit: 1 },
      callScope(PATIENCE_MS),
    );
    const [change] = page.changes;
    spoilt = present(change?.recordId);
    await hub.upstream('transport').amend({ read: 'penalties', recordId: spoilt, kind: 'SPOIL', at: new Date() });
    await syncFeed(runOf('transport', 'penalties'));
  });

  it('makes every answer from the replica partial, because nobody knows whom it concerns', async () => {
    for (const key of ['INST-A', 'INST-B'] as const) {
      expect(penaltiesAt(await ask(600, codeOf(key)), 'transport')).toMatchObject({
        status: 'PARTIAL',
        reason: REASON,
      });
    }
  });

  it('does not touch a live answer that it does not concern', async () => {
    expect(penaltiesAt(await ask(0), 'transport')).toMatchObject({ status: 'LIVE', reason: null });
  });

  it('is said beside the staleness when the department is silent', async () => {
    await hub.during('transport', { kind: 'down' }, async () => {
      const { status, reason } = penaltiesAt(await ask(0), 'transport');
      expect(status).toBe('PARTIAL');
      expect(reason).toMatch(/^SOURCE_UNAVAILABLE: /);
      expect(reason).toContain(REASON);
    });
  });

  it('is forgotten when it can be read', async () => {
    await hub.upstream('transport').amend({ read: 'penalties', recordId: spoilt, kind: 'RESTORE', at: new Date() });
    await syncFeed(runOf('transport', 'penalties'));
    expect(penaltiesAt(await ask(600), 'transport')).toMatchObject({ status: 'REPLICA', reason: null });
  });

  it('is forgotten, even without an id, when everything has been read and it is no longer there', async () => {
    const nameless = { recordId: null, field: 'ID', problem: 'is missing' };
    await hub.replica.take('transport', 'penalties', new Date(), [], [nameless]);
    await syncFeed(runOf('transport', 'penalties'));
    expect(penaltiesAt(await ask(600), 'transport')).toMatchObject({ status: 'PARTIAL', reason: REASON });
    await reconcileFeed(runOf('transport', 'penalties'));
    expect(penaltiesAt(await ask(600), 'transport').status).toBe('REPLICA');
  });
});
