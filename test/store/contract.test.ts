/** What the hub relies on of its document store, embedded or MongoDB (MONGODB_URI). */
import { connect } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Decimal128, Double, Int32, Long } from 'bson';
import type { Collection, Connection } from 'mongoose';
import mongoose, { type mongo } from 'mongoose';
import { startEmbeddedStore } from '../../jobs/embedded/store/start-store.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

const isEmbedded = (process.env['MONGODB_URI'] ?? '') === '';
let store: StoreUnderTest;
let connection: Connection;
let things: Collection;
let collections = 0;

beforeAll(async () => {
  store = await openStore();
  connection = store.connection;
});
afterAll(() => store.close());
beforeEach(() => {
  things = connection.collection(`things${collections++}`);
});

const ids = (documents: readonly { readonly _id: unknown }[]): unknown[] => documents.map(({ _id }) => _id);
const idsOf = async (filter: object, sort: Record<string, 1 | -1> = { _id: 1 }) =>
  ids(await things.find(filter).sort(sort).toArray());
const createIndex = (key: Record<string, 1 | -1 | 'text'>, options: mongo.CreateIndexesOptions = {}): Promise<string> =>
  things.createIndex(key, options, {});
const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => 'no error',
    (error: unknown) => (error as { code?: unknown }).code,
  );

describe('filters', () => {
  beforeEach(async () => {
    await things.insertMany([
      { _id: 1, name: 'a', tags: ['x', 'y'], size: 1, nested: { deep: 1 }, list: [{ v: 1, w: 2 }] },
      {
        _id: 2,
        name: 'b',
        tags: ['y'],
        size: 2,
        nested: { deep: 2 },
        list: [
          { v: 3, w: 4 },
          { v: 1, w: 9 },
        ],
      },
      { _id: 3, name: 'c', tags: [], size: 3.5, nested: null },
      { _id: 4, name: null, size: '2' },
    ] as never[]);
  });

  it.each([
    [{ name: 'a' }, [1]],
    [{ name: { $ne: 'a' } }, [2, 3, 4]],
    [{ name: null }, [4]],
    [{ tags: null }, [4]],
    [{ tags: 'y' }, [1, 2]],
    [{ tags: ['y'] }, [2]],
    [{ tags: { $all: ['x', 'y'] } }, [1]],
    [{ tags: { $size: 0 } }, [3]],
    [{ size: { $gt: 1 } }, [2, 3]],
    [{ size: { $gte: 1, $lte: 2 } }, [1, 2]],
    [{ size: { $lt: '3' } }, [4]],
    [{ size: { $type: 'string' } }, [4]],
    [{ size: { $in: [1, '2'] } }, [1, 4]],
    [{ size: { $nin: [1, '2'] } }, [2, 3]],
    [{ 'nested.deep': 2 }, [2]],
    [{ nested: { $exists: false } }, [4]],
    [{ list: { $elemMatch: { v: 1, w: 9 } } }, [2]],
    [{ 'list.v': 1 }, [1, 2]],
    [{ name: /^[ab]/ }, [1, 2]],
    [{ name: { $not: /^a/ } }, [2, 3, 4]],
    [{ $or: [{ name: 'a' }, { size: 3.5 }] }, [1, 3]],
    [{ $and: [{ tags: 'y' }, { size: 2 }] }, [2]],
    [{ $nor: [{ tags: 'y' }] }, [3, 4]],
  ])('%j finds %j', async (filter, expected) => {
    expect(await idsOf(filter)).toEqual(expected);
  });

  it('find the same with an index as without', async () => {
    const filters = [{ tags: 'y' }, { size: { $gt: 1 } }, { name: /^b/ }, { size: { $in: [1, 3.5] } }, { name: null }];
    const before = await Promise.all(filters.map((filter) => idsOf(filter)));
    for (const path of ['tags', 'size', 'name']) await createIndex({ [path]: 1 });
    expect(await Promise.all(filters.map((filter) => idsOf(filter)))).toEqual(before);
  });
});

describe('order', () => {
  it('is by type, then by value, whatever the kind of number', async () => {
    await things.insertMany([
      { _id: 'text', v: 'a' },
      { _id: 'null', v: null },
      { _id: 'long', v: Long.fromNumber(5) },
      { _id: 'double', v: new Double(4.5) },
      { _id: 'decimal', v: Decimal128.fromString('4.7') },
      { _id: 'date', v: new Date(0) },
      { _id: 'flag', v: true },
      { _id: 'object', v: { a: 1 } },
    ] as never[]);
    const expected = ['null', 'double', 'decimal', 'long', 'text', 'object', 'flag', 'date'];
    expect(await idsOf({}, { v: 1 })).toEqual(expected);
    await createIndex({ v: 1 });
    expect(await idsOf({}, { v: 1 })).toEqual(expected);
    expect(await idsOf({}, { v: -1 })).toEqual(expected.toReversed());
  });

  it('holds with skip and limit', async () => {
    await things.insertMany(Array.from({ length: 50 }, (_, v) => ({ _id: v, v: 49 - v })) as never[]);
    expect(ids(await things.find().sort({ v: 1 }).skip(10).limit(3).toArray())).toEqual([39, 38, 37]);
  });
});

describe('updates', () => {
  it.each<[string, object, object]>([
    ['$set of a nested path', { $set: { 'a.b': 1 } }, { a: { b: 1 } }],
    ['$unset', { $unset: { n: '' } }, {}],
    ['$inc', { $inc: { n: 2 } }, { n: 7 }],
    ['$min that is lower', { $min: { n: 1 } }, { n: 1 }],
    ['$max that is not higher', { $max: { n: 1 } }, { n: 5 }],
    ['$push of several, cut', { $push: { list: { $each: [3, 4], $slice: -3 } } }, { list: [2, 3, 4] }],
    ['$addToSet', { $addToSet: { list: { $each: [2, 3] } } }, { list: [1, 2, 3] }],
    ['$pull', { $pull: { list: { $gt: 1 } } }, { list: [1] }],
  ])('%s', async (_name, update, expected) => {
    await things.insertOne({ _id: 1, n: 5, list: [1, 2] } as never);
    await things.updateOne({ _id: 1 } as never, update);
    expect(await things.findOne({ _id: 1 } as never)).toMatchObject(expected);
  });

  it('make a document when there is none, of the filter and the update', async () => {
    const done = await things.updateOne(
      { key: 'k' },
      { $set: { v: 1 }, $setOnInsert: { made: true } },
      { upsert: true },
    );
    expect(done.upsertedCount).toBe(1);
    await things.updateOne({ key: 'k' }, { $set: { v: 2 }, $setOnInsert: { made: false } }, { upsert: true });
    expect(await things.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ key: 'k', v: 2, made: true }]);
  });

  it('replace a document and give back the old one or the new one', async () => {
    await things.insertOne({ _id: 1, v: 1 } as never);
    expect(await things.findOneAndUpdate({ _id: 1 } as never, { $set: { v: 2 } })).toEqual({ _id: 1, v: 1 });
    const after = await things.findOneAndReplace({ _id: 1 } as never, { w: 3 }, { returnDocument: 'after' });
    expect(after).toEqual({ _id: 1, w: 3 });
  });

  it('keep the kind of a number', async () => {
    await things.insertOne({ _id: 1, whole: new Int32(1), long: Long.fromString('9007199254740993') } as never);
    await things.updateOne({ _id: 1 } as never, { $inc: { long: 1 } });
    const document = await things.findOne({ _id: 1 } as never, { promoteValues: false } as never);
    expect(String((document as unknown as { long: Long }).long)).toBe('9007199254740994');
  });

  it('refuse to change an _id', async () => {
    await things.insertOne({ _id: 1 } as never);
    expect(await codeOf(things.updateOne({ _id: 1 } as never, { $set: { _id: 2 } as never }))).toBe(66);
  });

  it('only touch the revision that was read', async () => {
    await things.insertOne({ _id: 1, revision: 1 } as never);
    const change = () => things.updateOne({ _id: 1, revision: 1 } as never, { $inc: { revision: 1 } });
    const done = await Promise.all(Array.from({ length: 10 }, change));
    expect(done.reduce((sum, { modifiedCount }) => sum + modifiedCount, 0)).toBe(1);
  });
});

describe('indexes', () => {
  it('that are unique let one of many writers win', async () => {
    await createIndex({ key: 1 }, { unique: true });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => things.insertOne({ key: 'same' })));
    const codes = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as { code: number }).code] : [],
    );
    expect(codes).toEqual(Array.from({ length: 19 }, () => 11_000));
  });

  it('that are unique name the key that was there', async () => {
    await createIndex({ key: 1 }, { unique: true });
    await things.insertOne({ key: 'same' });
    const failed = things.insertOne({ key: 'same' });
    await expect(failed).rejects.toMatchObject({ code: 11_000, keyPattern: { key: 1 }, keyValue: { key: 'same' } });
  });

  it('that are sparse or partial bind only what they hold', async () => {
    await createIndex({ a: 1 }, { unique: true, sparse: true });
    await createIndex({ b: 1 }, { unique: true, partialFilterExpression: { active: true } });
    await things.insertMany([{ b: 1 }, { b: 1 }, { b: 1, active: true }]);
    expect(await codeOf(things.insertOne({ b: 1, active: true }))).toBe(11_000);
  });

  it('are not made over documents that break them', async () => {
    await things.insertMany([{ key: 1 }, { key: 1 }]);
    expect(await codeOf(createIndex({ key: 1 }, { unique: true }))).toBe(11_000);
    expect((await things.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });

  it('may be made twice, but not differently under one name', async () => {
    await createIndex({ a: 1, b: -1 });
    await createIndex({ a: 1, b: -1 });
    expect(await codeOf(createIndex({ a: 1 }, { name: 'a_1_b_-1' }))).toBe(86);
    await things.dropIndex('a_1_b_-1');
    expect(await things.indexes()).toHaveLength(1);
  });

  it('give a page in order by reading about as many entries as it has rows', async () => {
    await createIndex({ terms: 1, name: 1, code: 1 });
    const rows = Array.from({ length: 3_000 }, (_, n) => ({
      terms: ['all', n % 2 ? 'odd' : 'even'],
      name: `n${String(n).padStart(5, '0')}`,
      code: n,
    }));
    await things.insertMany(rows);
    const after = { name: 'n02000', code: 2_000 };
    const page = things
      .find({
        terms: { $all: ['all', 'odd'] },
        name: { $gte: after.name },
        $or: [{ name: { $gt: after.name } }, { name: after.name, code: { $gt: after.code } }],
      })
      .sort({ name: 1, code: 1 })
      .limit(20);
    const explained = (await page.clone().explain('executionStats')) as {
      executionStats: { nReturned: number; totalKeysExamined: number; totalDocsExamined: number };
    };
    expect(explained.executionStats.nReturned).toBe(20);
    expect(explained.executionStats.totalKeysExamined).toBeLessThan(60);
    expect((await page.toArray()).map((row): unknown => row['code'])).toEqual(
      Array.from({ length: 20 }, (_, n) => 2_001 + n * 2),
    );
  });
});

describe('cursors', () => {
  it('bring thousands of documents, each once', async () => {
    await things.insertMany(Array.from({ length: 5_000 }, (_, n) => ({ _id: n })) as never[]);
    const seen: unknown[] = [];
    for await (const document of things.find().batchSize(333)) seen.push(document._id);
    expect(seen).toHaveLength(5_000);
    expect(new Set(seen).size).toBe(5_000);
  });

  it('neither skip nor repeat what was there all the time, while others write and remove', async () => {
    await things.insertMany(Array.from({ length: 1_000 }, (_, n) => ({ _id: n, stays: n % 2 === 0 })) as never[]);
    const seen: unknown[] = [];
    for await (const document of things.find().batchSize(50)) {
      seen.push(document._id);
      if (seen.length === 200) {
        await things.deleteMany({ stays: false });
        await things.insertOne({ _id: 'new' } as never);
      }
    }
    const stayed = seen.filter((id) => typeof id === 'number' && id % 2 === 0);
    expect(stayed).toHaveLength(500);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('bulk writes', () => {
  it('go on after a failure when they are in no order', async () => {
    await things.insertOne({ _id: 1 } as never);
    const documents = [{ _id: 1 }, { _id: 2 }, { _id: 3 }];
    const failed = things.insertMany(documents as never[], { ordered: false });
    await expect(failed).rejects.toMatchObject({ code: 11_000, insertedCount: 2 });
    expect(await things.countDocuments()).toBe(3);
  });

  it('count what they did', async () => {
    const done = await things.bulkWrite([
      { insertOne: { document: { _id: 1, v: 1 } as never } },
      { updateOne: { filter: { _id: 1 } as never, update: { $set: { v: 2 } } } },
      { updateOne: { filter: { _id: 2 } as never, update: { $set: { v: 2 } }, upsert: true } },
      { deleteOne: { filter: { _id: 1 } as never } },
    ]);
    expect(done).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 });
  });

  it('keep of many changes those that came before a failure, and in no order all that did not fail', async () => {
    await createIndex({ v: 1 }, { unique: true });
    await things.insertMany([1, 2, 3, 4].map((n) => ({ _id: n, v: n, kind: n > 2 })) as never[]);
    const operations = [
      { updateOne: { filter: { _id: 1 } as never, update: { $set: { v: 10 } } } },
      { updateMany: { filter: { kind: true }, update: { $set: { v: 20 } } } },
      { replaceOne: { filter: { _id: 2 } as never, replacement: { v: 30 } } },
      { updateOne: { filter: { _id: 8 } as never, update: { $set: { v: 8 } }, upsert: true } },
    ];
    const values = async () => (await things.find().sort({ _id: 1 }).toArray()).map(({ _id, v }): unknown => [_id, v]);
    await expect(things.bulkWrite(operations)).rejects.toMatchObject({ code: 11_000 });
    expect((await values()).slice(0, 2)).toEqual([
      [1, 10],
      [2, 2],
    ]);
    await expect(things.bulkWrite(operations, { ordered: false })).rejects.toMatchObject({ code: 11_000 });
    expect(await values()).toMatchObject([
      [1, 10],
      [2, 30],
      [3, expect.anything()],
      [4, expect.anything()],
      [8, 8],
    ]);
    expect(await things.countDocuments()).toBe(5);
    expect(await things.countDocuments({ v: 10 })).toBe(1);
  });
});

describe('counting and grouping', () => {
  it('agree with finding', async () => {
    await things.insertMany(Array.from({ length: 100 }, (_, n) => ({ kind: n % 3, n })));
    expect(await things.countDocuments({ kind: 1 })).toBe(33);
    expect(await things.estimatedDocumentCount()).toBe(100);
    expect(await things.distinct('kind')).toEqual([0, 1, 2]);
    const groups = await things
      .aggregate([{ $match: { n: { $lt: 10 } } }, { $group: { _id: '$kind', n: { $sum: 1 } } }, { $sort: { _id: 1 } }])
      .toArray();
    expect(groups).toEqual([
      { _id: 0, n: 4 },
      { _id: 1, n: 3 },
      { _id: 2, n: 3 },
    ]);
  });
});

describe('$unionWith', () => {
  it('finds several windows of a collection by one statement, each by itself', async () => {
    await createIndex({ kind: 1, n: -1 });
    await things.insertMany(Array.from({ length: 30 }, (_, n) => ({ kind: n % 3, n, unwanted: 'x' })));
    const newestTwo = (kind: number): object[] => [
      { $match: { kind } },
      { $sort: { n: -1 } },
      { $limit: 2 },
      { $project: { _id: 0, n: 1 } },
    ];
    const others = [1, 2].map((kind) => ({ $unionWith: { coll: things.collectionName, pipeline: newestTwo(kind) } }));
    const found = await things.aggregate<{ n: number }>([...newestTwo(0), ...others]).toArray();
    expect(found.map(({ n }) => n).sort((a, b) => a - b)).toEqual([24, 25, 26, 27, 28, 29]);
    expect(Object.keys(found[0] ?? {})).toEqual(['n']);
    const counted = [...newestTwo(0), ...others, { $group: { _id: null, sum: { $sum: '$n' } } }];
    expect(await things.aggregate(counted).toArray()).toEqual([{ _id: null, sum: 24 + 25 + 26 + 27 + 28 + 29 }]);
  });

  it('takes a whole collection, and nothing from one that is not there', async () => {
    await things.insertMany([{ _id: 1 }, { _id: 2 }] as never[]);
    const all = await things.aggregate([{ $unionWith: things.collectionName }, { $unionWith: 'nowhere' }]).toArray();
    expect(all).toHaveLength(4);
  });
});

describe('what a document may be', () => {
  it('is bounded', async () => {
    const failed = things.insertOne({ text: 'x'.repeat(17 * 1_048_576) });
    await expect(failed).rejects.toThrow();
    expect(await things.countDocuments()).toBe(0);
  });
});

(isEmbedded ? describe : describe.skip)('the embedded store alone', () => {
  it.each<[string, () => Promise<unknown>, number]>([
    ['an unknown command', () => connection.db?.command({ shutdown: 1 }) ?? Promise.resolve(), 59],
    ['an unknown operator', () => things.findOne({ $where: 'true' } as never), 2],
    ['an unknown comparison', () => things.findOne({ a: { $near: [1, 2] } } as never), 2],
    ['an unknown update', () => things.updateOne({}, { $rename: { a: 'b' } }, { upsert: true }), 9],
    ['a text index', () => createIndex({ a: 'text' }), 67],
    ['a pipeline update', () => things.updateOne({}, [{ $set: { a: 1 } }], { upsert: true }), 72],
    ['a collation', () => things.find({}, { collation: { locale: 'zh' } }).toArray(), 72],
    ['an unknown stage', () => things.aggregate([{ $lookup: {} }]).toArray(), 40_324],
    ['a union after a group', () => things.aggregate([{ $group: { _id: '$a' } }, { $unionWith: 'b' }]).toArray(), 72],
  ])('refuses %s with MongoDB’s own number', async (_name, ask, code) => {
    expect(await codeOf(ask())).toBe(code);
  });

  it('refuses transactions', async () => {
    const begin = { insert: things.name, documents: [{ a: 1 }], startTransaction: true, autocommit: false };
    expect(await codeOf(connection.db?.command(begin) ?? Promise.resolve())).toBe(20);
    expect(await things.countDocuments()).toBe(0);
  });

  it('removes documents whose time is over, and no others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hub-store-'));
    const own = await startEmbeddedStore({ folder, expiryIntervalMs: 50 });
    const client = await mongoose.createConnection(own.uri).asPromise();
    const marks = client.collection('marks');
    await marks.createIndex({ at: 1 }, { expireAfterSeconds: 60 }, {});
    const old = new Date(Date.now() - 120_000);
    await marks.insertMany([
      { _id: 1, at: old },
      { _id: 2, at: new Date() },
      { _id: 3, at: 'never' },
      { _id: 4 },
    ] as never[]);
    while ((await marks.countDocuments()) > 3) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ids(await marks.find().sort({ _id: 1 }).toArray())).toEqual([2, 3, 4]);
    await client.close();
    await own.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n, and more of it, so that it has a length')],
    ['a length below the header', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    [
      'a document beyond its message',
      Buffer.from([26, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 0, 0]),
    ],
  ])('ends only the connection that sends %s', async (_name, bytes) => {
    const port = Number(new URL(store.uri).port);
    const stranger = connect(port, '127.0.0.1');
    stranger.on('error', () => undefined);
    const closed = once(stranger, 'close');
    stranger.write(bytes);
    await closed;
    await things.insertOne({ _id: 1 } as never);
    expect(await things.countDocuments()).toBe(1);
  });

  it('serves several connections at once', async () => {
    const others = await Promise.all(
      [1, 2, 3, 4].map(() => mongoose.createConnection(store.uri, { dbName: connection.name }).asPromise()),
    );
    await Promise.all(
      others.flatMap((other, writer) =>
        Array.from({ length: 50 }, (_, n) => other.collection(things.name).insertOne({ writer, n })),
      ),
    );
    expect(await things.countDocuments()).toBe(200);
    await Promise.all(others.map((other) => other.close()));
  });
});
