/** The files of one result: the result itself, the one before it, what has changed, and what is there of one in the making. */
import { access, open, rename, type FileHandle } from 'node:fs/promises';
import { join, parse } from 'node:path';

export interface ResultPaths {
  readonly result: string;
  readonly previous: string;
  readonly changes: string;
  readonly partial: string;
  readonly state: string;
}

/** Beside the result: `codes.screened.csv` has `codes.screened.previous.csv` and `codes.screened.changes.csv`. */
export function resultPathsOf(result: string): ResultPaths {
  const { dir, name, ext } = parse(result);
  return {
    result,
    previous: join(dir, `${name}.previous${ext}`),
    changes: join(dir, `${name}.changes.csv`),
    partial: `${result}.partial`,
    state: `${result}.state.json`,
  };
}

export const exists = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );

/** A result in the making. */
export class PartialResult {
  readonly #handle: FileHandle;
  #bytes: number;

  private constructor(handle: FileHandle, bytes: number) {
    this.#handle = handle;
    this.#bytes = bytes;
  }

  static async begin(path: string): Promise<PartialResult> {
    return new PartialResult(await open(path, 'w'), 0);
  }

  /** Goes on behind what counts of it. @returns null when it is not all there */
  static async resume(path: string, bytes: number): Promise<PartialResult | null> {
    if (!(await exists(path))) return null;
    const handle = await open(path, 'r+');
    if ((await handle.stat()).size >= bytes) {
      await handle.truncate(bytes);
      return new PartialResult(handle, bytes);
    }
    await handle.close();
    return null;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when it is on disk. */
  async add(text: string): Promise<void> {
    const data = Buffer.from(text);
    await this.#handle.write(data, 0, data.length, this.#bytes);
    await this.#handle.sync();
    this.#bytes += data.length;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** The last run's result: in its place, or already put aside by a run that was killed over it. */
export async function lastResultOf({ result, previous }: ResultPaths): Promise<string | null> {
  if (await exists(result)) return result;
  return (await exists(previous)) ? previous : null;
}

/**
 * Puts the result in its place. May be killed between any two steps.
 * @param forget lets go of the state: before it, the run is gone on with; after it, it is made again
 */
export async function publish({ result, previous, partial }: ResultPaths, forget: () => Promise<void>): Promise<void> {
  if (await exists(result)) await rename(result, previous);
  await forget();
  await rename(partial, result);
}
