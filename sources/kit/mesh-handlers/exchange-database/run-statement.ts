/** Runs one statement on the department's database, for a call that may be given up, and notes what came back. */
import { MysqlAdapter, type QueryResult, type RawBuilder } from 'kysely';
import type { MeshCall } from '../../mesh-call.ts';
import { sm3Hex } from '../../../../schema/signing/sm3.ts';
import type { ExchangeDatabase } from '../../transport.ts';
import { untilAborted } from './deadline.ts';
import { databaseFailure } from './failures.ts';
import type { Engine } from './statement.ts';
import type { Table } from './tables.ts';

/** On whose behalf a statement runs: a query that somebody waits for, or the replica. */
export type Purpose = 'query' | 'background';

function databaseOf({ transport, departmentName }: MeshCall, purpose: Purpose): ExchangeDatabase {
  if (transport.kind !== 'database') throw new Error(`${departmentName} has no database transport`);
  return purpose === 'query' ? transport.database : (transport.background ?? transport.database);
}

export function engineOf(call: MeshCall): Engine {
  return databaseOf(call, 'query').getExecutor().adapter instanceof MysqlAdapter ? 'mysql' : 'postgres';
}

/** A value as the engine wrote it. Drivers that were told not to parse give text; a caller's own may give more. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw new TypeError(`a value came as ${typeof value} instead of text`);
}

/**
 * @param read makes of the result what is given, and what the receipt stands for
 * @throws HubError SOURCE_*; noted in the call's log as well, because Mesh wraps what resolvers throw
 */
export async function runStatement<R, T>(
  call: MeshCall,
  purpose: Purpose,
  table: Table,
  statement: RawBuilder<R>,
  read: (result: QueryResult<R>) => { readonly value: T; readonly received: unknown },
): Promise<T> {
  const database = databaseOf(call, purpose);
  try {
    const { value, received } = read(await untilAborted(call.signal, () => statement.execute(database)));
    call.log.receipts.push(sm3Hex(JSON.stringify(received)));
    return value;
  } catch (cause) {
    const failure = databaseFailure(call, table, cause);
    call.log.failures.push(failure);
    throw failure;
  }
}
