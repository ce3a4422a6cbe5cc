/** Credentials of department systems and staff: only a digest of each secret is kept. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import type { Caller, Role } from './caller.ts';

export interface ApiKey {
  readonly _id: string;
  /** SHA-256 of the secret, base64url. The secret has 256 random bits: nothing slower is needed. */
  readonly secretHash: string;
  readonly subject: string;
  readonly departmentId: string | null;
  readonly roles: readonly Role[];
  readonly regions: readonly string[];
  readonly createdAt: Date;
  /** null = until revoked. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export type NewApiKey = Pick<ApiKey, 'subject' | 'departmentId' | 'roles' | 'regions' | 'expiresAt'>;

const TOKEN = /^jch_([A-Za-z0-9_-]{8})_([A-Za-z0-9_-]{43})$/;
/** A revoked key stops working within this time. */
const REMEMBERED_MS = 2_000;
const MAX_REMEMBERED = 10_000;
/** Last use is written no more often than this. */
const LAST_USE_EVERY_MS = 60_000;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const keySchema = new Schema<ApiKey>(
  {
    _id: String,
    secretHash: { type: String, required: true },
    subject: { type: String, required: true },
    departmentId: { type: String, default: null },
    roles: { type: [String], required: true },
    regions: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, default: null },
    revokedAt: { type: Date, default: null },
    lastUsedAt: { type: Date, default: null },
  },
  { collection: 'api_keys', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);

interface Remembered {
  readonly until: number;
  readonly key: Promise<ApiKey | null>;
}

export class ApiKeys {
  readonly #model: Model<ApiKey>;
  readonly #now: () => Date;
  readonly #remembered = new Map<string, Remembered>();

  constructor(connection: Connection, now: () => Date = () => new Date()) {
    this.#model = connection.models['ApiKey'] ?? connection.model<ApiKey>('ApiKey', keySchema);
    this.#now = now;
  }

  /** @returns the token, which is shown once and never kept */
  async create(key: NewApiKey): Promise<{ readonly id: string; readonly token: string }> {
    const id = randomBytes(6).toString('base64url');
    const secret = randomBytes(32).toString('base64url');
    await this.#model.create({
      ...key,
      _id: id,
      secretHash: hashOf(secret),
      createdAt: this.#now(),
      revokedAt: null,
      lastUsedAt: null,
    });
    return { id, token: `jch_${id}_${secret}` };
  }

  /** Newest first. */
  async list(): Promise<readonly Omit<ApiKey, 'secretHash'>[]> {
    return await this.#model.find({}, { secretHash: 0 }).sort({ createdAt: -1 }).lean<ApiKey[]>();
  }

  /** @returns false when there is no such key, or it was revoked before */
  async revoke(id: string): Promise<boolean> {
    const { modifiedCount } = await this.#model.updateOne({ _id: id, revokedAt: null }, { revokedAt: this.#now() });
    this.#remembered.delete(id);
    return modifiedCount === 1;
  }

  /** @returns null for a token that is not one of ours, or whose key has ended */
  async callerOf(token: string): Promise<Caller | null> {
    const [, id, secret] = TOKEN.exec(token) ?? [];
    if (id === undefined || secret === undefined) return null;
    const key = await this.#find(id);
    if (key === null || !this.#holds(key)) return null;
    if (!timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(key.secretHash))) return null;
    this.#noteUse(key);
    return {
      subject: key.subject,
      departmentId: key.departmentId,
      roles: ['PUBLIC', ...key.roles],
      regions: key.regions,
      credentialId: id,
    };
  }

  /** Whether a credential that was once accepted still is; for connections that stay open. */
  async stillHolds(credentialId: string): Promise<boolean> {
    const key = await this.#find(credentialId);
    return key !== null && this.#holds(key);
  }

  #holds({ revokedAt, expiresAt }: ApiKey): boolean {
    return revokedAt === null && (expiresAt === null || expiresAt > this.#now());
  }

  #find(id: string): Promise<ApiKey | null> {
    const known = this.#remembered.get(id);
    if (known !== undefined && known.until > Date.now()) return known.key;
    const key = this.#model
      .findById(id)
      .lean<ApiKey>()
      .then((found: ApiKey | null) => found);
    this.#remembered.delete(id);
    this.#remembered.set(id, { until: Date.now() + REMEMBERED_MS, key });
    key.catch(() => this.#remembered.delete(id));
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined && this.#remembered.size > MAX_REMEMBERED) this.#remembered.delete(oldest);
    return key;
  }

  #noteUse({ _id, lastUsedAt }: ApiKey): void {
    const now = this.#now();
    if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < LAST_USE_EVERY_MS) return;
    this.#model.updateOne({ _id }, { $max: { lastUsedAt: now } }).then(
      () => undefined,
      () => undefined,
    );
  }
}
