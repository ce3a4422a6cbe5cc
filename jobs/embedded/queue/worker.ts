/** The thread of the embedded queue: creating a database and long statements would block the hub's event loop. */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import { emptyPostgres } from '../../../sources/kit/empty-postgres.ts';
import { Multiplexer } from './multiplexer.ts';

const { folder, port } = z.object({ folder: z.string(), port: z.number() }).parse(workerData);

/** The engine's log of writes is cut only when it is told to. */
const CHECKPOINT_INTERVAL_MS = 5 * 60_000;

// A database whose making was cut short cannot be opened; nothing can have been acknowledged in it.
const ready = `${folder}.ready`;
const isNew = !existsSync(ready);
if (isNew) await rm(folder, { recursive: true, force: true });
const database = await PGlite.create({ dataDir: folder, ...(isNew && { loadDataDir: await emptyPostgres() }) });
await writeFile(ready, '');
const multiplexer = new Multiplexer(database);
const checkpoint = setInterval(() => multiplexer.maintain('CHECKPOINT'), CHECKPOINT_INTERVAL_MS);
parentPort?.once('message', () => {
  clearInterval(checkpoint);
  void (async () => {
    await multiplexer.close();
    await database.close();
    parentPort?.close();
  })();
});
parentPort?.postMessage({ port: await multiplexer.listen(port) });
