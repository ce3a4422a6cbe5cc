/** The trail as an auditor reads it: checked, exported, and asked who looked at whom. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onRecord } from '../../gateway/audit/on-record.ts';
import { subjectReport, verifyFile, verifyStore } from '../../gateway/commands/audit.ts';
import { UsageError } from '../../gateway/commands/usage-error.ts';
import { openBacking, type Backing } from '../../jobs/backing.ts';
import { secretsKeyIn } from '../../jobs/embedded/secrets-key.ts';
import { AuditAnchors } from '../../schema/audit/audit-anchors.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { AuditTrail } from '../../schema/audit/audit-trail.ts';
import { personKeys, type PersonKeys } from '../../schema/audit/subject-key.ts';
import { HubError } from '../../schema/errors.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { openKeyRing, type KeyRing } from '../../schema/signing/key-ring.ts';
import { printKeyRing } from '../../schema/signing/public-key.ts';
import { ACME, entry, outcome, recordsIn } from './support.ts';

const NAME = '张三丰';
const FORMULA = '=HYPERLINK("http://evil.example")';

let folder: string;
let backing: Backing;
let keys: KeyRing;
let store: AuditStore;
let persons: PersonKeys;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-audit-'));
  const dataFolder = file('data');
  backing = await openBacking({ mongodbUri: null, redisUrl: null, dataFolder });
  const { connection } = backing;
  keys = await openKeyRing({ connection, folder: join(dataFolder, 'signing-keys') });
  await keys.ensureKeys(['hub']);
  persons = personKeys(await secretsKeyIn(dataFolder, 'audit'));
  store = new AuditStore(connection);
  await store.open();
  const trail = new AuditTrail({ store, onFailure: () => undefined, patienceMs: 30_000 });
  const looks = [
    { operationId: 'op-1', subjects: [`institution:${ACME}`], purpose: 'CREDIT_REPAIR' },
    { operationId: 'op-2', subjects: [persons.person(NAME), 'report:R-2026-7'], purpose: FORMULA },
  ];
  for (const { operationId, subjects, purpose } of looks) {
    await trail.open(entry({ operationId, purpose }));
    trail.note(entry({ operationId, purpose, kind: 'CLOSED', outcome: outcome({ subjects }) }));
  }
  // Asked for, and killed before there was an answer.
  const operation = { ...entry().operation, subjects: [`institution:${ACME}`] };
  await trail.open(entry({ operationId: 'op-3', operation }));
  await trail.close();
  await new AuditAnchors({ store, trail, signer: keys, lease: null, onFailure: () => undefined }).anchor();
}, 120_000);
afterAll(async () => {
  await backing.close();
  await rm(folder, { recursive: true, force: true });
});

async function report(word: string, options = {}): Promise<readonly string[]> {
  const lines: string[] = [];
  const codesOf = (name: string) => Promise.resolve(name === '贵州示例甲机动车检测有限公司' ? [ACME] : []);
  await subjectReport({ store, personKeys: persons, codesOf }, word, options, (line) => lines.push(line));
  return lines;
}

describe('Who looked at somebody', () => {
  it('is told with when, why and whether anything was shown', async () => {
    const [head, ...lines] = await report(ACME);
    expect(head).toBe('at,subject,departmentId,roles,purpose,caseNumber,operation,how,result,codes,operationId');
    const [answered, killed] = lines.map((line) => line.split(',').slice(1));
    const asked = ['police-desk', 'public-security', 'PUBLIC ENFORCER'];
    expect(answered).toEqual([...asked, 'CREDIT_REPAIR', '黔示例案〔2026〕7号', 'Look', 'SHOWN', 'OK', '', 'op-1']);
    expect(killed).toEqual([
      ...asked,
      'JOINT_ENFORCEMENT',
      '黔示例案〔2026〕7号',
      'Look',
      'ASKED',
      'UNKNOWN',
      '',
      'op-3',
    ]);
    expect(await report('贵州示例甲机动车检测有限公司')).toEqual([head, ...lines]);
  });

  it('is found by the name of a person, which stands nowhere in the trail', async () => {
    const [line = ''] = await report(` ${NAME} `, { format: 'json' });
    expect(JSON.parse(line)).toMatchObject({ operationId: 'op-2', how: 'SHOWN' });
    expect(await report('R-2026-7', { format: 'json' })).toEqual([line]);
    expect(JSON.stringify(await recordsIn(backing.connection))).not.toContain(NAME);
    expect(await report('李四', { format: 'json' })).toEqual([]);
  });

  it('is told of a time only, where one is named', async () => {
    expect(await report(ACME, { format: 'json', to: '2026-01-01T00:00:00+08:00' })).toEqual([]);
    expect(await report(ACME, { format: 'json', from: '2026-01-01T00:00:00+08:00' })).toHaveLength(2);
  });

  it('puts no formula into a spreadsheet', async () => {
    const [, line] = await report(NAME);
    expect(line).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    await expect(report('  ')).rejects.toThrow(UsageError);
    await expect(report(ACME, { format: 'xlsx' })).rejects.toThrow('csv or json');
  });
});

describe('A command of the operator', () => {
  it('is on record before it runs and with how it ended', async () => {
    const before = await recordsIn(backing.connection);
    await onRecord(backing.connection, keys, { words: ['keys', 'list'] }, () => Promise.resolve(0));
    const refusal = new HubError('SIGNING_UNAVAILABLE', 'no key');
    const failing = onRecord(backing.connection, keys, { words: ['notice', 'export'], subjects: ['notice:N1'] }, () =>
      Promise.reject(refusal),
    );
    await expect(failing).rejects.toBe(refusal);
    const known = new Set(before.map(({ hash }) => hash));
    const added = (await recordsIn(backing.connection)).filter(({ hash }) => !known.has(hash));
    const command = { kind: 'COMMAND', fields: ['notice', 'export'], subjects: ['notice:N1'] };
    expect(added.filter(({ operation }) => operation.name === 'notice export')).toMatchObject([
      { kind: 'OPENED', operation: command, caller: { subject: expect.stringMatching(/^command-line:/) } },
      { kind: 'CLOSED', operation: command, outcome: { result: 'FAILED', codes: ['SIGNING_UNAVAILABLE'] } },
    ]);
    expect(added.filter(({ operation }) => operation.name === 'keys list')).toMatchObject([
      { kind: 'OPENED' },
      { kind: 'CLOSED', outcome: { result: 'OK' } },
    ]);
  });
});

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command line, beside the store of this test. */
const hub = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  new Promise((settle) => {
    const env = { PATH: process.env['PATH'], HUB_DATA_DIR: file('data'), ...environment };
    const program = join(projectRoot, 'dist', 'gateway', 'hub.js');
    execFile(process.execPath, [program, ...words], { cwd: folder, env }, (error, stdout, stderr) => {
      settle({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });

describe('hub audit', () => {
  it('exports the trail for its user alone, and checks it with neither settings nor store', async () => {
    const exported = await hub(['audit', 'export', '--out', file('trail.jsonl')]);
    expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await stat(file('trail.jsonl'))).mode & 0o777).toBe(0o600);
    await writeFile(file('keys.json'), printKeyRing(await keys.publicKeys()));
    const words = ['audit', 'verify', file('trail.jsonl'), '--keys', file('keys.json')];
    const verified = await hub(words, { HUB_DATA_DIR: '/nonexistent', PORT: 'none' });
    expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
    expect(verified.stdout).toMatch(
      /^The audit trail verifies: \d+ records in \d+ chains, \d+ anchors?, by the keys given\./,
    );
    const text = await readFile(file('trail.jsonl'), 'utf8');
    await writeFile(file('forged.jsonl'), text.replace('"CREDIT_REPAIR"', '"CREDIT_REPAIX"'));
    const forged = await verifyFile(file('forged.jsonl'), {});
    expect(forged.exitCode).toBe(1);
    expect(forged.lines[0]).toMatch(/does NOT verify: line \d+: record 1 of chain \S+ was changed/);
    await expect(verifyFile(file('nowhere'), {})).rejects.toThrow('cannot be read');
  });

  it('checks the store, also against anchors that were kept elsewhere', async () => {
    const printed = await hub(['audit', 'anchors']);
    await writeFile(file('anchors.jsonl'), printed.stdout);
    const checked = await verifyStore(store, keys, { anchors: file('anchors.jsonl') });
    expect(checked).toMatchObject({ exitCode: 0 });
    const { connection } = backing;
    const [newest] = await connection.collection('audit_anchors').find().sort({ _id: -1 }).limit(1).toArray();
    await connection.collection('audit_anchors').deleteOne({ _id: newest?._id });
    const cut = await verifyStore(store, keys, { anchors: file('anchors.jsonl') });
    expect(cut.exitCode).toBe(1);
    expect(cut.lines[0]).toMatch(/anchor \d+ is missing, and anchor \d+ was kept elsewhere/);
    if (newest !== undefined) await connection.collection('audit_anchors').insertOne(newest);
  });

  it('answers who looked, and is itself on record for it without the name', async () => {
    const { stdout, exitCode } = await hub(['audit', 'subject', NAME, '--format', 'json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ operationId: 'op-2' });
    const records = await recordsIn(backing.connection);
    expect(records.filter(({ operation }) => operation.name === 'audit subject')).toMatchObject([
      { kind: 'OPENED', operation: { subjects: expect.arrayContaining([persons.person(NAME)]) } },
      { kind: 'CLOSED' },
    ]);
    expect(JSON.stringify(records)).not.toContain(NAME);
    expect((await hub(['audit', 'exprot'])).exitCode).toBe(2);
  });
});
