/**
 * The data folder of an empty embedded PostgreSQL. Making one takes seconds and some 700 MB of memory, loading one a
 * fraction; so `npm run build` makes one of the engine's version, and every new database begins as its copy.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../schema/project-root.ts';

const ENGINE_PACKAGE = join(projectRoot, 'node_modules', '@electric-sql', 'pglite', 'package.json');

/** Where the archive of the installed engine's version is. */
export function emptyPostgresFile(): string {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(ENGINE_PACKAGE, 'utf8')));
  return join(projectRoot, 'dist', `empty-postgres-${version}.tar`);
}

/**
 * For the engine's option `loadDataDir`.
 * @throws Error when the build has not made it
 */
export async function emptyPostgres(): Promise<Blob> {
  const file = emptyPostgresFile();
  if (!existsSync(file)) throw new Error(`${file} is missing; run: npm run build`);
  return new Blob([await readFile(file)]);
}
