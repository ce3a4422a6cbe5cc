/** The files of a screening: results, interruptions, what has changed. Runs the built program where a process is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { RunStateFile } from '../../jobs/screening/run-state.ts';
import { ROWS_PER_BATCH, screenFile, type ScreenOptions } from '../../jobs/screening/screen-file.ts';
import type { Screened } from '../../schema/screening/screened.ts';
import { answerTo } from './made-up-answers.mjs';

const MANY = 12 * ROWS_PER_BATCH + 17;

let folder: string;
let path: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-screening-'));
  path = join(folder, 'reports.txt');
  out = join(folder, 'result.csv');
});
afterEach(() => rm(folder, { recursive: true }));

const numbers = (count: number): string => Array.from({ length: count }, (_, index) => `BG-${index}`).join('\n');
const run = (over: Partial<ScreenOptions> = {}) =>
  screenFile({
    ...{ path, out, format: 'csv', charset: null, column: null, kind: null, terms: 'test' },
    clock: { now: () => new Date() },
    lookUp: (keys) => Promise.resolve(keys.map(answerTo)),
    ...over,
  });
const rowsOf = async (file: string): Promise<readonly Record<string, string>[]> =>
  parse(await readFile(file), { bom: true, columns: true });
const stateOf = () => new RunStateFile(`${out}.state.json`).read();

async function killedRun(format: 'csv' | 'json', afterRows: number): Promise<number> {
  const program = join(import.meta.dirname, 'screening-process.mjs');
  const child = spawn(process.execPath, [program, path, out, format], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  let rows = 0;
  while (rows < afterRows) {
    expect(child.exitCode).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 5));
    rows = (await stateOf())?.rows ?? 0;
  }
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  return rows;
}

describe('a result', () => {
  it('has one row per number with its verdict, whose word it is, and who did not answer', async () => {
    await writeFile(path, '报告编号\nBG-1\nBG-7\n\nBG-5\n5.2E+20\n');
    const report = await run();
    expect(report).toMatchObject({ rows: 4, counts: { AUTHENTIC: 2, NOT_FOUND: 1, INVALID: 1 }, changes: null });
    const rows = await rowsOf(out);
    expect(rows.map(({ row, input, verdict }) => [row, input, verdict])).toEqual([
      ['2', 'BG-1', 'AUTHENTIC'],
      ['3', 'BG-7', 'NOT_FOUND'],
      ['5', 'BG-5', 'AUTHENTIC'],
      ['6', '5.2E+20', 'INVALID'],
    ]);
    expect(rows[0]).toMatchObject({
      lists: 'none',
      qualifications: 'CMA 232405340017 VALID',
      penalties: '',
      department: 'market-regulation',
      recordId: 'r-BG-1',
      fetchedAt: '2026-03-02T16:00:00+08:00',
      coverage: 'market-regulation REPORTS REPLICA 2026-03-02T16:00:00+08:00; ecology REPORTS UNAVAILABLE',
    });
    expect(rows[2]?.['lists']).toBe('unknown: ecology did not answer in full');
    expect((await readdir(folder)).sort()).toEqual(['reports.txt', 'result.csv']);
  });

  it('is one JSON array where that is asked for', async () => {
    out = join(folder, 'result.json');
    await writeFile(path, numbers(ROWS_PER_BATCH + 3));
    await run({ format: 'json' });
    const rows = JSON.parse(await readFile(out, 'utf8')) as Record<string, unknown>[];
    expect(rows).toHaveLength(ROWS_PER_BATCH + 3);
    expect(rows[5]).toMatchObject({
      row: 6,
      input: 'BG-5',
      kind: 'REPORT',
      verdict: 'AUTHENTIC',
      lists: { found: [], silent: ['ecology'] },
      provenance: { departmentId: 'market-regulation', fetchedAt: '2026-03-02T16:00:00+08:00' },
      coverage: [{ status: 'REPLICA' }, { departmentId: 'ecology', status: 'UNAVAILABLE', observedAt: null }],
    });
  });

  it('runs nothing in the program that opens it, whatever stands in the file or in a register', async () => {
    const lines = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', `BG-${'9'.repeat(300)}`];
    await writeFile(path, lines.map((line) => `"${line.replaceAll('"', '""')}"`).join('\n'));
    const evil = (key: Parameters<typeof answerTo>[0]): Screened => ({ ...answerTo(key), institutionName: '=1+1' });
    await run({ lookUp: (keys) => Promise.resolve(keys.map(evil)) });
    const rows = await rowsOf(out);
    expect(rows.map(({ input }) => input?.slice(0, 5))).toEqual(["'=HYP", "'+1", "'-1", "'@SUM", 'BG-99']);
    expect(rows[4]?.['input']).toHaveLength(201);
    expect(new Set(rows.map(({ institutionName }) => institutionName))).toEqual(new Set(["'=1+1"]));
  });
});

describe.each(['csv', 'json'] as const)('a run in %s that is killed', (format) => {
  it('goes on where it stopped, and comes to exactly what an uninterrupted run comes to', async () => {
    await writeFile(path, numbers(MANY));
    const whole = join(folder, `whole.${format}`);
    const uninterrupted = await run({ format, out: whole });
    const done = await killedRun(format, ROWS_PER_BATCH);
    // Killed over a batch: part of it has been written, and none of it counts.
    await appendFile(`${out}.partial`, '501,BG-500,REPORT,AUTH');
    const again = await killedRun(format, done + 2 * ROWS_PER_BATCH);
    expect(again).toBeGreaterThan(done);
    let asked = 0;
    const last = await run({
      format,
      lookUp: (keys) => {
        asked += keys.length;
        return Promise.resolve(keys.map(answerTo));
      },
    });
    expect(asked).toBe(MANY - last.resumedAt);
    expect(last.resumedAt).toBeGreaterThanOrEqual(again);
    expect(last.counts).toEqual(uninterrupted.counts);
    expect(await readFile(out, 'utf8')).toBe(await readFile(whole, 'utf8'));
    expect(await stateOf()).toBeNull();
  });
});

describe('an interrupted run', () => {
  const interrupted = async (over: Partial<ScreenOptions> = {}) => {
    const stopping = new AbortController();
    const onProgress = (done: number): void => {
      if (done >= ROWS_PER_BATCH) stopping.abort(new Error('stopped'));
    };
    await expect(run({ signal: stopping.signal, onProgress, ...over })).rejects.toThrow('stopped');
    return (await stateOf())?.rows;
  };

  it('is not gone on with for another file, on other terms, or a day later', async () => {
    await writeFile(path, numbers(2 * ROWS_PER_BATCH));
    expect(await interrupted()).toBe(ROWS_PER_BATCH);
    expect((await run({ terms: 'others' })).resumedAt).toBe(0);
    await interrupted();
    await writeFile(path, `${numbers(2 * ROWS_PER_BATCH)}\nBG-x`);
    expect((await run()).resumedAt).toBe(0);
    await interrupted();
    const tomorrow = new Date(Date.now() + 25 * 3_600_000);
    expect((await run({ clock: { now: () => tomorrow } })).resumedAt).toBe(0);
  });

  it('does not take for an answer what was cut off by the interruption, nor when nothing could be looked up', async () => {
    await writeFile(path, numbers(3 * ROWS_PER_BATCH));
    const stopping = new AbortController();
    const cutOff = (keys: readonly Parameters<typeof answerTo>[0][]) => {
      if (keys[0]?.text === `BG-${ROWS_PER_BATCH}`) stopping.abort(new Error('stopped'));
      return Promise.resolve(keys.map(answerTo));
    };
    await expect(run({ signal: stopping.signal, lookUp: cutOff })).rejects.toThrow('stopped');
    expect((await stateOf())?.rows).toBe(ROWS_PER_BATCH);
    await expect(run({ lookUp: () => Promise.reject(new Error('the store has gone')) })).rejects.toThrow('gone');
    expect((await run()).resumedAt).toBe(ROWS_PER_BATCH);
  });

  it('is left alone while its process runs', async () => {
    await writeFile(path, numbers(20 * ROWS_PER_BATCH));
    const program = join(import.meta.dirname, 'screening-process.mjs');
    const child = spawn(process.execPath, [program, path, out, 'csv'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(child, 'exit');
    while ((await stateOf()) === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGSTOP');
    await expect(run()).rejects.toMatchObject({ code: 'CONFLICT' });
    child.kill('SIGKILL');
    await ended;
    expect((await run()).rows).toBe(20 * ROWS_PER_BATCH);
  });

  it('starts anew when what it had written is gone, or its state cannot be read', async () => {
    await writeFile(path, numbers(2 * ROWS_PER_BATCH));
    await interrupted();
    await writeFile(`${out}.partial`, 'torn');
    expect(await run()).toMatchObject({ resumedAt: 0, rows: 2 * ROWS_PER_BATCH });
    await interrupted();
    await writeFile(`${out}.state.json`, '{"v":1');
    expect(await run()).toMatchObject({ resumedAt: 0, rows: 2 * ROWS_PER_BATCH });
  });
});

describe.each(['csv', 'json'] as const)('the changes since the last run, in %s,', (format) => {
  const changedAnswer = (key: Parameters<typeof answerTo>[0]): Screened =>
    key.text === 'BG-2'
      ? { ...answerTo(key), verdict: 'UNVERIFIABLE', reason: 'REGISTERED: a register did not answer' }
      : { ...answerTo(key), provenance: null, coverage: [] };

  it('name what is new, gone or otherwise for each number, and not when it was fetched', async () => {
    await writeFile(path, 'BG-1\nBG-2\nBG-3\nBG-3\n');
    expect((await run({ format })).changes).toBeNull();
    expect((await run({ format })).changes).toMatchObject({ numbers: 0 });
    await writeFile(path, 'BG-4\nBG-2\nBG-1\n');
    const report = await run({ format, lookUp: (keys) => Promise.resolve(keys.map(changedAnswer)) });
    const changes = join(folder, 'result.changes.csv');
    expect(report.changes).toEqual({ path: changes, numbers: 3 });
    expect((await rowsOf(changes)).map((row) => Object.values(row).join('|'))).toEqual([
      'REPORT|BG-4|NEW|verdict||AUTHENTIC',
      'REPORT|BG-2|CHANGED|verdict|AUTHENTIC|UNVERIFIABLE',
      'REPORT|BG-2|CHANGED|reason||REGISTERED: a register did not answer',
      'REPORT|BG-3|GONE|verdict|AUTHENTIC|',
    ]);
    expect((await readdir(folder)).sort()).toEqual([
      'reports.txt',
      'result.changes.csv',
      'result.csv',
      'result.previous.csv',
    ]);
  });

  it('are found, too, when a run is killed while it puts the last result aside', async () => {
    await writeFile(path, 'BG-1\n');
    await run({ format });
    await rename(out, join(folder, 'result.previous.csv'));
    await writeFile(path, 'BG-1\nBG-4\n');
    expect((await run({ format })).changes).toMatchObject({ numbers: 1 });
  });

  it('are not known where the last result is none; the new one is written all the same', async () => {
    await writeFile(path, 'BG-1\n');
    await writeFile(out, '{"a": "b"');
    const { changes } = await run({ format });
    expect(changes).toMatchObject({ problem: expect.stringContaining('cannot be compared with') });
    expect(await readFile(out, 'utf8')).toContain('AUTHENTIC');
  });
});
