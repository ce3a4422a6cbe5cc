/** A server in a thread of this process: started with its data, tells its port, is asked to end. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { projectRoot } from '../../schema/project-root.ts';

export interface ServerThread {
  readonly port: number;
  /** Resolves when the thread ends, with the reason. */
  readonly died: Promise<Error>;
  /** Asks it to end, and ends it when it does not. */
  close(): Promise<void>;
}

const Started = z.object({ port: z.number().int() });
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * @param name the folder under jobs/embedded whose worker.js is the thread's program
 * @param workerData what the program is told
 * @throws Error when it ends instead of telling its port
 */
export async function startServerThread(
  name: 'store' | 'queue',
  workerData: Readonly<Record<string, unknown>>,
): Promise<ServerThread> {
  // The thread runs compiled code, whoever starts it.
  const worker = new Worker(join(projectRoot, 'dist/jobs/embedded', name, 'worker.js'), { workerData });
  const died = new Promise<Error>((resolve) => {
    worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => resolve(new Error(`the embedded ${name} has ended with code ${code}`)));
  });
  const started = new Promise<unknown>((resolve) => worker.once('message', resolve));
  const first = await Promise.race([started, died]);
  if (first instanceof Error) throw first;
  return {
    port: Started.parse(first).port,
    died,
    async close() {
      worker.postMessage('close');
      const tooLong = setTimeout(() => void worker.terminate(), CLOSE_TIMEOUT_MS);
      await died;
      clearTimeout(tooLong);
    },
  };
}
