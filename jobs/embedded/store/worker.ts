/** The thread of the embedded store: a long scan would block the hub's event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { removeExpired } from './storage/expire.ts';
import { Storage } from './storage/storage.ts';
import { StoreServer } from './wire/server.ts';

const { folder, port, expiryIntervalMs } = z
  .object({ folder: z.string(), port: z.number(), expiryIntervalMs: z.number() })
  .parse(workerData);

const storage = new Storage(folder);
const server = new StoreServer(storage);
const expiry = setInterval(() => removeExpired(storage, new Date()), expiryIntervalMs);
parentPort?.once('message', () => {
  void (async () => {
    clearInterval(expiry);
    await server.close();
    await storage.close();
    parentPort?.close();
  })();
});
parentPort?.postMessage({ port: await server.listen(port) });
