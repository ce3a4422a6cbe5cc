/** Creates the department's tables in any of the engines and fills them: the stand for tests against real servers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { projectRoot } from '../../../schema/project-root.ts';
import type { Engine } from '../../kit/mesh-handlers/exchange-database/statement.ts';
import { readTables, type Column, type Table } from '../../kit/mesh-handlers/exchange-database/tables.ts';
import type { ExchangeDatabase } from '../../kit/transport.ts';
import type { World } from '../../world/types.ts';
import { exchangeRows, type TableRow } from './exchange-rows.ts';

export const TABLES: readonly Table[] = readTables(
  readFileSync(join(projectRoot, 'sources', 'transport', 'tables.sql'), 'utf8'),
);

const ROWS_PER_INSERT = 400;

function typeOf({ type, size, scale }: Column, engine: Engine): string {
  switch (type) {
    case 'CHAR':
    case 'VARCHAR':
      return `${type}(${size ?? 1})${engine === 'mysql' ? ' CHARACTER SET gbk' : ''}`;
    case 'CLOB':
      return engine === 'mysql' ? 'MEDIUMTEXT CHARACTER SET gbk' : 'TEXT';
    case 'DECIMAL':
      return `DECIMAL(${size ?? 18},${scale ?? 0})`;
    case 'DATETIME':
      return engine === 'postgres' ? 'TIMESTAMP(0)' : 'DATETIME';
    case 'INT':
    case 'DATE':
      return type;
  }
}

export function createTable({ name, columns }: Table, engine: Engine): string {
  const list = columns.map((column) => `${column.name} ${typeOf(column, engine)}`).join(', ');
  return `CREATE TABLE ${name} (${list})${engine === 'mysql' ? ' DEFAULT CHARACTER SET gbk' : ''}`;
}

/** One statement per index; quicker after the rows than before. */
export function createIndexes({ name: table, indexes }: Table): string[] {
  return indexes.map(({ name, columns }) => `CREATE INDEX ${name} ON ${table} (${columns.join(', ')})`);
}

/** The values of a row in the order of the table's columns. */
export function valuesOf(table: Table, { cells }: TableRow): (string | number | null)[] {
  return table.columns.map(({ name }) => cells[name] ?? null);
}

/**
 * Replaces the tables of the contract by new ones that hold what the department knows of the world.
 * @param database whose user may create and drop tables; a statement must be allowed to take some seconds
 */
export async function fillExchangeDatabase(database: ExchangeDatabase, dialect: Engine, world: World): Promise<void> {
  await database.connection().execute(async (connection) => {
    const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(connection);
    // Missing dates are 0000-00-00 there; anything that does not fit a column is still an error.
    if (dialect === 'mysql') await run("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'");
    for (const table of TABLES) {
      await run(`DROP TABLE IF EXISTS ${table.name}`);
      await run(createTable(table, dialect));
    }
    const waiting = new Map(TABLES.map((table) => [table.name, { table, rows: [] as (string | number | null)[][] }]));
    const insert = async ({ table, rows }: { table: Table; rows: (string | number | null)[][] }): Promise<void> => {
      const chunk = rows.splice(0);
      if (chunk.length === 0) return;
      const tuples = chunk.map((values) => sql`(${sql.join(values)})`);
      await sql`insert into ${sql.raw(table.name)} values ${sql.join(tuples)}`.execute(connection);
    };
    for (const row of exchangeRows(world, dialect === 'mysql')) {
      const target = waiting.get(row.table);
      if (target === undefined) throw new Error(`${row.table} is not in tables.sql`);
      target.rows.push(valuesOf(target.table, row));
      if (target.rows.length >= ROWS_PER_INSERT) await insert(target);
    }
    for (const target of waiting.values()) await insert(target);
    for (const table of TABLES) for (const statement of createIndexes(table)) await run(statement);
    for (const table of TABLES)
      await run(dialect === 'mysql' ? `ANALYZE TABLE ${table.name}` : `ANALYZE ${table.name}`);
  });
}
