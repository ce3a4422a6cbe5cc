/** What has changed since the last run, number by number: facts, not the hour at which they were fetched. */
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { damaged } from '../import/file-problem.ts';
import { BYTE_ORDER_MARK, csvText } from '../../schema/csv.ts';
import { FACT_COLUMNS, type ResultFormat } from './result-rows.ts';

export const CHANGE_COLUMNS = ['kind', 'input', 'change', 'column', 'before', 'after'] as const;

const LINES_PER_WRITE = 1_000;

/** One row of a result, in whatever form its format gives it. */
interface ComparedRow {
  readonly kind: string;
  readonly input: string;
  /** In the order of {@link FACT_COLUMNS}. */
  readonly facts: readonly string[];
}

const CsvRow = z.record(z.string(), z.string());
const JsonRow = z.object({ kind: z.string(), input: z.string() }).loose();

async function* csvRows(path: string): AsyncIterable<ComparedRow> {
  const rows: AsyncIterable<unknown> = createReadStream(path).pipe(parse({ bom: true, columns: true }));
  for await (const row of rows) {
    const cells = CsvRow.parse(row);
    if (cells['verdict'] === undefined) throw new Error('this is no result');
    const cellOf = (column: string): string => cells[column] ?? '';
    yield { kind: cellOf('kind'), input: cellOf('input'), facts: FACT_COLUMNS.map(cellOf) };
  }
}

const jsonText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);

async function* jsonRows(path: string): AsyncIterable<ComparedRow> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (!line.startsWith('{')) continue;
    const row = JsonRow.parse(JSON.parse(line.replace(/,$/, '')));
    yield { kind: row.kind, input: row.input, facts: FACT_COLUMNS.map((column) => jsonText(row[column])) };
  }
}

const READERS: Readonly<Record<ResultFormat, (path: string) => AsyncIterable<ComparedRow>>> = {
  csv: csvRows,
  json: jsonRows,
};

const keyOf = ({ kind, input }: ComparedRow): string => `${kind}|${input}`;

/** @returns lines of the file of changes for one number */
function changesOf({ kind, input, facts }: ComparedRow, before: readonly string[] | undefined): string[][] {
  if (before === undefined) return [[kind, input, 'NEW', 'verdict', '', facts[0] ?? '']];
  return FACT_COLUMNS.flatMap((column, index) => {
    const [was, is] = [before[index] ?? '', facts[index] ?? ''];
    return was === is ? [] : [[kind, input, 'CHANGED', column, was, is]];
  });
}

/**
 * Writes the file of changes: what is new, what is otherwise, what is gone.
 * @returns how many numbers are new, otherwise or gone
 * @throws HubError INPUT_INVALID when the last result cannot be read
 */
export async function compareResults(
  last: string,
  result: string,
  changesPath: string,
  format: ResultFormat,
): Promise<number> {
  const read = READERS[format];
  const before = new Map<string, ComparedRow>();
  try {
    for await (const row of read(last)) before.set(keyOf(row), row);
  } catch (error) {
    throw damaged(error);
  }
  const next = `${changesPath}.next`;
  const handle = await open(next, 'w');
  let count = 0;
  try {
    let lines: (readonly string[])[] = [];
    const flush = async (): Promise<void> => {
      await handle.write(csvText(lines));
      lines = [];
    };
    await handle.write(BYTE_ORDER_MARK + csvText([CHANGE_COLUMNS]));
    const seen = new Set<string>();
    for await (const row of read(result)) {
      const key = keyOf(row);
      if (seen.has(key)) continue;
      seen.add(key);
      const changes = changesOf(row, before.get(key)?.facts);
      if (changes.length > 0) count += 1;
      lines.push(...changes);
      if (lines.length >= LINES_PER_WRITE) await flush();
    }
    for (const [key, { kind, input, facts }] of before) {
      if (seen.has(key)) continue;
      count += 1;
      lines.push([kind, input, 'GONE', 'verdict', facts[0] ?? '', '']);
    }
    await flush();
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, changesPath);
  return count;
}
