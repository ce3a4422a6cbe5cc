/** Runs one batch against the department's database and notes what came back. */
import { MysqlAdapter } from 'kysely';
import type { MeshCall } from '../../mesh-call.ts';
import { sm3Hex } from '../../receipt.ts';
import type { ExchangeDatabase } from '../../transport.ts';
import { untilAborted } from './deadline.ts';
import { databaseFailure } from './failures.ts';
import { statementFor, type Batch, type Contract, type Engine } from './statement.ts';
import type { Row } from './tables-schema.ts';

function engineOf(database: ExchangeDatabase): Engine {
  return database.getExecutor().adapter instanceof MysqlAdapter ? 'mysql' : 'postgres';
}

/** A value as the engine wrote it. Drivers that were told not to parse give text; a caller's own may give more. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw new TypeError(`a value came as ${typeof value} instead of text`);
}

/**
 * @returns one list of rows per condition, same order
 * @throws HubError SOURCE_*; noted in the call's log as well, because Mesh wraps what resolvers throw
 */
export async function readTable(
  contract: Contract,
  batch: Batch,
  call: MeshCall,
): Promise<readonly (readonly Row[])[]> {
  const { transport } = call;
  if (transport.kind !== 'database') throw new Error(`${call.departmentName} has no database transport`);
  const answers: Row[][] = batch.conditions.map(() => []);
  if (answers.length === 0) return answers;
  const { query, columns } = statementFor(engineOf(transport.database), contract, batch);
  const aliases = columns.map((_, place) => `c${place}`);
  try {
    const { rows } = await untilAborted(call.signal, () => query.execute(transport.database));
    const received: (readonly (string | null)[])[] = [];
    for (const row of rows) {
      const cells = columns.map((_, place) => textOf(row[aliases[place] ?? '']));
      const named: Record<string, string | null> = {};
      columns.forEach((name, place) => (named[name] = cells[place] ?? null));
      answers[Number(row['i'])]?.push(named);
      received.push([textOf(row['i']), ...cells]);
    }
    call.log.receipts.push(sm3Hex(JSON.stringify({ table: batch.table.name, columns, rows: received })));
    return answers;
  } catch (cause) {
    const failure = databaseFailure(call, batch.table, cause);
    call.log.failures.push(failure);
    throw failure;
  }
}
