/** Walks the documents that a plan leads to. */
import type { Fields } from '../bson/values.ts';
import { MongoError } from '../mongo-error.ts';
import { recordOf } from '../storage/keys.ts';
import type { Collection, Storage, StoredDocument } from '../storage/storage.ts';
import { compileFilter } from './matcher.ts';
import { planQuery, type KeyRange, type Plan } from './plan.ts';
import { sortKey, type SortField } from './sort.ts';

export interface Question {
  readonly filter: Fields;
  readonly sort: readonly SortField[];
  readonly skip: number;
  /** 0 = all. */
  readonly limit: number;
  readonly hint: string | null;
}

/** What it took to answer. */
export interface Effort {
  keys: number;
  documents: number;
}

const MOST_SORTED_BYTES = 100 * 1_048_576;

export const planFor = ({ indexes }: Collection, { filter, sort, hint }: Question): Plan =>
  planQuery(indexes, filter, sort, hint);

/** Bounds are beginnings of keys, never whole ones, so it does not matter at which end they are inclusive. */
const entriesIn = (storage: Storage, { start, end }: KeyRange, isReverse: boolean): Iterator<Buffer> =>
  storage.entries.getKeys(isReverse ? { start: end, end: start, reverse: true } : { start, end })[Symbol.iterator]();

/** Several ranges as one, in the order of what follows their fixed part. */
function* merged(storage: Storage, ranges: readonly KeyRange[], isReverse: boolean): Generator<Buffer> {
  const walks = ranges.map(({ fixedBytes, ...range }) => {
    const entries = entriesIn(storage, { ...range, fixedBytes }, isReverse);
    return { entries, fixedBytes, head: entries.next() };
  });
  for (;;) {
    let first: (typeof walks)[number] | null = null;
    for (const walk of walks) {
      if (walk.head.done === true) continue;
      if (first === null || first.head.done === true) {
        first = walk;
        continue;
      }
      const [own, best] = [walk.head.value.subarray(walk.fixedBytes), first.head.value.subarray(first.fixedBytes)];
      if (Buffer.compare(own, best) < 0 !== isReverse) first = walk;
    }
    if (first === null || first.head.done === true) return;
    yield first.head.value;
    first.head = first.entries.next();
  }
}

/** Several ranges one after the other, which is much faster than as one. */
function* oneByOne(storage: Storage, { ranges, isReverse }: Plan): Generator<Buffer> {
  for (const range of ranges) yield* { [Symbol.iterator]: () => entriesIn(storage, range, isReverse) };
}

/**
 * The records that the plan's index entries name, each once.
 * @param isOrdered in the order of the plan
 */
function* recordsOf(storage: Storage, plan: Plan, isOrdered: boolean, effort: Effort): Generator<number> {
  const isOne = plan.ranges.length === 1 || !isOrdered;
  const keys = isOne ? oneByOne(storage, plan) : merged(storage, plan.ranges, plan.isReverse);
  const seen = plan.ranges.length > 1 || (plan.index?.traits.multikey.length ?? 0) > 0 ? new Set<number>() : null;
  for (const key of keys) {
    effort.keys++;
    const record = recordOf(key);
    if (seen?.has(record) === true) continue;
    seen?.add(record);
    yield record;
  }
}

function* candidates(
  storage: Storage,
  collection: Collection,
  plan: Plan,
  isOrdered: boolean,
  effort: Effort,
): Generator<StoredDocument> {
  if (plan.index === null) {
    for (const stored of storage.all(collection)) {
      effort.documents++;
      yield stored;
    }
    return;
  }
  for (const record of recordsOf(storage, plan, isOrdered, effort)) {
    const stored = storage.read(collection, record);
    if (stored === null) continue;
    effort.documents++;
    yield stored;
  }
}

/** The records to look at, in the order asked for if the plan has it; nothing has been read or matched yet. */
export function candidateRecords(
  storage: Storage,
  collection: Collection,
  plan: Plan,
  { sort }: Question,
): readonly number[] {
  if (plan.index === null) return storage.records(collection);
  return [...recordsOf(storage, plan, sort.length > 0, { keys: 0, documents: 0 })];
}

function inOrder(documents: Iterable<StoredDocument>, sort: readonly SortField[]): StoredDocument[] {
  let bytes = 0;
  const keyed = [...documents].map((stored) => {
    bytes += stored.bytes.length;
    if (bytes > MOST_SORTED_BYTES) {
      throw new MongoError(292, 'Sort exceeded memory limit of 104857600 bytes; add an index or a smaller filter.');
    }
    return { stored, key: sortKey(stored.document, sort) };
  });
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ stored }) => stored);
}

function* window<T>(items: Iterable<T>, skip: number, limit: number): Generator<T> {
  let position = 0;
  for (const item of items) {
    position++;
    if (position <= skip) continue;
    yield item;
    if (limit > 0 && position === skip + limit) return;
  }
}

/** The matching documents in the order asked for. */
export function* find(
  storage: Storage,
  collection: Collection,
  question: Question,
  effort: Effort = { keys: 0, documents: 0 },
): Generator<StoredDocument> {
  const plan = planFor(collection, question);
  const matches = compileFilter(question.filter);
  const isOrdered = question.sort.length > 0 && plan.index !== null && plan.isSorted;
  const matching = (function* () {
    for (const stored of candidates(storage, collection, plan, isOrdered, effort)) {
      if (matches(stored.document)) yield stored;
    }
  })();
  const isInOrder = question.sort.length === 0 || isOrdered;
  yield* window(isInOrder ? matching : inOrder(matching, question.sort), question.skip, question.limit);
}

/** How many match; without looking at a document where an index knows. */
export function count(storage: Storage, collection: Collection, question: Question): number {
  const { filter, skip, limit } = question;
  const plan = planFor(collection, question);
  const bounded = (found: number): number => Math.max(0, Math.min(limit > 0 ? limit : Infinity, found - skip));
  if (Object.keys(filter).length === 0) return bounded(collection.count);
  const effort = { keys: 0, documents: 0 };
  if (plan.index !== null && plan.isExact) {
    let found = 0;
    for (const record of recordsOf(storage, plan, false, effort)) {
      found += record > 0 ? 1 : 0;
      if (limit > 0 && found === skip + limit) break;
    }
    return bounded(found);
  }
  let found = 0;
  for (const stored of find(
    storage,
    collection,
    { ...question, sort: [], skip: 0, limit: limit > 0 ? skip + limit : 0 },
    effort,
  )) {
    found += stored.record > 0 ? 1 : 0;
  }
  return bounded(found);
}
