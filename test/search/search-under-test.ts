import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { startEmbeddedStore } from '../../jobs/embedded/store/start-store.ts';
import { InstitutionSearch } from '../../schema/search/institution-search.ts';

export interface SearchUnderTest {
  readonly search: InstitutionSearch;
  readonly connection: Connection;
  close(): Promise<void>;
}

/** The stores to try: the embedded one, and the MongoDB server that MONGODB_URI names, if it names one. */
export const STORES: readonly string[] =
  process.env['MONGODB_URI'] === undefined ? ['the embedded store'] : ['the embedded store', 'MongoDB'];

/**
 * An empty collection in a database of its own.
 * @param options.indexes NOW, or LATER when the caller makes them with `ensureIndexes`
 */
export async function openSearch(
  store: string,
  { indexes = 'NOW' }: { readonly indexes?: 'NOW' | 'LATER' } = {},
): Promise<SearchUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'institution-search-'));
  const embedded = store === 'MongoDB' ? null : await startEmbeddedStore({ folder });
  const uri = embedded?.uri ?? process.env['MONGODB_URI'] ?? '';
  const connection = await mongoose
    .createConnection(uri, { dbName: `search-${randomUUID()}`, monitorCommands: true })
    .asPromise();
  const search = new InstitutionSearch({ connection });
  if (indexes === 'NOW') await search.ensureIndexes();
  return {
    search,
    connection,
    async close() {
      await connection.dropDatabase();
      await connection.close();
      await embedded?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
