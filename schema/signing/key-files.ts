/** Private keys: one PKCS8 PEM file each, readable by the hub's user alone. */
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '../errors.ts';
import { keyIdOf, readPrivateKey, type SigningPair } from './algorithms.ts';
import type { PublicKey } from './public-key.ts';

export class KeyFiles {
  readonly #folder: string;
  /** Keys never change under their id. */
  readonly #read = new Map<string, SigningPair>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Writes a new key, and returns when it is on the disk: whoever then reads of it in the ring finds it.
   * @throws HubError SIGNING_UNAVAILABLE when the folder cannot be written
   */
  async put(keyId: string, privateKeyPem: string): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const file = await open(this.#fileOf(keyId), 'wx', 0o600);
      try {
        await file.writeFile(privateKeyPem);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw new HubError('SIGNING_UNAVAILABLE', 'A private key cannot be written; see HUB_SIGNING_KEYS_DIR.', {
        cause,
      });
    }
  }

  /** @returns null when the file is not here, cannot be read, or holds another key */
  async get({ keyId, algorithm }: Pick<PublicKey, 'keyId' | 'algorithm'>): Promise<SigningPair | null> {
    const known = this.#read.get(keyId);
    if (known !== undefined) return known;
    const pem = await readFile(this.#fileOf(keyId), 'utf8').catch(() => null);
    const pair = pem === null ? null : readPrivateKey(algorithm, pem);
    if (pair === null || keyIdOf(pair.publicKey) !== keyId) return null;
    this.#read.set(keyId, pair);
    return pair;
  }

  async remove(keyId: string): Promise<void> {
    this.#read.delete(keyId);
    await rm(this.#fileOf(keyId), { force: true });
  }

  #fileOf(keyId: string): string {
    return join(this.#folder, `${keyId}.pem`);
  }
}
