/** Everything is destroyed and comes back: notices and their evidence, keys, and an audit trail that goes on. */
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig, type HubConfig } from '../../gateway/config.ts';
import { backupCommand, restoreCommand } from '../../gateway/process/backup-command.ts';
import { openBacking, type Backing } from '../../jobs/backing.ts';
import { secretsKeyIn } from '../../jobs/embedded/secrets-key.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import { AuditAnchors } from '../../schema/audit/audit-anchors.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { AuditTrail } from '../../schema/audit/audit-trail.ts';
import { verifyAuditStore } from '../../schema/audit/verify-audit.ts';
import { verifyEvidence } from '../../schema/notice/evidence/verify-evidence.ts';
import { openKeyRing, type KeyRing } from '../../schema/signing/key-ring.ts';
import { entry, outcome, recordsIn } from '../audit/support.ts';
import { eventfulCase, openOffice } from '../evidence/case-on-record.ts';

const fail = (error: unknown): never => {
  throw error;
};

let folder: string;
let config: HubConfig;
const place = (name: string): string => join(folder, name);
const said: string[] = [];
const out = (line: string): void => void said.push(line);

const open = (): Promise<Backing> => openBacking({ ...config, mayShare: false });
const ringOf = ({ connection }: Backing): Promise<KeyRing> =>
  openKeyRing({ connection, folder: config.signingKeysFolder });
const newTrail = ({ connection }: Backing): AuditTrail =>
  new AuditTrail({ store: new AuditStore(connection), onFailure: fail, patienceMs: 30_000 });

/** What there was when the backup was made. */
let number: string;
let token: string;
let auditKey: Buffer;
let opened: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-backup-'));
  config = readConfig([], { HUB_DATA_DIR: place('data') });
  const backing = await open();
  const { connection } = backing;
  const office = await openOffice({ connection, folder: config.signingKeysFolder, close: () => Promise.resolve() });
  number = await eventfulCase(office);
  await office.close();
  const key = { subject: 'desk', departmentId: null, roles: ['ENFORCER'], regions: ['52'], expiresAt: null } as const;
  ({ token } = await new ApiKeys(connection).create(key));
  auditKey = await secretsKeyIn(config.dataFolder, 'audit');

  // A gateway goes on putting operations on record while the backup is made.
  const trail = newTrail(backing);
  await Promise.all([secretsKeyIn(config.dataFolder, 'secrets'), trail.open(entry({ operationId: 'before' }))]);
  let isBusy = true;
  const busy = (async () => {
    for (let count = 0; isBusy; count += 1) await trail.open(entry({ operationId: `meanwhile-${count}` }));
  })();
  await backupCommand(config, [place('backup')], out);
  isBusy = false;
  await busy;
  await trail.open(entry({ operationId: 'after' }));
  await trail.close();
  opened = (await recordsIn(connection)).map(({ operationId }) => operationId);
  await backing.close();
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('A backup', () => {
  it('is for its user alone, and says what it consists of', async () => {
    expect((await stat(place('backup'))).mode & 0o777).toBe(0o700);
    expect(await readdir(place('backup'))).toEqual([
      ...['anchors.jsonl', 'audit.key', 'backup.json', 'secrets.key', 'signing-keys', 'store'],
    ]);
    expect(said[0]).toMatch(/^Backup of .* files, \d+ bytes\.$/);
    expect(said[1]).toMatch(/^Its digest \(SM3\), to be kept elsewhere: [0-9a-f]{64}$/);
    await expect(backupCommand(config, [place('backup')], out)).rejects.toThrow('is there already');
    await expect(backupCommand(config, [], out)).rejects.toThrow('Name a folder');
  });

  it('is never put over data, and not used when anything in it was changed', async () => {
    await expect(restoreCommand(config, [place('backup')], out)).rejects.toThrow('is not empty');
    await expect(restoreCommand(config, [place('nowhere')], out)).rejects.toThrow('holds no backup');
    await cp(place('backup'), place('changed'), { recursive: true });
    const file = join(place('changed'), 'store', 'data.mdb');
    const bytes = await readFile(file);
    bytes[4_242] = (bytes[4_242] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const other = readConfig([], { HUB_DATA_DIR: place('other') });
    await expect(restoreCommand(other, [place('changed')], out)).rejects.toThrow('store/data.mdb was changed');
    const list = join(place('changed'), 'backup.json');
    await writeFile(list, (await readFile(list, 'utf8')).replace('"store/data.mdb"', '"../../x"'));
    await expect(restoreCommand(other, [place('changed')], out)).rejects.toThrow('not as the hub writes it');
    expect(await readdir(folder)).not.toContain('other');
  });
});

describe('After everything was destroyed', () => {
  let backing: Backing;
  beforeAll(async () => {
    await rm(place('data'), { recursive: true });
    said.length = 0;
    expect(await restoreCommand(config, [place('backup')], out)).toBe(0);
    backing = await open();
  }, 120_000);
  afterAll(() => backing.close());

  it('the restored hub has its notices with evidence that verifies, its callers and its keys', async () => {
    const { connection } = backing;
    const office = await openOffice({ connection, folder: config.signingKeysFolder, close: () => Promise.resolve() });
    const report = verifyEvidence(Buffer.from(await office.export(number)), null);
    await office.close();
    expect(report.checks.flatMap(({ faults }) => faults)).toEqual([]);
    expect(await new ApiKeys(connection).callerOf(token)).toMatchObject({ subject: 'desk' });
    expect(await secretsKeyIn(config.dataFolder, 'audit')).toEqual(auditKey);
  });

  it('its audit trail was checked, tells of the restoring, and goes on', async () => {
    expect(said.join('\n')).toContain('The audit trail verifies:');
    const { connection } = backing;
    const records = await recordsIn(connection);
    const kept = records.map(({ operationId }) => operationId);
    expect(kept).toContain('before');
    // What came after the moment of the backup is lost: a backup can do no more.
    expect(kept).not.toContain('after');
    expect(opened).toEqual(expect.arrayContaining(['before', 'after']));
    expect(records.filter(({ operation }) => operation.fields[0] === 'restore')).toMatchObject([
      { kind: 'OPENED' },
      { kind: 'CLOSED', outcome: { result: 'OK' } },
    ]);

    const [store, ring] = [new AuditStore(connection), await ringOf(backing)];
    const before = await store.newestAnchor();
    const trail = newTrail(backing);
    await trail.open(entry({ operationId: 'new life' }));
    trail.note(entry({ operationId: 'new life', kind: 'CLOSED', outcome: outcome() }));
    await trail.close();
    const anchors = new AuditAnchors({ store, trail, signer: ring, lease: null, onFailure: fail });
    expect((await anchors.anchor())?.number).toBe((before?.number ?? 0) + 1);
    const report = await verifyAuditStore(store, await ring.publicKeys(['hub']));
    expect(report).toMatchObject({ records: records.length + 2, unanchored: 0 });
  });
});
