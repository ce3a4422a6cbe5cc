/**
 * Runs `mesh build` when a contract file, a handler or a version has changed since the last build; otherwise it only
 * says so. No upstream needs to run, and no endpoint or credential is known to Mesh at all.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../schema/project-root.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';

const CONTRACT_FILE = /\.(yaml|json|wsdl|sql|graphql)$/;

/** Everything that the generated schemas depend on, as one digest. */
function digestOfInputs(): string {
  const sourcesFolder = join(projectRoot, 'sources');
  const contracts = readdirSync(sourcesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) =>
      readdirSync(join(sourcesFolder, entry.name)).map((file) => join(sourcesFolder, entry.name, file)),
    )
    .filter((file) => CONTRACT_FILE.test(file));
  const handlers = readdirSync(join(sourcesFolder, 'kit', 'mesh-handlers'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(sourcesFolder, 'kit', 'mesh-handlers', file));
  const files = ['.meshrc.yaml', 'package-lock.json'].map((file) => join(projectRoot, file));
  return sm3Hex(
    [...files, ...contracts, ...handlers]
      .sort()
      .map((file) => sm3Hex(readFileSync(file)))
      .join('\n'),
  );
}

function main(): void {
  const stampFile = join(projectRoot, '.mesh', 'inputs.sm3');
  const digest = digestOfInputs();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest) return;
  const mesh = join(projectRoot, 'node_modules', '.bin', 'mesh');
  const run = spawnSync(mesh, ['build', '--fileType', 'js'], { cwd: projectRoot, encoding: 'utf8' });
  if (run.status !== 0) {
    console.error(`mesh build failed:\n${run.stdout}${run.stderr}`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(stampFile, digest);
}

main();
