/** Reads the numbers that are to be screened: one per row of a CSV or XLSX file, or one per line of a list. */
import type { FileHandle } from 'node:fs/promises';
import type { ScreenedKind } from '../../schema/screening/screened.ts';
import type { FileCell } from '../../sources/kit/file-layout.ts';
import type { Charset } from '../import/charset.ts';
import { fileProblem } from '../import/file-problem.ts';
import { inspectFile, type InspectedFile } from '../import/inspect-file.ts';
import { DEFAULT_LIMITS } from '../import/limits.ts';
import { openFile, openTable, refuseChange } from '../import/open-file.ts';
import type { TableRow } from '../import/table.ts';
import { findKeyColumn, kindOfRow, looksLikeCode, type KeyColumn } from './key-column.ts';

export interface KeyRow {
  /** As a spreadsheet program counts. */
  readonly row: number;
  readonly text: string;
  readonly kind: ScreenedKind;
  /** Why it cannot be asked about; null when it can. */
  readonly problem: string | null;
}

export interface KeyFile {
  /** SM3 of the file, hex. */
  readonly receipt: string;
  readonly format: InspectedFile['format'];
  /** Rows that name something, or should. */
  readonly rows: number;
  /** In order, as many at a time as asked for; the last ones may be fewer. @param from rows to leave out */
  batches(size: number, from: number): AsyncIterable<readonly KeyRow[]>;
  /** @throws HubError INPUT_INVALID FILE_CHANGED */
  refuseChange(): Promise<void>;
  close(): Promise<void>;
}

export interface KeyFileOptions {
  /** Of a text file; null = detected. */
  readonly charset: Charset | null;
  /** Heading or number of the column; null = to be found. */
  readonly column: string | null;
  /** null = to be found out. */
  readonly kind: ScreenedKind | null;
}

export const MOST_KEYS = 100_000;
const SAMPLE = 1_000;
const LOST_DIGITS = 'the file holds it as a number that has lost digits; make the column text and fill it again';
const SCIENTIFIC = /^\d(\.\d+)?E\+\d+$/i;

function problemOf(cell: FileCell): string | null {
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? null : LOST_DIGITS;
  if (cell.trim() === '') return 'the row names nothing';
  return SCIENTIFIC.test(cell.trim()) ? LOST_DIGITS : null;
}

const isBlank = ({ cells }: TableRow): boolean => cells.every((cell) => String(cell).trim() === '');

class Keys implements KeyFile {
  readonly receipt: string;
  readonly format: InspectedFile['format'];
  rows = 0;
  readonly #handle: FileHandle;
  readonly #before: { readonly mtimeMs: number; readonly size: number };
  readonly #inspected: InspectedFile;
  readonly #options: KeyFileOptions;
  #column: KeyColumn | null = null;
  #majority: ScreenedKind = 'REPORT';

  constructor(
    handle: FileHandle,
    before: { readonly mtimeMs: number; readonly size: number },
    inspected: InspectedFile,
    options: KeyFileOptions,
  ) {
    this.#handle = handle;
    this.#before = before;
    this.#inspected = inspected;
    this.#options = options;
    this.receipt = inspected.receipt;
    this.format = inspected.format;
  }

  /** Reads it once to its end, so that nothing is asked about a file that is then refused. */
  async survey(): Promise<void> {
    let [sampled, codes] = [0, 0];
    for await (const cell of this.#cells()) {
      this.rows += 1;
      if (this.rows > MOST_KEYS) {
        throw fileProblem('FILE_TOO_LARGE', `The file has more than ${MOST_KEYS} numbers; divide it.`, cell.row);
      }
      if (sampled >= SAMPLE || problemOf(cell.value) !== null) continue;
      sampled += 1;
      if (looksLikeCode(String(cell.value))) codes += 1;
    }
    if (this.rows === 0) throw fileProblem('FILE_EMPTY', 'The file names nothing that could be screened.');
    this.#majority = codes * 2 > sampled ? 'INSTITUTION' : 'REPORT';
  }

  async *batches(size: number, from: number): AsyncIterable<readonly KeyRow[]> {
    let batch: KeyRow[] = [];
    let passed = 0;
    for await (const { row, value } of this.#cells()) {
      passed += 1;
      if (passed <= from) continue;
      const text = String(value).trim();
      const kind = this.#options.kind ?? this.#column?.kind ?? kindOfRow(text, this.#majority);
      batch.push({ row, text, kind, problem: problemOf(value) });
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async refuseChange(): Promise<void> {
    await refuseChange(this.#handle, this.#before);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** The cells of the column under its heading; blank rows are none. */
  async *#cells(): AsyncIterable<{ readonly row: number; readonly value: FileCell }> {
    const file = { handle: this.#handle, sizeBytes: this.#inspected.sizeBytes, limits: DEFAULT_LIMITS };
    const table = await openTable(file, this.#inspected);
    let column: KeyColumn | null = null;
    for await (const { rows } of table.chunks()) {
      for (const row of rows) {
        if (isBlank(row)) continue;
        if (column === null) {
          column = findKeyColumn(row.cells, this.#options.column);
          this.#column = column;
          if (column.hasHeading) continue;
        }
        yield { row: row.number, value: row.cells[column.index] ?? '' };
      }
    }
  }
}

/** @throws HubError INPUT_INVALID with a file problem; see docs/screening.md */
export async function openKeys(path: string, options: KeyFileOptions): Promise<KeyFile> {
  const handle = await openFile(path);
  try {
    const before = await handle.stat();
    const keys = new Keys(handle, before, await inspectFile(handle, options.charset), options);
    await keys.survey();
    return keys;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
