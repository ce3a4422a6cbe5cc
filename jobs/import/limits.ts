/** How much of a file is held in memory, and how far a packed file may unfold. */
export interface ImportLimits {
  /** Rows of one file; what is remembered of each to find repeated ones takes some 30 bytes. */
  readonly rows: number;
  /** Characters of one row, and of one line of text or one run of XML without a tag. */
  readonly rowCharacters: number;
  /** Columns of one row; the most that spreadsheet programs know. */
  readonly columns: number;
  readonly zipEntries: number;
  /** Of the table of texts in an XLSX file, which is held in memory; and of every other part but the sheet. */
  readonly sharedStringsBytes: number;
  /** Of the unpacked sheet, which is streamed. */
  readonly sheetBytes: number;
  /** Unpacked size to packed size. Sheets reach some 30, an attack 1000; small parts are not judged. */
  readonly unpackedRatio: number;
  readonly unjudgedBytes: number;
  /** Tags inside each other. */
  readonly xmlDepth: number;
}

const MEBIBYTE = 1_048_576;

export const DEFAULT_LIMITS: ImportLimits = {
  rows: 5_000_000,
  rowCharacters: 1_000_000,
  columns: 16_384,
  zipEntries: 1_000,
  sharedStringsBytes: 256 * MEBIBYTE,
  sheetBytes: 4_096 * MEBIBYTE,
  unpackedRatio: 300,
  unjudgedBytes: 8 * MEBIBYTE,
  xmlDepth: 32,
};
