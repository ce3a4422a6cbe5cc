/** What credentials of every kind have in common: for whom they stand, until when, and when they were last used. */
import type { Model, SchemaDefinition } from 'mongoose';
import type { Caller, CallerLimits, Role } from './caller.ts';
import type { FieldClass } from './field-class.ts';
import type { Action } from './policy.ts';
import { ShortMemory } from './short-memory.ts';

/** For whom a credential stands. */
export interface Holder {
  readonly subject: string;
  readonly departmentId: string | null;
  readonly roles: readonly Role[];
  readonly regions: readonly string[];
  /** null = not limited. */
  readonly actions: readonly Action[] | null;
  readonly classes: readonly FieldClass[] | null;
}

export interface Credential extends Holder {
  readonly _id: string;
  readonly createdAt: Date;
  /** null = until revoked. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** Last use is written no more often than this. */
const LAST_USE_EVERY_MS = 60_000;

export const CREDENTIAL_FIELDS = {
  _id: String,
  subject: { type: String, required: true },
  departmentId: { type: String, default: null },
  roles: { type: [String], required: true },
  regions: { type: [String], required: true },
  actions: { type: [String], default: null },
  classes: { type: [String], default: null },
  createdAt: { type: Date, required: true },
  expiresAt: { type: Date, default: null },
  revokedAt: { type: Date, default: null },
  lastUsedAt: { type: Date, default: null },
} as const satisfies SchemaDefinition;

function limitsOf({ actions, classes }: Holder): { readonly limits?: CallerLimits } {
  // Keys of before there were limits have neither.
  const [toActions, toClasses] = [actions ?? null, classes ?? null];
  return toActions === null && toClasses === null ? {} : { limits: { actions: toActions, classes: toClasses } };
}

export function callerFor(holder: Holder, credentialId: string): Caller {
  const { subject, departmentId, roles, regions } = holder;
  return { subject, departmentId, roles: ['PUBLIC', ...roles], regions, credentialId, ...limitsOf(holder) };
}

export class CredentialStore<T extends Credential> {
  readonly #model: Model<T>;
  readonly #now: () => Date;
  readonly #known: ShortMemory<T | null>;

  constructor(model: Model<T>, now: () => Date) {
    this.#model = model;
    this.#now = now;
    this.#known = new ShortMemory((id) => model.findById(id).lean<T>().exec());
  }

  find(id: string): Promise<T | null> {
    return this.#known.get(id);
  }

  holds({ revokedAt, expiresAt }: Pick<T, 'revokedAt' | 'expiresAt'>): boolean {
    return revokedAt === null && (expiresAt === null || expiresAt > this.#now());
  }

  /** Whether a credential that was once accepted still is; for connections that stay open. */
  async stillHolds(id: string): Promise<boolean> {
    const credential = await this.find(id);
    return credential !== null && this.holds(credential);
  }

  /** @returns false when there is no such credential, or it was revoked before */
  async revoke(id: string): Promise<boolean> {
    const { modifiedCount } = await this.#model.updateOne({ _id: id, revokedAt: null }, { revokedAt: this.#now() });
    this.#known.forget(id);
    return modifiedCount === 1;
  }

  /** Has a credential end, unless it ends sooner. */
  async endBy(id: string, end: Date): Promise<void> {
    await this.#model.updateOne(
      { _id: id, $or: [{ expiresAt: null }, { expiresAt: { $gt: end } }] },
      { expiresAt: end },
    );
    this.#known.forget(id);
  }

  noteUse({ _id, lastUsedAt }: Pick<T, '_id' | 'lastUsedAt'>): void {
    const now = this.#now();
    if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < LAST_USE_EVERY_MS) return;
    this.#model.updateOne({ _id }, { $max: { lastUsedAt: now } }).then(
      () => undefined,
      () => undefined,
    );
  }
}
