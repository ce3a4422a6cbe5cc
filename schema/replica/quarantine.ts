/** Records that a department sends and that cannot be read: kept apart with the reason, until they can be read again. */
import type { MalformedRecord } from '../ports.ts';
import type { Feed } from './facts.ts';
import type { QuarantineDocument, ReplicaModels } from './replica-models.ts';

export type QuarantinedRecord = Omit<QuarantineDocument, '_id'>;

export class Quarantine {
  readonly #quarantine: ReplicaModels['quarantine'];

  constructor({ quarantine }: Pick<ReplicaModels, 'quarantine'>) {
    this.#quarantine = quarantine;
  }

  async add(feed: Feed, at: Date, malformed: readonly MalformedRecord[]): Promise<void> {
    if (malformed.length === 0) return;
    await this.#quarantine.bulkWrite(
      malformed.map(({ recordId, field, problem }) => ({
        updateOne: {
          filter: { _id: `${feed}|${recordId ?? ''}|${field}` },
          update: {
            $set: { feed, recordId, field, problem },
            $max: { lastSeenAt: at },
            $min: { firstSeenAt: at },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }

  /** These records have been read, or are gone. */
  async release(feed: Feed, recordIds: readonly string[]): Promise<void> {
    if (recordIds.length === 0) return;
    await this.#quarantine.deleteMany({ feed, recordId: { $in: [...recordIds] } });
  }

  /** Everything has been read since then: what was not seen is there no longer, or can be read. */
  async releaseUnseenSince(feed: Feed, readAt: Date): Promise<void> {
    await this.#quarantine.deleteMany({ feed, lastSeenAt: { $lt: readAt } });
  }

  /** Of these records the ones that could not be read when they were last seen. */
  async among(feed: Feed, recordIds: readonly string[]): Promise<readonly QuarantinedRecord[]> {
    if (recordIds.length === 0) return [];
    return await this.#quarantine
      .find({ feed, recordId: { $in: [...recordIds] } }, { _id: 0 })
      .lean<QuarantinedRecord[]>();
  }

  /** Records of a feed that cannot be read, at most `limit`. */
  async of(feed: Feed, limit: number): Promise<readonly QuarantinedRecord[]> {
    return await this.#quarantine.find({ feed }, { _id: 0 }).limit(limit).lean<QuarantinedRecord[]>();
  }

  /** @returns at most `limit`, by feed and record */
  async list(limit: number): Promise<readonly QuarantinedRecord[]> {
    return await this.#quarantine.find({}, { _id: 0 }).sort({ _id: 1 }).limit(limit).lean<QuarantinedRecord[]>();
  }

  /** The feeds that have records in quarantine. */
  async feeds(): Promise<ReadonlySet<Feed>> {
    return new Set(await this.#quarantine.distinct('feed'));
  }

  /** How many records each feed has in quarantine. */
  async counts(): Promise<ReadonlyMap<Feed, number>> {
    const groups = await this.#quarantine.aggregate<{ _id: Feed; count: number }>([
      { $group: { _id: '$feed', count: { $sum: 1 } } },
    ]);
    return new Map(groups.map(({ _id, count }) => [_id, count]));
  }
}
