/** Starts the embedded document store: a thread of this process that speaks MongoDB's wire protocol on a loopback port. */
import { startServerThread, type ServerThread } from '../server-thread.ts';

export interface EmbeddedStore extends Pick<ServerThread, 'died' | 'close'> {
  /** mongodb://... */
  readonly uri: string;
}

export interface EmbeddedStoreOptions {
  /** The store's own data folder; one process at a time (see data-folder.ts). */
  readonly folder: string;
  readonly port?: number;
  /** How often documents whose time is over are removed. */
  readonly expiryIntervalMs?: number;
}

const EXPIRY_INTERVAL_MS = 60_000;

/** @throws Error when the folder cannot be used or the port is taken */
export async function startEmbeddedStore({
  folder,
  port = 0,
  expiryIntervalMs = EXPIRY_INTERVAL_MS,
}: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const { port: boundPort, ...thread } = await startServerThread('store', { folder, port, expiryIntervalMs });
  return { ...thread, uri: `mongodb://127.0.0.1:${boundPort}/hub?directConnection=true` };
}
