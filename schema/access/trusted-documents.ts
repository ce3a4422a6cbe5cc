/** Documents that the operator has registered: in production no others are served. Kept under the SHA-256 of their text. */
import { createHash } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';

export interface TrustedDocument {
  /** SHA-256 of the text in UTF-8, hex. */
  readonly _id: string;
  readonly text: string;
  /** For people: the file it came from. */
  readonly name: string;
  readonly registeredAt: Date;
}

/** Where documents are looked up. */
export interface DocumentLookup {
  /** @returns null when no document is registered under this hash */
  textOf(hash: string): Promise<string | null>;
}

export const documentHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A document that was removed is served no longer than this. */
const REMEMBERED_MS = 2_000;
const MAX_REMEMBERED = 10_000;

const documentSchema = new Schema<TrustedDocument>(
  {
    _id: String,
    text: { type: String, required: true },
    name: { type: String, required: true },
    registeredAt: { type: Date, required: true },
  },
  { collection: 'trusted_documents', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);

interface Remembered {
  readonly until: number;
  readonly text: Promise<string | null>;
}

export class TrustedDocuments implements DocumentLookup {
  readonly #model: Model<TrustedDocument>;
  readonly #now: () => Date;
  readonly #remembered = new Map<string, Remembered>();

  constructor(connection: Connection, now: () => Date = () => new Date()) {
    this.#model =
      connection.models['TrustedDocument'] ?? connection.model<TrustedDocument>('TrustedDocument', documentSchema);
    this.#now = now;
  }

  /** Registered twice, it stays as it was. @returns its hash, and whether it is new */
  async register(name: string, text: string): Promise<{ readonly hash: string; readonly isNew: boolean }> {
    const hash = documentHash(text);
    const { upsertedCount } = await this.#model.updateOne(
      { _id: hash },
      { $setOnInsert: { text, name, registeredAt: this.#now() } },
      { upsert: true },
    );
    this.#remembered.delete(hash);
    return { hash, isNew: upsertedCount === 1 };
  }

  /** By name. */
  async list(): Promise<readonly TrustedDocument[]> {
    return await this.#model.find({}).sort({ name: 1, _id: 1 }).lean<TrustedDocument[]>();
  }

  /** @returns false when there is no such document */
  async remove(hash: string): Promise<boolean> {
    const { deletedCount } = await this.#model.deleteOne({ _id: hash });
    this.#remembered.delete(hash);
    return deletedCount === 1;
  }

  async textOf(hash: string): Promise<string | null> {
    const known = this.#remembered.get(hash);
    if (known !== undefined && known.until > Date.now()) return await known.text;
    const text = this.#model
      .findById(hash)
      .lean<TrustedDocument>()
      .then((found: TrustedDocument | null) => found?.text ?? null);
    this.#remembered.delete(hash);
    this.#remembered.set(hash, { until: Date.now() + REMEMBERED_MS, text });
    text.catch(() => this.#remembered.delete(hash));
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined && this.#remembered.size > MAX_REMEMBERED) this.#remembered.delete(oldest);
    return await text;
  }
}
