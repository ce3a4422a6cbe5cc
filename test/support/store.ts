/** A document store for one suite: MongoDB where MONGODB_URI names one, else the embedded store. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { startEmbeddedStore } from '../../jobs/embedded/store/start-store.ts';

export interface StoreUnderTest {
  readonly uri: string;
  readonly connection: Connection;
  /** Drops what the suite has written and ends the store. */
  close(): Promise<void>;
}

async function startServer(): Promise<{ readonly uri: string; close(): Promise<void> }> {
  const external = process.env['MONGODB_URI'];
  if (external !== undefined && external !== '') return { uri: external, close: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'hub-store-'));
  const store = await startEmbeddedStore({ folder });
  return {
    uri: store.uri,
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function openStore(): Promise<StoreUnderTest> {
  const server = await startServer();
  const connection = await mongoose.createConnection(server.uri, { dbName: `test-${randomUUID()}` }).asPromise();
  return {
    uri: server.uri,
    connection,
    async close() {
      await connection.dropDatabase();
      await connection.close();
      await server.close();
    },
  };
}
