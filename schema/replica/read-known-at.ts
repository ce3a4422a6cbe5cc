/**
 * What the hub believed at a time: of each record the version that it held then. Records are found where they are filed
 * now; the subjects of earlier versions are not kept.
 */
import type { ReplicatedRead, SourceReads, SubjectKey, SubjectReference } from '../ports.ts';
import type { InstitutionRecord } from '../records.ts';
import { feedOf, keysOf } from './facts.ts';
import { factsOf, findHeld, newestFirst, subjectKeysOf, windowOf, type Found, type Window } from './read-records.ts';
import type { ReplicaDocument, ReplicaModels } from './replica-models.ts';

type Records = Pick<ReplicaModels, 'records'>;
type Replaced = Pick<ReplicaDocument, 'recordId' | 'subjects' | 'versions'>;

/** Versions that held then and have been replaced since. Only what has changed since then is looked at. */
async function replacedSince(
  { records }: Records,
  departmentId: string,
  read: ReplicatedRead,
  asOf: Date,
  subjects: { readonly subjects?: { readonly $in: readonly SubjectKey[] } },
): Promise<readonly Found[]> {
  const changed = await records
    .find(
      {
        feed: feedOf(departmentId, read),
        ...subjects,
        recordedAt: { $gt: asOf },
        'versions.recordedAt': { $lte: asOf },
      },
      { _id: 0, recordId: 1, subjects: 1, versions: 1 },
    )
    .lean<Replaced[]>();
  return changed.flatMap(({ recordId, subjects: own, versions }): Found[] => {
    const record = versions.findLast(({ recordedAt }) => recordedAt <= asOf)?.record ?? null;
    return record === null ? [] : [{ recordId, subjects: own, record, sortKey: keysOf(read, record).sortKey }];
  });
}

function isWithin({ record, sortKey }: Found, read: ReplicatedRead, { from, to, equal }: Window): boolean {
  if (record === null || (from !== null && sortKey < from) || (to !== null && sortKey > to)) return false;
  const keys = keysOf(read, record);
  return (['vin', 'result', 'number'] as const).every(
    (name) => equal[name] === undefined || equal[name] === keys[name],
  );
}

/** @returns one list per request, same order, each in the order and within the bounds of the read */
export async function readKnownAt<K extends ReplicatedRead>(
  models: Records,
  departmentId: string,
  read: K,
  requests: readonly SubjectReference[],
  asOf: Date,
): Promise<readonly SourceReads[K]['record'][][]> {
  const feed = feedOf(departmentId, read);
  return await Promise.all(
    requests.map(async (request) => {
      const [unchanged, replaced] = await Promise.all([
        findHeld(models, feed, request, { recordedAt: { $lte: asOf } }),
        replacedSince(models, departmentId, read, asOf, { subjects: { $in: subjectKeysOf(request) } }),
      ]);
      const window = windowOf(request);
      const known = [...unchanged, ...replaced.filter((each) => isWithin(each, read, window))].sort(newestFirst);
      return factsOf<K>(window.limit === 0 ? known : known.slice(0, window.limit));
    }),
  );
}

/** Every description of an institution that a department was believed to give then. */
export async function institutionsKnownAt(
  models: Records,
  departmentId: string,
  asOf: Date,
): Promise<readonly InstitutionRecord[]> {
  const feed = feedOf(departmentId, 'institutions');
  const [unchanged, replaced] = await Promise.all([
    models.records.find({ feed, deleted: false, recordedAt: { $lte: asOf } }, { record: 1 }).lean<Found[]>(),
    replacedSince(models, departmentId, 'institutions', asOf, {}),
  ]);
  return factsOf<'institutions'>([...unchanged, ...replaced]);
}
