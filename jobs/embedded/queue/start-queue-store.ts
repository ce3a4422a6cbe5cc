/** Starts the embedded queue: a PostgreSQL engine in a thread of this process, on a loopback port. */
import { startServerThread, type ServerThread } from '../server-thread.ts';

export interface EmbeddedQueue extends Pick<ServerThread, 'died' | 'close'> {
  /** postgres://... */
  readonly url: string;
}

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
  const { port: boundPort, ...thread } = await startServerThread('queue', { folder, port });
  return { ...thread, url: `postgres://hub@127.0.0.1:${boundPort}/hub?sslmode=disable` };
}
