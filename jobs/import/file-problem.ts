/** Why a whole file was refused, or why reading stopped. */
import { HubError } from '../../schema/errors.ts';

/** Published (docs/import.md); a code is never renamed or reused. Header codes come from the layout. */
export type FileProblemCode =
  | 'COLUMNS_MISSING'
  | 'COLUMNS_UNKNOWN'
  | 'COLUMNS_AMBIGUOUS'
  /** There is no such file, or it cannot be opened. */
  | 'FILE_NOT_FOUND'
  /** The department has no such layout. */
  | 'LAYOUT_UNKNOWN'
  | 'FILE_EMPTY'
  /** Neither CSV nor XLSX, e.g. the older .xls or a file with a password. */
  | 'FORMAT_UNKNOWN'
  /** Cut off, or broken inside. */
  | 'FILE_DAMAGED'
  /** A line, a row, a table or an unpacked part beyond the limits. */
  | 'FILE_TOO_LARGE'
  /** An XLSX part with a DTD, comments or processing instructions, which no spreadsheet program writes. */
  | 'XML_FORBIDDEN'
  /** Somebody wrote to the file while it was read. */
  | 'FILE_CHANGED';

/**
 * @param message for the clerk. Never holds text from the file, and the error has no cause: the parsers' own errors
 *   quote what they stumbled over.
 * @param row 1-based row at which reading stopped
 */
export function fileProblem(code: FileProblemCode, message: string, row?: number): HubError {
  return new HubError('INPUT_INVALID', message, { details: { reason: code, ...(row !== undefined && { row }) } });
}

/** A parser's complaint as ours. Our own errors pass. */
export function damaged(error: unknown, row?: number): unknown {
  if (error instanceof HubError || !(error instanceof Error)) return error;
  return fileProblem('FILE_DAMAGED', 'The file is damaged or cut off.', row);
}
