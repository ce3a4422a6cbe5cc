/** Starts the embedded document store: a thread of this process that speaks MongoDB's wire protocol on a loopback port. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { projectRoot } from '../../../schema/project-root.ts';

export interface EmbeddedStore {
  /** mongodb://... */
  readonly uri: string;
  /** Resolves when the thread ends, with the reason. */
  readonly died: Promise<Error>;
  close(): Promise<void>;
}

export interface EmbeddedStoreOptions {
  /** The store's own data folder; one process at a time (see data-folder.ts). */
  readonly folder: string;
  readonly port?: number;
  /** How often documents whose time is over are removed. */
  readonly expiryIntervalMs?: number;
}

const Started = z.object({ port: z.number().int() });
const CLOSE_TIMEOUT_MS = 5_000;
const EXPIRY_INTERVAL_MS = 60_000;

/** @throws Error when the folder cannot be used or the port is taken */
export async function startEmbeddedStore({
  folder,
  port = 0,
  expiryIntervalMs = EXPIRY_INTERVAL_MS,
}: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  // The thread runs compiled code, whoever starts it.
  const file = join(projectRoot, 'dist/jobs/embedded/store/worker.js');
  const worker = new Worker(file, { workerData: { folder, port, expiryIntervalMs } });
  const ended = new Promise<Error>((resolve) => {
    worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => resolve(new Error(`the embedded store has ended with code ${code}`)));
  });
  const started = new Promise<unknown>((resolve) => worker.once('message', resolve));
  const first = await Promise.race([started, ended]);
  if (first instanceof Error) throw first;
  const { port: boundPort } = Started.parse(first);
  return {
    uri: `mongodb://127.0.0.1:${boundPort}/hub?directConnection=true`,
    died: ended,
    async close() {
      worker.postMessage('close');
      const tooLong = setTimeout(() => void worker.terminate(), CLOSE_TIMEOUT_MS);
      await ended;
      clearTimeout(tooLong);
    },
  };
}
