/** What the replica learns from live answers: records, that others are gone, under what to file them, and until when. */
import { createHash } from 'node:crypto';
import type { RecordSet, ReplicatedRead, SourceReads, SubjectReference } from '../ports.ts';
import { isProjected, readOf, type Feed } from './facts.ts';
import type { Observation } from './merge.ts';
import { filedUnder, isWindowed, subjectKeysOf } from './read-records.ts';
import type { ReplicaModels } from './replica-models.ts';

type AnySet = RecordSet<SourceReads[ReplicatedRead]['record']>;

/** A question and its answer. */
export interface Answer {
  readonly request: SubjectReference;
  readonly set: AnySet;
}

/** Without records that cannot be read an answer also says what is not there. */
export const isWhole = ({ set }: Answer): boolean => set.malformed.length === 0;

const observationOf = (record: SourceReads[ReplicatedRead]['record']): Observation => ({
  recordId: record.provenance.sourceRecordId,
  // Where the department names no time of change, the record carries the time of the reply.
  updatedAt: record.provenance.asOf < record.provenance.fetchedAt ? record.provenance.asOf : null,
  subjects: null,
  record,
});

/** Records that the replica files under the requests and that whole, later answers no longer have. */
async function vanished(
  { records }: Pick<ReplicaModels, 'records'>,
  feed: Feed,
  askedAt: Date,
  answers: readonly Answer[],
): Promise<Observation[]> {
  const present = new Set(answers.flatMap(({ set }) => set.records.map((record) => record.provenance.sourceRecordId)));
  const keys = answers.flatMap(({ request }) => [...subjectKeysOf(request)]);
  const held = await records
    .find(
      { feed, subjects: { $in: keys }, deleted: false, isFromFile: false, observedAt: { $lt: askedAt } },
      { recordId: 1 },
    )
    .lean<{ recordId: string }[]>();
  return held
    .filter(({ recordId }) => !present.has(recordId))
    .map(({ recordId }) => ({ recordId, updatedAt: null, subjects: null, record: null }));
}

/** @param askedAt when the hub began to ask */
export async function observationsIn(
  models: Pick<ReplicaModels, 'records'>,
  feed: Feed,
  read: ReplicatedRead,
  askedAt: Date,
  answers: readonly Answer[],
): Promise<Observation[]> {
  const shown = answers.flatMap(({ set }) => set.records.map((record) => observationOf(record)));
  // The newest few do not say what else there is.
  if (isWindowed(read)) return shown;
  return [...shown, ...(await vanished(models, feed, askedAt, answers.filter(isWhole)))];
}

/** Files records of live answers under what they were asked by, unless the same question finds them already. */
export async function fileAnswers(
  { records }: Pick<ReplicaModels, 'records'>,
  feed: Feed,
  askedAt: Date,
  answers: readonly Answer[],
): Promise<void> {
  const operations = answers.flatMap(({ request, set }) => {
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
  if (operations.length > 0) await records.bulkWrite(operations, { ordered: false });
}

/** One name for a question, whoever puts it and however patient it is. */
export function markOf(feed: Feed, request: SubjectReference): string {
  const asked = { ...request, localIds: [...request.localIds].sort(), maxAgeSeconds: undefined };
  const terms = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([feed, terms]))
    .digest('base64url');
}

/** Notes that the replica holds the whole answers as of then. */
export async function markAnswers(
  { marks }: Pick<ReplicaModels, 'marks'>,
  feed: Feed,
  asOf: Date,
  answers: readonly Answer[],
): Promise<void> {
  const operations = answers.filter(isWhole).map(({ request }) => ({
    updateOne: { filter: { _id: markOf(feed, request) }, update: { $max: { asOf } }, upsert: true },
  }));
  if (operations.length > 0) await marks.bulkWrite(operations, { ordered: false });
}
