/** The file that tells a clerk what to correct: one line per problem, without a word of what the row said. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { BYTE_ORDER_MARK, csvText } from '../../schema/csv.ts';

export interface FeedbackLine {
  /** As a spreadsheet program counts; null when it is the whole file. */
  readonly rowNumber: number | null;
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

const COLUMNS = ['rowNumber', 'column', 'code', 'message'] as const;
const LINES_PER_WRITE = 500;
/** Beside the imported file: `penalties.csv` gets `penalties.feedback.csv`. */
export function feedbackPathOf(path: string): string {
  const { dir, name } = parse(path);
  return join(dir, `${name}.feedback.csv`);
}

export class Feedback {
  readonly #handle: FileHandle;
  #waiting: FeedbackLine[] = [];

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Replaces the feedback of an earlier run. */
  static async create(path: string): Promise<Feedback> {
    const handle = await open(path, 'w');
    await handle.write(BYTE_ORDER_MARK + csvText([COLUMNS]));
    return new Feedback(handle);
  }

  async add(line: FeedbackLine): Promise<void> {
    this.#waiting.push(line);
    if (this.#waiting.length >= LINES_PER_WRITE) await this.#flush();
  }

  async close(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      await this.#handle.close();
    }
  }

  async #flush(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    if (lines.length > 0)
      await this.#handle.write(
        csvText(lines.map(({ rowNumber, column, code, message }) => [rowNumber, column, code, message])),
      );
  }
}
