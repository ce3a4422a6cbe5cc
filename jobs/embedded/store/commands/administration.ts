/** Collections, indexes, and what drivers ask of a server before they use it. */
import { ObjectId } from 'bson';
import { encode } from '../bson/codec.ts';
import { MAX_DOCUMENT_BYTES } from '../bson/codec.ts';
import { entriesOf, isFields, isNumber, toNumber, type Fields, type Value } from '../bson/values.ts';
import { MongoError, refuseOption } from '../mongo-error.ts';
import { compileFilter } from '../query/matcher.ts';
import type { CollectionIndex, IndexDescription } from '../storage/collection-index.ts';
import type { Collection } from '../storage/storage.ts';
import {
  fieldsOr,
  flag,
  listOfFields,
  namespaceOf,
  refuseUnknown,
  type CommandContext,
  type Handler,
} from './command.ts';

const VERSION = '7.0.0';
const MAX_MESSAGE_BYTES = 48_000_000;
const MAX_BATCH = 100_000;
/** The protocol of MongoDB 7.0. */
const WIRE_VERSION = 21;
const SET_NAME = 'embedded';
const ELECTION = new ObjectId('7fffffff0000000000000001');

/** One member of a set of one, so that drivers send retryable writes. */
const hello: Handler = (_command, { address }) => ({
  helloOk: true,
  isWritablePrimary: true,
  ismaster: true,
  secondary: false,
  setName: SET_NAME,
  setVersion: 1,
  hosts: [address],
  primary: address,
  me: address,
  electionId: ELECTION,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  maxMessageSizeBytes: MAX_MESSAGE_BYTES,
  maxWriteBatchSize: MAX_BATCH,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  maxWireVersion: WIRE_VERSION,
  readOnly: false,
  ok: 1,
});

const buildInfo: Handler = () => ({
  version: VERSION,
  versionArray: [7, 0, 0, 0],
  gitVersion: 'embedded',
  modules: [],
  bits: 64,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  ok: 1,
});

const accept: Handler = () => ({ ok: 1 });

const INDEX_OPTIONS = [
  'key',
  'name',
  'v',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'ns',
];

function keyOf(key: Value | undefined): IndexDescription['key'] {
  const entries = entriesOf(fieldsOr(key, {}));
  if (entries.length === 0) throw new MongoError(67, 'Index keys cannot be an empty object');
  return entries.map(([path, direction]) => {
    const sign = isNumber(direction) ? Math.sign(toNumber(direction)) : 0;
    if (sign !== 1 && sign !== -1) {
      const kind = typeof direction === 'string' ? direction : JSON.stringify(direction);
      throw new MongoError(67, `Index type '${kind}' of '${path}' is not supported by the embedded store`);
    }
    if (path.includes('$')) throw new MongoError(67, `Index key '${path}' is not supported by the embedded store`);
    return [path, sign];
  });
}

function descriptionOf(specification: Fields): IndexDescription {
  for (const name of Object.keys(specification)) {
    if (!INDEX_OPTIONS.includes(name)) refuseOption(`the index option '${name}'`);
  }
  const key = keyOf(specification['key']);
  const partial = specification['partialFilterExpression'];
  if (partial !== undefined) compileFilter(fieldsOr(partial, {}));
  const expires = specification['expireAfterSeconds'];
  if (expires !== undefined && (!isNumber(expires) || key.length !== 1)) {
    throw new MongoError(67, 'TTL indexes are single-field indexes with a number of seconds');
  }
  const name = specification['name'];
  return {
    name: typeof name === 'string' ? name : key.flat().join('_'),
    key,
    unique: flag(specification['unique']),
    sparse: flag(specification['sparse']),
    partialFilter: partial === undefined ? null : fieldsOr(partial, {}),
    expireAfterSeconds: isNumber(expires) ? toNumber(expires) : null,
  };
}

const shownIndex = ({ description }: CollectionIndex): Fields => ({
  v: 2,
  key: Object.fromEntries(description.key),
  name: description.name,
  ...(description.unique && description.name !== '_id_' && { unique: true }),
  ...(description.sparse && { sparse: true }),
  ...(description.partialFilter !== null && { partialFilterExpression: description.partialFilter }),
  ...(description.expireAfterSeconds !== null && { expireAfterSeconds: description.expireAfterSeconds }),
});

/** @returns whether the collection already has this very index */
function isThere(collection: Collection, wanted: IndexDescription): boolean {
  const text = (description: IndexDescription): string =>
    JSON.stringify({
      ...description,
      partialFilter: description.partialFilter && [...encode(description.partialFilter)],
    });
  const sameName = collection.indexes.find(({ description }) => description.name === wanted.name)?.description;
  if (sameName !== undefined) {
    if (sameName.name === '_id_' || text(sameName) === text(wanted)) return true;
    throw new MongoError(86, `An existing index has the same name as the requested index: ${wanted.name}`);
  }
  const sameKey = collection.indexes.find(
    ({ description }) => text({ ...description, name: '' }) === text({ ...wanted, name: '' }),
  );
  if (sameKey !== undefined) {
    throw new MongoError(85, `Index already exists with a different name: ${sameKey.description.name}`);
  }
  return false;
}

const createIndexes: Handler = (command, context) => {
  refuseUnknown(command, ['createIndexes', 'indexes', 'commitQuorum']);
  const namespace = namespaceOf(command, 'createIndexes', context);
  const wasThere = context.storage.collection(namespace) !== undefined;
  const wanted = listOfFields(command['indexes']).map(descriptionOf);
  const collection = context.storage.ensure(namespace);
  const numIndexesBefore = collection.indexes.length;
  for (const description of wanted) {
    if (!isThere(collection, description)) context.storage.createIndex(collection, description);
  }
  return {
    numIndexesBefore,
    numIndexesAfter: collection.indexes.length,
    createdCollectionAutomatically: !wasThere,
    ok: 1,
  };
};

function existing(command: Fields, name: string, context: CommandContext): Collection {
  const namespace = namespaceOf(command, name, context);
  const collection = context.storage.collection(namespace);
  if (collection === undefined) throw new MongoError(26, `ns does not exist: ${namespace}`);
  return collection;
}

const dropIndexes: Handler = (command, context) => {
  refuseUnknown(command, ['dropIndexes', 'index']);
  const collection = existing(command, 'dropIndexes', context);
  const nIndexesWas = collection.indexes.length;
  const { index: asked } = command;
  const names = Array.isArray(asked) ? asked : [asked];
  const chosen =
    asked === '*'
      ? collection.indexes.filter(({ description }) => description.name !== '_id_')
      : names.map((wanted) => {
          const key = isFields(wanted) ? JSON.stringify(keyOf(wanted)) : null;
          const found = collection.indexes.find(({ description }) =>
            key === null ? description.name === wanted : JSON.stringify(description.key) === key,
          );
          if (found === undefined) throw new MongoError(27, 'index not found');
          if (found.description.name === '_id_') throw new MongoError(72, 'cannot drop _id index');
          return found;
        });
  for (const index of chosen) context.storage.dropIndex(collection, index);
  return { nIndexesWas, ok: 1 };
};

const listIndexes: Handler = (command, context) => {
  refuseUnknown(command, ['listIndexes', 'cursor']);
  const collection = existing(command, 'listIndexes', context);
  const list = collection.indexes.map((index) => encode(shownIndex(index)));
  return { cursor: context.cursors.open(collection.namespace, list[Symbol.iterator](), list.length, true) };
};

const listCollections: Handler = (command, context) => {
  refuseUnknown(command, ['listCollections', 'filter', 'nameOnly', 'cursor', 'authorizedCollections']);
  const matches = compileFilter(fieldsOr(command['filter'], {}));
  const prefix = `${context.database}.`;
  const list = context.storage
    .collections()
    .filter(({ namespace }) => namespace.startsWith(prefix))
    .map(({ namespace }): Fields => ({
      name: namespace.slice(prefix.length),
      type: 'collection',
      options: {},
      info: { readOnly: false },
    }))
    .filter(matches)
    .map((each) => encode(each));
  return { cursor: context.cursors.open(`${prefix}$cmd.listCollections`, list[Symbol.iterator](), list.length, true) };
};

const listDatabases: Handler = (command, { storage }) => {
  refuseUnknown(command, ['listDatabases', 'nameOnly', 'filter', 'authorizedDatabases']);
  const matches = compileFilter(fieldsOr(command['filter'], {}));
  const names = new Set(storage.collections().map(({ namespace }) => namespace.slice(0, namespace.indexOf('.'))));
  const databases = [...names].map((name): Fields => ({ name, sizeOnDisk: 0, empty: false })).filter(matches);
  return { databases, totalSize: 0, ok: 1 };
};

const create: Handler = (command, context) => {
  refuseUnknown(command, ['create']);
  const namespace = namespaceOf(command, 'create', context);
  if (context.storage.collection(namespace) !== undefined) {
    throw new MongoError(48, `Collection ${namespace} already exists.`);
  }
  context.storage.ensure(namespace);
  return { ok: 1 };
};

const drop: Handler = (command, context) => {
  refuseUnknown(command, ['drop']);
  const namespace = namespaceOf(command, 'drop', context);
  const collection = context.storage.collection(namespace);
  if (collection !== undefined) context.storage.drop(collection);
  return { ns: namespace, ok: 1 };
};

const dropDatabase: Handler = (command, { storage, database }) => {
  refuseUnknown(command, ['dropDatabase']);
  for (const collection of storage.collections()) {
    if (collection.namespace.startsWith(`${database}.`)) storage.drop(collection);
  }
  return { dropped: database, ok: 1 };
};

export const ADMINISTRATION: Readonly<Record<string, Handler>> = {
  hello,
  ismaster: hello,
  isMaster: hello,
  ping: accept,
  buildInfo,
  buildinfo: buildInfo,
  endSessions: accept,
  killSessions: accept,
  createIndexes,
  dropIndexes,
  listIndexes,
  listCollections,
  listDatabases,
  create,
  drop,
  dropDatabase,
};
