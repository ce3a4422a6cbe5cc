/**
 * Reads tables.sql, the typed contract of an exchange database: CREATE TABLE and CREATE INDEX statements in a small
 * portable subset of SQL. Every identifier that ever reaches a statement comes from here.
 *
 * What the reader may write is marked in the comments, and nothing else is ever written: `@reader-updates` at a column
 * (the state that the reader sets), `@reader-inserts` at a table (the rows that the reader adds: feedback, notices).
 */

export const COLUMN_TYPES = ['CHAR', 'VARCHAR', 'CLOB', 'INT', 'DECIMAL', 'DATE', 'DATETIME'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export const isTextType = (type: ColumnType): boolean => type === 'CHAR' || type === 'VARCHAR' || type === 'CLOB';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Characters of CHAR and VARCHAR, digits of DECIMAL; null for the others. */
  readonly size: number | null;
  /** Digits of DECIMAL after the point; null for the others. */
  readonly scale: number | null;
  /** The department's words for it; empty where the file has none. */
  readonly label: string;
  /** Marked `@reader-updates`. */
  readonly readerUpdates: boolean;
}

export interface Index {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface Table {
  readonly name: string;
  readonly label: string;
  /** Marked `@reader-inserts`. */
  readonly readerInserts: boolean;
  /** In the order of the file. */
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
}

interface Token {
  readonly text: string;
  readonly comment: boolean;
  readonly line: number;
}

const TOKEN = /--[^\n]*|\/\*(?<comment>[\s\S]*?)\*\/|[A-Za-z]\w*|\d+|[(),;]|\s+|(?<unknown>[\s\S])/g;
const MARK = /@[\w-]+/g;
/** Unquoted names in capitals: PostgreSQL folds them, MySQL keeps them, and neither needs quotes. */
const NAME = /^[A-Z][A-Z0-9_]{0,62}$/;

/**
 * @param sql the text of a tables.sql
 * @returns the tables in the order of the file
 * @throws Error naming the line of whatever is not of the subset
 */
export function readTables(sql: string): readonly Table[] {
  const reader = new Reader(tokensOf(sql));
  const tables: Table[] = [];
  const indexes: (Index & { readonly table: string })[] = [];
  while (!reader.atEnd()) {
    reader.expect('CREATE');
    if (reader.take('TABLE')) tables.push(readTable(reader));
    else indexes.push(readIndex(reader));
  }
  const names = new Set(tables.map(({ name }) => name));
  if (names.size !== tables.length) throw new Error('a table is created twice');
  for (const { name, table, columns } of indexes) {
    const known = new Set(tables.find((each) => each.name === table)?.columns.map((column) => column.name));
    if (!columns.every((column) => known.has(column)))
      throw new Error(`index ${name} names a column that is not there`);
  }
  return tables.map((table) => ({
    ...table,
    indexes: indexes.filter((index) => index.table === table.name).map(({ name, columns }) => ({ name, columns })),
  }));
}

function readTable(reader: Reader): Table {
  const name = reader.name();
  const { label, marked } = reader.comment('@reader-inserts');
  const columns: Column[] = [];
  reader.expect('(');
  do columns.push(readColumn(reader));
  while (reader.take(','));
  reader.expect(')');
  reader.expect(';');
  if (new Set(columns.map((column) => column.name)).size !== columns.length)
    throw new Error(`table ${name} has a column twice`);
  return { name, label, readerInserts: marked, columns, indexes: [] };
}

function readColumn(reader: Reader): Column {
  const name = reader.name();
  const type = reader.oneOf(COLUMN_TYPES);
  const sized = type === 'CHAR' || type === 'VARCHAR' || type === 'DECIMAL';
  let size: number | null = null;
  let scale: number | null = null;
  if (sized) {
    reader.expect('(');
    size = reader.number();
    if (type === 'DECIMAL') {
      reader.expect(',');
      scale = reader.number();
    }
    reader.expect(')');
  }
  const { label, marked } = reader.comment('@reader-updates');
  return { name, type, size, scale, label, readerUpdates: marked };
}

function readIndex(reader: Reader): Index & { readonly table: string } {
  reader.expect('INDEX');
  const name = reader.name();
  reader.expect('ON');
  const table = reader.name();
  const columns: string[] = [];
  reader.expect('(');
  do columns.push(reader.name());
  while (reader.take(','));
  reader.expect(')');
  reader.expect(';');
  return { name, table, columns };
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const match of sql.matchAll(TOKEN)) {
    const [text] = match;
    const { comment, unknown } = match.groups ?? {};
    if (unknown !== undefined) throw new Error(`line ${line}: ${JSON.stringify(text)} is not of the subset`);
    if (comment !== undefined) tokens.push({ text: comment.trim(), comment: true, line });
    else if (!text.startsWith('--') && text.trim() !== '') tokens.push({ text, comment: false, line });
    line += text.split('\n').length - 1;
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  atEnd(): boolean {
    return this.#position >= this.#tokens.length;
  }

  /** Takes this word or mark if it comes next. */
  take(text: string): boolean {
    const next = this.#next();
    if (next === undefined || next.comment || next.text.toUpperCase() !== text) return false;
    this.#position += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.#unexpected(text);
  }

  oneOf<T extends string>(words: readonly T[]): T {
    const word = words.find((each) => this.take(each));
    if (word === undefined) throw this.#unexpected(words.join(' or '));
    return word;
  }

  name(): string {
    const next = this.#next();
    if (next === undefined || next.comment || !NAME.test(next.text)) throw this.#unexpected('a name in capitals');
    this.#position += 1;
    return next.text;
  }

  number(): number {
    const next = this.#next();
    if (next === undefined || next.comment || !/^\d+$/.test(next.text)) throw this.#unexpected('a number');
    this.#position += 1;
    return Number(next.text);
  }

  /**
   * The comment if one comes next, otherwise nothing.
   * @param mark the only mark that it may hold
   */
  comment(mark: string): { readonly label: string; readonly marked: boolean } {
    const next = this.#next();
    if (next?.comment !== true) return { label: '', marked: false };
    const marks = next.text.match(MARK) ?? [];
    if (marks.some((each) => each !== mark)) throw this.#unexpected(`no mark but ${mark}`);
    this.#position += 1;
    return { label: next.text.replaceAll(MARK, '').trim(), marked: marks.length > 0 };
  }

  #next(): Token | undefined {
    return this.#tokens[this.#position];
  }

  #unexpected(wanted: string): Error {
    const next = this.#next();
    return next === undefined
      ? new Error(`the file ends where ${wanted} was expected`)
      : new Error(`line ${next.line}: ${wanted} was expected, not ${JSON.stringify(next.text)}`);
  }
}
