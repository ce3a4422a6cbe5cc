/** Reads a CSV file as a stream. Whatever its lines are like, only a bounded part of it is in memory. */
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import iconv from 'iconv-lite';
import type { Charset } from './charset.ts';
import { damaged, fileProblem } from './file-problem.ts';
import { READ_BYTES } from './inspect-file.ts';
import type { OpenTable, TableChunk, TableFile, TableRow } from './table.ts';

const ROWS_PER_CHUNK = 500;
/** Spreadsheet programs write tabs into "Unicode text" and, with some settings, semicolons into CSV. */
const DELIMITERS = [',', '\t', ';'] as const;

function delimiterOf(beginning: string): string {
  const header = beginning.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const countOf = (delimiter: string): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (countOf(delimiter) > countOf(best) ? delimiter : best));
}

/** Measures lines, because a parser of records does not count what consists of delimiters only. */
function lineGuard(longest: number): (text: string) => void {
  let length = 0;
  return (text) => {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (length + end - start > longest) throw tooLong(longest);
      length = 0;
      start = end + 1;
    }
    length += text.length - start;
    if (length > longest) throw tooLong(longest);
  };
}

function tooLong(characters: number) {
  return fileProblem('FILE_TOO_LARGE', `A line of the file is longer than ${characters} characters.`);
}

function asFileProblem(error: unknown): unknown {
  if (!(error instanceof CsvError)) return damaged(error);
  const recordsBefore: unknown = error['records'];
  const row = typeof recordsBefore === 'number' ? recordsBefore + 1 : undefined;
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return fileProblem('FILE_TOO_LARGE', 'A row of the file is too long; is there a quotation mark too many?', row);
    case 'CSV_QUOTE_NOT_CLOSED':
      return fileProblem('FILE_DAMAGED', 'The file is cut off, or a quotation mark is never closed.', row);
    default:
      return fileProblem('FILE_DAMAGED', 'The quotation marks of the file are not those of a CSV file.', row);
  }
}

export function openCsv({ handle, sizeBytes, limits }: TableFile, charset: Charset): OpenTable {
  let bytes = 0;

  async function* decoded(): AsyncGenerator<string> {
    const decoder = iconv.getDecoder(charset);
    const guard = lineGuard(limits.rowCharacters);
    for await (const data of handle.createReadStream({ start: 0, autoClose: false, highWaterMark: READ_BYTES })) {
      const chunk = data as Buffer;
      const text = decoder.write(chunk);
      bytes += chunk.length;
      guard(text);
      if (text !== '') yield text;
    }
    const rest = decoder.end() ?? '';
    if (rest !== '') yield rest;
  }

  async function* chunks(): AsyncGenerator<TableChunk> {
    const text = decoded();
    const first = await text.next();
    if (first.done === true) return;
    const parser = parse({
      bom: true,
      delimiter: delimiterOf(first.value),
      relax_column_count: true,
      // Typists quote names inside a text; a row that this shifts is refused for its cells.
      relax_quotes: true,
      max_record_size: limits.rowCharacters,
    });
    const source = Readable.from(startingWith(first.value, text), { highWaterMark: 1 });
    // Errors reach the loop below through the parser.
    pipeline(source, parser, () => undefined);
    let rows: TableRow[] = [];
    let number = 0;
    try {
      for await (const cells of parser as AsyncIterable<string[]>) {
        number += 1;
        rows.push({ number, cells });
        if (rows.length < ROWS_PER_CHUNK) continue;
        yield { rows, bytes };
        rows = [];
      }
    } catch (error) {
      throw asFileProblem(error);
    }
    if (rows.length > 0) yield { rows, bytes };
  }

  return { totalBytes: sizeBytes, chunks };
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}
