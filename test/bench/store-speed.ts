/** The document store through mongoose: the embedded one, or the one that MONGODB_URI names. */
import { Schema, type Connection } from 'mongoose';
import { openStore } from '../support/store.ts';
import { speedOf, type Speed } from './per-second.ts';

const AT_ONCE = 16;
const BATCH = 500;
const FEEDS = 20;
const PAGE = 20;
/** About the size of a penalty in the replica. */
const BODY = 'x'.repeat(1_000);

interface Thing {
  readonly _id: string;
  readonly feed: string;
  readonly sortKey: string;
  readonly body: string;
}

function thingsOf(connection: Connection) {
  const schema = new Schema<Thing>(
    { _id: String, feed: String, sortKey: String, body: String },
    { versionKey: false, autoIndex: false, autoCreate: false, collection: 'bench_things' },
  );
  schema.index({ feed: 1, sortKey: -1 });
  return connection.model('BenchThing', schema);
}

export async function storeSpeeds(): Promise<readonly Speed[]> {
  const store = await openStore();
  try {
    const things = thingsOf(store.connection);
    await things.createIndexes();
    const collection = store.connection.collection<Thing>(things.collection.name);
    let count = 0;
    const next = (): Thing => {
      const index = count++;
      return {
        _id: `thing-${index}`,
        feed: `feed-${index % FEEDS}`,
        sortKey: String(index).padStart(9, '0'),
        body: BODY,
      };
    };
    const batch = (): Thing[] => Array.from({ length: BATCH }, next);
    const anyOf = (limit: number): number => Math.floor(Math.random() * limit);

    const singly = await speedOf(`inserts, one a call, ${AT_ONCE} at once`, AT_ONCE, async () => {
      await collection.insertOne(next());
      return 1;
    });
    const batched = await speedOf(`inserts, ${BATCH} a call`, 1, async () => {
      await collection.insertMany(batch());
      return BATCH;
    });
    const unacknowledged = await speedOf(
      `inserts, ${BATCH} a call, unacknowledged (until the last one could be read)`,
      1,
      async () => {
        await collection.insertMany(batch(), { writeConcern: { w: 0 } });
        return BATCH;
      },
      async () => {
        while ((await things.exists({ _id: `thing-${count - 1}` })) === null);
      },
    );
    const points = await speedOf(`reads of one document by its id, ${AT_ONCE} at once`, AT_ONCE, async () => {
      await things.findById(`thing-${anyOf(count)}`).lean();
      return 1;
    });
    const ranges = await speedOf(
      `reads of ${PAGE} documents by a range of an index, ${AT_ONCE} at once`,
      AT_ONCE,
      async () => {
        const upTo = String(anyOf(count)).padStart(9, '0');
        await things
          .find({ feed: `feed-${anyOf(FEEDS)}`, sortKey: { $lte: upTo } })
          .sort({ sortKey: -1 })
          .limit(PAGE)
          .lean();
        return 1;
      },
    );
    return [singly, batched, unacknowledged, points, ranges];
  } finally {
    await store.close();
  }
}
