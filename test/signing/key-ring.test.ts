import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { signingKeysCommand } from '../../gateway/commands/signing-keys.ts';
import { UsageError } from '../../gateway/commands/usage-error.ts';
import { canonicalJson } from '../../schema/signing/canonical-json.ts';
import { openKeyRing, OVERLAP_MS, type KeyRing } from '../../schema/signing/key-ring.ts';
import { examineSignature, parseKeyRing } from '../../schema/signing/public-key.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

const TEXT = canonicalJson({ number: 'LHCJ520000202601000012' });
const BYTES = Buffer.from(TEXT);
const DAY_MS = 86_400_000;

let store: StoreUnderTest;
let folder: string;
let now: Date;
let ring: KeyRing;

const open = (ownFolder = folder) => openKeyRing({ connection: store.connection, folder: ownFolder, now: () => now });
const pass = (milliseconds: number): void => void (now = new Date(now.getTime() + milliseconds));

beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.connection.collection('signing_keys').deleteMany({});
  folder = join(await mkdtemp(join(tmpdir(), 'hub-keys-')), 'signing-keys');
  now = new Date('2026-03-02T08:00:00Z');
  ring = await open();
});
afterEach(() => rm(dirname(folder), { recursive: true, force: true }));

describe('The key ring', () => {
  it('signs for an owner so that anybody with the public keys can tell', async () => {
    const sm2 = await ring.create('ecology');
    const ed25519 = await ring.create('hub', 'ED25519');
    expect(sm2).toMatchObject({ owner: 'ecology', algorithm: 'SM2_SM3', validFrom: now, validTo: null });
    for (const { owner, keyId, algorithm } of [sm2, ed25519]) {
      const signature = await ring.sign(owner, BYTES);
      expect(signature).toMatchObject({ keyId, algorithm });
      const finding = examineSignature(signature, TEXT, { owner, signedAt: now }, await ring.publicKeys());
      expect(finding).toEqual({ fault: null, warning: null });
    }
  });

  it('keeps private keys out of the store, in files that the owner alone can read', async () => {
    const { keyId } = await ring.create('ecology');
    expect(await readdir(folder)).toEqual([`${keyId}.pem`]);
    expect((await stat(join(folder, `${keyId}.pem`))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(JSON.stringify(await store.connection.collection('signing_keys').find().toArray())).not.toContain('PRIVATE');
  });

  it('says what to do when it cannot sign', async () => {
    const refusal = { code: 'SIGNING_UNAVAILABLE', message: expect.stringContaining('signing-keys create transport') };
    await expect(ring.sign('transport', BYTES)).rejects.toMatchObject(refusal);
    const { keyId } = await ring.create('transport');
    await expect((await open(`${folder}-elsewhere`)).sign('transport', BYTES)).rejects.toMatchObject({
      code: 'SIGNING_UNAVAILABLE',
      message: expect.stringContaining(`private key ${keyId} of transport is not at hand`),
    });
    await ring.revoke(keyId);
    await expect(ring.sign('transport', BYTES)).rejects.toMatchObject(refusal);
  });

  it('does not sign with a file that holds another key, or none', async () => {
    const [one, other] = [await ring.create('transport'), await ring.create('ecology')];
    const fileOf = (keyId: string) => join(folder, `${keyId}.pem`);
    await rename(fileOf(other.keyId), fileOf(one.keyId));
    await writeFile(fileOf(other.keyId), '-----BEGIN PRIVATE KEY-----');
    for (const owner of ['transport', 'ecology'])
      await expect((await open()).sign(owner, BYTES)).rejects.toMatchObject({ code: 'SIGNING_UNAVAILABLE' });
  });

  it('says so when the folder of private keys cannot be written, and makes no key', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'file'), '');
    const blocked = await open(join(folder, 'file', 'keys'));
    await expect(blocked.create('ecology')).rejects.toMatchObject({ code: 'SIGNING_UNAVAILABLE' });
    expect(await ring.publicKeys()).toEqual([]);
  });
});

describe('Rotation', () => {
  it('signs with the new key at once, and with the old one where the new file has not arrived, until the overlap ends', async () => {
    const old = await ring.create('ecology');
    pass(DAY_MS);
    const elsewhere = await open();
    const ownFolder = `${folder}-new`;
    const renewed = await (await open(ownFolder)).create('ecology');
    expect((await (await open(ownFolder)).sign('ecology', BYTES)).keyId).toBe(renewed.keyId);
    expect((await elsewhere.sign('ecology', BYTES)).keyId).toBe(old.keyId);
    pass(OVERLAP_MS - 1);
    expect((await elsewhere.sign('ecology', BYTES)).keyId).toBe(old.keyId);
    pass(1);
    await expect(elsewhere.sign('ecology', BYTES)).rejects.toMatchObject({ code: 'SIGNING_UNAVAILABLE' });
  });

  it('leaves signatures of the old key good for ever', async () => {
    await ring.create('ecology');
    const signedAt = now;
    const signature = await ring.sign('ecology', BYTES);
    for (let year = 1; year <= 3; year += 1) {
      pass(365 * DAY_MS);
      await ring.create('ecology');
    }
    const finding = examineSignature(signature, TEXT, { owner: 'ecology', signedAt }, await ring.publicKeys());
    expect(finding).toEqual({ fault: null, warning: null });
  });

  it('ends with one key however many processes make the first one at once', async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, () => open()));
    await Promise.all(rings.map((each) => each.ensureKeys(['ecology', 'hub'])));
    const keys = await ring.publicKeys();
    expect(keys.map(({ owner }) => owner)).toEqual(['ecology', 'hub']);
    expect((await readdir(folder)).sort()).toEqual(keys.map(({ keyId }) => `${keyId}.pem`).sort());
    for (const each of rings) expect((await each.sign('ecology', BYTES)).keyId).toBe(keys[0]?.keyId);
    await ring.ensureKeys(['ecology', 'hub']);
    expect(await ring.publicKeys()).toEqual(keys);
  });

  it('gives each of several new keys a place of its own', async () => {
    const rings = await Promise.all(Array.from({ length: 6 }, () => open()));
    const made = await Promise.allSettled(rings.map((each) => each.create('ecology')));
    const fulfilled = made.filter(({ status }) => status === 'fulfilled');
    for (const each of made) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'CONFLICT' });
    expect(fulfilled.length).toBeGreaterThan(0);
    expect(await ring.publicKeys()).toHaveLength(fulfilled.length);
    expect(await readdir(folder)).toHaveLength(fulfilled.length);
  });
});

describe('hub signing-keys', () => {
  const run = (...words: string[]) => signingKeysCommand(ring, words, {}, ['ecology', 'transport'], now);

  it('makes, lists, hands out and revokes keys', async () => {
    const [made = '', fingerprint = ''] = await run('create', 'ecology');
    const keyId = /Key (\S+) of ecology/.exec(made)?.[1] ?? '';
    expect(fingerprint).toMatch(new RegExp(`^${keyId}[0-9a-f]{48}$`));
    await signingKeysCommand(ring, ['create', 'hub'], { algorithm: 'ed25519' }, []);
    expect(await run('list')).toEqual([
      expect.stringMatching(new RegExp(`^${keyId} +ecology +SM2_SM3 +signs +file is here +${fingerprint}$`)),
      expect.stringMatching(/hub +ED25519 +signs/),
    ]);
    const [exported = ''] = await run('export');
    expect(parseKeyRing(exported)).toEqual(await ring.publicKeys());
    expect(await run('revoke', keyId)).toEqual([
      expect.stringContaining(`Key ${keyId} of ecology is revoked`),
      expect.stringContaining('ecology cannot sign now'),
    ]);
    expect((await run('list'))[0]).toMatch(/revoked 2026-03-02T16:00:00\+08:00/);
    await expect(run('revoke', keyId)).rejects.toThrow('no valid key');
  });

  it.each([
    [['create'], 'Name the owner of the key: hub, ecology, transport.'],
    [['create', 'police'], 'Name the owner'],
    [['revoke'], 'no valid key'],
    [['steal'], 'create, list, revoke or export'],
  ])('refuses %j', async (words, message) => {
    await expect(run(...words)).rejects.toThrow(UsageError);
    await expect(run(...words)).rejects.toThrow(message);
  });

  it('refuses an algorithm that it does not know', async () => {
    const made = signingKeysCommand(ring, ['create', 'hub'], { algorithm: 'rsa' }, []);
    await expect(made).rejects.toThrow('--algorithm is one of sm2, ed25519.');
  });
});
