/**
 * Mesh handler for front-end exchange databases (前置库): tables that a department fills and others read. Each table of
 * the contract file becomes one typed query field that takes a batch of conditions and reads it in one SQL statement,
 * and one for a page of its changes. Only what the contract marks for the reader is ever written: states of rows, and
 * rows of its own (feedback, notices). Where the database is comes with each call, never through Mesh.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Kind, type GraphQLResolveInfo, type GraphQLSchema, type SelectionSetNode } from 'graphql';
import { z } from 'zod';
import { meshCallOf } from '../../mesh-call.ts';
import type { StateColumn, VersionColumns } from './condition.ts';
import { hasVersions } from './demands.ts';
import { readFeed, readTable } from './read-table.ts';
import type { Contract } from './statement.ts';
import { schemaOfTables } from './tables-schema.ts';
import { readTables, type Table } from './tables.ts';
import { insertRows, markRows } from './write-table.ts';

const Config = z.object({
  /** The tables.sql, relative to the project. */
  source: z.string(),
  /** How rows of one key replace each other; absent = they do not. */
  versions: z
    .object({
      key: z.string(),
      newest: z.string(),
      batch: z.string(),
      operation: z.string(),
      deleted: z.string(),
    })
    .nullable()
    .default(null),
  /** Where the reader notes what it has taken; absent = it does not. */
  state: z.object({ column: z.string(), unread: z.string() }).nullable().default(null),
  /** Which tables point to which, by a column of the same name. */
  references: z.array(z.object({ table: z.string(), to: z.string(), column: z.string() })).default([]),
});

export interface ExchangeDatabaseHandlerOptions {
  readonly name: string;
  readonly config: unknown;
  readonly baseDir: string;
}

/**
 * @param config of the handler, as mesh.yaml has it
 * @param sql the text of the contract file
 * @throws Error when the contract file is not of the subset, or the configuration names what it does not hold
 */
export function contractOf(config: unknown, sql: string): Contract {
  const { versions, state, references } = Config.parse(config);
  const tables = new Map(readTables(sql).map((table) => [table.name, table]));
  for (const { table, to, column } of references) {
    for (const name of [table, to]) {
      if (tables.get(name)?.columns.some((each) => each.name === column) !== true)
        throw new Error(`the reference from ${table} to ${to} names ${name}.${column}, which is not in the contract`);
    }
  }
  if (state !== null && ![...tables.values()].some((table) => table.columns.some(({ name }) => name === state.column)))
    throw new Error(`the state column ${state.column} is in no table of the contract`);
  return { tables, versions, state, references };
}

export default class ExchangeDatabaseHandler {
  readonly #options: ExchangeDatabaseHandlerOptions;

  constructor(options: ExchangeDatabaseHandlerOptions) {
    this.#options = options;
  }

  /** @throws Error as {@link contractOf} */
  getMeshSource(): Promise<{ schema: GraphQLSchema }> {
    const { config, baseDir } = this.#options;
    const contract = contractOf(config, readFileSync(resolve(baseDir, Config.parse(config).source), 'utf8'));
    const schema = schemaOfTables(contract, {
      rows: (table, { conditions, newestFirst }, context, info) =>
        readTable(
          contract,
          { table, conditions, newestFirst: newestFirst ?? null, columns: columnsAskedFor(info) },
          meshCallOf(context),
        ),
      changes: (table, query, context, info) =>
        readFeed(
          {
            table,
            versions: versionsOf(contract, table),
            state: stateOf(contract, table),
            query,
            columns: columnsAskedFor(info),
          },
          meshCallOf(context),
        ),
      mark: (table, { marks }, context) => markRows(versionsOf(contract, table), table, marks, meshCallOf(context)),
      insert: (table, { rows }, context) =>
        insertRows(versionsOf(contract, table).key, table, rows, meshCallOf(context)),
    });
    return Promise.resolve({ schema });
  }
}

function versionsOf({ versions }: Contract, table: Table): VersionColumns {
  if (!hasVersions(versions, table)) throw new Error(`rows of ${table.name} do not replace each other`);
  return versions;
}

function stateOf({ state }: Contract, { columns }: Table): StateColumn | null {
  return columns.some(({ name }) => name === state?.column) ? state : null;
}

/** Columns that nobody asked for are not read: some of them hold personal data. */
function columnsAskedFor(info: GraphQLResolveInfo): readonly string[] {
  const names = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (!selection.name.value.startsWith('__')) names.add(selection.name.value);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else {
        const fragment = info.fragments[selection.name.value];
        if (fragment !== undefined) collect(fragment.selectionSet);
      }
    }
  };
  for (const node of info.fieldNodes) if (node.selectionSet !== undefined) collect(node.selectionSet);
  return [...names];
}
