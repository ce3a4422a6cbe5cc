/** find, getMore, killCursors, count, distinct, aggregate, explain. */
import { Long } from 'bson';
import { Aggregator } from 'mingo';
import { decodePlain, encode } from '../bson/codec.ts';
import { compareValues } from '../bson/compare.ts';
import { entriesOf, isFields, isNumber, toNumber, type Fields, type Value } from '../bson/values.ts';
import { valueKey } from '../bson/value-key.ts';
import { MongoError, refuseOption } from '../mongo-error.ts';
import { visitPath } from '../query/path.ts';
import { compileFilter } from '../query/matcher.ts';
import { compileProjection } from '../query/projection.ts';
import { candidateRecords, count, find, planFor, type Question } from '../query/scan.ts';
import type { Collection, Storage } from '../storage/storage.ts';
import {
  fieldsOr,
  flag,
  hintOf,
  listOfFields,
  namespaceOf,
  numberOr,
  refuseUnknown,
  sortOf,
  type CommandContext,
  type Handler,
} from './command.ts';

function questionOf(command: Fields, filterName: string, collection: Collection | undefined): Question {
  const limit = command['limit'];
  const isNegative = isNumber(limit) && toNumber(limit) < 0;
  return {
    filter: fieldsOr(command[filterName], {}),
    sort: sortOf(command['sort']),
    skip: numberOr(command['skip'], 0),
    limit: isNegative ? -toNumber(limit) : numberOr(limit, 0),
    hint: hintOf(command['hint'], collection),
  };
}

/**
 * The documents of an answer. A long one is remembered by record and read when it is asked for, so that nothing is held
 * open between two calls; a record that has gone or changed away in between is left out.
 */
function* lasting(
  storage: Storage,
  collection: Collection,
  question: Question,
): Generator<{ readonly document: Fields; readonly bytes: Buffer }> {
  const plan = planFor(collection, question);
  const isSorted = question.sort.length === 0 || (plan.index !== null && plan.isSorted);
  if (!isSorted || question.limit > 0 || question.skip > 0) {
    yield* [...find(storage, collection, question)];
    return;
  }
  const matches = compileFilter(question.filter);
  for (const record of candidateRecords(storage, collection, plan, question)) {
    const stored = storage.read(collection, record);
    if (stored !== null && matches(stored.document)) yield stored;
  }
}

const FIND_OPTIONS = [
  'find',
  'filter',
  'sort',
  'projection',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'hint',
  'allowDiskUse',
  'noCursorTimeout',
];

const findCommand: Handler = (command, context) => {
  refuseUnknown(command, FIND_OPTIONS);
  const namespace = namespaceOf(command, 'find', context);
  const collection = context.storage.collection(namespace);
  const question = questionOf(command, 'filter', collection);
  const project = compileProjection(fieldsOr(command['projection'], {}));
  compileFilter(question.filter);
  const batchSize = command['batchSize'] === undefined ? null : numberOr(command['batchSize'], 0);
  const isSingle = flag(command['singleBatch']) || (isNumber(command['limit']) && toNumber(command['limit']) < 0);
  const found = collection === undefined ? [] : lasting(context.storage, collection, question);
  const source = (function* () {
    for (const { document, bytes } of found) yield project === null ? bytes : encode(project(document));
  })();
  return { cursor: context.cursors.open(namespace, source, batchSize, isSingle) };
};

const idOf = (value: Value | undefined): bigint => {
  if (value instanceof Long) return value.toBigInt();
  if (isNumber(value)) return BigInt(toNumber(value));
  throw new MongoError(14, 'a cursor id was expected');
};

const getMore: Handler = (command, context) => {
  refuseUnknown(command, ['getMore', 'collection', 'batchSize']);
  const namespace = namespaceOf(command, 'collection', context);
  const batchSize = command['batchSize'] === undefined ? null : numberOr(command['batchSize'], 0) || null;
  return { cursor: context.cursors.more(idOf(command['getMore']), namespace, batchSize) };
};

const killCursors: Handler = (command, { cursors }) => {
  refuseUnknown(command, ['killCursors', 'cursors']);
  const ids = Array.isArray(command['cursors']) ? command['cursors'] : [];
  const killed = ids.filter((id) => cursors.kill(idOf(id)));
  return {
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  };
};

const countCommand: Handler = (command, context) => {
  refuseUnknown(command, ['count', 'query', 'limit', 'skip', 'hint', 'fields']);
  const collection = context.storage.collection(namespaceOf(command, 'count', context));
  const question = questionOf(command, 'query', collection);
  compileFilter(question.filter);
  return { n: collection === undefined ? 0 : count(context.storage, collection, question), ok: 1 };
};

const distinct: Handler = (command, context) => {
  refuseUnknown(command, ['distinct', 'key', 'query', 'hint']);
  const collection = context.storage.collection(namespaceOf(command, 'distinct', context));
  const path = command['key'];
  if (typeof path !== 'string') throw new MongoError(14, 'the key must be a text');
  const values = new Map<string, Value>();
  const keep = (value: Value | undefined): void => {
    if (value !== undefined) values.set(valueKey(value).toString('latin1'), value);
  };
  if (collection !== undefined) {
    for (const { document } of find(context.storage, collection, questionOf(command, 'query', collection))) {
      visitPath(document, path.split('.'), 0, (value) => {
        if (Array.isArray(value)) value.forEach(keep);
        else keep(value);
        return false;
      });
    }
  }
  return { values: [...values.values()].sort(compareValues), ok: 1 };
};

const STAGES = ['$match', '$sort', '$skip', '$limit', '$project', '$group', '$count', '$unwind', '$set', '$addFields'];

function stageOf(stage: Fields): readonly [string, Value] {
  const [entry, ...others] = entriesOf(stage);
  if (entry === undefined || others.length > 0) {
    throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  if (!STAGES.includes(entry[0])) throw new MongoError(40324, `Unrecognized pipeline stage name: '${entry[0]}'`);
  return entry;
}

/** The first $match, $sort, $skip and $limit use the indexes and the store's own matching; the rest is computed. */
function splitPipeline(stages: readonly Fields[]): {
  readonly head: Partial<Question>;
  readonly rest: readonly Fields[];
} {
  let head: Partial<Question> = {};
  let taken = 0;
  for (const [name, argument] of stages.map(stageOf)) {
    if (name === '$match' && taken === 0) head = { filter: fieldsOr(argument, {}) };
    else if (name === '$sort' && head.sort === undefined && head.limit === undefined && head.skip === undefined) {
      head = { ...head, sort: sortOf(argument) };
    } else if (name === '$skip' && head.skip === undefined && head.limit === undefined) {
      head = { ...head, skip: numberOr(argument, 0) };
    } else if (name === '$limit' && head.limit === undefined) {
      const limit = numberOr(argument, 0);
      if (limit === 0) throw new MongoError(15958, 'the limit must be positive');
      head = { ...head, limit };
    } else break;
    taken++;
  }
  return { head, rest: stages.slice(taken) };
}

/** `[{ $group: { _id: <constant>, n: { $sum: 1 } } }]`, as drivers count documents. */
function countedField(stages: readonly Fields[]): { readonly id: Value; readonly name: string } | null {
  const [first, ...others] = stages;
  const group = first?.['$group'];
  if (others.length > 0 || !isFields(group)) return null;
  const { _id: id, ...sums } = group;
  const [entry, ...more] = entriesOf(sums);
  const isOne =
    entry !== undefined && isFields(entry[1]) && isNumber(entry[1]['$sum']) && toNumber(entry[1]['$sum']) === 1;
  if (!isOne || more.length > 0 || id === undefined || isFields(id) || typeof id === 'string') return null;
  return { id, name: entry[0] };
}

function computed(
  context: CommandContext,
  collection: Collection | undefined,
  pipeline: readonly Fields[],
): Iterator<Uint8Array> {
  const { head, rest } = splitPipeline(pipeline);
  const question: Question = { filter: {}, sort: [], skip: 0, limit: 0, hint: null, ...head };
  compileFilter(question.filter);
  const counted = countedField(rest);
  if (counted !== null) {
    const n = collection === undefined ? 0 : count(context.storage, collection, question);
    return (n === 0 ? [] : [encode({ _id: counted.id, [counted.name]: n })])[Symbol.iterator]();
  }
  const found = collection === undefined ? [] : lasting(context.storage, collection, question);
  if (rest.length === 0) {
    return (function* () {
      for (const { bytes } of found) yield bytes;
    })();
  }
  const stages = decodePlain(encode({ stages: [...rest] }))['stages'] as never[];
  const documents = [...found].map(({ bytes }) => decodePlain(bytes));
  try {
    return new Aggregator(stages)
      .run(documents)
      .map((document) => encode(document))
      [Symbol.iterator]();
  } catch (error) {
    throw new MongoError(168, `the pipeline could not be computed: ${error instanceof Error ? error.message : ''}`);
  }
}

const aggregate: Handler = (command, context) => {
  refuseUnknown(command, ['aggregate', 'pipeline', 'cursor', 'hint', 'allowDiskUse']);
  if (typeof command['aggregate'] !== 'string') return refuseOption('an aggregation over a database');
  const namespace = namespaceOf(command, 'aggregate', context);
  const size = fieldsOr(command['cursor'], {})['batchSize'];
  const source = computed(context, context.storage.collection(namespace), listOfFields(command['pipeline']));
  return { cursor: context.cursors.open(namespace, source, size === undefined ? null : numberOr(size, 0), false) };
};

/** The plan of a find or a count, and what carrying it out took. */
const explain: Handler = (command, context) => {
  refuseUnknown(command, ['explain', 'verbosity']);
  const asked = fieldsOr(command['explain'], {});
  const name = asked['find'] === undefined ? 'count' : 'find';
  const namespace = namespaceOf(asked, name, context);
  const collection = context.storage.collection(namespace);
  if (collection === undefined) {
    return { queryPlanner: { namespace, winningPlan: { stage: 'EOF' } }, executionStats: { nReturned: 0 }, ok: 1 };
  }
  const question = questionOf(asked, name === 'find' ? 'filter' : 'query', collection);
  const plan = planFor(collection, question);
  const effort = { keys: 0, documents: 0 };
  const returned = [...find(context.storage, collection, question, effort)].length;
  const inputStage: Fields | null = plan.index && {
    stage: 'IXSCAN',
    indexName: plan.index.description.name,
    keyPattern: Object.fromEntries(plan.index.description.key),
    isMultiKey: plan.index.traits.multikey.length > 0,
  };
  return {
    queryPlanner: {
      namespace,
      winningPlan: inputStage === null ? { stage: 'COLLSCAN' } : { stage: 'FETCH', inputStage },
    },
    executionStats: {
      executionSuccess: true,
      nReturned: returned,
      totalKeysExamined: effort.keys,
      totalDocsExamined: effort.documents,
    },
    ok: 1,
  };
};

export const READS: Readonly<Record<string, Handler>> = {
  find: findCommand,
  getMore,
  killCursors,
  count: countCommand,
  distinct,
  aggregate,
  explain,
};
