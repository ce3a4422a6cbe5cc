/** How far the replica has come with each feed. A feed's state moves forward only, whoever writes it. */
import type { HubErrorCode } from '../errors.ts';
import type { Feed } from './facts.ts';
import type { FeedStateDocument, ReplicaModels } from './replica-models.ts';

export type FeedState = Omit<FeedStateDocument, '_id'>;

/** Of a feed that nobody has read. */
export const NEVER_READ: FeedState = {
  watermark: null,
  syncedAt: null,
  loadedAt: null,
  firstLoadedAt: null,
  reconciledAt: null,
  drift: null,
  lastErrorCode: null,
  lastErrorAt: null,
  filesTakenAt: null,
  unattributed: 0,
  timeliness: null,
};

export class FeedStates {
  readonly #states: ReplicaModels['states'];

  constructor({ states }: Pick<ReplicaModels, 'states'>) {
    this.#states = states;
  }

  async of(feed: Feed): Promise<FeedState> {
    return { ...NEVER_READ, ...(await this.#states.findById(feed).lean<FeedStateDocument>()) };
  }

  async all(): Promise<ReadonlyMap<Feed, FeedState>> {
    const documents = await this.#states.find().lean<FeedStateDocument[]>();
    return new Map(documents.map(({ _id, ...state }) => [_id, { ...NEVER_READ, ...state }]));
  }

  /**
   * A reading has come to its end.
   * @param beganAt when it began, by the hub's clock: until then the replica now holds everything
   * @param watermark newest update time read; null leaves it
   * @param wasFull it read everything, not only changes
   */
  async noteRead(feed: Feed, beganAt: Date, watermark: Date | null, wasFull: boolean): Promise<void> {
    await this.#states.updateOne(
      { _id: feed },
      {
        $max: { syncedAt: beganAt, ...(watermark !== null && { watermark }), ...(wasFull && { loadedAt: beganAt }) },
        ...(wasFull && { $min: { firstLoadedAt: beganAt } }),
        $set: { lastErrorCode: null },
      },
      { upsert: true },
    );
  }

  async noteFailure(feed: Feed, at: Date, code: HubErrorCode): Promise<void> {
    await this.#states.updateOne({ _id: feed }, { $set: { lastErrorCode: code, lastErrorAt: at } }, { upsert: true });
  }

  /** A file brings records of the feed. */
  async noteFile(feed: Feed, at: Date): Promise<void> {
    await this.#states.updateOne({ _id: feed }, { $max: { filesTakenAt: at } }, { upsert: true });
  }

  /** Nothing of the files up to then is still only theirs; a later one stands. */
  async noteFilesSettled(feed: Feed, takenAt: Date): Promise<void> {
    await this.#states.updateOne({ _id: feed, filesTakenAt: takenAt }, { $set: { filesTakenAt: null } });
  }

  async noteSummary(feed: Feed, summary: Partial<Pick<FeedState, 'unattributed' | 'timeliness'>>): Promise<void> {
    await this.#states.updateOne({ _id: feed }, { $set: summary }, { upsert: true });
  }

  async noteReconciled(feed: Feed, at: Date, drift: NonNullable<FeedState['drift']>): Promise<void> {
    await this.#states.updateOne({ _id: feed }, { $max: { reconciledAt: at }, $set: { drift } }, { upsert: true });
  }
}
