/**
 * PostgreSQL inside the process (PGlite), in memory. It has one session; connections take turns, a whole exchange of
 * messages at a time, and a connection that has begun a transaction keeps its turn until it ends. Named prepared
 * statements are therefore shared by all connections; the hub's driver uses none. Connections act in the role of the
 * department's account for the hub, the upstream itself as the owner of the tables.
 */
import { PGlite, types } from '@electric-sql/pglite';
import { emptyPostgres } from '../../kit/empty-postgres.ts';
import type { World } from '../../world/types.ts';
import { exchangeRows } from './exchange-rows.ts';
import { createIndexes, createTable, TABLES, valuesOf } from './fill.ts';
import type { Cells } from './format.ts';
import { message, readMessages } from './messages.ts';
import { grantsTo } from './rights.ts';

interface Waiting {
  readonly owner: object;
  /** Never rejects. @returns whether a transaction is open afterwards */
  run(): Promise<boolean>;
}

/** No parser: every value is the text that the engine wrote. */
const AS_TEXT = Object.fromEntries(
  [types.INT4, types.NUMERIC, types.DATE, types.TIMESTAMP].map((type) => [type, (text: string) => text]),
);

/** Reserving room for a table copies the whole file each time: files in memory know no other way. */
const GROWS_BY_WRITING = ['-c', 'file_extend_method=write_zeros'];

/** Rows copied in one go; in between the process may do something else. */
const ROWS_PER_COPY = 5_000;

export class Engine {
  readonly #database: PGlite;
  readonly #waiting: Waiting[] = [];
  #busy = false;
  /** Who has begun a transaction. */
  #owner: object | null = null;
  readonly #account: string;

  private constructor(database: PGlite, account: string) {
    this.#database = database;
    this.#account = account;
  }

  /** @param account the role in which connections act; a name that needs no quotes */
  static async start(world: World, account: string): Promise<Engine> {
    const database = await PGlite.create({
      loadDataDir: await emptyPostgres(),
      startParams: [...PGlite.defaultStartParams, ...GROWS_BY_WRITING],
    });
    for (const table of TABLES) await database.exec(createTable(table, 'postgres'));
    await copyRows(database, world);
    for (const table of TABLES) for (const statement of createIndexes(table)) await database.exec(statement);
    await database.exec(`ANALYZE ${TABLES.map(({ name }) => name).join(', ')}`);
    await database.exec(`CREATE ROLE ${account}`);
    for (const statement of grantsTo(account, TABLES)) await database.exec(statement);
    return new Engine(database, account);
  }

  /** Runs frontend messages that end in a Query, Sync or Flush, and gives the backend's messages. */
  exchange(owner: object, messages: Buffer): Promise<Buffer> {
    return this.#queue(owner, async () => {
      const reply = await this.#exchange(messages);
      const status = readMessages(reply)
        .findLast(({ type }) => type === 'Z')
        ?.body.toString('latin1');
      return { value: reply, inTransaction: status !== 'I' };
    });
  }

  /** Runs statements of the upstream itself. */
  async run(statements: string): Promise<void> {
    const reply = readMessages(await this.exchange(this, message('Q', Buffer.from(`${statements}\0`))));
    const error = reply.find(({ type }) => type === 'E');
    if (error !== undefined) throw new Error(error.body.toString('utf8').replaceAll('\0', ' '));
  }

  /** Runs one statement of the upstream itself. @returns rows by column names in small letters, values as text */
  query(
    statement: string,
    parameters: readonly (string | number | null)[],
  ): Promise<readonly Readonly<Record<string, string | null>>[]> {
    return this.#queue(this, async () => {
      const { rows } = await this.#database.query<Record<string, string | null>>(statement, [...parameters], {
        parsers: AS_TEXT,
      });
      return { value: rows, inTransaction: false };
    });
  }

  /** Adds a row as the upstream itself. */
  async insert(table: string, cells: Cells): Promise<void> {
    const names = Object.keys(cells);
    const places = names.map((_, place) => `$${place + 1}`);
    const statement = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`;
    await this.query(statement, Object.values(cells));
  }

  /** A connection is gone: what it waits for is dropped, its transaction is rolled back. */
  leave(owner: object): void {
    for (let place = this.#waiting.length - 1; place >= 0; place -= 1) {
      if (this.#waiting[place]?.owner === owner) this.#waiting.splice(place, 1);
    }
    if (this.#owner === owner) this.exchange(owner, message('Q', Buffer.from('ROLLBACK\0'))).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#waiting.splice(0);
    await this.#database.close();
  }

  #queue<T>(owner: object, work: () => Promise<{ readonly value: T; readonly inTransaction: boolean }>): Promise<T> {
    return new Promise((answer, fail) => {
      const run = async (): Promise<boolean> => {
        try {
          await this.#actAs(owner === this ? 'NONE' : this.#account);
          const { value, inTransaction } = await work();
          answer(value);
          return inTransaction;
        } catch (error) {
          fail(error instanceof Error ? error : new Error(String(error)));
          return this.#owner !== null;
        }
      };
      this.#waiting.push({ owner, run });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#owner = (await next.run()) ? next.owner : null;
    }
    this.#busy = false;
  }

  /**
   * Said anew each time, because a connection may have taken another role. Within a transaction the role stays what it
   * is: nobody else gets a turn.
   */
  async #actAs(role: string): Promise<void> {
    if (this.#owner !== null) return;
    await this.#exchange(message('Q', Buffer.from(`RESET SESSION AUTHORIZATION; SET ROLE ${role}\0`)));
  }

  async #exchange(messages: Buffer): Promise<Buffer> {
    const parts: Buffer[] = [];
    await this.#database.execProtocolRawStream(messages, {
      onRawData: (part) => void parts.push(Buffer.from(part)),
    });
    return Buffer.concat(parts);
  }

  #next(): Waiting | undefined {
    if (this.#owner === null) return this.#waiting.shift();
    const place = this.#waiting.findIndex(({ owner }) => owner === this.#owner);
    return place < 0 ? undefined : this.#waiting.splice(place, 1)[0];
  }
}

async function copyRows(database: PGlite, world: World): Promise<void> {
  const waiting = new Map(TABLES.map((table) => [table.name, { table, lines: [] as string[] }]));
  const copy = async ({ table, lines }: { table: { name: string }; lines: string[] }): Promise<void> => {
    if (lines.length === 0) return;
    const blob = new Blob([`${lines.splice(0).join('\n')}\n`]);
    await database.query(`COPY ${table.name} FROM '/dev/blob'`, [], { blob });
  };
  for (const row of exchangeRows(world, false)) {
    const target = waiting.get(row.table);
    if (target === undefined) throw new Error(`${row.table} is not in tables.sql`);
    target.lines.push(valuesOf(target.table, row).map(copyField).join('\t'));
    if (target.lines.length >= ROWS_PER_COPY) await copy(target);
  }
  for (const target of waiting.values()) await copy(target);
}

/** COPY's text format. */
function copyField(value: string | number | null): string {
  if (value === null) return '\\N';
  return String(value).replace(/[\\\t\n\r]/g, (character) => COPY_ESCAPES[character] ?? character);
}

const COPY_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
