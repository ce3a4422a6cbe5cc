import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../schema/project-root.ts';
import { ROW_PROBLEM_CODES } from '../../sources/kit/file-layout.ts';
import marketRegulation from '../../sources/market-regulation/index.ts';
import { runImport, workplace } from './support.ts';
import type { Workplace } from './support.ts';

const guide = readFileSync(join(projectRoot, 'docs/import.md'), 'utf8');
const [, example = '', feedbackExample = ''] =
  /```csv\n(行政[\s\S]*?)```[\s\S]*?```csv\n(rowNumber[\s\S]*?)```/.exec(guide) ?? [];

let place: Workplace;
beforeAll(async () => {
  place = await workplace();
});
afterAll(() => place.remove());

it('the guide’s example gives the feedback that the guide prints', async () => {
  const { report, feedbackText } = await runImport(await place.write('penalties.csv', example), 'penalty');
  expect(report).toMatchObject({ rows: 2, accepted: 1, refused: 1 });
  expect(feedbackText.replace('\uFEFF', '').replaceAll('\r\n', '\n')).toBe(feedbackExample);
});

it('the guide names every reason for refusing a row', () => {
  expect(ROW_PROBLEM_CODES.filter((code) => !guide.includes(`\`${code}\``))).toEqual([]);
});

it.each(Object.entries(marketRegulation.fileLayouts ?? {}))('the guide lists the columns of %s', (name, layout) => {
  for (const version of layout.versions) {
    const [, table = ''] = new RegExp(`### ${name}, version ${version.name}\\n\\n((?:\\|.*\\n)+)`).exec(guide) ?? [];
    const listed = [...table.matchAll(/^\| `(\w+)` +\| (.*?) *\|/gm)].map(
      ([, column, labels]) => `${column} ${labels}`,
    );
    const expected = version.columns.map((column) => `${column.name} ${column.labels.join(', ')}`);
    expect(listed.sort()).toEqual(expected.sort());
  }
});
