/** Text for spreadsheet programs, which run what begins like a formula. */
import { stringify } from 'csv-stringify/sync';

export type CsvCell = string | number | null;

/** As RFC 4180 has it. */
export const CSV_LINE_END = '\r\n';

/** What nearly every spreadsheet program needs to see UTF-8; only at the beginning of a file. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** Blanks and characters of no width do not keep a program from seeing the formula behind them. */
const FORMULA_BEHIND_BLANKS = /^[\s\p{Cf}]+[=+\-@＝＋－＠]|^[\n|%]/u;

const harmless = (cell: CsvCell): CsvCell =>
  typeof cell === 'string' && FORMULA_BEHIND_BLANKS.test(cell) ? `'${cell}` : cell;

/**
 * A text that begins like a formula gets an apostrophe before it, so that it is shown
 * and not run; numbers stay numbers.
 */
export const csvText = (rows: readonly (readonly CsvCell[])[]): string =>
  stringify(
    rows.map((row) => row.map(harmless)),
    // A lone line end would begin a new line, and with it a cell that nobody has looked at.
    { escape_formulas: true, record_delimiter: CSV_LINE_END, quoted_match: /[\r\n]/ },
  );
