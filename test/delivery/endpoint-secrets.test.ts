import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { secretsKeyIn } from '../../jobs/embedded/secrets-key.ts';
import { SecretBox } from '../../schema/delivery/secret-box.ts';

describe('a sealed secret', () => {
  const key = randomBytes(32);
  const box = new SecretBox(key);

  it('opens with the key with which it was sealed, for its owner, and is sealed differently each time', () => {
    const sealed = box.seal('whsec_x', 'endpoint-1');
    expect(new SecretBox(key).open(sealed, 'endpoint-1')).toBe('whsec_x');
    expect(box.seal('whsec_x', 'endpoint-1')).not.toBe(sealed);
    expect(sealed).not.toContain('whsec');
  });

  it('does not open otherwise', () => {
    const sealed = box.seal('whsec_x', 'endpoint-1');
    const bytes = Buffer.from(sealed.slice(3), 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(() => new SecretBox(randomBytes(32)).open(sealed, 'endpoint-1')).toThrow();
    expect(() => box.open(sealed, 'endpoint-2')).toThrow();
    expect(() => box.open(`v1.${bytes.toString('base64')}`, 'endpoint-1')).toThrow();
    for (const wrong of ['', 'v1.', 'v1.AAAA', sealed.slice(0, 30), sealed.replace('v1', 'v2')])
      expect(() => box.open(wrong, 'endpoint-1')).toThrow();
  });
});

describe('the key beside the embedded store', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-key-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is made once, for its owner’s eyes, whoever comes first', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => secretsKeyIn(folder, 'secrets')));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(keys[0]).toHaveLength(32);
    expect((await stat(join(folder, 'secrets.key'))).mode & 0o777).toBe(0o600);
    expect(await secretsKeyIn(folder, 'secrets')).toEqual(keys[0]);
  });

  it('is not replaced when the file holds something else', async () => {
    await writeFile(join(folder, 'secrets.key'), 'lost');
    await expect(secretsKeyIn(folder, 'secrets')).rejects.toThrow('holds no key');
    expect(await readFile(join(folder, 'secrets.key'), 'utf8')).toBe('lost');
  });
});
