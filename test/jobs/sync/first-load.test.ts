/** What somebody who starts the hub on a terminal sees of the first reading. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { feedBars } from '../../../jobs/sync/feed-bars.ts';
import { watchFirstLoad, type FirstLoad } from '../../../jobs/sync/first-load.ts';
import type { Feed } from '../../../schema/replica/facts.ts';
import { NEVER_READ, type FeedState } from '../../../schema/replica/feed-states.ts';

const FEEDS: readonly Feed[] = ['ecology|penalties', 'transport|penalties', 'transport|inspections'];
const LOADED: FeedState = { ...NEVER_READ, loadedAt: new Date(0) };

interface Watched {
  readonly load: FirstLoad;
  readonly states: Map<Feed, FeedState>;
  readonly print: (line: string) => boolean;
  readonly pass: (milliseconds: number) => void;
  /** Everything written so far. */
  readonly written: () => string;
}

async function watch(isTTY: boolean, loaded: readonly Feed[] = []): Promise<Watched> {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const bars = feedBars(stream, { vanish: true });
  const states = new Map(loaded.map((feed) => [feed, LOADED]));
  let now = 0;
  const clock = { now: () => new Date(now) };
  const load = await watchFirstLoad({ feeds: FEEDS, states: () => Promise.resolve(states), bars, clock });
  return {
    load,
    states,
    print: (line) => bars.print(line),
    pass: (milliseconds) => (now += milliseconds),
    written: () => text,
  };
}

describe('on a terminal', () => {
  it('nothing is written before the start table has been, then bars, then one line', async () => {
    const { load, pass, print, written } = await watch(true);
    // Bars are drawn ten times a second, and whenever a line goes above them.
    const draw = (): boolean => print('');
    load.progress('ecology', 'penalties', 10, 40);
    await load.ended('transport', 'penalties', { records: 7 });
    expect(written()).toBe('');
    load.show();
    draw();
    await load.ended('ecology', 'penalties', { records: 40 });
    pass(2_500);
    load.progress('transport', 'inspections', 500, null);
    draw();
    await load.ended('transport', 'inspections', { records: 500 });
    expect(written()).toContain('feeds complete');
    expect(written()).toMatch(/ecology penalties +[^\n]*10\/40/);
    expect(written()).toMatch(/transport inspections +[^\n]*500\/500/);
    expect(written().endsWith('replica complete: 547 records in 2.5 s\n')).toBe(true);
    // The cursor is visible again, and nothing is drawn any more.
    expect(written().lastIndexOf('\u001b[?25h')).toBeGreaterThan(written().lastIndexOf('\u001b[?25l'));
    const end = written();
    load.progress('ecology', 'penalties', 1, 1);
    await load.ended('ecology', 'penalties', { records: 1 });
    expect(written()).toBe(end);
  });

  it('a reading that ended before there was something to see is one line', async () => {
    const { load, written } = await watch(true, ['ecology|penalties']);
    await load.ended('transport', 'penalties', { records: 7 });
    await load.ended('transport', 'inspections', { records: 3 });
    load.show();
    expect(written()).toBe('replica complete: 10 records in 0.0 s\n');
  });

  it('nothing is shown when everything had been read before', async () => {
    const { load, written } = await watch(true, FEEDS);
    load.show();
    load.progress('ecology', 'penalties', 10, 40);
    await load.ended('ecology', 'penalties', { records: 1 });
    expect(written()).toBe('');
  });

  it('what another process has read is not waited for', async () => {
    const { load, states, written } = await watch(true);
    load.show();
    states.set('ecology|penalties', LOADED).set('transport|inspections', LOADED);
    await load.ended('transport', 'penalties', { records: 7 });
    expect(written()).toContain('replica complete: 7 records');
  });

  it('log lines go above the bars, and are left to others when there are none', async () => {
    const { load, print, written } = await watch(true);
    expect(print('too early\n')).toBe(false);
    load.show();
    expect(print('{"level":40}\n')).toBe(true);
    expect(written()).toContain('{"level":40}\n');
    expect(written().lastIndexOf('feeds complete')).toBeGreaterThan(written().indexOf('{"level":40}'));
    for (const feed of FEEDS) {
      const [departmentId = '', read] = feed.split('|');
      await load.ended(departmentId, read as 'penalties', {});
    }
    expect(print('too late\n')).toBe(false);
  });
});

describe('elsewhere', () => {
  it('nothing is written', async () => {
    const { load, print, written } = await watch(false);
    load.show();
    load.progress('ecology', 'penalties', 10, 40);
    for (const read of ['penalties', 'inspections'] as const) await load.ended('transport', read, { records: 7 });
    await load.ended('ecology', 'penalties', { records: 7 });
    expect(print('a line\n')).toBe(false);
    expect(written()).toBe('');
  });
});
