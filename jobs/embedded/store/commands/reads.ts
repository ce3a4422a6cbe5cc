/** find, getMore, killCursors, count, distinct, explain. */
import { Long } from 'bson';
import { encode } from '../bson/codec.ts';
import { compareValues } from '../bson/compare.ts';
import { isNumber, toNumber, type Fields, type Value } from '../bson/values.ts';
import { valueKey } from '../bson/value-key.ts';
import { MongoError } from '../mongo-error.ts';
import { visitPath } from '../query/path.ts';
import { compileFilter } from '../query/matcher.ts';
import { compileProjection } from '../query/projection.ts';
import { lasting } from '../query/lasting.ts';
import { count, find, planFor, type Question } from '../query/scan.ts';
import type { Collection } from '../storage/storage.ts';
import { fieldsOr, flag, hintOf, namespaceOf, numberOr, refuseUnknown, sortOf, type Handler } from './command.ts';

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
  explain,
};
