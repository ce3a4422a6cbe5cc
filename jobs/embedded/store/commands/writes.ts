/** insert, update, delete, findAndModify. */
import { BSONRegExp, ObjectId } from 'bson';
import { encode, MAX_DOCUMENT_BYTES } from '../bson/codec.ts';
import { isEqual } from '../bson/compare.ts';
import { cloneFields, fieldOf, isFields, type Fields, type Value } from '../bson/values.ts';
import { MongoError } from '../mongo-error.ts';
import { compileProjection } from '../query/projection.ts';
import { compileFilter } from '../query/matcher.ts';
import { find, type Question } from '../query/scan.ts';
import type { Collection, Storage, StoredDocument } from '../storage/storage.ts';
import { applyUpdate, documentFromFilter, isReplacement } from '../update/apply-update.ts';
import {
  fieldsOr,
  flag,
  hintOf,
  listOfFields,
  namespaceOf,
  numberOr,
  refuseUnknown,
  sortOf,
  type Handler,
} from './command.ts';

function withIdFirst(document: Fields): Fields {
  const id = fieldOf(document, '_id') ?? new ObjectId();
  if (Array.isArray(id) || id instanceof BSONRegExp)
    throw new MongoError(53, "The '_id' value cannot be an array or a regex");
  return Object.keys(document)[0] === '_id' ? document : { _id: id, ...withoutId(document) };
}

function withoutId(document: Fields): Fields {
  const copy = cloneFields(document);
  Reflect.deleteProperty(copy, '_id');
  return copy;
}

function encoded(document: Fields): Buffer {
  const bytes = encode(document);
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    throw new MongoError(
      10334,
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
    );
  }
  return bytes;
}

/** Carries out statements one by one; each is all or nothing. @returns MongoDB's list of what went wrong */
function each<T>(statements: readonly T[], isOrdered: boolean, run: (statement: T, index: number) => void): Fields[] {
  const errors: Fields[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof MongoError)) throw error;
      errors.push({ index, code: error.code, errmsg: error.message, ...error.details });
      if (isOrdered) break;
    }
  }
  return errors;
}

const withErrors = (reply: Fields, errors: Fields[]): Fields =>
  errors.length > 0 ? { ...reply, writeErrors: errors } : reply;

/** A statement that failed has not happened; the collection's own counters must say so too. */
function counting<T>(collection: Collection, run: () => T): T {
  const { count, nextRecord } = collection;
  try {
    return run();
  } catch (error) {
    collection.count = count;
    collection.nextRecord = nextRecord;
    throw error;
  }
}

const insert: Handler = (command, context) => {
  refuseUnknown(command, ['insert', 'documents', 'ordered', 'bypassDocumentValidation']);
  const collection = context.storage.ensure(namespaceOf(command, 'insert', context));
  const documents = listOfFields(command['documents']);
  const put = (document: Fields): void => {
    const whole = withIdFirst(document);
    context.storage.insert(collection, whole, encoded(whole));
  };
  try {
    // All in one transaction is many times faster; only when one fails are they taken one by one.
    counting(collection, () => context.storage.statement(() => documents.forEach(put)));
    return { n: documents.length, ok: 1 };
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
  }
  let n = 0;
  const errors = each(documents, flag(command['ordered'], true), (document) => {
    counting(collection, () => context.storage.statement(() => put(document)));
    n++;
  });
  return withErrors({ n, ok: 1 }, errors);
};

interface Change {
  readonly question: Question;
  readonly update: Fields;
  readonly isMany: boolean;
  readonly isUpsert: boolean;
}

interface Changed {
  readonly matched: number;
  readonly modified: number;
  readonly upsertedId: Value | undefined;
  readonly before: Fields | null;
  readonly after: Fields | null;
}

function replacementFor(document: Fields, update: Fields): Fields {
  const id = fieldOf(document, '_id') ?? null;
  const next = isReplacement(update) ? { _id: id, ...withoutId(update) } : applyUpdate(document, update, false);
  const given = isReplacement(update) ? (fieldOf(update, '_id') ?? id) : (fieldOf(next, '_id') ?? null);
  if (!isEqual(given, id)) {
    throw new MongoError(66, "After applying the update, the (immutable) field '_id' was found to have been altered");
  }
  return next;
}

function change(storage: Storage, collection: Collection, { question, update, isMany, isUpsert }: Change): Changed {
  if (isMany && isReplacement(update)) {
    throw new MongoError(9, 'multi update is not supported for replacement-style update');
  }
  return storage.statement(() => {
    const hits: StoredDocument[] = [...find(storage, collection, { ...question, limit: isMany ? 0 : 1 })];
    let modified = 0;
    let after: Fields | null = null;
    for (const hit of hits) {
      const next = replacementFor(hit.document, update);
      const bytes = encoded(next);
      if (!bytes.equals(hit.bytes)) {
        storage.replace(collection, hit, next, bytes);
        modified++;
      }
      after = next;
    }
    const before = hits[0]?.document ?? null;
    if (hits.length > 0 || !isUpsert) return { matched: hits.length, modified, upsertedId: undefined, before, after };
    const base = documentFromFilter(question.filter);
    const made = isReplacement(update)
      ? { ...(fieldOf(base, '_id') !== undefined && { _id: base['_id'] }), ...update }
      : applyUpdate(base, update, true);
    const document = withIdFirst(made);
    storage.insert(collection, document, encoded(document));
    return { matched: 0, modified: 0, upsertedId: document['_id'], before: null, after: document };
  });
}

const questionOf = (
  filter: Value | undefined,
  sort: Value | undefined,
  hint: Value | undefined,
  collection: Collection,
): Question => {
  const question = {
    filter: fieldsOr(filter, {}),
    sort: sortOf(sort),
    skip: 0,
    limit: 0,
    hint: hintOf(hint, collection),
  };
  compileFilter(question.filter);
  return question;
};

const updateOf = (value: Value | undefined): Fields => {
  if (Array.isArray(value)) throw new MongoError(72, 'an update by a pipeline is not supported by the embedded store');
  return fieldsOr(value, {});
};

const update: Handler = (command, context) => {
  refuseUnknown(command, ['update', 'updates', 'ordered', 'bypassDocumentValidation']);
  const collection = context.storage.ensure(namespaceOf(command, 'update', context));
  const totals = { n: 0, nModified: 0 };
  const upserted: Fields[] = [];
  const run = (statement: Fields, index: number): void => {
    refuseUnknown(statement, ['q', 'u', 'multi', 'upsert', 'hint', 'sort']);
    const done = counting(collection, () =>
      change(context.storage, collection, {
        question: questionOf(statement['q'], statement['sort'], statement['hint'], collection),
        update: updateOf(statement['u']),
        isMany: flag(statement['multi']),
        isUpsert: flag(statement['upsert']),
      }),
    );
    totals.n += done.matched;
    totals.nModified += done.modified;
    if (done.upsertedId !== undefined) {
      totals.n++;
      upserted.push({ index, _id: done.upsertedId });
    }
  };
  const statements = listOfFields(command['updates']);
  // On disk they are one write, which is many times faster; each is still all or nothing by itself.
  const errors = context.storage.statement(() => each(statements, flag(command['ordered'], true), run));
  return withErrors({ ...totals, ...(upserted.length > 0 && { upserted }), ok: 1 }, errors);
};

const remove: Handler = (command, context) => {
  refuseUnknown(command, ['delete', 'deletes', 'ordered']);
  const { storage } = context;
  const collection = storage.collection(namespaceOf(command, 'delete', context));
  if (collection === undefined) return { n: 0, ok: 1 };
  let n = 0;
  const errors = each(listOfFields(command['deletes']), flag(command['ordered'], true), (statement) => {
    refuseUnknown(statement, ['q', 'limit', 'hint']);
    const question = questionOf(statement['q'], undefined, statement['hint'], collection);
    storage.statement(() => {
      const hits = [...find(storage, collection, { ...question, limit: numberOr(statement['limit'], 0) })];
      for (const hit of hits) storage.remove(collection, hit);
      n += hits.length;
    });
  });
  return withErrors({ n, ok: 1 }, errors);
};

const FIND_AND_MODIFY = [
  'findAndModify',
  'query',
  'sort',
  'update',
  'remove',
  'new',
  'upsert',
  'fields',
  'hint',
  'bypassDocumentValidation',
];

const findAndModify: Handler = (command, context) => {
  refuseUnknown(command, FIND_AND_MODIFY);
  const { storage } = context;
  const collection = storage.ensure(namespaceOf(command, 'findAndModify', context));
  const question = questionOf(command['query'], command['sort'], command['hint'], collection);
  const project = compileProjection(fieldsOr(command['fields'], {}));
  const shown = (document: Fields | null): Value =>
    document === null ? null : project === null ? document : project(document);
  if (flag(command['remove'])) {
    const hit = storage.statement(() => {
      const [first] = find(storage, collection, { ...question, limit: 1 });
      if (first !== undefined) storage.remove(collection, first);
      return first;
    });
    return { lastErrorObject: { n: hit === undefined ? 0 : 1 }, value: shown(hit?.document ?? null), ok: 1 };
  }
  if (!isFields(command['update'])) throw new MongoError(9, 'Either an update or remove=true must be specified');
  const modification = updateOf(command['update']);
  const done = counting(collection, () =>
    change(storage, collection, { question, update: modification, isMany: false, isUpsert: flag(command['upsert']) }),
  );
  const lastErrorObject = {
    n: done.matched + (done.upsertedId === undefined ? 0 : 1),
    updatedExisting: done.matched > 0,
    ...(done.upsertedId !== undefined && { upserted: done.upsertedId }),
  };
  return { lastErrorObject, value: shown(flag(command['new']) ? done.after : done.before), ok: 1 };
};

export const WRITES: Readonly<Record<string, Handler>> = { insert, update, delete: remove, findAndModify };
