/** The thread of the embedded queue: creating a database and long statements would block the hub's event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import { Multiplexer } from './multiplexer.ts';

const { folder, port } = z.object({ folder: z.string(), port: z.number() }).parse(workerData);

const database = await PGlite.create({ dataDir: folder });
const multiplexer = new Multiplexer(database);
parentPort?.once('message', () => {
  void (async () => {
    await multiplexer.close();
    await database.close();
    parentPort?.close();
  })();
});
parentPort?.postMessage({ port: await multiplexer.listen(port) });
