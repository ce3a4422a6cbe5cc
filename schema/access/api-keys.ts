/** API keys of department systems and staff: only a digest of each secret is kept. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import type { Caller } from './caller.ts';
import { callerFor, CREDENTIAL_FIELDS, CredentialStore, type Credential, type Holder } from './credential-store.ts';

export interface ApiKey extends Credential {
  /** SHA-256 of the secret, base64url. The secret has 256 random bits: nothing slower is needed. */
  readonly secretHash: string;
  /** The key that was made in its place; null = none. */
  readonly replacedBy: string | null;
}

export type NewApiKey = Pick<ApiKey, 'subject' | 'departmentId' | 'roles' | 'regions' | 'expiresAt'> &
  Partial<Pick<Holder, 'actions' | 'classes'>>;

export interface IssuedKey {
  readonly id: string;
  /** Is shown once and never kept. */
  readonly token: string;
}

const TOKEN = /^jch_([A-Za-z0-9_-]{8})_([A-Za-z0-9_-]{43})$/;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const keySchema = new Schema<ApiKey>(
  {
    ...CREDENTIAL_FIELDS,
    secretHash: { type: String, required: true },
    replacedBy: { type: String, default: null },
  },
  { collection: 'api_keys', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);

export class ApiKeys {
  readonly #model: Model<ApiKey>;
  readonly #now: () => Date;
  readonly #store: CredentialStore<ApiKey>;

  constructor(connection: Connection, now: () => Date = () => new Date()) {
    this.#model = connection.models['ApiKey'] ?? connection.model<ApiKey>('ApiKey', keySchema);
    this.#now = now;
    this.#store = new CredentialStore(this.#model, now);
  }

  async create(key: NewApiKey): Promise<IssuedKey> {
    const id = randomBytes(6).toString('base64url');
    const secret = randomBytes(32).toString('base64url');
    await this.#model.create({ ...key, _id: id, secretHash: hashOf(secret), createdAt: this.#now() });
    return { id, token: `jch_${id}_${secret}` };
  }

  /**
   * Makes a key in the place of another, for the same holder; both work until the older one ends.
   * @param overlapMs how long the older one works on, unless it ends sooner
   * @param expiresAt of the new key; not given = it lives as long as the older one was to live
   * @returns null when there is no such valid key
   */
  async rotate(
    id: string,
    overlapMs: number,
    expiresAt?: Date,
  ): Promise<(IssuedKey & { readonly previousUntil: Date }) | null> {
    const key = await this.#model.findById(id).lean<ApiKey>();
    if (key === null || !this.#store.holds(key)) return null;
    const now = this.#now().getTime();
    const lifeMs = key.expiresAt === null ? null : key.expiresAt.getTime() - key.createdAt.getTime();
    const { subject, departmentId, roles, regions, actions, classes } = key;
    const issued = await this.create({
      ...{ subject, departmentId, roles, regions, actions, classes },
      expiresAt: expiresAt ?? (lifeMs === null ? null : new Date(now + lifeMs)),
    });
    await this.#model.updateOne({ _id: id }, { replacedBy: issued.id });
    await this.#store.endBy(id, new Date(now + overlapMs));
    return { ...issued, previousUntil: new Date(Math.min(now + overlapMs, key.expiresAt?.getTime() ?? Infinity)) };
  }

  /** Newest first. */
  async list(): Promise<readonly Omit<ApiKey, 'secretHash'>[]> {
    return await this.#model.find({}, { secretHash: 0 }).sort({ createdAt: -1 }).lean<ApiKey[]>();
  }

  /** @returns false when there is no such key, or it was revoked before */
  revoke(id: string): Promise<boolean> {
    return this.#store.revoke(id);
  }

  /** @returns null for a token that is not one of ours, or whose key has ended */
  async callerOf(token: string): Promise<Caller | null> {
    const [, id, secret] = TOKEN.exec(token) ?? [];
    if (id === undefined || secret === undefined) return null;
    const key = await this.#store.find(id);
    if (key === null || !this.#store.holds(key)) return null;
    if (!timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(key.secretHash))) return null;
    this.#store.noteUse(key);
    return callerFor(key, id);
  }

  /** Whether a credential that was once accepted still is; for connections that stay open. */
  stillHolds(credentialId: string): Promise<boolean> {
    return this.#store.stillHolds(credentialId);
  }
}
