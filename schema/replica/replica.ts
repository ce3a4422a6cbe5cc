/**
 * The hub's copy of what departments hold (design: replica and freshness). Written by the sync jobs and by live answers,
 * read when a question is patient enough or its department is silent.
 */
import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type {
  DirectoryEntry,
  MalformedRecord,
  RecordSet,
  ReplicatedRead,
  SourceReads,
  SubjectReference,
} from '../ports.ts';
import type { InstitutionRecord } from '../records.ts';
import { feedOf, isProjected, readOf, type Feed } from './facts.ts';
import { FeedStates, type FeedState } from './feed-states.ts';
import type { Observation } from './merge.ts';
import { PendingRecords } from './pending-records.ts';
import { Quarantine } from './quarantine.ts';
import {
  filedUnder,
  isWindowed,
  readByNumber,
  readRecords,
  readRecordsKnownAt,
  subjectKeysOf,
} from './read-records.ts';
import { replicaModels, type AnswerMarkDocument, type ReplicaModels } from './replica-models.ts';
import { writeRecords, type WriteCounts } from './write-records.ts';

const STATES_ARE_KEPT_MS = 1_000;

/** One name for a question, whoever puts it and however patient it is. */
function markOf(feed: Feed, request: SubjectReference): string {
  const asked = { ...request, localIds: [...request.localIds].sort(), maxAgeSeconds: undefined };
  const terms = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([feed, terms]))
    .digest('base64url');
}

export interface RecordDigest {
  readonly recordId: string;
  readonly hash: string;
  readonly observedAt: Date;
}

export class Replica {
  readonly states: FeedStates;
  readonly quarantine: Quarantine;
  readonly pending: PendingRecords;
  readonly models: ReplicaModels;
  #known: { readonly until: number; readonly states: Promise<ReadonlyMap<Feed, FeedState>> } | null = null;

  constructor(connection: Connection) {
    this.models = replicaModels(connection);
    this.states = new FeedStates(this.models);
    this.quarantine = new Quarantine(this.models);
    this.pending = new PendingRecords(this.models);
  }

  /** Makes the indexes; safe to run in every process at its start. */
  async open(): Promise<void> {
    const { records, marks, quarantine } = this.models;
    await Promise.all([records.createIndexes(), marks.createIndexes(), quarantine.createIndexes()]);
  }

  /**
   * Takes in what a department was seen to hold.
   * @param observedAt when the hub began to ask
   */
  async take(
    departmentId: string,
    read: ReplicatedRead,
    observedAt: Date,
    observations: readonly Observation[],
    malformed: readonly MalformedRecord[] = [],
  ): Promise<WriteCounts> {
    const feed = feedOf(departmentId, read);
    const counts = await writeRecords(this.models, feed, observedAt, observations);
    await this.quarantine.release(
      feed,
      observations.map(({ recordId }) => recordId),
    );
    await this.quarantine.add(feed, observedAt, malformed);
    return counts;
  }

  /**
   * Takes in live answers, one set per request. A whole set also says which records are gone.
   * @param askedAt when the hub began to ask
   */
  async takeAnswers<K extends ReplicatedRead>(
    departmentId: string,
    read: K,
    askedAt: Date,
    requests: readonly SubjectReference[],
    sets: readonly RecordSet<SourceReads[K]['record']>[],
  ): Promise<void> {
    const feed = feedOf(departmentId, read);
    const whole = sets.flatMap((set, index) => {
      const request = requests[index];
      return request === undefined || set.malformed.length > 0 ? [] : [{ request, set }];
    });
    const observations = sets.flatMap((set) => set.records.map((record) => observationOf(record)));
    await this.take(
      departmentId,
      read,
      askedAt,
      [...observations, ...(isWindowed(read) ? [] : await this.#vanished(feed, askedAt, whole))],
      sets.flatMap((set) => [...set.malformed]),
    );
    await this.#file(feed, askedAt, requests, sets);
    await this.#mark(
      feed,
      askedAt,
      whole.map(({ request }) => request),
    );
  }

  /**
   * Until when the replica is known to hold what the department held: one time per request, null where it holds
   * nothing that could be shown.
   */
  async heldAt(
    departmentId: string,
    read: ReplicatedRead,
    requests: readonly SubjectReference[],
  ): Promise<(Date | null)[]> {
    const feed = feedOf(departmentId, read);
    const state = (await this.knownStates()).get(feed);
    const synced = state?.loadedAt ? state.syncedAt : null;
    const names = requests.map((request) => markOf(feed, request));
    const marks = await this.models.marks.find({ _id: { $in: names } }).lean<AnswerMarkDocument[]>();
    const answeredAt = new Map(marks.map(({ _id, asOf }) => [_id, asOf]));
    return names.map((name) => {
      const answered = answeredAt.get(name) ?? null;
      if (synced === null || answered === null) return synced ?? answered;
      return synced > answered ? synced : answered;
    });
  }

  /** The feeds' states, at most a second old: every question needs them. */
  knownStates(): Promise<ReadonlyMap<Feed, FeedState>> {
    const now = Date.now();
    if (this.#known === null || this.#known.until < now) {
      const states = this.states.all();
      this.#known = { until: now + STATES_ARE_KEPT_MS, states };
      states.catch(() => (this.#known = null));
    }
    return this.#known.states;
  }

  /** What the replica holds, one set per request, with the records of it that could not be read when last seen. */
  async answer<K extends ReplicatedRead>(
    departmentId: string,
    read: K,
    requests: readonly SubjectReference[],
  ): Promise<readonly RecordSet<SourceReads[K]['record']>[]> {
    const lists = await readRecords(this.models, departmentId, read, requests);
    return await this.#withQuarantine(feedOf(departmentId, read), lists);
  }

  /** Reports or certificates under their numbers, one set per number. */
  async answerByNumber<K extends ReplicatedRead>(
    departmentId: string,
    read: K,
    numbers: readonly string[],
  ): Promise<readonly RecordSet<SourceReads[K]['record']>[]> {
    const lists = await readByNumber(this.models, departmentId, read, numbers);
    return await this.#withQuarantine(feedOf(departmentId, read), lists);
  }

  /** What the hub believed at a time. */
  knownAt<K extends ReplicatedRead>(
    departmentId: string,
    read: K,
    request: SubjectReference,
    knownAt: Date,
  ): Promise<readonly SourceReads[K]['record'][]> {
    return readRecordsKnownAt(this.models, departmentId, read, request, knownAt);
  }

  /** What local numbers are matched with, as the replica holds it; null before a department's first full reading. */
  async directory(departmentId: string): Promise<{ readonly asOf: Date; readonly entries: DirectoryEntry[] } | null> {
    const feed = feedOf(departmentId, 'institutions');
    const state = await this.states.of(feed);
    if (state.loadedAt === null || state.syncedAt === null) return null;
    const held = await this.models.records
      .find({ feed, deleted: false }, { record: 1 })
      .lean<{ record: InstitutionRecord | null }[]>();
    const entries = held.flatMap(({ record }): DirectoryEntry[] => {
      if (record?.localId == null) return [];
      const { localId, name, regionCode, cmaNumbers, creditCode } = record;
      return [{ localId, name, regionCode, cmaNumbers, creditCode }];
    });
    return { asOf: state.syncedAt, entries };
  }

  /** Every record that the department has shown and that is not gone, for comparing; in no particular order. */
  digests(departmentId: string, read: ReplicatedRead): AsyncIterable<RecordDigest> {
    return this.models.records
      .find(
        { feed: feedOf(departmentId, read), deleted: false, isFromFile: false },
        { _id: 0, recordId: 1, hash: 1, observedAt: 1 },
      )
      .lean<RecordDigest>()
      .cursor();
  }

  async #withQuarantine<T extends SourceReads[ReplicatedRead]['record']>(
    feed: Feed,
    lists: readonly (readonly T[])[],
  ): Promise<RecordSet<T>[]> {
    const ids = lists.flatMap((records) => records.map(({ provenance }) => provenance.sourceRecordId));
    const unreadable = new Map((await this.quarantine.among(feed, ids)).map((each) => [each.recordId, each]));
    return lists.map((records) => ({
      records,
      malformed: records.flatMap(({ provenance }) => unreadable.get(provenance.sourceRecordId) ?? []),
    }));
  }

  /** Records that the replica files under the requests and that whole, later answers no longer have. */
  async #vanished(
    feed: Feed,
    askedAt: Date,
    answers: readonly {
      readonly request: SubjectReference;
      readonly set: RecordSet<SourceReads[ReplicatedRead]['record']>;
    }[],
  ): Promise<Observation[]> {
    const present = new Set(
      answers.flatMap(({ set }) => set.records.map((record) => record.provenance.sourceRecordId)),
    );
    const keys = answers.flatMap(({ request }) => [...subjectKeysOf(request)]);
    const held = await this.models.records
      .find(
        { feed, subjects: { $in: keys }, deleted: false, isFromFile: false, observedAt: { $lt: askedAt } },
        { recordId: 1 },
      )
      .lean<{ recordId: string }[]>();
    return held
      .filter(({ recordId }) => !present.has(recordId))
      .map(({ recordId }) => ({ recordId, updatedAt: null, subjects: null, record: null }));
  }

  /** Files records of live answers under what they were asked by, unless the same question finds them already. */
  async #file(
    feed: Feed,
    askedAt: Date,
    requests: readonly SubjectReference[],
    sets: readonly RecordSet<SourceReads[ReplicatedRead]['record']>[],
  ): Promise<void> {
    const operations = sets.flatMap((set, index) => {
      const request = requests[index];
      if (request === undefined || set.records.length === 0) return [];
      const [key, known] = [filedUnder(feed, request), [...subjectKeysOf(request)]];
      return set.records.map(({ provenance }) => ({
        updateOne: {
          // What has been heard since knows better.
          filter: {
            _id: `${feed}|${provenance.sourceRecordId}`,
            subjects: { $nin: known },
            observedAt: { $lte: askedAt },
          },
          update: {
            $addToSet: { subjects: key },
            $inc: { revision: 1 },
            ...(isProjected(readOf(feed)) && { $set: { pending: true } }),
          },
        },
      }));
    });
    if (operations.length > 0) await this.models.records.bulkWrite(operations, { ordered: false });
  }

  async #mark(feed: Feed, asOf: Date, requests: readonly SubjectReference[]): Promise<void> {
    if (requests.length === 0) return;
    await this.models.marks.bulkWrite(
      requests.map((request) => ({
        updateOne: { filter: { _id: markOf(feed, request) }, update: { $max: { asOf } }, upsert: true },
      })),
      { ordered: false },
    );
  }
}

const observationOf = (record: SourceReads[ReplicatedRead]['record']): Observation => ({
  recordId: record.provenance.sourceRecordId,
  // Where the department names no time of change, the record carries the time of the reply.
  updatedAt: record.provenance.asOf < record.provenance.fetchedAt ? record.provenance.asOf : null,
  subjects: null,
  record,
});
