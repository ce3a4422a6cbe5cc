/** Writes to a table: states of rows, rows of the reader's own. */
import type { RawBuilder } from 'kysely';
import type { MeshCall } from '../../mesh-call.ts';
import type { Mark, NewRow, VersionColumns } from './condition.ts';
import { engineOf, runStatement } from './run-statement.ts';
import type { Table } from './tables.ts';
import { insertStatement, markStatements } from './write-statement.ts';

/**
 * Sets states of rows.
 * @returns how many rows were changed
 * @throws HubError SOURCE_*
 */
export async function markRows(
  versions: VersionColumns,
  table: Table,
  marks: readonly Mark[],
  call: MeshCall,
): Promise<number> {
  let changed = 0;
  for (const statement of markStatements(engineOf(call), versions, table, marks))
    changed += await write(call, table, statement);
  return changed;
}

/**
 * Adds the rows whose key is not there yet.
 * @returns how many were added
 * @throws HubError SOURCE_*
 */
export async function insertRows(key: string, table: Table, rows: readonly NewRow[], call: MeshCall): Promise<number> {
  const statement = insertStatement(engineOf(call), key, table, rows);
  return statement === null ? 0 : write(call, table, statement);
}

function write(call: MeshCall, table: Table, statement: RawBuilder<unknown>): Promise<number> {
  return runStatement(call, 'background', table, statement, ({ numAffectedRows }) => {
    const value = Number(numAffectedRows ?? 0n);
    return { value, received: { table: table.name, written: value } };
  });
}
