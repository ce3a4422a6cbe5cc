/**
 * From tables.sql to a typed GraphQL schema. Each table has a query field that takes a batch of conditions, and one for
 * its changes where rows replace each other; what the contract marks for the reader has a mutation field.
 */
import {
  GraphQLBoolean,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
} from 'graphql';
import type { Condition, FeedQuery, Mark, NewRow } from './condition.ts';
import { hasVersions } from './demands.ts';
import {
  columnEnum,
  conditionInput,
  fieldsOf,
  listOf,
  markInput,
  newRowInput,
  placeInput,
  valuesInput,
  type ValuesInputs,
} from './inputs.ts';
import type { Contract } from './statement.ts';
import type { Table } from './tables.ts';

/** Row of an answer: column name -> the value exactly as the engine gave it, as text; null where there is none. */
export type Row = Readonly<Record<string, string | null>>;

export interface TableArguments {
  readonly conditions: readonly Condition[];
  readonly newestFirst?: string | null;
}

type Resolve<A, T> = (table: Table, asked: A, context: unknown, info: GraphQLResolveInfo) => Promise<T>;

export interface TableResolvers {
  /** One list of rows per condition, same order. */
  readonly rows: Resolve<TableArguments, readonly (readonly Row[])[]>;
  readonly changes: Resolve<FeedQuery, readonly Row[]>;
  /** How many rows were changed. */
  readonly mark: Resolve<{ readonly marks: readonly Mark[] }, number>;
  /** How many rows were added. */
  readonly insert: Resolve<{ readonly rows: readonly NewRow[] }, number>;
}

export function schemaOfTables(contract: Contract, resolvers: TableResolvers): GraphQLSchema {
  const tables = [...contract.tables.values()];
  const values: ValuesInputs = new Map(tables.map((table) => [table.name, valuesInput(table)]));
  const queries: GraphQLFieldConfigMap<unknown, unknown> = {};
  const mutations: GraphQLFieldConfigMap<unknown, unknown> = {};
  for (const table of tables) {
    const { name, label, columns } = table;
    const row = new GraphQLObjectType({ name, description: label, fields: fieldsOf(columns, () => GraphQLString) });
    const versioned = hasVersions(contract.versions, table);
    queries[name] = rowsField(table, contract, values, row, resolvers.rows);
    if (versioned) queries[`${name}_changes`] = changesField(table, values, row, resolvers.changes);
    if (versioned && columns.some(({ readerUpdates }) => readerUpdates))
      mutations[`${name}_mark`] = field(table, GraphQLInt, resolvers.mark, {
        description: 'Sets states in the rows of keys up to a time; says how many rows were changed.',
        args: { marks: { type: listOf(markInput(table)) } },
      });
    if (versioned && table.readerInserts)
      mutations[`${name}_insert`] = field(table, GraphQLInt, resolvers.insert, {
        description: 'Adds rows whose key is not there yet; says how many.',
        args: { rows: { type: listOf(newRowInput(table)) } },
      });
  }
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: queries }),
    ...(Object.keys(mutations).length > 0 && {
      mutation: new GraphQLObjectType({ name: 'Mutation', fields: mutations }),
    }),
  });
}

function rowsField(
  table: Table,
  contract: Contract,
  values: ValuesInputs,
  row: GraphQLObjectType,
  resolve: TableResolvers['rows'],
): GraphQLFieldConfig<unknown, unknown> {
  return field(table, new GraphQLList(new GraphQLList(row)), resolve, {
    description: `${table.label}: one list of rows per condition, in the order asked.`,
    args: {
      conditions: { type: listOf(conditionInput(table, contract, values)) },
      newestFirst: { type: columnEnum(table) },
    },
  });
}

function changesField(
  table: Table,
  values: ValuesInputs,
  row: GraphQLObjectType,
  resolve: TableResolvers['changes'],
): GraphQLFieldConfig<unknown, unknown> {
  const columnValues = values.get(table.name);
  const flag = new GraphQLNonNull(GraphQLBoolean);
  return field(table, new GraphQLList(row), resolve, {
    description: `${table.label}: the latest row of each key, by time of the change and key.`,
    args: {
      since: { type: GraphQLString, description: 'Changed from then on, inclusive.' },
      unread: { type: flag, defaultValue: false, description: 'Also older rows that the reader has not taken.' },
      withdrawn: { type: flag, defaultValue: false, description: 'Also rows that withdraw their key.' },
      ...(columnValues && {
        hidden: { type: columnValues, description: 'Rows that fit this come as withdrawn.' },
        only: { type: columnValues, description: 'Rows whose latest version fits this only.' },
      }),
      keys: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)), description: 'These keys only.' },
      after: { type: placeInput(table), description: 'Where the page before ended.' },
      limit: { type: new GraphQLNonNull(GraphQLInt) },
    },
  });
}

function field<A, T>(
  table: Table,
  type: GraphQLOutputType,
  resolve: Resolve<A, T>,
  config: Pick<GraphQLFieldConfig<unknown, unknown, A>, 'description' | 'args'>,
): GraphQLFieldConfig<unknown, unknown, A> {
  return { ...config, type, resolve: (_source, asked, context, info) => resolve(table, asked, context, info) };
}
