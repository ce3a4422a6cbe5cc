/** Answers a department's reads from the replica, in the same order and within the same bounds as the department. */
import type {
  InspectionRequest,
  ReplicatedRead,
  ReportRequest,
  SourceReads,
  SubjectKey,
  SubjectReference,
} from '../ports.ts';
import { feedOf, type Feed, type RecordKeys } from './facts.ts';
import type { ReplicaDocument, ReplicaModels } from './replica-models.ts';

type Records = Pick<ReplicaModels, 'records'>;

/** Of all records only some: those that only a file has shown, or those that have not changed since a time. */
export type Restriction = { readonly isFromFile: true } | { readonly recordedAt: { readonly $lte: Date } };

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

/** Reads of which a department is asked for the newest few; all others are asked for whole. */
export const isWindowed = (read: ReplicatedRead): boolean => read === 'inspections' || read === 'reports';

/** The part of a list that is asked for; null = no bound. */
export interface Window {
  readonly from: string | null;
  readonly to: string | null;
  readonly equal: Partial<Omit<RecordKeys, 'sortKey'>>;
  /** 0 = all. */
  readonly limit: number;
}

type AnyTerms = Partial<InspectionRequest> & Partial<Pick<ReportRequest, 'number'>>;

const bound = (value: Date | string | null | undefined): string | null =>
  value instanceof Date ? value.toISOString() : (value ?? null);

export function windowOf(request: SubjectReference): Window {
  const { from, to, vin, result, number, limit } = request as AnyTerms & SubjectReference;
  const equal = {
    ...(typeof vin === 'string' && { vin }),
    ...(typeof result === 'string' && { result }),
    ...(typeof number === 'string' && { number }),
  };
  return { from: bound(from), to: bound(to), equal, limit: limit ?? 0 };
}

export interface Found {
  readonly recordId: string;
  readonly subjects: readonly SubjectKey[];
  readonly sortKey: string;
  readonly record: ReplicaDocument['record'];
}
const SHOWN = { _id: 0, recordId: 1, record: 1, subjects: 1, sortKey: 1 } as const;

/** The records as a read gives them. */
export const factsOf = <K extends ReplicatedRead>(found: readonly Found[]): SourceReads[K]['record'][] =>
  found.flatMap(({ record }) => (record === null ? [] : [record as SourceReads[K]['record']]));

/** What is held for one request, newest first. */
export async function findHeld(
  { records }: Records,
  feed: Feed,
  request: SubjectReference,
  restriction: Restriction | null = null,
): Promise<readonly Found[]> {
  const { from, to, equal, limit } = windowOf(request);
  const sortKey = { ...(from !== null && { $gte: from }), ...(to !== null && { $lte: to }) };
  return await records
    .find(
      {
        feed,
        subjects: { $in: subjectKeysOf(request) },
        deleted: false,
        ...(Object.keys(sortKey).length > 0 && { sortKey }),
        ...equal,
        ...restriction,
      },
      SHOWN,
    )
    .sort({ sortKey: -1, recordId: 1 })
    .limit(limit)
    .lean<Found[]>();
}

/** @returns one list per request, same order */
export async function readRecords<K extends ReplicatedRead>(
  models: Records,
  departmentId: string,
  read: K,
  requests: readonly SubjectReference[],
  restriction: Restriction | null = null,
): Promise<readonly SourceReads[K]['record'][][]> {
  const feed = feedOf(departmentId, read);
  if (isWindowed(read)) {
    const found = await Promise.all(requests.map((request) => findHeld(models, feed, request, restriction)));
    return found.map((documents) => factsOf<K>(documents));
  }
  const keys = requests.map((request) => subjectKeysOf(request));
  const found = await models.records
    .find({ feed, subjects: { $in: [...new Set(keys.flat())] }, deleted: false, ...restriction }, SHOWN)
    .sort({ sortKey: -1, recordId: 1 })
    .lean<Found[]>();
  const underKey = grouped(found, ({ subjects }) => subjects);
  // A record that is found under several keys of one request is one record, in its place.
  const orderOf = new Map(found.map((each, order) => [each, order]));
  return keys.map((own) => {
    const held = [...new Set(own.flatMap((key) => underKey.get(key) ?? []))];
    return factsOf<K>(held.sort((a, b) => (orderOf.get(a) ?? 0) - (orderOf.get(b) ?? 0)));
  });
}

function grouped<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}

/** Records under a number: reports by their number, certificates by theirs. @returns one list per number, same order */
export async function readByNumber<K extends ReplicatedRead>(
  { records }: Records,
  departmentId: string,
  read: K,
  numbers: readonly string[],
  restriction: Restriction | null = null,
): Promise<readonly SourceReads[K]['record'][][]> {
  const found = await records
    .find(
      { feed: feedOf(departmentId, read), number: { $in: [...numbers] }, deleted: false, ...restriction },
      { ...SHOWN, number: 1 },
    )
    .sort({ sortKey: -1, recordId: 1 })
    .lean<(Found & { number: string })[]>();
  const underNumber = grouped(found, ({ number }) => [number]);
  return numbers.map((number) => factsOf<K>(underNumber.get(number) ?? []));
}
