/** An exchange database on each engine there is: PGlite always, real servers where the environment names them. */
import { PGlite, types } from '@electric-sql/pglite';
import type { GraphQLSchema } from 'graphql';
import { Kysely, PostgresDialect } from 'kysely';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyPostgres } from '../../../sources/kit/empty-postgres.ts';
import type { MeshCall } from '../../../sources/kit/mesh-call.ts';
import ExchangeDatabaseHandler from '../../../sources/kit/mesh-handlers/exchange-database/index.ts';
import { openExchangeDatabase } from '../../../sources/kit/mesh-handlers/exchange-database/open-database.ts';
import type { ExchangeDatabase } from '../../../sources/kit/transport.ts';
import { sqlServers } from '../../support/sql-servers.ts';

export interface OpenedDatabase {
  readonly database: ExchangeDatabase;
  close(): Promise<void>;
}

/** PGlite without a wire between. */
async function embedded(): Promise<OpenedDatabase> {
  const engine = await PGlite.create({ loadDataDir: await emptyPostgres() });
  const asText = (text: string): string => text;
  const oids = [types.INT4, types.INT8, types.NUMERIC, types.DATE, types.TIMESTAMP];
  const parsers = Object.fromEntries(oids.map((oid) => [oid, asText]));
  const client = {
    query: async (text: string, values: readonly unknown[]) => {
      const { rows, affectedRows } = await engine.query<never>(text, [...values], { parsers });
      const command = /^\s*(insert|update|delete)/i.exec(text)?.[1]?.toUpperCase() ?? 'SELECT';
      return { command, rowCount: affectedRows ?? rows.length, rows };
    },
    release: () => undefined,
  };
  const pool = { connect: () => Promise.resolve(client), end: () => engine.close() };
  const database: ExchangeDatabase = new Kysely({ dialect: new PostgresDialect({ pool: pool as never }) });
  return { database, close: () => database.destroy() };
}

const onServer = (url: string) => (): Promise<OpenedDatabase> =>
  Promise.resolve(openExchangeDatabase({ url, poolSize: 2, timeoutMs: 10_000 }));
const { postgres, mysql } = sqlServers();

export const ENGINES: readonly (readonly [string, () => Promise<OpenedDatabase>])[] = [
  ['PGlite', embedded] as const,
  ...(postgres === undefined ? [] : [['PostgreSQL', onServer(postgres)] as const]),
  ...(mysql === undefined ? [] : [['MySQL or MariaDB', onServer(mysql)] as const]),
];

export function callOn(database: ExchangeDatabase): MeshCall {
  return {
    departmentName: 'Test',
    transport: { kind: 'database', database },
    signal: new AbortController().signal,
    log: { receipts: [], failures: [] },
  };
}

/** The schema that the handler makes of a contract file. */
export async function schemaOf(contract: string, config: object): Promise<GraphQLSchema> {
  const baseDir = mkdtempSync(join(tmpdir(), 'exchange-database-'));
  writeFileSync(join(baseDir, 'tables.sql'), contract);
  const { schema } = await new ExchangeDatabaseHandler({ name: 'Test', config, baseDir }).getMeshSource();
  return schema;
}
