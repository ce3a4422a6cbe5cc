/** Reads of a table: a batch of conditions, or a page of its changes. */
import type { MeshCall } from '../../mesh-call.ts';
import { feedStatement, type Feed } from './feed-statement.ts';
import { databaseOf, runStatement, textOf } from './run-statement.ts';
import { statementFor, type Batch, type Contract } from './statement.ts';
import type { Row } from './tables-schema.ts';

type Received = Readonly<Record<string, unknown>>;

function cellsOf(columns: readonly string[], row: Received): (string | null)[] {
  return columns.map((_, place) => textOf(row[`c${place}`]));
}

function named(columns: readonly string[], cells: readonly (string | null)[]): Row {
  return Object.fromEntries(columns.map((name, place) => [name, cells[place] ?? null]));
}

/**
 * @returns one list of rows per condition, same order
 * @throws HubError SOURCE_*
 */
export async function readTable(
  contract: Contract,
  batch: Batch,
  call: MeshCall,
): Promise<readonly (readonly Row[])[]> {
  const answers: Row[][] = batch.conditions.map(() => []);
  if (answers.length === 0) return answers;
  const { query, columns } = statementFor(databaseOf(call).engine, contract, batch);
  return runStatement(call, batch.table, query, ({ rows }) => {
    const received = rows.map((row) => {
      const cells = cellsOf(columns, row);
      answers[Number(row['i'])]?.push(named(columns, cells));
      return [textOf(row['i']), ...cells];
    });
    return { value: answers, received: { table: batch.table.name, columns, rows: received } };
  });
}

/**
 * @returns the latest row of each key, in the order of the feed, however the engine sent them
 * @throws HubError SOURCE_*
 */
export async function readFeed(feed: Feed, call: MeshCall): Promise<readonly Row[]> {
  const { columns, table } = feed;
  return runStatement(call, table, feedStatement(feed), ({ rows }) => {
    const cells = rows
      .toSorted((left, right) => Number(left['i']) - Number(right['i']))
      .map((row) => cellsOf(columns, row));
    return {
      value: cells.map((each) => named(columns, each)),
      received: { table: table.name, columns, rows: cells },
    };
  });
}
