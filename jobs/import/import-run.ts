/** One import under way: the header, then rows, then the counts. */
import type { SourceChange } from '../../schema/ports.ts';
import { HeaderMismatch } from '../../sources/kit/file-layout.ts';
import type { FileLayout, OpenedLayout, RowProblem, RowReading } from '../../sources/kit/file-layout.ts';
import type { Feedback } from './feedback.ts';
import { fileProblem } from './file-problem.ts';
import type { ImportLimits } from './limits.ts';
import { SeenRows } from './seen-rows.ts';
import type { ImportedRecord, ImportSink, SinkCounts } from './sink.ts';
import { stamp } from './stamp.ts';
import type { FileProvenance } from './stamp.ts';
import type { TableRow } from './table.ts';

const BATCH = 500;

export interface RunOptions {
  readonly layout: FileLayout;
  readonly limits: ImportLimits;
  readonly sink: ImportSink;
  readonly feedback: Feedback;
  readonly provenance: FileProvenance;
}

export interface RunCounts extends SinkCounts {
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
  readonly problems: Readonly<Record<string, number>>;
}

function isBlank({ cells }: TableRow): boolean {
  return cells.every((cell) => typeof cell === 'string' && cell.trim() === '');
}

export class ImportRun {
  readonly #options: RunOptions;
  readonly #seen = new SeenRows();
  readonly #problems = new Map<string, number>();
  #opened: OpenedLayout | null = null;
  #batch: SourceChange<ImportedRecord>[] = [];
  #rowsInBatch = 0;
  #kept = { inserted: 0, updated: 0, unchanged: 0 };
  #rows = 0;
  #accepted = 0;
  #refused = 0;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** Filled rows after the header, so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Resolves when the sink has kept every batch that became full. */
  async take(rows: readonly TableRow[]): Promise<void> {
    for (const row of rows) {
      if (isBlank(row)) continue;
      if (this.#opened === null) this.#opened = this.#openLayout(row);
      else await this.#takeRow(this.#opened, row);
    }
  }

  /** @throws HubError INPUT_INVALID for a file without a header */
  async finish(): Promise<{ readonly version: string; readonly counts: RunCounts }> {
    if (this.#opened === null) throw fileProblem('FILE_EMPTY', 'The file has no rows, not even a header.');
    await this.#handOn();
    const counts = {
      rows: this.#rows,
      accepted: this.#accepted,
      refused: this.#refused,
      ...this.#kept,
      problems: Object.fromEntries(this.#problems),
    };
    return { version: this.#opened.version, counts };
  }

  /** How many rows the sink has kept. */
  get accepted(): number {
    return this.#accepted;
  }

  #openLayout({ number, cells }: TableRow): OpenedLayout {
    try {
      return this.#options.layout.columnsOf(cells.map(String));
    } catch (error) {
      if (error instanceof HeaderMismatch) throw fileProblem(error.code, error.message, number);
      throw error;
    }
  }

  async #takeRow(layout: OpenedLayout, row: TableRow): Promise<void> {
    const { limits } = this.#options;
    this.#rows += 1;
    if (this.#rows > limits.rows)
      throw fileProblem('FILE_TOO_LARGE', `The file has more than ${limits.rows} rows.`, row.number);
    const reading = this.#onlyOnce(layout.toChanges(row.cells));
    if ('problems' in reading) {
      await this.#refuse(row.number, reading.problems);
      return;
    }
    for (const change of reading.changes) this.#batch.push(stamp(change, this.#options.provenance));
    this.#rowsInBatch += 1;
    if (this.#batch.length >= BATCH) await this.#handOn();
  }

  /** A record may come once only: which of two words on it is right, a file does not say. */
  #onlyOnce(reading: RowReading): RowReading {
    if ('problems' in reading) return reading;
    const [first] = reading.changes;
    if (first === undefined) return reading;
    const id = first.kind === 'UPSERT' ? first.draft.sourceRecordId : first.recordId;
    const sighting = this.#seen.see(id, JSON.stringify(reading.changes));
    if (sighting === 'NEW') return reading;
    const problem: RowProblem =
      sighting === 'SAME'
        ? { column: '', code: 'DUPLICATE_IN_FILE', message: 'is the same as an earlier row' }
        : {
            column: '',
            code: 'CONFLICT_IN_FILE',
            message: 'says something else than an earlier row about the same decision',
          };
    return { problems: [problem] };
  }

  async #refuse(rowNumber: number, problems: readonly RowProblem[]): Promise<void> {
    this.#refused += 1;
    for (const problem of problems) {
      this.#problems.set(problem.code, (this.#problems.get(problem.code) ?? 0) + 1);
      await this.#options.feedback.add({ rowNumber, ...problem });
    }
  }

  async #handOn(): Promise<void> {
    if (this.#batch.length > 0) {
      const { inserted, updated, unchanged } = await this.#options.sink.write(this.#options.layout.read, this.#batch);
      this.#kept = {
        inserted: this.#kept.inserted + inserted,
        updated: this.#kept.updated + updated,
        unchanged: this.#kept.unchanged + unchanged,
      };
    }
    this.#accepted += this.#rowsInBatch;
    this.#batch = [];
    this.#rowsInBatch = 0;
  }
}
