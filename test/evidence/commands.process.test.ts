/** The commands as an operator and a partner run them: the built hub, a process of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyNotice } from '../../gateway/commands/notice.ts';
import { signingKeysCommand } from '../../gateway/commands/signing-keys.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { printKeyRing } from '../../schema/signing/public-key.ts';
import { openBacking } from '../../jobs/backing.ts';
import { eventfulCase, openOffice, type Office } from './case-on-record.ts';

const UNUSABLE = {
  PORT: 'none',
  HUB_SYNC_SECOND: '1',
  MONGODB_URI: 'nowhere',
  HUB_DATA_DIR: '/nonexistent/folder',
  ECOLOGY_TIMEOUT_MS: '-1',
};

let folder: string;
let office: Office;
let number: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-evidence-'));
  const backing = await openBacking({ mongodbUri: null, redisUrl: null, dataFolder: join(folder, 'data') });
  office = await openOffice({
    connection: backing.connection,
    folder: join(folder, 'data', 'signing-keys'),
    close: () => backing.close(),
  });
  number = await eventfulCase(office);
}, 120_000);
afterAll(async () => {
  await office.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param environment beside the data folder of the running store */
const hub = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  new Promise((settle) => {
    const env = { PATH: process.env['PATH'], HUB_DATA_DIR: join(folder, 'data'), ...environment };
    const program = join(projectRoot, 'dist', 'gateway', 'hub.js');
    execFile(process.execPath, [program, ...words], { cwd: folder, env }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code);
      settle({ exitCode, stdout, stderr });
    });
  });

const file = (name: string): string => join(folder, name);

describe('hub notice export', () => {
  it('writes the pack to a file beside a hub that runs, for its user alone', async () => {
    const ended = await hub(['notice', 'export', number, '--out', file('pack.json')]);
    expect(ended).toMatchObject({ exitCode: 0, stdout: '', stderr: `Evidence of ${number}: ${file('pack.json')}\n` });
    expect((await stat(file('pack.json'))).mode & 0o777).toBe(0o600);
  });

  it('writes the same form to its output, with nothing around it', async () => {
    const { stdout, exitCode } = await hub(['notice', 'export', number]);
    expect(exitCode).toBe(0);
    await writeFile(file('printed.json'), stdout);
    expect((await verifyNotice([file('printed.json')], {})).exitCode).toBe(0);
  });

  it('names a notice that is not there', async () => {
    const ended = await hub(['notice', 'export', 'LHCJ520000202601999999']);
    expect(ended).toMatchObject({ exitCode: 1, stderr: 'There is no notice with this number.\n' });
    const misspelt = await hub(['notice', 'exprot']);
    expect(misspelt.exitCode).toBe(2);
    expect(misspelt.stderr).toMatch(/^Say what to do with a notice: export or verify\./);
  });
});

describe('hub notice verify', () => {
  it('needs neither settings nor a store, and says whose keys it took', async () => {
    const ended = await hub(['notice', 'verify', file('pack.json')], UNUSABLE);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^ok +seal of the hub$/m);
    expect(ended.stdout).toMatch(/^market-regulation +[0-9a-f]{16} +SM2_SM3 +[0-9a-f]{64}$/m);
    expect(ended.stdout).toContain('keys not pinned');
    expect(ended.stdout).toMatch(/compare the fingerprints .* out of band/);
  });

  it('fails on one changed byte, in words', async () => {
    const bytes = await readFile(file('pack.json'));
    const position = bytes.indexOf('"caseCount":2') + '"caseCount":'.length;
    bytes[position] = '3'.charCodeAt(0);
    await writeFile(file('changed.json'), bytes);
    const ended = await hub(['notice', 'verify', file('changed.json')], UNUSABLE);
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(/^FAILED +seal of the hub +it is not the signature of this text$/m);
    expect(ended.stdout).toMatch(/does NOT verify\.\n$/);
  });

  it('takes the keys that the reader trusts, and no others', async () => {
    const own = await office.keys.publicKeys();
    await writeFile(file('ring.json'), printKeyRing(own));
    const pinned = await verifyNotice([file('pack.json')], { keys: file('ring.json') });
    expect(pinned.exitCode).toBe(0);
    expect(pinned.lines.at(-1)).toContain('by the keys given');
    await writeFile(file('hub-only.json'), printKeyRing(own.filter(({ owner }) => owner === 'hub')));
    const refused = await verifyNotice([file('pack.json')], { keys: file('hub-only.json') });
    expect(refused.exitCode).toBe(1);
    expect(refused.lines).toContainEqual(
      expect.stringMatching(/^FAILED +signature of version 1 +it names the key \w+, which is not among the keys$/),
    );
  });

  it('does not let a file steer the terminal', async () => {
    const text = await readFile(file('pack.json'), 'utf8');
    const [, keyId = ''] = /"keyId":"(\w+)"/.exec(text) ?? [];
    await writeFile(file('steering.json'), text.replaceAll(keyId, String.raw`\u001b[2J`));
    const { exitCode, lines } = await verifyNotice([file('steering.json')], {});
    expect(exitCode).toBe(1);
    expect(lines.join('')).not.toContain('\u001b');
    expect(lines.join('')).toContain('?[2J');
  });

  it.each([
    ['a file that is not there', 'nothing.json', {}, /nothing\.json: cannot be read\.$/],
    ['a folder', '.', {}, /: cannot be read\.$/],
    ['keys that are none', 'pack.json', { keys: 'nothing.json' }, /nothing\.json: holds no public keys/],
    ['a device without end', '/dev/zero', {}, /^FAILED +file +it is larger than/],
  ])('says what is wrong with %s', async (_, name, options, message) => {
    const { exitCode, lines } = await verifyNotice([resolve(folder, name)], options);
    expect(exitCode).toBe(1);
    expect(lines[0]).toMatch(message);
  });

  it('wants to be told which file', async () => {
    await expect(verifyNotice([], {})).rejects.toThrow('Name the file of an evidence pack.');
  });
});

describe('hub signing-keys', () => {
  it('makes a key beside a hub that runs, in the folder that is set', async () => {
    const ended = await hub(['signing-keys', 'create', 'ecology'], { HUB_SIGNING_KEYS_DIR: file('keys-elsewhere') });
    expect(ended.exitCode).toBe(0);
    const keyId = /^Key (\w{16}) of ecology/.exec(ended.stdout)?.[1] ?? '';
    expect((await stat(join(file('keys-elsewhere'), `${keyId}.pem`))).mode & 0o777).toBe(0o600);
    const listed = await signingKeysCommand(office.keys, ['list'], {}, []);
    expect(listed).toContainEqual(expect.stringMatching(new RegExp(`^${keyId} +ecology .*file is not here`)));
  });
});
