/** A table as both kinds of file give it. */
import type { FileHandle } from 'node:fs/promises';
import type { FileCell } from '../../sources/kit/file-layout.ts';
import type { ImportLimits } from './limits.ts';

/** Stands in a cell for what cannot be read: bytes that are no character, a spreadsheet's error value. */
export const UNREADABLE = '\uFFFD';

export interface TableRow {
  /** As a spreadsheet program counts: from 1, the header and blank rows included. */
  readonly number: number;
  readonly cells: readonly FileCell[];
}

/** Rows in order, as many at a time as were at hand. */
export interface TableChunk {
  readonly rows: readonly TableRow[];
  /** Bytes read so far, of `OpenTable.totalBytes`. */
  readonly bytes: number;
}

export interface OpenTable {
  readonly totalBytes: number;
  /** Reads on only when it is asked to. @throws HubError INPUT_INVALID with a file problem */
  chunks(): AsyncIterable<TableChunk>;
}

export interface TableFile {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  readonly limits: ImportLimits;
}
