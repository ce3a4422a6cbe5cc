/** The document store and the queue of a process: MongoDB and Redis where they are named, else embedded ones. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose, { type Connection } from 'mongoose';
import { claimDataFolder, DataFolderTaken, readAnnouncement } from './embedded/data-folder.ts';
import { startEmbeddedQueue } from './embedded/queue/start-queue-store.ts';
import { startEmbeddedStore } from './embedded/store/start-store.ts';
import type { QueueAddress } from './queue/queue-backend.ts';

export interface BackingOptions {
  /** null = embedded. */
  readonly mongodbUri: string | null;
  readonly redisUrl: string | null;
  readonly dataFolder: string;
  /** Use the servers of a hub that already runs on the data folder, instead of refusing. */
  readonly mayShare?: boolean;
}

export interface Backing {
  readonly connection: Connection;
  readonly queue: QueueAddress;
  /** For people, without credentials. */
  readonly description: { readonly store: string; readonly queue: string };
  /** What the owner of the data folder has announced; empty for the owner itself and without a folder. */
  readonly announced: Readonly<Record<string, string>>;
  /** Tells other processes that use this data folder, beside what they have been told; nothing happens in a process that does not own one. */
  announce(more: Readonly<Record<string, string>>): Promise<void>;
  /** Resolves when an embedded server ends by itself, or with the process whose servers are used. */
  readonly died: Promise<Error>;
  close(): Promise<void>;
}

/** A query must not wait for a store that has gone. */
const SELECTION_TIMEOUT_MS = 2_000;

/** Whoever has just claimed the folder says where its servers are within this time. */
const OWNER_STARTS_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;
const OWNER_WATCHED_EVERY_MS = 1_000;

const withoutCredentials = (address: string): string => address.replace(/\/\/[^@/]*@/, '//');

interface Addresses {
  readonly storeUri: string;
  readonly queue: QueueAddress;
}

interface Servers extends Addresses, Pick<Backing, 'announced' | 'announce'> {
  readonly died: Promise<Error>;
  close(): Promise<void>;
}

async function startEmbedded({ mongodbUri, redisUrl, dataFolder }: BackingOptions): Promise<Servers> {
  const claim = await claimDataFolder(dataFolder);
  const closing: (() => Promise<void>)[] = [() => claim.release()];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const [store, queue] = await Promise.allSettled([
      mongodbUri === null ? startEmbeddedStore({ folder: join(dataFolder, 'store') }) : null,
      redisUrl === null ? startEmbeddedQueue({ folder: join(dataFolder, 'queue') }) : null,
    ]);
    for (const started of [store, queue]) {
      const server = started.status === 'fulfilled' ? started.value : null;
      if (server !== null) closing.push(() => server.close());
    }
    if (store.status === 'rejected') throw store.reason;
    if (queue.status === 'rejected') throw queue.reason;
    const addresses = {
      ...(store.value !== null && { store: store.value.uri }),
      ...(queue.value !== null && { queue: queue.value.url }),
    };
    let told: Readonly<Record<string, string>> = addresses;
    await claim.announce(told);
    const ends = [store.value, queue.value].flatMap((server) => (server === null ? [] : [server.died]));
    return {
      storeUri: store.value?.uri ?? mongodbUri ?? '',
      queue: redisUrl === null ? { kind: 'postgres', url: queue.value?.url ?? '' } : { kind: 'redis', url: redisUrl },
      announced: {},
      announce: (more) => claim.announce((told = { ...told, ...more })),
      died: Promise.race(ends),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The embedded servers live and die with the process that owns the folder; the next owner's listen elsewhere. */
function watchOwner(
  folder: string,
  { store, queue }: Readonly<Record<string, string>>,
): Pick<Servers, 'died' | 'close'> {
  let timer: NodeJS.Timeout | undefined;
  const died = new Promise<Error>((resolve) => {
    timer = setInterval(() => {
      void readAnnouncement(folder).then((now) => {
        if (now?.['store'] === store && now?.['queue'] === queue) return;
        clearInterval(timer);
        resolve(new Error(`The hub that holds the data folder ${folder} has ended`));
      });
    }, OWNER_WATCHED_EVERY_MS);
    timer.unref();
  });
  return {
    died,
    close() {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}

/** @returns null when nobody owns the folder, or its owner has not all that this process needs */
async function joinOwner({ mongodbUri, redisUrl, dataFolder }: BackingOptions): Promise<Servers | null> {
  const announced = await readAnnouncement(dataFolder);
  const storeUri = mongodbUri ?? announced?.['store'];
  const queueUrl = redisUrl ?? announced?.['queue'];
  if (announced === null || storeUri === undefined || queueUrl === undefined) return null;
  return {
    storeUri,
    queue: { kind: redisUrl === null ? 'postgres' : 'redis', url: queueUrl },
    announced,
    announce: () => Promise.resolve(),
    ...watchOwner(dataFolder, announced),
  };
}

async function findServers(options: BackingOptions): Promise<Servers> {
  const { mongodbUri, redisUrl, mayShare = false } = options;
  if (mongodbUri !== null && redisUrl !== null) {
    return {
      ...{ storeUri: mongodbUri, queue: { kind: 'redis', url: redisUrl }, announced: {} },
      announce: () => Promise.resolve(),
      died: new Promise<never>(() => undefined),
      close: () => Promise.resolve(),
    };
  }
  const giveUpAt = Date.now() + OWNER_STARTS_WITHIN_MS;
  for (;;) {
    const joined = mayShare ? await joinOwner(options) : null;
    if (joined !== null) return joined;
    try {
      return await startEmbedded(options);
    } catch (error) {
      if (!mayShare || !(error instanceof DataFolderTaken) || Date.now() > giveUpAt) throw error;
      // Its owner is just starting.
      await delay(LOOK_EVERY_MS);
    }
  }
}

/**
 * @throws DataFolderTaken when another process has the data folder
 * @throws Error when MongoDB does not answer
 */
export async function openBacking(options: BackingOptions): Promise<Backing> {
  const servers = await findServers(options);
  try {
    const connection = await mongoose
      .createConnection(servers.storeUri, { serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS, bufferCommands: false })
      .asPromise();
    return {
      connection,
      queue: servers.queue,
      description: {
        store:
          options.mongodbUri === null ? `embedded in ${options.dataFolder}` : withoutCredentials(options.mongodbUri),
        queue: options.redisUrl === null ? `embedded in ${options.dataFolder}` : withoutCredentials(options.redisUrl),
      },
      announced: servers.announced,
      announce: (more) => servers.announce(more),
      died: servers.died,
      async close() {
        await connection.close();
        await servers.close();
      },
    };
  } catch (error) {
    await servers.close();
    throw error;
  }
}
