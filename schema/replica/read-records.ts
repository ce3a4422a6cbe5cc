/** Answers a department's reads from the replica, in the same order and within the same bounds as the department. */
import type { PipelineStage, QueryFilter } from 'mongoose';
import { chunksOf } from '../chunks.ts';
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

const NEWEST_FIRST = { sortKey: -1, recordId: 1 } as const;

/** The same order for records that have been read already. */
export const newestFirst = (a: Found, b: Found): number => {
  if (a.sortKey !== b.sortKey) return a.sortKey > b.sortKey ? -1 : 1;
  return a.recordId < b.recordId ? -1 : 1;
};

function filterOf(
  feed: Feed,
  request: SubjectReference,
  restriction: Restriction | null,
): QueryFilter<ReplicaDocument> {
  const { from, to, equal } = windowOf(request);
  const sortKey = { ...(from !== null && { $gte: from }), ...(to !== null && { $lte: to }) };
  return {
    feed,
    subjects: { $in: [...subjectKeysOf(request)] },
    deleted: false,
    ...(Object.keys(sortKey).length > 0 && { sortKey }),
    ...equal,
    ...restriction,
  };
}

/** What is held for one request, newest first. */
export async function findHeld(
  { records }: Records,
  feed: Feed,
  request: SubjectReference,
  restriction: Restriction | null = null,
): Promise<readonly Found[]> {
  return await records
    .find(filterOf(feed, request, restriction), SHOWN)
    .sort(NEWEST_FIRST)
    .limit(windowOf(request).limit)
    .lean<Found[]>();
}

/** Each request looks at the newest few of its own alone, and all of them are one statement. */
const MOST_IN_ONE_STATEMENT = 100;

function inOneStatement(
  { records }: Records,
  feed: Feed,
  requests: readonly SubjectReference[],
  restriction: Restriction | null,
): Promise<readonly Found[]> {
  const [first = [], ...others] = requests.map((request): PipelineStage.FacetPipelineStage[] => {
    const { limit } = windowOf(request);
    return [
      { $match: filterOf(feed, request, restriction) },
      { $sort: NEWEST_FIRST },
      ...(limit > 0 ? [{ $limit: limit }] : []),
      { $project: SHOWN },
    ];
  });
  const coll = records.collection.name;
  return records.aggregate<Found>([...first, ...others.map((pipeline) => ({ $unionWith: { coll, pipeline } }))]).exec();
}

/** One list per request, in the order of `found`: the records of which a key is the request's. */
function perRequest(found: readonly Found[], requests: readonly SubjectReference[]): Found[][] {
  const positions = new Map<SubjectKey, number[]>();
  for (const [position, request] of requests.entries()) {
    for (const key of subjectKeysOf(request)) positions.set(key, [...(positions.get(key) ?? []), position]);
  }
  const lists = requests.map((): Found[] => []);
  for (const each of found) {
    const concerned = new Set(each.subjects.flatMap((key) => positions.get(key) ?? []));
    for (const position of concerned) lists[position]?.push(each);
  }
  return lists;
}

/**
 * What is held for requests of one and the same window.
 * @returns one list per request, same order, each newest first
 */
async function findAlike(
  models: Records,
  feed: Feed,
  requests: readonly SubjectReference[],
  restriction: Restriction | null,
): Promise<readonly (readonly Found[])[]> {
  const [only] = requests;
  if (only !== undefined && requests.length === 1) return [await findHeld(models, feed, only, restriction)];
  const statements = chunksOf(requests, MOST_IN_ONE_STATEMENT);
  const answers = await Promise.all(statements.map((part) => inOneStatement(models, feed, part, restriction)));
  // A record that two requests share comes twice. What is beyond the bound of one may come for another: it is cut anew.
  const found = [...new Map(answers.flat().map((each) => [each.recordId, each])).values()].sort(newestFirst);
  return perRequest(found, requests).map((held, position) => {
    const request = requests[position];
    const limit = request === undefined ? 0 : windowOf(request).limit;
    return limit > 0 ? held.slice(0, limit) : held;
  });
}

/** What is held for each request, with one statement for all requests of the same window. */
async function findWindows(
  models: Records,
  feed: Feed,
  requests: readonly SubjectReference[],
  restriction: Restriction | null,
): Promise<readonly (readonly Found[])[]> {
  const alike = new Map<string, number[]>();
  for (const [position, request] of requests.entries()) {
    const window = JSON.stringify(windowOf(request));
    alike.set(window, [...(alike.get(window) ?? []), position]);
  }
  const lists: (readonly Found[])[] = requests.map(() => []);
  await Promise.all(
    [...alike.values()].map(async (positions) => {
      const asked = positions.flatMap((position) => requests[position] ?? []);
      const held = await findAlike(models, feed, asked, restriction);
      for (const [index, position] of positions.entries()) lists[position] = held[index] ?? [];
    }),
  );
  return lists;
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
    const found = await findWindows(models, feed, requests, restriction);
    return found.map((documents) => factsOf<K>(documents));
  }
  const subjects = { $in: [...new Set(requests.flatMap(subjectKeysOf))] };
  const found = await models.records
    .find({ feed, subjects, deleted: false, ...restriction }, SHOWN)
    .sort(NEWEST_FIRST)
    .lean<Found[]>();
  return perRequest(found, requests).map((own) => factsOf<K>(own));
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
    .sort(NEWEST_FIRST)
    .lean<(Found & { number: string })[]>();
  const underNumber = grouped(found, ({ number }) => [number]);
  return numbers.map((number) => factsOf<K>(underNumber.get(number) ?? []));
}
