/**
 * Settings that lie in files: `NAME_FILE` holds the path of a file with the value of `NAME`, as orchestrators mount
 * secrets. Good for every setting; whoever can read the environment of a process then learns no secret.
 */
import { readFileSync, statSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

const SUFFIX = '_FILE';
/** Longer than any key or list of settings. */
const MOST_BYTES = 64 * 1_024;

/** @throws Error why it cannot be read, without the path */
function contentOf(path: string): string {
  if (statSync(path).size > MOST_BYTES) throw new Error(`the file has more than ${MOST_BYTES} bytes`);
  // Editors end files with a line end, which is no part of a secret.
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}

/** The system's code where it has one: its message names the path. */
function reasonOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : 'unknown';
}

/**
 * @param names of all settings
 * @returns the environment with what the files hold, and one line per file that cannot be used, without its contents
 */
export function withFiles(
  environment: Environment,
  names: readonly string[],
): { readonly environment: Environment; readonly problems: readonly string[] } {
  const read: Record<string, string | undefined> = { ...environment };
  const problems: string[] = [];
  for (const name of names) {
    const variable = `${name}${SUFFIX}`;
    const path = environment[variable];
    if (path === undefined || path === '' || names.includes(variable)) continue;
    read[variable] = undefined;
    const isSetTwice = environment[name] !== undefined && environment[name] !== '';
    try {
      if (isSetTwice) throw new Error(`${name} is set too; set one of them`);
      read[name] = contentOf(path);
    } catch (error) {
      problems.push(`${variable}: cannot be used (${reasonOf(error)})`);
    }
  }
  return { environment: read, problems };
}
