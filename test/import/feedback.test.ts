import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { Feedback, feedbackPathOf } from '../../jobs/import/feedback.ts';
import { progressDisplay } from '../../jobs/import/progress.ts';
import { SeenRows } from '../../jobs/import/seen-rows.ts';
import { readFeedback, workplace } from './support.ts';
import type { Workplace } from './support.ts';

let place: Workplace;
beforeAll(async () => {
  place = await workplace();
});
afterAll(() => place.remove());

describe('a line of feedback', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1'])(
    'that begins like a formula (%j) is written as text',
    async (cell) => {
      const path = join(place.folder, 'formula.feedback.csv');
      const feedback = await Feedback.create(path);
      await feedback.add({ rowNumber: 2, column: cell, code: 'MISSING', message: cell });
      await feedback.close();
      const { rows } = await readFeedback(path);
      expect(rows).toEqual([{ rowNumber: '2', column: `'${cell}`, code: 'MISSING', message: `'${cell}` }]);
    },
  );

  it('is one of as many as there are', async () => {
    const path = join(place.folder, 'many.feedback.csv');
    const feedback = await Feedback.create(path);
    for (let rowNumber = 2; rowNumber < 1_500; rowNumber += 1)
      await feedback.add({ rowNumber, column: 'CF_WSH', code: 'MISSING', message: 'is empty, "quoted"' });
    await feedback.close();
    const { rows } = await readFeedback(path);
    expect(rows).toHaveLength(1_498);
    expect(rows.at(-1)).toEqual({
      rowNumber: '1499',
      column: 'CF_WSH',
      code: 'MISSING',
      message: 'is empty, "quoted"',
    });
  });

  it('stands in a file named after the imported one', () => {
    expect(feedbackPathOf('/data/2026/penalties.xlsx')).toBe('/data/2026/penalties.feedback.csv');
  });
});

describe('progress', () => {
  const shown = async (isTTY: boolean) => {
    const stream = Object.assign(new PassThrough(), {
      isTTY,
      cursorTo: () => true,
      clearLine: () => true,
      columns: 80,
    });
    const display = progressDisplay(stream);
    for (let rows = 0; rows <= 25_000; rows += 500) display.show({ rows, bytes: rows * 4, totalBytes: 100_000 });
    display.stop();
    stream.end();
    return text(stream);
  };

  it('is a line every 10,000 rows where nobody watches', async () => {
    expect(await shown(false)).toBe('10000 rows, 40% of the file\n20000 rows, 80% of the file\n');
  });

  it('is a bar on a terminal', async () => {
    expect(await shown(true)).toMatch(/100% \| 25000 rows/);
  });

  it('that never began can be stopped', () => {
    expect(() => progressDisplay(new PassThrough()).stop()).not.toThrow();
  });
});

describe('the memory of rows', () => {
  it('tells new, same and other contents apart, also after it has grown', () => {
    const seen = new SeenRows();
    const sightings = (suffix: string) =>
      new Set(Array.from({ length: 50_000 }, (_, index) => seen.see(`id ${index}`, `content ${index}${suffix}`)));
    expect(sightings('')).toEqual(new Set(['NEW']));
    expect(sightings('')).toEqual(new Set(['SAME']));
    expect(sightings('!')).toEqual(new Set(['OTHER']));
    expect(sightings('')).toEqual(new Set(['SAME']));
  });
});
