/** aggregate: what the indexes answer is answered by the store itself, the rest is computed by mingo. */
import { Aggregator } from 'mingo';
import { decodePlain, encode } from '../bson/codec.ts';
import { entriesOf, isFields, isNumber, toNumber, type Fields, type Value } from '../bson/values.ts';
import { MongoError, refuseOption } from '../mongo-error.ts';
import { lasting } from '../query/lasting.ts';
import { compileFilter } from '../query/matcher.ts';
import { compileProjection, type Projection } from '../query/projection.ts';
import { count, type Question } from '../query/scan.ts';
import {
  fieldsOr,
  listOfFields,
  namespaceOf,
  numberOr,
  refuseUnknown,
  sortOf,
  type CommandContext,
  type Handler,
} from './command.ts';

const STAGES = [
  ...['$match', '$sort', '$skip', '$limit', '$project', '$group', '$count', '$unwind', '$set', '$addFields'],
  '$unionWith',
];

function stageOf(stage: Fields): readonly [string, Value] {
  const [entry, ...others] = entriesOf(stage);
  if (entry === undefined || others.length > 0) {
    throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  if (!STAGES.includes(entry[0])) throw new MongoError(40324, `Unrecognized pipeline stage name: '${entry[0]}'`);
  return entry;
}

/** Of a $project that only takes fields over, or only leaves them out. */
function plainProjection(argument: Value): Projection | null {
  const isPlain = isFields(argument) && entriesOf(argument).every(([, wanted]) => isNumber(wanted) || wanted === true);
  return isPlain ? compileProjection(argument) : null;
}

interface Split {
  readonly question: Question;
  readonly project: Projection | null;
  readonly unions: readonly Value[];
  readonly rest: readonly Fields[];
}

/**
 * The first $match, $sort, $skip and $limit use the indexes and the store's own matching, a plain $project after them
 * and each $unionWith after that as well; the rest is computed.
 */
function splitPipeline(pipeline: readonly Fields[]): Split {
  const stages = pipeline.map(stageOf);
  let head: Partial<Question> = {};
  let taken = 0;
  for (const [name, argument] of stages) {
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
  const [name, argument = null] = stages[taken] ?? [];
  const project = name === '$project' ? plainProjection(argument) : null;
  if (project !== null) taken++;
  const unions: Value[] = [];
  for (const [own, joined] of stages.slice(taken)) {
    if (own !== '$unionWith') break;
    unions.push(joined);
    taken++;
  }
  if (stages.slice(taken).some(([own]) => own === '$unionWith')) refuseOption('$unionWith after what is computed');
  const question = { filter: {}, sort: [], skip: 0, limit: 0, hint: null, ...head };
  return { question, project, unions, rest: pipeline.slice(taken) };
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

function joined(context: CommandContext, argument: Value): Iterable<Uint8Array> {
  const union = isFields(argument) ? argument : { coll: argument };
  const { pipeline, ...named } = union;
  refuseUnknown(named, ['coll']);
  return documentsOf(
    context,
    namespaceOf(named, 'coll', context),
    pipeline === undefined ? [] : listOfFields(pipeline),
  );
}

function* oneAfterTheOther<T>(lists: readonly Iterable<T>[]): Generator<T> {
  for (const list of lists) yield* list;
}

function* projected(
  found: Iterable<{ readonly document: Fields; readonly bytes: Buffer }>,
  project: Projection | null,
): Generator<Uint8Array> {
  for (const { document, bytes } of found) yield project === null ? bytes : encode(project(document));
}

function compute(stages: readonly Fields[], documents: Iterable<Uint8Array>): readonly Uint8Array[] {
  const plain = decodePlain(encode({ stages: [...stages] }))['stages'] as never[];
  try {
    return new Aggregator(plain).run([...documents].map(decodePlain)).map((document) => encode(document));
  } catch (error) {
    throw new MongoError(168, `the pipeline could not be computed: ${error instanceof Error ? error.message : ''}`);
  }
}

function documentsOf(context: CommandContext, namespace: string, pipeline: readonly Fields[]): Iterable<Uint8Array> {
  const { storage } = context;
  const collection = storage.collection(namespace);
  const { question, project, unions, rest } = splitPipeline(pipeline);
  compileFilter(question.filter);
  const counted = unions.length === 0 && project === null ? countedField(rest) : null;
  if (counted !== null) {
    const n = collection === undefined ? 0 : count(storage, collection, question);
    return n === 0 ? [] : [encode({ _id: counted.id, [counted.name]: n })];
  }
  const own = projected(collection === undefined ? [] : lasting(storage, collection, question), project);
  const documents = oneAfterTheOther([own, ...unions.map((union) => joined(context, union))]);
  return rest.length === 0 ? documents : compute(rest, documents);
}

export const aggregate: Handler = (command, context) => {
  refuseUnknown(command, ['aggregate', 'pipeline', 'cursor', 'hint', 'allowDiskUse']);
  if (typeof command['aggregate'] !== 'string') return refuseOption('an aggregation over a database');
  const namespace = namespaceOf(command, 'aggregate', context);
  const size = fieldsOr(command['cursor'], {})['batchSize'];
  const source = documentsOf(context, namespace, listOfFields(command['pipeline']))[Symbol.iterator]();
  return { cursor: context.cursors.open(namespace, source, size === undefined ? null : numberOr(size, 0), false) };
};
