/**
 * The hub's copy of what departments hold (design: replica and freshness). Written by the sync jobs and by live answers,
 * read when a question is patient enough or its department is silent.
 */
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
import { calendarDateOf } from '../time/calendar-date.ts';
import { feedOf, type Feed } from './facts.ts';
import { FeedStates, type FeedState } from './feed-states.ts';
import { Flights } from './flights.ts';
import { countTimeliness, countUnattributed } from './feed-summary.ts';
import { fileAnswers, markAnswers, markOf, observationsIn, type Answer } from './live-answers.ts';
import type { Observation } from './merge.ts';
import { PendingRecords } from './pending-records.ts';
import { Quarantine } from './quarantine.ts';
import { institutionsKnownAt, readKnownAt } from './read-known-at.ts';
import { readByNumber, readRecords } from './read-records.ts';
import { replicaModels, type AnswerMarkDocument, type ReplicaModels } from './replica-models.ts';
import { writeRecords, type WriteCounts } from './write-records.ts';

/** What is said of feeds as a whole is asked for no more often than this. */
const KNOWN_FOR_MS = 1_000;

interface Known {
  readonly until: number;
  readonly states: Promise<ReadonlyMap<Feed, FeedState>>;
  /** Feeds that have records in quarantine. */
  readonly quarantined: Promise<ReadonlySet<Feed>>;
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
  readonly #held = new Flights<(Date | null)[]>();
  readonly #answers = new Flights<readonly RecordSet<SourceReads[ReplicatedRead]['record']>[]>();
  #known: Known | null = null;

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
   * @param recordedAt when it learned of it
   */
  async take(
    departmentId: string,
    read: ReplicatedRead,
    observedAt: Date,
    observations: readonly Observation[],
    malformed: readonly MalformedRecord[] = [],
    recordedAt: Date = observedAt,
  ): Promise<WriteCounts> {
    const feed = feedOf(departmentId, read);
    // Noted first, so that no live answer is without what has been written.
    if (observations.some(({ isFromFile }) => isFromFile)) await this.states.noteFile(feed, recordedAt);
    const counts = await writeRecords(this.models, feed, observedAt, observations, recordedAt);
    await this.quarantine.release(
      feed,
      observations.map(({ recordId }) => recordId),
    );
    await this.quarantine.add(feed, observedAt, malformed);
    if (malformed.length > 0) this.#known = null;
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
    const answers = sets.flatMap((set, index): Answer[] => {
      const request = requests[index];
      return request === undefined ? [] : [{ request, set }];
    });
    const observations = await observationsIn(this.models, feed, read, askedAt, answers);
    await this.take(
      departmentId,
      read,
      askedAt,
      observations,
      answers.flatMap(({ set }) => [...set.malformed]),
    );
    await fileAnswers(this.models, feed, askedAt, answers);
    await markAnswers(this.models, feed, askedAt, answers);
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
    return await this.#held.share(JSON.stringify([departmentId, read, requests]), async () => {
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
    });
  }

  /**
   * Counts anew what is said of a feed as a whole; to be called when a reading has come to its end.
   * @param hasChanged the reading found other facts than were held
   */
  async summarise(departmentId: string, read: ReplicatedRead, now: Date, hasChanged: boolean): Promise<void> {
    const feed = feedOf(departmentId, read);
    const { timeliness, firstLoadedAt } = await this.states.of(feed);
    const today = calendarDateOf(now);
    const isDue = read === 'penalties' && (hasChanged || timeliness?.countedOn !== today);
    await this.states.noteSummary(feed, {
      unattributed: await countUnattributed(this.models, feed),
      ...(isDue && { timeliness: await countTimeliness(this.models, feed, firstLoadedAt, today) }),
    });
    this.#known = null;
  }

  /** The feeds' states, at most a second old: every question needs them. */
  knownStates(): Promise<ReadonlyMap<Feed, FeedState>> {
    return this.#knownNow().states;
  }

  /** What the replica holds, one set per request, with the records of it that could not be read when last seen. */
  async answer<K extends ReplicatedRead>(
    departmentId: string,
    read: K,
    requests: readonly SubjectReference[],
  ): Promise<readonly RecordSet<SourceReads[K]['record']>[]> {
    return await this.#answers.share(JSON.stringify([departmentId, read, requests]), async () => {
      const lists = await readRecords(this.models, departmentId, read, requests);
      return await this.#withQuarantine(feedOf(departmentId, read), lists);
    });
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

  /** Records that only files have shown, one list per request; null where no file has brought any. */
  async fromFiles<K extends ReplicatedRead>(
    departmentId: string,
    read: K,
    requests: readonly SubjectReference[],
  ): Promise<readonly (readonly SourceReads[K]['record'][])[] | null> {
    if (!(await this.#hasFiles(departmentId, read))) return null;
    return await readRecords(this.models, departmentId, read, requests, { isFromFile: true });
  }

  async fromFilesByNumber<K extends ReplicatedRead>(
    departmentId: string,
    read: K,
    numbers: readonly string[],
  ): Promise<readonly (readonly SourceReads[K]['record'][])[] | null> {
    if (!(await this.#hasFiles(departmentId, read))) return null;
    return await readByNumber(this.models, departmentId, read, numbers, { isFromFile: true });
  }

  /** To be called when everything has been read: no answer needs the files any more once the service shows it all. */
  async settleFiles(departmentId: string, read: ReplicatedRead): Promise<void> {
    const feed = feedOf(departmentId, read);
    const { filesTakenAt } = await this.states.of(feed);
    if (filesTakenAt === null || (await this.models.records.exists({ feed, isFromFile: true, deleted: false }))) return;
    await this.states.noteFilesSettled(feed, filesTakenAt);
  }

  /**
   * What the hub believed at a time, one set per request. Of records that could not be read then, those are named that
   * have not been read since either.
   */
  async answerKnownAt<K extends ReplicatedRead>(
    departmentId: string,
    read: K,
    requests: readonly SubjectReference[],
    asOf: Date,
  ): Promise<readonly RecordSet<SourceReads[K]['record']>[]> {
    const lists = await readKnownAt(this.models, departmentId, read, requests, asOf);
    return await this.#withQuarantine(feedOf(departmentId, read), lists, asOf);
  }

  /** What local numbers are matched with, as the replica holds it; null before a department's first full reading. */
  async directory(departmentId: string): Promise<{ readonly asOf: Date; readonly entries: DirectoryEntry[] } | null> {
    const feed = feedOf(departmentId, 'institutions');
    const state = await this.states.of(feed);
    if (state.loadedAt === null || state.syncedAt === null) return null;
    const held = await this.models.records
      .find({ feed, deleted: false }, { record: 1 })
      .lean<{ record: InstitutionRecord | null }[]>();
    return { asOf: state.syncedAt, entries: directoryEntriesOf(held.flatMap(({ record }) => record ?? [])) };
  }

  /** What local numbers were matched with at a time. */
  async directoryKnownAt(departmentId: string, asOf: Date): Promise<DirectoryEntry[]> {
    return directoryEntriesOf(await institutionsKnownAt(this.models, departmentId, asOf));
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

  #knownNow(): Known {
    const now = Date.now();
    if (this.#known !== null && this.#known.until >= now) return this.#known;
    const known = { until: now + KNOWN_FOR_MS, states: this.states.all(), quarantined: this.quarantine.feeds() };
    const forget = (): void => {
      if (this.#known === known) this.#known = null;
    };
    known.states.catch(forget);
    known.quarantined.catch(forget);
    this.#known = known;
    return known;
  }

  async #hasFiles(departmentId: string, read: ReplicatedRead): Promise<boolean> {
    const state = (await this.knownStates()).get(feedOf(departmentId, read));
    return (state?.filesTakenAt ?? null) !== null;
  }

  /** @param asOf what could not be read at that time; null = now */
  async #withQuarantine<T extends SourceReads[ReplicatedRead]['record']>(
    feed: Feed,
    lists: readonly (readonly T[])[],
    asOf: Date | null = null,
  ): Promise<RecordSet<T>[]> {
    const ids = lists.flatMap((records) => records.map(({ provenance }) => provenance.sourceRecordId));
    const hasAny = (await this.#knownNow().quarantined).has(feed);
    const among = hasAny ? await this.quarantine.among(feed, ids) : [];
    const then = among.filter(({ firstSeenAt }) => asOf === null || firstSeenAt <= asOf);
    const unreadable = new Map(then.map((each) => [each.recordId, each]));
    const unattributed =
      asOf === null
        ? (await this.knownStates()).get(feed)?.unattributed
        : await countUnattributed(this.models, feed, asOf);
    return lists.map((records) => ({
      records,
      malformed: records.flatMap(({ provenance }) => unreadable.get(provenance.sourceRecordId) ?? []),
      ...(unattributed && { unattributed }),
    }));
  }
}

function directoryEntriesOf(institutions: readonly InstitutionRecord[]): DirectoryEntry[] {
  return institutions.flatMap(({ localId, name, regionCode, cmaNumbers, creditCode }) =>
    localId === null ? [] : [{ localId, name, regionCode, cmaNumbers, creditCode }],
  );
}
