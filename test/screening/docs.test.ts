import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { SCREEN_OPTIONS, USAGE } from '../../gateway/commands/words.ts';
import { readScreenWords, screenSummary } from '../../gateway/process/screen-words.ts';
import { UsageError } from '../../gateway/commands/usage-error.ts';
import { CHANGE_COLUMNS } from '../../jobs/screening/compare-results.ts';
import { COLUMNS } from '../../jobs/screening/result-rows.ts';
import { ROWS_PER_BATCH } from '../../jobs/screening/screen-file.ts';
import { MOST_KEYS } from '../../jobs/screening/read-keys.ts';
import { ReportVerdictEnum } from '../../schema/enums.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { INSTITUTION_VERDICTS } from '../../schema/screening/screened.ts';

const guide = readFileSync(join(projectRoot, 'docs/screening.md'), 'utf8');

it('the guide names every column, verdict and option', () => {
  const verdicts = [...Object.keys(ReportVerdictEnum), ...INSTITUTION_VERDICTS, 'INVALID'];
  expect([...COLUMNS, ...verdicts].filter((word) => !guide.includes(`\`${word}\``))).toEqual([]);
  expect(guide).toContain(CHANGE_COLUMNS.join(','));
  for (const option of [...Object.keys(SCREEN_OPTIONS), 'out', 'charset']) {
    expect(guide).toContain(`--${option} `);
    expect(USAGE).toContain(`--${option} `);
  }
});

it('the guide’s numbers are those of the program', () => {
  expect(guide).toContain(`Every ${ROWS_PER_BATCH} rows`);
  expect(guide).toContain(`At most ${MOST_KEYS.toLocaleString('en')} numbers`);
});

it('the guide shows what the command prints', () => {
  const lines = screenSummary({
    ...{ rows: 4, counts: { NOT_FOUND: 1, AUTHENTIC: 2, INVALID: 1 }, resumedAt: 0, milliseconds: 312 },
    ...{ rowsPerSecond: 13, resultPath: 'reports.screened.csv' },
    changes: { path: 'reports.screened.changes.csv', numbers: 1 },
  });
  expect(guide).toContain(lines.join('\n'));
});

it('the command puts the result beside the file, and refuses words that it does not know', () => {
  expect(readScreenWords(['lists/codes.txt'], { format: 'json', kind: 'institution', 'max-age': '60' })).toEqual({
    ...{ path: 'lists/codes.txt', out: 'lists/codes.screened.json', format: 'json', kind: 'INSTITUTION' },
    ...{ column: null, charset: null, maxAgeSeconds: 60 },
  });
  for (const words of [[], ['a', 'b']]) expect(() => readScreenWords(words, {})).toThrow(UsageError);
  for (const options of [{ format: 'xml' }, { kind: 'vehicle' }, { 'max-age': '0' }, { charset: 'latin1' }]) {
    expect(() => readScreenWords(['a'], options)).toThrow(UsageError);
  }
});
