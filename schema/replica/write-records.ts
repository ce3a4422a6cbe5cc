/** Takes what was seen at a department into the replica. May run twice, in any order, and in several processes. */
import type { AnyBulkWriteOperation } from 'mongoose';
import { HubError } from '../errors.ts';
import { isDuplicateKey } from '../duplicate-key.ts';
import { isProjected, keysOf, readOf, type RecordKeys, type Feed, type ReplicatedRecord } from './facts.ts';
import { compareStanding, seen, strongest, type Observation, type Seen } from './merge.ts';
import type { RecordVersion, ReplicaDocument, ReplicaModels } from './replica-models.ts';

export interface WriteCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
}

type Outcome = keyof WriteCounts;
type Held = Omit<ReplicaDocument, 'versions'>;

const BATCH = 500;
const ATTEMPTS = 20;

/** A feed's records are of its own kind. */
const keysFor = (feed: Feed, record: ReplicatedRecord): RecordKeys => keysOf(readOf(feed), record);

/** Since when, as far as this sighting tells, the department has had these facts. */
function changeTime({ record, updatedAt, observedAt }: Seen): Date {
  // The record's own word first: a department may stamp all that it hands over anew.
  const ownWord =
    record !== null && record.provenance.asOf < record.provenance.fetchedAt ? record.provenance.asOf : null;
  return ownWord ?? updatedAt ?? observedAt;
}

/** Says, in the write of the change itself, that something has to be computed anew. */
function flag(feed: Feed, held: Held): Partial<ReplicaDocument> {
  if (!isProjected(readOf(feed))) return {};
  const formerly = new Set([...(held.formerly ?? []), ...held.subjects, ...(held.matchKeys ?? [])]);
  return { pending: true, formerly: [...formerly] };
}

function newDocument(feed: Feed, sighting: Seen): ReplicaDocument {
  const { recordId, record, subjects, updatedAt, observedAt, recordedAt, hash } = sighting;
  const keys = record === null ? { sortKey: '', number: null, vin: null, result: null } : keysFor(feed, record);
  return {
    _id: `${feed}|${recordId}`,
    feed,
    recordId,
    subjects: subjects ?? [],
    ...keys,
    hash,
    updatedAt,
    observedAt,
    recordedAt,
    changedAt: changeTime(sighting),
    deleted: record === null,
    isFromFile: sighting.isFromFile ?? false,
    record,
    versions: [],
    revision: 1,
    ...(record !== null && isProjected(readOf(feed)) && { pending: true }),
  };
}

interface Step {
  readonly outcome: Outcome;
  readonly operation: AnyBulkWriteOperation<ReplicaDocument> | null;
}

const sameSubjects = (held: Held, { subjects }: Seen): boolean =>
  subjects === null ||
  (subjects.length === held.subjects.length && subjects.every((key) => held.subjects.includes(key)));

const earlier = (a: Date, b: Date | undefined): Date => (b === undefined || a < b ? a : b);

/** What must be written so that the document says what the sighting says; nothing when it already does. */
function stepFor(feed: Feed, held: Held | undefined, sighting: Seen): Step {
  if (held === undefined) {
    const document = newDocument(feed, sighting);
    // A tombstone for what was never held keeps an older reading from bringing it in.
    return { outcome: document.deleted ? 'unchanged' : 'inserted', operation: { insertOne: { document } } };
  }
  const filter = { _id: held._id, revision: held.revision };
  const update = (set: Partial<ReplicaDocument>, push: RecordVersion | null): Step['operation'] => ({
    updateOne: {
      filter,
      update: { $set: set, $inc: { revision: 1 }, ...(push !== null && { $push: { versions: push } }) },
    },
  });
  const standing = { ...held, hash: held.deleted ? '' : held.hash };
  const subjects = sighting.subjects ?? held.subjects;
  if (compareStanding(sighting, standing) <= 0) {
    // An older or equal sighting may still know under what the department files the record.
    const isUnfiled = held.subjects.length === 0 && subjects.length > 0;
    return { outcome: 'unchanged', operation: isUnfiled ? update({ subjects, ...flag(feed, held) }, null) : null };
  }
  const { record, hash, observedAt, recordedAt, updatedAt, isFromFile = false } = sighting;
  if (hash === standing.hash) {
    if (record === null) return { outcome: 'unchanged', operation: update({ observedAt, updatedAt, subjects }, null) };
    const isFiledAsBefore = sameSubjects(held, sighting);
    const changedAt = earlier(changeTime(sighting), held.changedAt);
    const isSameChange = isFiledAsBefore && changedAt.getTime() === held.changedAt?.getTime();
    const received = { record, isFromFile, changedAt, ...(isSameChange ? {} : flag(feed, held)) };
    return {
      outcome: isFiledAsBefore ? 'unchanged' : 'updated',
      operation: update({ observedAt, updatedAt, subjects, ...received }, null),
    };
  }
  const now = { observedAt, updatedAt, recordedAt, changedAt: changeTime(sighting), ...flag(feed, held) };
  const replaced: RecordVersion = { recordedAt: held.recordedAt, record: held.deleted ? null : held.record };
  if (record === null) {
    return { outcome: 'removed', operation: update({ deleted: true, ...now }, replaced) };
  }
  const facts = { ...keysFor(feed, record), record, hash, subjects, deleted: false, isFromFile };
  return { outcome: 'updated', operation: update({ ...facts, ...now }, replaced) };
}

async function writeBatch(
  records: ReplicaModels['records'],
  feed: Feed,
  sightings: readonly Seen[],
  outcomes: Map<string, Outcome>,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const held = await records
      .find({ _id: { $in: sightings.map(({ recordId }) => `${feed}|${recordId}`) } }, { versions: 0 })
      .lean<Held[]>();
    const byId = new Map(held.map((document) => [document.recordId, document]));
    const steps = sightings.map((sighting) => ({ sighting, ...stepFor(feed, byId.get(sighting.recordId), sighting) }));
    for (const { sighting, outcome } of steps) {
      if (outcome !== 'unchanged' || !outcomes.has(sighting.recordId)) outcomes.set(sighting.recordId, outcome);
    }
    const operations = steps.flatMap(({ operation }) => (operation === null ? [] : [operation]));
    if (operations.length === 0) return;
    try {
      const done = await records.bulkWrite(operations, { ordered: false });
      if (done.matchedCount + done.insertedCount === operations.length) return;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    // Somebody else wrote one of them in between; what has been written is now found unchanged.
  }
  throw new HubError('INTERNAL', `Records of ${feed} are being written by too many at once.`);
}

/**
 * @param observedAt when the hub began to ask for what it then saw, by its own clock
 * @param recordedAt when it learned of it
 */
export async function writeRecords(
  { records }: Pick<ReplicaModels, 'records'>,
  feed: Feed,
  observedAt: Date,
  observations: readonly Observation[],
  recordedAt: Date = observedAt,
): Promise<WriteCounts> {
  const sightings = strongest(observations.map((observation) => seen(observation, observedAt, recordedAt)));
  const outcomes = new Map<string, Outcome>();
  for (let start = 0; start < sightings.length; start += BATCH) {
    await writeBatch(records, feed, sightings.slice(start, start + BATCH), outcomes);
  }
  const counts = { inserted: 0, updated: 0, removed: 0, unchanged: 0 };
  for (const outcome of outcomes.values()) counts[outcome]++;
  return counts;
}
