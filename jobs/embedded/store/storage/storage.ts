/** Documents and their indexes on disk. Every statement is one transaction of the key-value store: all of it or nothing. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ABORT, open, type Database, type RootDatabase } from 'lmdb';
import { BSON } from 'bson';
import { decode } from '../bson/codec.ts';
import { fieldOf, isFields, type Fields, type Value } from '../bson/values.ts';
import { afterPrefix } from '../bson/value-key.ts';
import { MongoError } from '../mongo-error.ts';
import { CollectionIndex, type IndexDescription } from './collection-index.ts';
import { readMeta, writeMeta } from './collection-meta.ts';
import { documentKey, LAST_RECORD, ownerKey, recordOf, recordSuffix } from './keys.ts';

export interface Collection {
  /** "<database>.<collection>". */
  readonly namespace: string;
  readonly id: number;
  readonly uuid: string;
  indexes: CollectionIndex[];
  nextRecord: number;
  count: number;
}

export interface StoredDocument {
  readonly record: number;
  readonly bytes: Buffer;
  readonly document: Fields;
}

const NOTHING = Buffer.alloc(0);
const ID_INDEX: IndexDescription = {
  name: '_id_',
  key: [['_id', 1]],
  unique: true,
  sparse: false,
  partialFilter: null,
  expireAfterSeconds: null,
};

function shown(value: Value | undefined): string {
  if (value === undefined) return 'null';
  return BSON.EJSON.stringify(value);
}

export class Storage {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #folder: string;
  readonly documents: Database<Buffer, Buffer>;
  readonly entries: Database<Buffer, Buffer>;
  readonly #meta: Database<Buffer, string>;
  readonly #collections = new Map<string, Collection>();
  readonly #changed = new Set<Collection>();
  #nextId = 1;

  /** @param folder created when it does not exist */
  constructor(folder: string) {
    this.#folder = folder;
    this.#root = open<Buffer, Buffer>({ path: folder, maxDbs: 4, pageSize: 8192, compression: false });
    const binary = { keyEncoding: 'binary', encoding: 'binary' } as const;
    this.documents = this.#root.openDB<Buffer, Buffer>({ name: 'documents', ...binary });
    this.entries = this.#root.openDB<Buffer, Buffer>({ name: 'entries', ...binary });
    this.#meta = this.#root.openDB<Buffer, string>({ name: 'collections', encoding: 'binary' });
    for (const { key, value } of this.#meta.getRange()) this.#load(key, value);
  }

  /** Resolves when everything that was written is on disk. */
  async flushed(): Promise<void> {
    await this.#root.flushed;
  }

  /**
   * Copies everything as it is now, while others go on writing.
   * @returns the new folder, beside the store's own: whoever asks cannot choose another
   */
  async copy(): Promise<string> {
    const copy = join(dirname(this.#folder), `store-copy-${randomUUID()}`);
    await mkdir(copy, { mode: 0o700 });
    await this.#root.flushed;
    await this.#root.backup(copy, true);
    return copy;
  }

  async close(): Promise<void> {
    await this.#root.flushed;
    await this.#root.close();
  }

  collection(namespace: string): Collection | undefined {
    return this.#collections.get(namespace);
  }

  collections(): readonly Collection[] {
    return [...this.#collections.values()];
  }

  /** The collection; made when it is not there. */
  ensure(namespace: string): Collection {
    const existing = this.#collections.get(namespace);
    if (existing !== undefined) return existing;
    const collection: Collection = {
      namespace,
      id: this.#nextId++,
      uuid: randomUUID(),
      indexes: [],
      nextRecord: 1,
      count: 0,
    };
    collection.indexes.push(new CollectionIndex(this.#nextId++, ID_INDEX, { multikey: [], cut: false }));
    this.statement(() => this.#save(collection));
    this.#collections.set(namespace, collection);
    return collection;
  }

  drop(collection: Collection): void {
    this.statement(() => {
      this.#clear(this.documents, collection.id);
      for (const index of collection.indexes) this.#clear(this.entries, index.id);
      this.#meta.removeSync(collection.namespace);
    });
    this.#collections.delete(collection.namespace);
  }

  /** Runs writes as one: when it throws, none of them has happened. Statements inside of one are part of it. */
  statement<T>(write: () => T): T {
    let outcome: { readonly value: T } | { readonly error: unknown } | null = null;
    this.#root.transactionSync(() => {
      try {
        const value = write();
        for (const collection of this.#changed) this.#save(collection);
        outcome = { value };
        return undefined;
      } catch (error) {
        outcome = { error };
        return ABORT;
      } finally {
        this.#changed.clear();
      }
    });
    const done = outcome as { readonly value: T } | { readonly error: unknown } | null;
    if (done === null) throw new Error('the statement did not run');
    if ('error' in done) throw done.error;
    return done.value;
  }

  read(collection: Collection, record: number): StoredDocument | null {
    const bytes = this.documents.get(documentKey(collection.id, record));
    return bytes === undefined ? null : { record, bytes, document: decode(bytes) };
  }

  /** Inside of a statement. @throws MongoError 11000 */
  insert(collection: Collection, document: Fields, bytes: Buffer): void {
    const record = collection.nextRecord++;
    const suffix = recordSuffix(record);
    for (const index of collection.indexes) {
      for (const entry of this.#entriesOf(collection, index, document)) {
        this.#refuseDuplicate(collection, index, entry, record, document);
        this.entries.putSync(Buffer.concat([entry, suffix]), NOTHING);
      }
    }
    this.documents.putSync(documentKey(collection.id, record), bytes);
    collection.count++;
  }

  /** Inside of a statement. @throws MongoError 11000 */
  replace(collection: Collection, { record, document: old }: StoredDocument, document: Fields, bytes: Buffer): void {
    const suffix = recordSuffix(record);
    for (const index of collection.indexes) {
      const before = new Map(this.#entriesOf(collection, index, old).map((entry) => [entry.toString('latin1'), entry]));
      for (const entry of this.#entriesOf(collection, index, document)) {
        if (before.delete(entry.toString('latin1'))) continue;
        this.#refuseDuplicate(collection, index, entry, record, document);
        this.entries.putSync(Buffer.concat([entry, suffix]), NOTHING);
      }
      for (const entry of before.values()) this.entries.removeSync(Buffer.concat([entry, suffix]));
    }
    this.documents.putSync(documentKey(collection.id, record), bytes);
  }

  /** Inside of a statement. */
  remove(collection: Collection, { record, document }: StoredDocument): void {
    const suffix = recordSuffix(record);
    for (const index of collection.indexes) {
      for (const entry of this.#entriesOf(collection, index, document)) {
        this.entries.removeSync(Buffer.concat([entry, suffix]));
      }
    }
    this.documents.removeSync(documentKey(collection.id, record));
    collection.count--;
  }

  /** @throws MongoError 11000 when the documents that are there break it */
  createIndex(collection: Collection, description: IndexDescription): void {
    const index = new CollectionIndex(this.#nextId++, description, { multikey: [], cut: false });
    this.statement(() => {
      for (const { record, document } of this.all(collection)) {
        for (const entry of this.#entriesOf(collection, index, document)) {
          this.#refuseDuplicate(collection, index, entry, record, document);
          this.entries.putSync(Buffer.concat([entry, recordSuffix(record)]), NOTHING);
        }
      }
      this.#save({ ...collection, indexes: [...collection.indexes, index] });
    });
    collection.indexes.push(index);
  }

  dropIndex(collection: Collection, index: CollectionIndex): void {
    const left = collection.indexes.filter((each) => each !== index);
    this.statement(() => {
      this.#clear(this.entries, index.id);
      this.#save({ ...collection, indexes: left });
    });
    collection.indexes = left;
  }

  /** Every document, in order of arrival. */
  *all(collection: Collection): Generator<StoredDocument> {
    const range = { start: documentKey(collection.id, 0), end: ownerKey(collection.id + 1) };
    for (const { key, value } of this.documents.getRange(range)) {
      yield { record: recordOf(key), bytes: value, document: decode(value) };
    }
  }

  /** Their numbers, in order of arrival. */
  records(collection: Collection): readonly number[] {
    const range = { start: documentKey(collection.id, 0), end: ownerKey(collection.id + 1) };
    return [...this.documents.getKeys(range)].map(recordOf);
  }

  #entriesOf(collection: Collection, index: CollectionIndex, document: Fields): readonly Buffer[] {
    return index.entriesOf(document, () => this.#changed.add(collection));
  }

  #refuseDuplicate(
    { namespace }: Collection,
    { description }: CollectionIndex,
    entry: Buffer,
    record: number,
    document: Fields,
  ): void {
    if (!description.unique) return;
    for (const key of this.entries.getKeys({ start: entry, end: afterPrefix(entry), limit: 2 })) {
      if (key.length !== entry.length + recordSuffix(0).length || recordOf(key) === record) continue;
      const keyValue: Fields = Object.fromEntries(
        description.key.map(([name]) => [name, valueAt(document, name.split('.')) ?? null]),
      );
      const values = Object.entries(keyValue).map(([name, value]) => `${name}: ${shown(value)}`);
      throw new MongoError(
        11000,
        `E11000 duplicate key error collection: ${namespace} index: ${description.name} dup key: { ${values.join(', ')} }`,
        { keyPattern: Object.fromEntries(description.key), keyValue },
      );
    }
  }

  #clear(database: Database<Buffer, Buffer>, owner: number): void {
    for (const key of [...database.getKeys({ start: ownerKey(owner), end: ownerKey(owner + 1) })]) {
      database.removeSync(key);
    }
  }

  #save(collection: Collection): void {
    this.#meta.putSync(collection.namespace, writeMeta(collection));
  }

  #load(namespace: string, bytes: Buffer): void {
    const { id, uuid, indexes } = readMeta(bytes);
    const last = [
      ...this.documents.getKeys({
        start: documentKey(id, LAST_RECORD),
        end: documentKey(id, 0),
        reverse: true,
        limit: 1,
      }),
    ][0];
    this.#collections.set(namespace, {
      namespace,
      id,
      uuid,
      indexes: [...indexes],
      nextRecord: last === undefined ? 1 : recordOf(last) + 1,
      count: this.documents.getKeysCount({ start: documentKey(id, 0), end: ownerKey(id + 1) }),
    });
    this.#nextId = Math.max(this.#nextId, id + 1, ...indexes.map((index) => index.id + 1));
  }
}

function valueAt(document: Fields, path: readonly string[]): Value | undefined {
  let value: Value | undefined = document;
  for (const name of path) value = isFields(value) ? fieldOf(value, name) : undefined;
  return value;
}
