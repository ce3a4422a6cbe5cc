/**
 * Sessions of signed tokens that were ended before their time. A token cannot be taken back; that it is no longer
 * accepted is on this list.
 */
import { Schema, type Connection, type Model } from 'mongoose';
import type { TokenSession } from './caller.ts';
import { ShortMemory } from './short-memory.ts';

/** TOKEN: one token (jti). SESSION: all of one login (sid). USER: all that the user (sub) was given until then. */
export const REVOCATION_KINDS = ['TOKEN', 'SESSION', 'USER'] as const;
export type RevocationKind = (typeof REVOCATION_KINDS)[number];

export interface RevokedSession {
  /** Kind and value, e.g. "SESSION:4Ww1". */
  readonly _id: string;
  readonly kind: RevocationKind;
  readonly value: string;
  readonly reason: string;
  readonly revokedAt: Date;
}

const revokedSchema = new Schema<RevokedSession>(
  {
    _id: String,
    kind: { type: String, required: true },
    value: { type: String, required: true },
    reason: { type: String, required: true },
    revokedAt: { type: Date, required: true },
  },
  { collection: 'revoked_sessions', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);

const idOf = (kind: RevocationKind, value: string): string => `${kind}:${value}`;

export class RevokedSessions {
  readonly #model: Model<RevokedSession>;
  readonly #now: () => Date;
  readonly #known: ShortMemory<RevokedSession | null>;

  constructor(connection: Connection, now: () => Date = () => new Date()) {
    this.#model =
      connection.models['RevokedSession'] ?? connection.model<RevokedSession>('RevokedSession', revokedSchema);
    this.#now = now;
    this.#known = new ShortMemory((id) => this.#model.findById(id).lean<RevokedSession>().exec());
  }

  /** Again: of a user, ends what was given out since; else changes nothing but the reason. */
  async revoke(kind: RevocationKind, value: string, reason: string): Promise<void> {
    const revoked = { kind, value, reason, revokedAt: this.#now() };
    await this.#model.updateOne({ _id: idOf(kind, value) }, revoked, { upsert: true });
    this.#known.forget(idOf(kind, value));
  }

  /** Newest first. */
  async list(): Promise<readonly RevokedSession[]> {
    return await this.#model.find().sort({ revokedAt: -1 }).lean<RevokedSession[]>();
  }

  /** @throws when the store does not answer: who cannot be asked for is not let in */
  async isRevoked({ userId, sessionId, tokenId, issuedAt }: TokenSession): Promise<boolean> {
    const [user, session, token] = await Promise.all([
      this.#known.get(idOf('USER', userId)),
      sessionId === null ? null : this.#known.get(idOf('SESSION', sessionId)),
      tokenId === null ? null : this.#known.get(idOf('TOKEN', tokenId)),
    ]);
    // Tokens say the second in which they were issued; one of the same second as the revocation has ended too.
    const ofUser = user !== null && Math.floor(user.revokedAt.getTime() / 1000) * 1000 >= issuedAt.getTime();
    return ofUser || session !== null || token !== null;
  }
}
