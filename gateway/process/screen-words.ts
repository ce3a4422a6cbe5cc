/** `hub screen`: its words, and what is printed when it has ended. */
import { join, parse } from 'node:path';
import { CHARSETS } from '../../jobs/import/charset.ts';
import { FORMATS, type ResultFormat } from '../../jobs/screening/result-rows.ts';
import type { ScreenOptions, ScreenReport } from '../../jobs/screening/screen-file.ts';
import type { ScreenedKind } from '../../schema/screening/screened.ts';
import { UsageError } from '../commands/usage-error.ts';
import type { SCREEN_OPTIONS } from '../commands/words.ts';

export type ScreenWords = { readonly [name in keyof typeof SCREEN_OPTIONS | 'out' | 'charset']?: string | undefined };

export interface ScreenCommand extends Pick<ScreenOptions, 'path' | 'out' | 'format' | 'kind' | 'column' | 'charset'> {
  /** null = each department's own times. */
  readonly maxAgeSeconds: number | null;
}

const KINDS: Readonly<Record<string, ScreenedKind>> = { report: 'REPORT', institution: 'INSTITUTION' };

function oneOf<T extends string>(option: string, known: readonly T[], text: string | undefined): T | null {
  if (text === undefined) return null;
  const found = known.find((each) => each === text);
  if (found === undefined) throw new UsageError(`--${option} is one of ${known.join(', ')}.`);
  return found;
}

/** Beside the screened file: `codes.csv` gets `codes.screened.csv`. */
function outBeside(path: string, format: ResultFormat): string {
  const { dir, name } = parse(path);
  return join(dir, `${name}.screened.${format}`);
}

/** @throws UsageError for wrong words */
export function readScreenWords(words: readonly string[], options: ScreenWords): ScreenCommand {
  const [path, ...others] = words;
  if (path === undefined || others.length > 0) throw new UsageError('Name one file.');
  const format = oneOf('format', FORMATS, options.format) ?? 'csv';
  const age = options['max-age'];
  if (age !== undefined && !/^[1-9]\d{0,6}$/.test(age))
    throw new UsageError('--max-age is a number of seconds from 1.');
  const kind = oneOf('kind', Object.keys(KINDS), options.kind);
  return {
    path,
    format,
    out: options.out ?? outBeside(path, format),
    kind: kind === null ? null : (KINDS[kind] ?? null),
    column: options.column ?? null,
    charset: oneOf('charset', CHARSETS, options.charset),
    maxAgeSeconds: age === undefined ? null : Number(age),
  };
}

/** What it came to, line by line. */
export function screenSummary(report: ScreenReport): readonly string[] {
  const { rows, counts, resumedAt, resultPath, changes, milliseconds, rowsPerSecond } = report;
  const verdicts = Object.entries(counts)
    .sort()
    .map(([verdict, count]) => `${verdict} ${count}`);
  const resumed = resumedAt === 0 ? '' : `, ${resumedAt} of them before the interruption`;
  return [
    `${rows} rows in ${milliseconds} ms, ${rowsPerSecond} per second${resumed}: ${verdicts.join(', ')}`,
    `Result: ${resultPath}`,
    ...(changes === null
      ? []
      : 'problem' in changes
        ? [`Changes since the last run: ${changes.problem}`]
        : [`Changes since the last run: ${changes.numbers} numbers, ${changes.path}`]),
  ];
}
