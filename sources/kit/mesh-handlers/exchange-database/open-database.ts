/** Opens an exchange database by its URL: PostgreSQL, MySQL or MariaDB, every value as the text the engine wrote. */
import { Kysely, MysqlDialect, PostgresDialect } from 'kysely';
import { createPool, type PoolOptions } from 'mysql2';
import { Pool, type PoolConfig } from 'pg';
import type { ExchangeDatabase } from '../../transport.ts';
import { GuardedSocket } from './guarded-socket.ts';
import { AbortableMysqlPool } from './mysql-pool.ts';
import { AbortablePostgresPool, ClosingClient } from './postgres-pool.ts';

export interface ExchangeDatabaseOptions {
  readonly url: string;
  /** Connections at the most. */
  readonly poolSize: number;
  /** Longest wait for a connection, and longest run of a statement on the server's side. */
  readonly timeoutMs: number;
}

export interface OpenedExchangeDatabase {
  readonly database: ExchangeDatabase;
  close(): Promise<void>;
}

const ENGINES: Readonly<Record<string, 'postgres' | 'mysql'>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
};

/** `sslmode` of the URL: no encryption (the default), encryption, encryption with the server's certificate checked. */
const ENCRYPTION: Readonly<Record<string, { readonly ssl?: { readonly rejectUnauthorized: boolean } }>> = {
  disable: {},
  require: { ssl: { rejectUnauthorized: false } },
  'verify-full': { ssl: { rejectUnauthorized: true } },
};

function encryptionOf({ searchParams }: URL): (typeof ENCRYPTION)[string] | undefined {
  return ENCRYPTION[searchParams.get('sslmode') ?? 'disable'];
}

/** Whether a text is the address of an exchange database: scheme, host and database name, and a known `sslmode`. */
export function isExchangeDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const { protocol, hostname, pathname } = url;
  const isPlace = ENGINES[protocol] !== undefined && hostname !== '' && /^\/[^/]+$/.test(pathname);
  return isPlace && encryptionOf(url) !== undefined;
}

/** Where a database is, for people: without user, password and parameters. */
export function addressWithoutCredentials(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/**
 * Connects on first use.
 * @param options whose URL {@link isExchangeDatabaseUrl} accepts
 * @throws Error for a URL of another kind
 */
export function openExchangeDatabase({ url, poolSize, timeoutMs }: ExchangeDatabaseOptions): OpenedExchangeDatabase {
  if (!isExchangeDatabaseUrl(url)) throw new Error('not the address of a PostgreSQL, MySQL or MariaDB database');
  const parsed = new URL(url);
  const server = {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(parsed.port === '' ? {} : { port: Number(parsed.port) }),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    ...encryptionOf(parsed),
  };
  const dialect =
    ENGINES[parsed.protocol] === 'postgres'
      ? new PostgresDialect({ pool: new AbortablePostgresPool(postgresPool(server, poolSize, timeoutMs)) })
      : new MysqlDialect({ pool: new AbortableMysqlPool(mysqlPool(server, poolSize, timeoutMs)) });
  const database: ExchangeDatabase = new Kysely({ dialect });
  return { database, close: () => database.destroy() };
}

function postgresPool(server: PoolConfig, max: number, timeoutMs: number): Pool {
  const pool = new Pool({
    ...server,
    max,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    Client: ClosingClient,
    keepAlive: true,
    idleTimeoutMillis: 60_000,
    // No parser: a date must not pass through a time zone, nor an amount through a binary fraction.
    types: { getTypeParser: () => (text: unknown) => text },
    options: '-c datestyle=ISO',
  });
  const ignore = (): void => undefined;
  // The pool drops idle connections that break; the next call opens another. Nobody has to hear of it.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return pool;
}

function mysqlPool(server: PoolOptions, max: number, timeoutMs: number): ReturnType<typeof createPool> {
  const pool = createPool({
    ...server,
    connectionLimit: max,
    maxIdle: max,
    connectTimeout: timeoutMs,
    stream: () => new GuardedSocket().connect(server.port ?? 3306, server.host ?? 'localhost'),
    enableKeepAlive: true,
    charset: 'utf8mb4',
    multipleStatements: false,
    // Text as the server wrote it: dates such as 0000-00-00, decimals with all their places.
    typeCast: (field) => field.string(),
  });
  pool.on('connection', (connection) => {
    // A value that does not fit is an error, never cut; and a backslash in a value means what the driver takes it for.
    connection.query("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'", () => undefined);
    // MariaDB and MySQL name the limit differently and refuse each other's name.
    connection.query(`SET SESSION max_statement_time = ${timeoutMs / 1000}`, () => undefined);
    connection.query(`SET SESSION max_execution_time = ${timeoutMs}`, () => undefined);
  });
  return pool;
}
