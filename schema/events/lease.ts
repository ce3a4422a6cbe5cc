/** One holder at a time among many processes, until it lets go or is silent. A saving, never a guarantee. */
import { randomUUID } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import { isDuplicateKey } from '../duplicate-key.ts';

interface LeaseDocument {
  readonly _id: string;
  readonly holder: string;
  readonly until: Date;
}

const leaseSchema = new Schema<LeaseDocument>(
  { _id: String, holder: String, until: Date },
  { collection: 'leases', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);

export class Lease {
  readonly #model: Model<LeaseDocument>;
  readonly #name: string;
  readonly #durationMs: number;
  readonly #holder = randomUUID();

  constructor(connection: Connection, name: string, durationMs: number) {
    this.#model = connection.models['Lease'] ?? connection.model<LeaseDocument>('Lease', leaseSchema);
    this.#name = name;
    this.#durationMs = durationMs;
  }

  /** Takes or prolongs the lease. @returns whether it is held now */
  async take(now = new Date()): Promise<boolean> {
    try {
      const until = new Date(now.getTime() + this.#durationMs);
      await this.#model.updateOne(
        { _id: this.#name, $or: [{ holder: this.#holder }, { until: { $lt: now } }] },
        { $set: { holder: this.#holder, until } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      // Somebody else's lease still runs: the upsert met its document.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async release(): Promise<void> {
    await this.#model.deleteOne({ _id: this.#name, holder: this.#holder });
  }
}
