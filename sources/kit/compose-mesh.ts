/**
 * Writes .meshrc.yaml from every folder's mesh.yaml, in alphabetical order, so that a new department is one folder.
 * `--check` writes nothing and fails when the file on disk differs.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse, stringify } from 'yaml';
import { projectRoot } from '../../schema/project-root.ts';

const HEADER = '# Composed from sources/*/mesh.yaml by "npm run mesh:compose"; do not edit by hand.\n';

export function composeMesh(): string {
  const sourcesFolder = join(projectRoot, 'sources');
  const sources = readdirSync(sourcesFolder)
    .sort()
    .map((folder) => join(sourcesFolder, folder, 'mesh.yaml'))
    .filter((file) => existsSync(file))
    .map((file): unknown => parse(readFileSync(file, 'utf8')));
  const shared = {
    customFetch: './dist/sources/kit/mesh-fetch.js',
    logger: './dist/sources/kit/mesh-logger.js',
    serve: { fork: 0 },
  };
  return HEADER + stringify({ ...shared, sources });
}

function main(): void {
  const file = join(projectRoot, '.meshrc.yaml');
  const composed = composeMesh();
  if (!process.argv.includes('--check')) {
    writeFileSync(file, composed);
    return;
  }
  if (!existsSync(file) || readFileSync(file, 'utf8') !== composed) {
    console.error('.meshrc.yaml differs from sources/*/mesh.yaml: run npm run mesh:compose and review the change.');
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
