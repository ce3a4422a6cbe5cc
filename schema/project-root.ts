import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The nearest directory at or above `start` that holds a package.json.
 * @throws Error when there is none up to the root of the file system.
 */
function nearestPackage(start: string): string {
  let directory = start;
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`No package.json at or above ${start}.`);
    directory = parent;
  }
  return directory;
}

/**
 * Absolute path of the project. Data files that are read at run time (never imported) are found from here, so that the
 * same line works from the sources and from the compiled files under dist/.
 */
export const projectRoot: string = nearestPackage(import.meta.dirname);
