/**
 * The keys by which departments and the hub sign. Public keys lie in the store, private ones in a folder. A new key takes
 * over at once; the one before goes on signing for a while where the new one's file has not arrived, and what it signed
 * stays good for ever.
 */
import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey } from '../duplicate-key.ts';
import { HubError } from '../errors.ts';
import { generateKeyPair, keyIdOf, readPublicKey, signBytes } from './algorithms.ts';
import { KeyFiles } from './key-files.ts';
import type { PublicKey } from './public-key.ts';
import type { SignatureAlgorithm, SignatureRecord, Signer } from './signature.ts';

/** How long an owner's old key still signs beside a new one: time to carry the new file to every host. */
export const OVERLAP_MS = 30 * 86_400_000;

interface StoredKey extends Omit<PublicKey, 'keyId'> {
  /** The key id. */
  readonly _id: string;
  /** 1, 2, 3 ... of this owner. Unique: of two processes that make the next key, one has made it. */
  readonly generation: number;
}

const keySchema = new Schema<StoredKey>(
  {
    _id: String,
    owner: { type: String, required: true },
    generation: { type: Number, required: true },
    algorithm: { type: String, required: true },
    publicKeyPem: { type: String, required: true },
    validFrom: { type: Date, required: true },
    validTo: { type: Date, default: null },
    revokedAt: { type: Date, default: null },
  },
  { collection: 'signing_keys', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);
keySchema.index({ owner: 1, generation: 1 }, { unique: true });

const publicPart = ({ _id, owner, algorithm, publicKeyPem, validFrom, validTo, revokedAt }: StoredKey): PublicKey => ({
  keyId: _id,
  owner,
  algorithm,
  publicKeyPem,
  validFrom,
  validTo,
  revokedAt,
});

/** Whether it may make new signatures. */
export const maySign = ({ validFrom, validTo, revokedAt }: PublicKey, now: Date): boolean =>
  revokedAt === null && validFrom <= now && (validTo === null || validTo > now);

export interface KeyRingOptions {
  readonly connection: Connection;
  /** Of the private keys; made when the first one is. */
  readonly folder: string;
  readonly now?: () => Date;
}

export class KeyRing implements Signer {
  readonly #model: Model<StoredKey>;
  readonly #files: KeyFiles;
  readonly #now: () => Date;

  /** Use {@link openKeyRing}: without its index two processes could make two keys. */
  constructor({ connection, folder, now = () => new Date() }: KeyRingOptions) {
    this.#model = connection.models['SigningKey'] ?? connection.model<StoredKey>('SigningKey', keySchema);
    this.#files = new KeyFiles(folder);
    this.#now = now;
  }

  async open(): Promise<void> {
    await this.#model.createIndexes();
  }

  async sign(owner: string, bytes: Uint8Array): Promise<SignatureRecord> {
    const now = this.#now();
    const keys = (await this.publicKeys([owner])).filter((key) => maySign(key, now));
    for (const key of keys) {
      const pair = await this.#files.get(key);
      if (pair === null) continue;
      const { keyId, algorithm } = key;
      return { algorithm, keyId, value: signBytes(algorithm, pair, bytes) };
    }
    const reason =
      keys.length === 0
        ? `${owner} has no valid signing key; make one: npm run hub -- signing-keys create ${owner}`
        : `The private key ${keys.map(({ keyId }) => keyId).join(' or ')} of ${owner} is not at hand; put its file into HUB_SIGNING_KEYS_DIR, or make a new key: npm run hub -- signing-keys create ${owner}`;
    throw new HubError('SIGNING_UNAVAILABLE', reason);
  }

  /** Of these owners, or of all; by owner, the newest first. */
  async publicKeys(owners?: readonly string[]): Promise<readonly PublicKey[]> {
    const filter = owners === undefined ? {} : { owner: { $in: [...owners] } };
    const keys = await this.#model.find(filter).sort({ owner: 1, generation: -1 }).lean<StoredKey[]>();
    return keys.map(publicPart);
  }

  /** Whether its private half is in the folder of this process. */
  async isAtHand(key: PublicKey): Promise<boolean> {
    return (await this.#files.get(key)) !== null;
  }

  /**
   * Makes the owner's next key, valid from now; those before it stop signing when the overlap is over.
   * @throws HubError CONFLICT when another process made one at the same moment; SIGNING_UNAVAILABLE when the folder of
   *   private keys cannot be written
   */
  async create(owner: string, algorithm: SignatureAlgorithm = 'SM2_SM3'): Promise<PublicKey> {
    const newest = await this.#model.findOne({ owner }).sort({ generation: -1 }).lean<StoredKey>();
    const generation = (newest?.generation ?? 0) + 1;
    const key = await this.#make(owner, algorithm, generation);
    if (key === null) {
      throw new HubError('CONFLICT', `Another key of ${owner} was made at this moment; see: signing-keys list.`);
    }
    await this.#model.updateMany(
      { owner, generation: { $lt: generation }, validTo: null },
      { validTo: new Date(key.validFrom.getTime() + OVERLAP_MS) },
    );
    return key;
  }

  /** Makes a first key for each of these that never had one; for evaluation. Any number of processes may do so at once. */
  async ensureKeys(owners: readonly string[]): Promise<void> {
    const known = new Set((await this.publicKeys(owners)).map(({ owner }) => owner));
    for (const owner of owners) if (!known.has(owner)) await this.#make(owner, 'SM2_SM3', 1);
  }

  /** @returns the key as it now is; null when there is no such key, or it was revoked before */
  async revoke(keyId: string): Promise<PublicKey | null> {
    const revoked = await this.#model
      .findOneAndUpdate({ _id: keyId, revokedAt: null }, { revokedAt: this.#now() }, { returnDocument: 'after' })
      .lean<StoredKey>();
    return revoked === null ? null : publicPart(revoked);
  }

  /** @returns null when the owner has a key of this generation already */
  async #make(owner: string, algorithm: SignatureAlgorithm, generation: number): Promise<PublicKey | null> {
    const { publicKeyPem, privateKeyPem } = generateKeyPair(algorithm);
    const publicKey = readPublicKey(algorithm, publicKeyPem);
    if (publicKey === null) throw new Error(`a new key of ${algorithm} cannot be read`);
    const keyId = keyIdOf(publicKey);
    const stored: StoredKey = {
      _id: keyId,
      owner,
      generation,
      algorithm,
      publicKeyPem,
      validFrom: this.#now(),
      validTo: null,
      revokedAt: null,
    };
    await this.#files.put(keyId, privateKeyPem);
    try {
      await this.#model.create(stored);
      return publicPart(stored);
    } catch (error) {
      // After any other failure the store may hold the key all the same; then its file is needed.
      if (!isDuplicateKey(error)) throw error;
      await this.#files.remove(keyId);
      return null;
    }
  }
}

export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const ring = new KeyRing(options);
  await ring.open();
  return ring;
}
