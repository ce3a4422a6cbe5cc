/** Imported files and the replica, end to end. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { replicaSink } from '../../../jobs/commands/replica-sink.ts';
import { importFile } from '../../../jobs/import/import-file.ts';
import { Replica } from '../../../schema/replica/replica.ts';
import { discoverSources } from '../../../sources/kit/registry.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';

const HEADER =
  'CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_NR_WFFF,CF_NR_ZKDX,CF_JDRQ,CF_YXQ,CF_GSJZQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,BZ';
const ROW =
  '贵州示例甲机动车检测有限公司,法人及非法人组织,91520115MAYDM00198,虚市监处罚〔2026〕17号,违反规定,(示例),(示例),罚款,罚款3万元,3.000000,0,,2026/01/20,2099/12/31,2029/01/20,虚城市市场监督管理局,119901000070000112,虚城市市场监督管理局,119901000070000112,';
const EXPORTED_AT = new Date('2026-03-02T00:00:00Z');

let store: StoreUnderTest;
let folder: string;
let replica: Replica;

beforeAll(async () => {
  store = await openStore();
  folder = await mkdtemp(join(tmpdir(), 'hub-import-'));
  replica = new Replica(store.connection);
  await replica.open();
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function importRows(...rows: string[]) {
  const path = join(folder, 'penalties.csv');
  await writeFile(path, [HEADER, ...rows].join('\n'));
  const source = (await discoverSources()).find(({ department }) => department.id === 'market-regulation');
  if (source === undefined) throw new Error('no market-regulation');
  const sink = replicaSink(replica, 'market-regulation', EXPORTED_AT);
  return await importFile({ path, source, layout: 'penalty', exportedAt: EXPORTED_AT, sink });
}

const held = async () => (await replica.models.records.find({ deleted: false }).lean()).map(({ recordId }) => recordId);

it('a file that is read twice doubles nothing', async () => {
  expect(await importRows(ROW)).toMatchObject({ rows: 1, refused: 0, inserted: 1, unchanged: 0 });
  const before = await held();
  expect(await importRows(ROW)).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 });
  expect(await held()).toEqual(before);
});

it('a record that only a file has shown is not taken for gone when the department does not have it', async () => {
  const before = await held();
  const subject = { creditCode: '91520115MAYDM00198' as never, localIds: [] };
  await replica.takeAnswers('market-regulation', 'penalties', new Date(), [subject], [{ records: [], malformed: [] }]);
  expect(await held()).toEqual(before);
  const digests = [];
  for await (const digest of replica.digests('market-regulation', 'penalties')) digests.push(digest);
  expect(digests).toEqual([]);
});
