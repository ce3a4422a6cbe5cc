/** Starts the embedded queue: a PostgreSQL engine in a thread of this process, on a loopback port. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { projectRoot } from '../../../schema/project-root.ts';

export interface EmbeddedQueue {
  /** postgres://... */
  readonly url: string;
  /** Resolves when the thread ends by itself, with the reason. */
  readonly died: Promise<Error>;
  close(): Promise<void>;
}

const Started = z.object({ port: z.number().int() });
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * @param folder the engine's own data folder; one process at a time (see data-folder.ts)
 * @throws Error when the folder cannot be used or the port is taken
 */
export async function startEmbeddedQueue({
  folder,
  port = 0,
}: {
  readonly folder: string;
  readonly port?: number;
}): Promise<EmbeddedQueue> {
  // The thread runs compiled code, whoever starts it.
  const worker = new Worker(join(projectRoot, 'dist/jobs/embedded/queue/worker.js'), { workerData: { folder, port } });
  const ended = new Promise<Error>((resolve) => {
    worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => resolve(new Error(`the embedded queue has ended with code ${code}`)));
  });
  const started = new Promise<unknown>((resolve) => worker.once('message', resolve));
  const first = await Promise.race([started, ended]);
  if (first instanceof Error) throw first;
  const { port: boundPort } = Started.parse(first);
  return {
    url: `postgres://hub@127.0.0.1:${boundPort}/hub?sslmode=disable`,
    died: ended,
    async close() {
      worker.postMessage('close');
      const tooLong = setTimeout(() => void worker.terminate(), CLOSE_TIMEOUT_MS);
      await ended;
      clearTimeout(tooLong);
    },
  };
}
