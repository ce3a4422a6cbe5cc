/**
 * Writes schema/schema.graphql, so that a change to the public graph is seen in review.
 * `--check` writes nothing and fails when the file on disk differs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildHubSchema } from './build-schema.ts';
import { projectRoot } from './project-root.ts';

const HEADER = '# Printed from the code by "npm run schema:print"; do not edit by hand.\n\n';
const file = join(projectRoot, 'schema', 'schema.graphql');
const printed = `${HEADER}${printSchema(lexicographicSortSchema(await buildHubSchema()))}\n`;

if (!process.argv.includes('--check')) writeFileSync(file, printed);
else if (!existsSync(file) || readFileSync(file, 'utf8') !== printed) {
  console.error('schema/schema.graphql differs from the code: run npm run schema:print and review the change.');
  process.exitCode = 1;
}
