/**
 * The list of local numbers that wait for a person. Found in memory by going through the directories, kept in MongoDB
 * with the time since when each waits. May be brought up to date by several processes at once.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection, Model, QueryFilter } from 'mongoose';
import { isDuplicateKey } from '../duplicate-key.ts';
import type { DirectoryEntry } from '../ports.ts';
import {
  aliasCandidateModel,
  foundWaiting,
  type AliasCandidateDocument,
  type FoundWaiting,
} from './alias-candidate.model.ts';
import type { MatchingGrounds } from './match-stations.ts';
import type { NearNames } from './near-names.ts';
import { waitingStation } from './waiting-station.ts';

/** Other work has its turn after so long. */
const TURN_MS = 10;
const WRITES_PER_STATEMENT = 500;

export interface CandidatePosition {
  readonly since: Date;
  readonly id: string;
}

/** Which part of the list. */
export interface CandidateScope {
  /** null = of every department. */
  readonly departmentId: string | null;
  readonly kind: AliasCandidateDocument['kind'] | null;
  /** One of the divisions must be among the places of the number. */
  readonly places: readonly string[];
}

export interface CandidateQuery extends CandidateScope {
  readonly after: CandidatePosition | null;
  readonly limit: number;
}

export interface RefreshCounts {
  readonly waiting: number;
  readonly written: number;
  readonly removed: number;
}

export class AliasCandidates {
  readonly #model: Model<AliasCandidateDocument>;

  constructor(connection: Connection) {
    this.#model = aliasCandidateModel(connection);
  }

  async open(): Promise<void> {
    await this.#model.createIndexes();
  }

  /**
   * Brings a department's part of the list up to date.
   * @param entries the numbers to look at; all others are left as they are. null = all
   * @param now since when a number waits that has not been found waiting before
   */
  async refresh(
    departmentId: string,
    grounds: MatchingGrounds,
    nearNames: NearNames,
    now: Date,
    entries: readonly DirectoryEntry[] | null = null,
  ): Promise<RefreshCounts> {
    const { asOf } = grounds.index;
    const found: FoundWaiting[] = [];
    let began = performance.now();
    for (const entry of entries ?? grounds.index.entries()) {
      const waiting = waitingStation(entry, grounds, nearNames);
      if (waiting !== null) found.push(foundWaiting(departmentId, asOf, waiting));
      if (performance.now() - began > TURN_MS) {
        await nextTurn();
        began = performance.now();
      }
    }
    const scope = entries === null ? {} : { localId: { $in: entries.map(({ localId }) => localId) } };
    const held = await this.#model
      .find({ departmentId, ...scope }, { hash: 1 })
      .lean<Pick<AliasCandidateDocument, '_id' | 'hash'>[]>();
    const hashes = new Map(held.map(({ _id, hash }) => [_id, hash]));
    // While they were looked for, somebody may have decided.
    const still = found.filter(({ localId }) => grounds.decided.confirmationOf(localId) === null);
    const changed = still.filter(({ _id, hash }) => hashes.get(_id) !== hash);
    await this.#write(changed, now);
    const present = new Set(still.map(({ _id }) => _id));
    const gone = held.flatMap(({ _id }) => (present.has(_id) ? [] : [_id]));
    const removed = await this.#remove(gone, asOf);
    return { waiting: still.length, written: changed.length, removed };
  }

  /** At most `limit`, those that wait for the longest time first. */
  async page({ after, limit, ...scope }: CandidateQuery): Promise<readonly AliasCandidateDocument[]> {
    const rest: QueryFilter<AliasCandidateDocument> =
      after === null ? {} : { $or: [{ since: { $gt: after.since } }, { since: after.since, _id: { $gt: after.id } }] };
    return await this.#model
      .find({ ...filterOf(scope), ...rest })
      .sort({ since: 1, _id: 1 })
      .limit(limit)
      .lean<AliasCandidateDocument[]>();
  }

  async count(scope: CandidateScope): Promise<number> {
    return await this.#model.countDocuments(filterOf(scope));
  }

  async #write(changed: readonly FoundWaiting[], now: Date): Promise<void> {
    for (let start = 0; start < changed.length; start += WRITES_PER_STATEMENT) {
      const operations = changed.slice(start, start + WRITES_PER_STATEMENT).map(({ _id, ...facts }) => ({
        updateOne: { filter: { _id }, update: { $set: facts, $setOnInsert: { since: now } }, upsert: true },
      }));
      try {
        await this.#model.bulkWrite(operations, { ordered: false });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // Somebody else has put one of them on the list at the same time: now there is a document to be set.
        await this.#model.bulkWrite(operations, { ordered: false });
      }
    }
  }

  /** What a newer directory has put on the list stays there. */
  async #remove(ids: readonly string[], asOf: Date): Promise<number> {
    if (ids.length === 0) return 0;
    const { deletedCount } = await this.#model.deleteMany({ _id: { $in: [...ids] }, asOf: { $lte: asOf } });
    return deletedCount;
  }
}

function filterOf({ departmentId, kind, places }: CandidateScope) {
  return {
    ...(departmentId !== null && { departmentId }),
    ...(kind !== null && { kind }),
    places: { $in: [...places] },
  };
}
