/**
 * The department with an account for the hub that has just the rights it needs, and with somebody who may do anything:
 * in PGlite behind the gate, and in a database of its own on each real server that the environment names.
 */
import { sql } from 'kysely';
import type { DepartmentSource } from '../../../schema/ports.ts';
import {
  openExchangeDatabase,
  type OpenedExchangeDatabase,
} from '../../../sources/kit/mesh-handlers/exchange-database/open-database.ts';
import { Engine } from '../../../sources/transport/upstream/engine.ts';
import { fillExchangeDatabase, TABLES } from '../../../sources/transport/upstream/fill.ts';
import { Gate } from '../../../sources/transport/upstream/gate.ts';
import { grantsTo } from '../../../sources/transport/upstream/rights.ts';
import { buildWorld } from '../../../sources/world/build-world.ts';
import type { World } from '../../../sources/world/types.ts';
import { sqlServers } from '../../support/sql-servers.ts';
import { startWith } from './support.ts';

/** Column names in capitals, values as the engine wrote them. */
export type StandRow = Readonly<Record<string, string | null>>;

export interface Stand {
  readonly source: DepartmentSource;
  /** What grants and revocations call the hub's account. */
  readonly account: string;
  /** Runs a statement with the rights of the hub. */
  asHub(statement: string): Promise<StandRow[]>;
  /** Runs a statement with the rights of the department. */
  asOwner(statement: string): Promise<StandRow[]>;
  close(): Promise<void>;
}

const WORLD_SIZE = 30;
const USER = 'changes_reader';
const PASSWORD = 'stand';
const DATABASE = 'changes_test';

const capitals = (rows: readonly Readonly<Record<string, string | null>>[]): StandRow[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value])));

const runOn =
  ({ database }: OpenedExchangeDatabase) =>
  async (statement: string): Promise<StandRow[]> =>
    capitals((await sql.raw<Record<string, string | null>>(statement).execute(database)).rows);

async function withAccount(
  url: string,
  account: string,
  asOwner: Stand['asOwner'],
  closeOwner: () => Promise<void>,
): Promise<Stand> {
  const hub = openExchangeDatabase({ url, poolSize: 1, timeoutMs: 10_000 });
  const started = await startWith(url);
  return {
    source: started.source,
    account,
    asHub: runOn(hub),
    asOwner,
    async close() {
      await started.close();
      await hub.close();
      await closeOwner();
    },
  };
}

async function embedded(world: World): Promise<Stand> {
  const engine = await Engine.start(world, USER);
  const gate = new Gate(engine, { user: USER, password: PASSWORD, database: DATABASE });
  await gate.open(0);
  const url = `postgres://${USER}:${PASSWORD}@127.0.0.1:${gate.port}/${DATABASE}`;
  const asOwner = async (statement: string): Promise<StandRow[]> => capitals(await engine.query(statement, []));
  return withAccount(url, USER, asOwner, async () => {
    await gate.shut();
    await engine.close();
  });
}

function urlOf(server: string, user: string, password: string, database: string): string {
  const url = new URL(server);
  Object.assign(url, { username: user, password, pathname: `/${database}` });
  return url.href;
}

async function filled(adminUrl: string, dialect: 'postgres' | 'mysql', world: World): Promise<OpenedExchangeDatabase> {
  const owner = openExchangeDatabase({ url: adminUrl, poolSize: 1, timeoutMs: 60_000 });
  await fillExchangeDatabase(owner.database, dialect, world);
  return owner;
}

/** The user that the environment names must be allowed to create databases and roles. */
async function onPostgres(server: string, world: World): Promise<Stand> {
  const admin = openExchangeDatabase({ url: server, poolSize: 1, timeoutMs: 60_000 });
  const run = runOn(admin);
  await run(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await run(`DROP ROLE IF EXISTS ${USER}`);
  await run(`CREATE DATABASE ${DATABASE}`);
  await run(`CREATE ROLE ${USER} LOGIN PASSWORD '${PASSWORD}'`);
  await admin.close();
  const { username, password } = new URL(server);
  const owner = await filled(urlOf(server, username, password, DATABASE), 'postgres', world);
  for (const statement of grantsTo(USER, TABLES)) await runOn(owner)(statement);
  return withAccount(urlOf(server, USER, PASSWORD, DATABASE), USER, runOn(owner), () => owner.close());
}

/** `.ci/databases` leaves root without a password on the loopback interface. */
async function onMysql(server: string, world: World): Promise<Stand> {
  const admin = openExchangeDatabase({ url: urlOf(server, 'root', '', 'mysql'), poolSize: 1, timeoutMs: 60_000 });
  const account = `'${USER}'@'127.0.0.1'`;
  const run = runOn(admin);
  await run(`DROP DATABASE IF EXISTS ${DATABASE}`);
  await run(`CREATE DATABASE ${DATABASE} CHARACTER SET gbk`);
  await run(`DROP USER IF EXISTS ${account}`);
  await run(`CREATE USER ${account} IDENTIFIED BY '${PASSWORD}'`);
  await admin.close();
  const owner = await filled(urlOf(server, 'root', '', DATABASE), 'mysql', world);
  for (const statement of grantsTo(account, TABLES)) await runOn(owner)(statement);
  return withAccount(urlOf(server, USER, PASSWORD, DATABASE), account, runOn(owner), () => owner.close());
}

const { postgres, mysql } = sqlServers();
const world = buildWorld({ size: WORLD_SIZE });

export const STANDS: readonly (readonly [string, () => Promise<Stand>])[] = [
  ['PGlite', () => embedded(world)],
  ...(postgres === undefined ? [] : [['PostgreSQL', () => onPostgres(postgres, world)] as const]),
  ...(mysql === undefined ? [] : [['MySQL or MariaDB', () => onMysql(mysql, world)] as const]),
];
