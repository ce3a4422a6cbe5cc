/** Answers a department's reads from the replica, in the same order and within the same bounds as the department. */
import type {
  InspectionRequest,
  ReplicatedRead,
  ReportRequest,
  SourceReads,
  SubjectKey,
  SubjectReference,
} from '../ports.ts';
import { feedOf, type Feed } from './facts.ts';
import type { ReplicaDocument, ReplicaModels } from './replica-models.ts';

/** Positions 9-17 of a credit code are the organization code (GB 32100-2015). */
export const subjectKeysOf = ({ creditCode, localIds }: SubjectReference): readonly SubjectKey[] => [
  `code:${creditCode}`,
  `org:${creditCode.slice(8, 17)}`,
  ...(localIds.length === 0 ? [] : [askedKey(creditCode, localIds)]),
  ...localIds.map((localId): SubjectKey => `local:${localId}`),
];

/**
 * Under what a record is filed that only a live answer has shown. Asked for by one key it is that key's; asked for by
 * several at once it may be any one's, so it is found only by who asks for the same again.
 */
export function filedUnder(feed: Feed, { creditCode, localIds }: SubjectReference): SubjectKey {
  const [local] = localIds;
  if (local === undefined) return `code:${creditCode}`;
  return localIds.length === 1 && !isAlsoByCode(feed) ? `local:${local}` : askedKey(creditCode, localIds);
}

/** Penalties are found by the credit code on the document besides the local numbers. */
const isAlsoByCode = (feed: Feed): boolean => feed.endsWith('|penalties');

const askedKey = (creditCode: string, localIds: readonly string[]): SubjectKey =>
  `asked:${[creditCode, ...[...localIds].sort()].join(' ')}`;

type Window = Partial<InspectionRequest> & Partial<Pick<ReportRequest, 'number'>>;

const dayOrInstant = (bound: Date | string): string => (typeof bound === 'string' ? bound : bound.toISOString());

/** Reads of which a department is asked for the newest few; all others are asked for whole. */
export const isWindowed = (read: ReplicatedRead): boolean => read === 'inspections' || read === 'reports';

type Found = Pick<ReplicaDocument, 'recordId' | 'record' | 'subjects'>;
const SHOWN = { _id: 0, recordId: 1, record: 1, subjects: 1 } as const;

/** The record as a read gives it. */
const factsOf = <K extends ReplicatedRead>(found: readonly Found[]): SourceReads[K]['record'][] =>
  found.flatMap(({ record }) => (record === null ? [] : [record as SourceReads[K]['record']]));

async function window(
  { records }: Pick<ReplicaModels, 'records'>,
  feed: Feed,
  request: SubjectReference,
): Promise<readonly Found[]> {
  const { from, to, vin, result, number, limit } = request as Window & SubjectReference;
  const sortKey = {
    ...(from !== null && from !== undefined && { $gte: dayOrInstant(from) }),
    ...(to !== null && to !== undefined && { $lte: dayOrInstant(to) }),
  };
  return records
    .find(
      {
        feed,
        subjects: { $in: subjectKeysOf(request) },
        deleted: false,
        ...(Object.keys(sortKey).length > 0 && { sortKey }),
        ...(typeof vin === 'string' && { vin }),
        ...(typeof result === 'string' && { result }),
        ...(typeof number === 'string' && { number }),
      },
      SHOWN,
    )
    .sort({ sortKey: -1, recordId: 1 })
    .limit(limit ?? 0)
    .lean<Found[]>();
}

/** @returns one list per request, same order */
export async function readRecords<K extends ReplicatedRead>(
  models: Pick<ReplicaModels, 'records'>,
  departmentId: string,
  read: K,
  requests: readonly SubjectReference[],
): Promise<readonly SourceReads[K]['record'][][]> {
  const feed = feedOf(departmentId, read);
  if (isWindowed(read)) {
    const found = await Promise.all(requests.map((request) => window(models, feed, request)));
    return found.map((documents) => factsOf<K>(documents));
  }
  const keys = requests.map((request) => new Set(subjectKeysOf(request)));
  const found = await models.records
    .find({ feed, subjects: { $in: keys.flatMap((own) => [...own]) }, deleted: false }, SHOWN)
    .sort({ sortKey: -1, recordId: 1 })
    .lean<Found[]>();
  return keys.map((own) => factsOf<K>(found.filter(({ subjects }) => subjects.some((key) => own.has(key)))));
}

/** Records under a number: reports by their number, certificates by theirs. @returns one list per number, same order */
export async function readByNumber<K extends ReplicatedRead>(
  { records }: Pick<ReplicaModels, 'records'>,
  departmentId: string,
  read: K,
  numbers: readonly string[],
): Promise<readonly SourceReads[K]['record'][][]> {
  const found = await records
    .find({ feed: feedOf(departmentId, read), number: { $in: [...numbers] }, deleted: false }, { ...SHOWN, number: 1 })
    .sort({ sortKey: -1, recordId: 1 })
    .lean<(Found & { number: string })[]>();
  return numbers.map((number) => factsOf<K>(found.filter((each) => each.number === number)));
}

/** What the hub held then: of each record the version that it believed at that time. */
export async function readRecordsKnownAt<K extends ReplicatedRead>(
  { records }: Pick<ReplicaModels, 'records'>,
  departmentId: string,
  read: K,
  request: SubjectReference,
  knownAt: Date,
): Promise<readonly SourceReads[K]['record'][]> {
  const held = await records
    .find({ feed: feedOf(departmentId, read), subjects: { $in: subjectKeysOf(request) } })
    .sort({ sortKey: -1, recordId: 1 })
    .lean<ReplicaDocument[]>();
  return held.flatMap((document) => {
    const present = { recordedAt: document.recordedAt, record: document.deleted ? null : document.record };
    const version = [...document.versions, present].findLast(({ recordedAt }) => recordedAt <= knownAt);
    return version?.record ? [version.record] : [];
  });
}
