/** Makes the archive of an empty embedded PostgreSQL when there is none of the installed version. */
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { emptyPostgresFile } from './empty-postgres.ts';

async function main(): Promise<void> {
  const file = emptyPostgresFile();
  if (existsSync(file)) return;
  const database = await PGlite.create();
  await database.exec('CHECKPOINT');
  const archive = await database.dumpDataDir('none');
  await database.close();
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, new Uint8Array(await archive.arrayBuffer()));
  await rename(draft, file);
}

await main();
