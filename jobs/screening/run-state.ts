/**
 * How far a screening has come. What it has found lies in a partial result; the state beside it says how much of that counts.
 * The result is on disk before the state is, and the state is replaced in one step: whoever is killed loses at most one batch,
 * and what was written of it is cut off.
 */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { HubError } from '../../schema/errors.ts';
import { lives, Owner } from '../owner.ts';
import { exists } from './result-files.ts';

const State = z.object({
  v: z.literal(1),
  /** Who writes it. */
  owner: Owner,
  /** SM3 of the screened file. */
  input: z.string(),
  /** With what it was asked for. */
  terms: z.string(),
  startedAt: z.iso.datetime().transform((text) => new Date(text)),
  rows: z.number().int().nonnegative(),
  /** Of the partial result. */
  bytes: z.number().int().nonnegative(),
  /** Rows by verdict. */
  counts: z.record(z.string(), z.number().int()),
});
export type RunState = z.output<typeof State>;

/** What was found longer ago would be a result of two days. */
const RESUMED_WITHIN_MS = 24 * 3_600_000;

export class RunStateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * @returns the state of an interrupted run of the same file and terms that may be gone on with, else null
   * @throws HubError CONFLICT when that run is not interrupted
   */
  async resumable(expected: Pick<RunState, 'input' | 'terms'>, now: Date): Promise<RunState | null> {
    const state = await this.read();
    if (state === null) return null;
    if (state.owner.pid !== process.pid && (await lives(state.owner))) {
      const message = `Process ${state.owner.pid} is writing this result; wait for it, or name another with --out.`;
      throw new HubError('CONFLICT', message);
    }
    const isSame = state.input === expected.input && state.terms === expected.terms;
    return isSame && now.getTime() - state.startedAt.getTime() <= RESUMED_WITHIN_MS ? state : null;
  }

  /** @returns null where there is none, or none that can be read */
  async read(): Promise<RunState | null> {
    if (!(await exists(this.#path))) return null;
    const text = await readFile(this.#path, 'utf8');
    try {
      return State.safeParse(JSON.parse(text)).data ?? null;
    } catch {
      return null;
    }
  }

  async write(state: RunState): Promise<void> {
    const next = `${this.#path}.next`;
    const handle = await open(next, 'w');
    try {
      await handle.writeFile(JSON.stringify(state));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(next, this.#path);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
