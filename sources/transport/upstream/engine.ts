/**
 * PostgreSQL inside the process (PGlite), in memory. It has one session; connections take turns, a whole exchange of
 * messages at a time, and a connection that has begun a transaction keeps its turn until it ends. Named prepared
 * statements are therefore shared by all connections; the hub's driver uses none.
 */
import { PGlite } from '@electric-sql/pglite';
import type { World } from '../../world/types.ts';
import { exchangeRows } from './exchange-rows.ts';
import { createIndexes, createTable, TABLES, valuesOf } from './fill.ts';
import { message, readMessages } from './messages.ts';

interface Waiting {
  readonly owner: object;
  readonly messages: Buffer;
  answer(reply: Buffer): void;
  fail(error: unknown): void;
}

/** Rows copied in one go; in between the process may do something else. */
const ROWS_PER_COPY = 5_000;

export class Engine {
  readonly #database: PGlite;
  readonly #waiting: Waiting[] = [];
  #busy = false;
  /** Who has begun a transaction. */
  #owner: object | null = null;

  private constructor(database: PGlite) {
    this.#database = database;
  }

  static async start(world: World): Promise<Engine> {
    const database = await PGlite.create();
    for (const table of TABLES) await database.exec(createTable(table, 'postgres'));
    await copyRows(database, world);
    for (const table of TABLES) for (const statement of createIndexes(table)) await database.exec(statement);
    await database.exec('ANALYZE');
    return new Engine(database);
  }

  /** Runs frontend messages that end in a Query, Sync or Flush, and gives the backend's messages. */
  exchange(owner: object, messages: Buffer): Promise<Buffer> {
    return new Promise((answer, fail) => {
      this.#waiting.push({ owner, messages, answer, fail });
      void this.#work();
    });
  }

  /** Runs statements of the upstream itself. */
  async run(statements: string): Promise<void> {
    const reply = readMessages(await this.exchange(this, message('Q', Buffer.from(`${statements}\0`))));
    const error = reply.find(({ type }) => type === 'E');
    if (error !== undefined) throw new Error(error.body.toString('utf8').replaceAll('\0', ' '));
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

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      try {
        const parts: Buffer[] = [];
        await this.#database.execProtocolRawStream(next.messages, {
          onRawData: (part) => void parts.push(Buffer.from(part)),
        });
        const reply = Buffer.concat(parts);
        const status = readMessages(reply).findLast(({ type }) => type === 'Z');
        this.#owner = status?.body.toString('latin1') === 'I' ? null : next.owner;
        next.answer(reply);
      } catch (error) {
        next.fail(error);
      }
    }
    this.#busy = false;
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
