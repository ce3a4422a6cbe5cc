/**
 * What a department's folder offers for reading its export files: which columns a file must have, and what one of its
 * rows means. Reading the file itself (character sets, CSV, XLSX) is nobody's concern here.
 */
import type { ReplicatedRead, SourceReads } from '../../schema/ports.ts';
import type { Draft, DraftChange } from './adapter.ts';

/** Why a row was refused. The list is published (docs/import.md); a code is never renamed or reused. */
export const ROW_PROBLEM_CODES = [
  /** A cell that must be filled is empty. */
  'MISSING',
  /** Not a day or time that exists. */
  'NOT_A_DATE',
  /** Not a plain amount of at most six decimals. */
  'NOT_AN_AMOUNT',
  /** Not a unified social credit code, or its check characters are wrong. */
  'BAD_CREDIT_CODE',
  /** The row is about a natural person. */
  'NATURAL_PERSON',
  /** A text that would be kept holds an identity card number. */
  'PERSONAL_DATA',
  /** A word or code that is not in the column's list. */
  'UNKNOWN_CATEGORY',
  /** Longer than the column may be. */
  'TOO_LONG',
  /** Characters that cannot be read, or an error value of the spreadsheet. */
  'BAD_TEXT',
  /** A filled cell under no heading: the row is shifted. */
  'EXTRA_CELL',
  /** The same as an earlier row. */
  'DUPLICATE_IN_FILE',
  /** An earlier row says something else about the same record. */
  'CONFLICT_IN_FILE',
] as const;
export type RowProblemCode = (typeof ROW_PROBLEM_CODES)[number];

/** One reason for refusing a row. Never holds the value of a cell: refused rows are where personal data is. */
export interface RowProblem {
  /** The department's name of the column; empty when it is the whole row. */
  readonly column: string;
  readonly code: RowProblemCode;
  readonly message: string;
}

/** A cell: text, or a number where the file has types (a date is then a serial number). Empty text = nothing. */
export type FileCell = string | number;

export type FileDraft = Draft<SourceReads[ReplicatedRead]['record']>;

/** What a row became: changes to hand on, or at least one reason against it. */
export type RowReading =
  { readonly changes: readonly DraftChange<FileDraft>[] } | { readonly problems: readonly RowProblem[] };

/** A layout whose version and order of columns are known. */
export interface OpenedLayout {
  readonly version: string;
  /** Pure. @param cells in the order of the header; missing ones at the end count as empty */
  toChanges(cells: readonly FileCell[]): RowReading;
}

/** One kind of export file of a department. */
export interface FileLayout {
  /** What its rows are. */
  readonly read: ReplicatedRead;
  readonly title: string;
  readonly titleZh: string;
  readonly versions: readonly FileLayoutVersion[];
  /** @param header the first filled row. @throws HeaderMismatch when it is not the header of exactly one version */
  columnsOf(header: readonly string[]): OpenedLayout;
}

export interface FileColumn {
  /** The department's code of the column; also accepted in lower and camel case, with and without underscores. */
  readonly name: string;
  /** Other headings of it: Chinese labels, older codes. Blanks, brackets and punctuation in them do not matter. */
  readonly labels: readonly string[];
  /**
   * REQUIRED: the file must have it. OPTIONAL: read when there. IGNORED: known, not read. PERSONAL: dropped before
   * anything looks at the row; such columns may repeat.
   */
  readonly use: 'REQUIRED' | 'OPTIONAL' | 'IGNORED' | 'PERSONAL';
}

/** The cells of one row by the department's names; only columns that are read. */
export type NamedCells = ReadonlyMap<string, FileCell>;

export interface FileLayoutVersion {
  readonly name: string;
  readonly columns: readonly FileColumn[];
  /** Of these groups at least one column each must be there. */
  readonly oneOf?: readonly (readonly string[])[];
  toChanges(cells: NamedCells): RowReading;
}

/** The header is that of no version, or not clearly that of one. Names our columns only, never the file's own words. */
export class HeaderMismatch extends Error {
  override readonly name = 'HeaderMismatch';
  constructor(
    readonly code: 'COLUMNS_MISSING' | 'COLUMNS_UNKNOWN' | 'COLUMNS_AMBIGUOUS',
    message: string,
  ) {
    super(message);
  }
}

const BLANKS_AND_MARKS = /[\s\p{Punctuation}\p{Symbol}\p{Format}]+/gu;

/** A heading as it is compared: without width, case, blanks, brackets, underscores and marks. */
function comparable(heading: string): string {
  return heading.normalize('NFKC').replace(BLANKS_AND_MARKS, '').toUpperCase();
}

interface HeaderMatch {
  readonly version: FileLayoutVersion;
  /** The column at each position; null where the heading is empty or unknown. */
  readonly columns: readonly (FileColumn | null)[];
  /** 1-based positions of headings that the version does not know. */
  readonly unknown: readonly number[];
  readonly missing: readonly string[];
  readonly repeated: readonly string[];
}

function inWords({ name, labels }: FileColumn): string {
  return labels[0] === undefined ? name : `${name} ${labels[0]}`;
}

function match(version: FileLayoutVersion, header: readonly string[]): HeaderMatch {
  const byHeading = new Map<string, FileColumn>();
  for (const column of version.columns)
    for (const heading of [column.name, ...column.labels]) byHeading.set(comparable(heading), column);
  const columns = header.map((heading) => byHeading.get(comparable(heading)) ?? null);
  const found = columns.filter((column) => column !== null);
  const names = new Set(found.map(({ name }) => name));
  const wordsOf = (name: string) =>
    version.columns
      .filter((column) => column.name === name)
      .map(inWords)
      .join();
  return {
    version,
    columns,
    unknown: header.flatMap((heading, index) =>
      columns[index] === null && comparable(heading) !== '' ? [index + 1] : [],
    ),
    missing: [
      ...version.columns.filter(({ name, use }) => use === 'REQUIRED' && !names.has(name)).map(inWords),
      ...(version.oneOf ?? [])
        .filter((group) => !group.some((name) => names.has(name)))
        .map((group) => group.map(wordsOf).join(' or ')),
    ],
    repeated: [
      ...new Set(
        found
          .filter((column, index) => column.use !== 'PERSONAL' && found.indexOf(column) !== index)
          .map(({ name }) => name),
      ),
    ],
  };
}

/** What keeps the header from being that of its nearest version. */
function mismatch(matches: readonly HeaderMatch[]): HeaderMismatch {
  const [nearest] = [...matches].sort(
    (a, b) => a.missing.length + a.unknown.length - (b.missing.length + b.unknown.length),
  );
  if (nearest === undefined) return new HeaderMismatch('COLUMNS_UNKNOWN', 'The layout has no versions.');
  const { version, missing, unknown, repeated } = nearest;
  if (repeated.length > 0)
    return new HeaderMismatch('COLUMNS_AMBIGUOUS', `These columns are there more than once: ${repeated.join(', ')}.`);
  const others = matches.filter((other) => other !== nearest);
  const mixed = unknown.flatMap((position) => {
    const owner = others.find(({ columns }) => columns[position - 1] !== null);
    const column = owner?.columns[position - 1];
    return owner !== undefined && column ? [`${column.name} of version ${owner.version.name}`] : [];
  });
  const parts = [
    ...(missing.length > 0 ? [`these columns are missing: ${missing.join('; ')}`] : []),
    ...(mixed.length > 0 ? [`these belong to another version: ${mixed.join(', ')}`] : []),
    // By position: a file without a header has its first row of data here.
    ...(unknown.length > mixed.length
      ? [`columns not known, by position: ${unknown.filter((at) => !knownTo(others, at)).join(', ')}`]
      : []),
  ];
  const code =
    mixed.length > 0 ? 'COLUMNS_AMBIGUOUS' : missing.length > 0 ? ('COLUMNS_MISSING' as const) : 'COLUMNS_UNKNOWN';
  return new HeaderMismatch(code, `Compared with version ${version.name} of the layout, ${parts.join('; ')}.`);
}

function knownTo(matches: readonly HeaderMatch[], position: number): boolean {
  return matches.some(({ columns }) => columns[position - 1] !== null);
}

function opened({ version, columns }: HeaderMatch): OpenedLayout {
  const positions = columns.map((column) =>
    column === null ? null : column.use === 'REQUIRED' || column.use === 'OPTIONAL' ? column.name : '',
  );
  return {
    version: version.name,
    toChanges(cells) {
      const named = new Map<string, FileCell>();
      for (const [index, cell] of cells.entries()) {
        const name = positions[index] ?? null;
        if (name === null) {
          if (String(cell).trim() === '') continue;
          const message = `the cell in column ${index + 1} stands under no heading`;
          return { problems: [{ column: '', code: 'EXTRA_CELL', message }] };
        }
        if (name !== '') named.set(name, cell);
      }
      return version.toChanges(named);
    },
  };
}

/**
 * Makes a layout of its versions. There is no field for the version in such files: the set of columns decides.
 * Two versions must differ in what they require, or every file would be ambiguous.
 */
export function fileLayout(parts: Omit<FileLayout, 'columnsOf'>): FileLayout {
  return {
    ...parts,
    columnsOf(header) {
      const matches = parts.versions.map((version) => match(version, header));
      const fitting = matches.filter(
        ({ missing, unknown, repeated }) => missing.length + unknown.length + repeated.length === 0,
      );
      const [only, another] = fitting;
      if (only === undefined) throw mismatch(matches);
      if (another !== undefined)
        throw new HeaderMismatch('COLUMNS_AMBIGUOUS', 'The columns are those of two versions of the layout.');
      return opened(only);
    },
  };
}
