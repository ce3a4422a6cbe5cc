/** Screens a file of report numbers or credit codes, batch by batch; goes on where an interrupted run stopped. */
import { HubError } from '../../schema/errors.ts';
import type { Clock } from '../../schema/ports.ts';
import { NOTHING_KNOWN, type Screened } from '../../schema/screening/screened.ts';
import { thisProcess } from '../owner.ts';
import { compareResults } from './compare-results.ts';
import { openKeys, type KeyFile, type KeyFileOptions, type KeyRow } from './read-keys.ts';
import { WRITERS, type ResultFormat } from './result-rows.ts';
import { lastResultOf, PartialResult, publish, resultPathsOf, type ResultPaths } from './result-files.ts';
import { RunStateFile, type RunState } from './run-state.ts';

export interface ScreenOptions extends KeyFileOptions {
  readonly path: string;
  /** Where the result is written. */
  readonly out: string;
  readonly format: ResultFormat;
  /** Whatever else decides on the answers: a run with other terms is not gone on with. */
  readonly terms: string;
  /** Answers for these, in their order, with as many questions to the replica as for one. */
  readonly lookUp: (keys: readonly Pick<KeyRow, 'text' | 'kind'>[]) => Promise<readonly Screened[]>;
  readonly clock: Clock;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between two batches; the run can be gone on with. */
  readonly signal?: AbortSignal;
}

export interface ScreenReport {
  /** Of the whole result. */
  readonly rows: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Rows that an earlier, interrupted run had done. */
  readonly resumedAt: number;
  readonly resultPath: string;
  /** null where there is no last result. */
  readonly changes: { readonly path: string; readonly numbers: number } | { readonly problem: string } | null;
  /** Of this run. */
  readonly milliseconds: number;
  readonly rowsPerSecond: number;
}

/** What is lost at most when the process is killed. */
export const ROWS_PER_BATCH = 500;

interface Run {
  readonly partial: PartialResult;
  readonly state: RunState;
}

async function beginOrResume(
  options: ScreenOptions,
  keys: KeyFile,
  paths: ResultPaths,
  states: RunStateFile,
): Promise<Run> {
  const { format, column, kind } = options;
  const expected = { input: keys.receipt, terms: JSON.stringify([options.terms, format, column, kind]) };
  const known = await states.resumable(expected, options.clock.now());
  const resumed = known === null ? null : await PartialResult.resume(paths.partial, known.bytes);
  if (known !== null && resumed !== null) {
    const state = { ...known, owner: await thisProcess() };
    await states.write(state);
    return { partial: resumed, state };
  }
  const partial = await PartialResult.begin(paths.partial);
  await partial.add(WRITERS[format].head);
  const state: RunState = {
    ...{ v: 1, owner: await thisProcess(), ...expected, startedAt: options.clock.now() },
    ...{ rows: 0, bytes: partial.bytes, counts: {} },
  };
  await states.write(state);
  return { partial, state };
}

async function answersFor(batch: readonly KeyRow[], lookUp: ScreenOptions['lookUp']): Promise<readonly Screened[]> {
  const asked = batch.filter(({ problem }) => problem === null);
  const answers = [...(asked.length === 0 ? [] : await lookUp(asked))];
  if (answers.length !== asked.length) {
    throw new HubError('INTERNAL', `${asked.length} numbers were asked about and ${answers.length} answered.`);
  }
  return batch.map(({ kind, problem }): Screened => {
    const answer = problem === null ? answers.shift() : undefined;
    return answer ?? { ...NOTHING_KNOWN, kind, verdict: 'INVALID', reason: problem };
  });
}

async function screenRows(options: ScreenOptions, keys: KeyFile, run: Run, states: RunStateFile): Promise<RunState> {
  const writer = WRITERS[options.format];
  const { partial } = run;
  let { state } = run;
  options.onProgress?.(state.rows, keys.rows);
  for await (const batch of keys.batches(ROWS_PER_BATCH, state.rows)) {
    options.signal?.throwIfAborted();
    const answers = await answersFor(batch, options.lookUp);
    // Whoever stops a run ends what is being looked up, too, and that is no answer.
    options.signal?.throwIfAborted();
    const rows = batch.flatMap((key, index) => {
      const screened = answers[index];
      return screened === undefined ? [] : [{ key, screened }];
    });
    await partial.add(writer.rows(rows, state.rows === 0));
    const counts = { ...state.counts };
    for (const { verdict } of answers) counts[verdict] = (counts[verdict] ?? 0) + 1;
    state = { ...state, rows: state.rows + batch.length, bytes: partial.bytes, counts };
    await states.write(state);
    options.onProgress?.(state.rows, keys.rows);
  }
  return state;
}

/** A last result that cannot be read is no reason to withhold this one. */
async function compared(paths: ResultPaths, { format }: ScreenOptions): Promise<ScreenReport['changes']> {
  const last = await lastResultOf(paths);
  if (last === null) return null;
  try {
    return { path: paths.changes, numbers: await compareResults(last, paths.partial, paths.changes, format) };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return { problem: `${last} cannot be compared with: ${error.message}` };
  }
}

/**
 * The same call again after an interruption gives what an uninterrupted one would have given.
 * @throws HubError INPUT_INVALID with a file problem, CONFLICT while another process writes this result; whatever `lookUp`
 *   throws, after which the run can be gone on with
 */
export async function screenFile(options: ScreenOptions): Promise<ScreenReport> {
  const startedAt = performance.now();
  const paths = resultPathsOf(options.out);
  const states = new RunStateFile(paths.state);
  const keys = await openKeys(options.path, options);
  try {
    const run = await beginOrResume(options, keys, paths, states);
    const resumedAt = run.state.rows;
    let state: RunState;
    try {
      state = await screenRows(options, keys, run, states);
      await keys.refuseChange();
      await run.partial.add(WRITERS[options.format].foot);
    } finally {
      await run.partial.close();
    }
    const changes = await compared(paths, options);
    await publish(paths, () => states.remove());
    const milliseconds = Math.max(1, Math.round(performance.now() - startedAt));
    return {
      ...{ rows: state.rows, counts: state.counts, resumedAt, resultPath: paths.result, changes, milliseconds },
      rowsPerSecond: Math.round(((state.rows - resumedAt) * 1_000) / milliseconds),
    };
  } finally {
    await keys.close();
  }
}
