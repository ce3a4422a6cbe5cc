/** The hub's own records of institutions: clues and results of proficiency tests. */
import { Schema, type Connection, type Model } from 'mongoose';
import { untilWritten } from '../contested.ts';
import { isDuplicateKey } from '../duplicate-key.ts';
import { HubError } from '../errors.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import type { Finding } from './finding.ts';
import type { FindingSource } from './gather.ts';

const findingSchema = new Schema(
  { _id: String },
  {
    collection: 'recognition_findings',
    strict: false,
    versionKey: false,
    id: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
  },
);
findingSchema.index({ creditCode: 1, _id: 1 });
findingSchema.index({ isNews: 1 }, { partialFilterExpression: { isNews: true } });

/** What is said, without when and by whom. */
const contentOf = (finding: Finding): string =>
  canonicalJson({ ...finding, revision: 0, recordedAt: null, recordedBy: null, isNews: false });

export class FindingStore implements FindingSource {
  readonly #model: Model<Finding>;

  constructor(connection: Connection) {
    this.#model = (connection.models['RecognitionFinding'] ??
      connection.model('RecognitionFinding', findingSchema)) as Model<Finding>;
  }

  /** Makes the indexes; safe to run in every process at its start. */
  async open(): Promise<void> {
    await this.#model.createIndexes();
  }

  async ofInstitution(creditCode: string): Promise<readonly Finding[]> {
    return await this.#model.find({ creditCode }).sort({ _id: 1 }).lean<Finding[]>();
  }

  /** Of all of these, in a fixed order. */
  async ofInstitutions(creditCodes: readonly string[]): Promise<readonly Finding[]> {
    return await this.#model
      .find({ creditCode: { $in: creditCodes } })
      .sort({ _id: 1 })
      .lean<Finding[]>();
  }

  async find(id: string): Promise<Finding | null> {
    return await this.#model.findById(id).lean<Finding>();
  }

  /**
   * Writes it in the place of what was recorded under its id. The same again changes nothing.
   * @returns what is now on record
   */
  async record(finding: Finding): Promise<Finding> {
    const attempt = async () => {
      const known = await this.find(finding._id);
      if (known !== null && contentOf(known) === contentOf(finding)) return known;
      const written: Finding = { ...finding, revision: (known?.revision ?? 0) + 1, isNews: true };
      return (await this.#write(known, written)) ? written : null;
    };
    return await untilWritten(
      attempt,
      () => new HubError('CONFLICT', 'This record is being written by too many at once; try again.'),
    );
  }

  /** Findings since which what rests on their institutions has not been looked at. */
  async news(limit: number): Promise<readonly Finding[]> {
    return await this.#model.find({ isNews: true }).limit(limit).lean<Finding[]>();
  }

  /** What rests on their institutions has been looked at; one that was written again meanwhile stays news. */
  async settle(findings: readonly Finding[]): Promise<void> {
    for (const { _id, revision } of findings) {
      await this.#model.updateOne({ _id, revision }, { $set: { isNews: false } });
    }
  }

  async #write(known: Finding | null, written: Finding): Promise<boolean> {
    if (known !== null) {
      const filter = { _id: known._id, revision: known.revision };
      const { matchedCount } = await this.#model.collection.replaceOne(filter as never, { ...written });
      return matchedCount === 1;
    }
    try {
      await this.#model.collection.insertOne({ ...written } as never);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}
