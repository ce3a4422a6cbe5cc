/** From tables.sql to a typed GraphQL schema: one query field per table, which takes a batch of conditions. */
import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfigMap,
  type GraphQLResolveInfo,
} from 'graphql';
import type { Condition } from './condition.ts';
import type { Contract } from './statement.ts';
import type { Column, Table } from './tables.ts';

/** Row of an answer: column name -> the value exactly as the engine gave it, as text; null where there is none. */
export type Row = Readonly<Record<string, string | null>>;

export interface TableArguments {
  readonly conditions: readonly Condition[];
  readonly newestFirst?: string | null;
}

export type ResolveTable = (
  table: Table,
  asked: TableArguments,
  context: unknown,
  info: GraphQLResolveInfo,
) => Promise<readonly (readonly Row[])[]>;

const manyValues = new GraphQLList(new GraphQLNonNull(GraphQLString));

/** @param resolve answers one list of rows per condition, same order */
export function schemaOfTables(contract: Contract, resolve: ResolveTable): GraphQLSchema {
  const tables = [...contract.tables.values()];
  const valuesOf = new Map(tables.map((table) => [table.name, valuesInput(table)]));
  const fields = tables.map((table) => [table.name, fieldOf(table, contract, valuesOf, resolve)] as const);
  return new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: Object.fromEntries(fields) }) });
}

function fieldOf(
  table: Table,
  contract: Contract,
  valuesOf: ReadonlyMap<string, GraphQLInputObjectType>,
  resolve: ResolveTable,
): GraphQLFieldConfig<unknown, unknown, TableArguments> {
  const { name, label, columns } = table;
  const row = new GraphQLObjectType({ name, description: label, fields: fieldsOf(columns, () => GraphQLString) });
  const columnName = enumOf(`${name}_Column`, columns);
  const conditions = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(conditionInput(table, contract, valuesOf))));
  return {
    type: new GraphQLList(new GraphQLList(row)),
    description: `${label}: one list of rows per condition, in the order asked.`,
    args: { conditions: { type: conditions }, newestFirst: { type: columnName } },
    resolve: (_source, asked, context, info) => resolve(table, asked, context, info),
  };
}

function conditionInput(
  table: Table,
  contract: Contract,
  valuesOf: ReadonlyMap<string, GraphQLInputObjectType>,
): GraphQLInputObjectType {
  const { name, columns } = table;
  const references = contract.references
    .filter((reference) => reference.table === name)
    .flatMap(({ to }) => {
      const values = valuesOf.get(to);
      if (values === undefined) return [];
      const type = new GraphQLList(new GraphQLNonNull(values));
      return [[to, { type, description: 'The row pointed to must look like one of these.' }] as const];
    });
  const match = new GraphQLInputObjectType({
    name: `${name}_Match`,
    fields: { ...fieldsOf(columns, () => manyValues), ...Object.fromEntries(references) },
  });
  const dates = columns.filter(({ type }) => type === 'DATE' || type === 'DATETIME');
  const fields: GraphQLInputFieldConfigMap = {
    every: { type: match, description: 'Every row must fit this.' },
    any: { type: new GraphQLList(new GraphQLNonNull(match)), description: 'Every row must fit one of these.' },
    except: { type: valuesOf.get(name) ?? match, description: 'Rows that fit this are left out.' },
    limit: { type: GraphQLInt, description: 'At most so many rows for this condition.' },
  };
  if (dates.length > 0) fields['within'] = { type: new GraphQLList(new GraphQLNonNull(withinInput(name, dates))) };
  return new GraphQLInputObjectType({ name: `${name}_Condition`, fields });
}

/** Bounds are inclusive. */
function withinInput(name: string, dates: readonly Column[]): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${name}_Within`,
    fields: {
      column: { type: new GraphQLNonNull(enumOf(`${name}_DateColumn`, dates)) },
      from: { type: GraphQLString },
      to: { type: GraphQLString },
    },
  });
}

function valuesInput({ name, columns }: Table): GraphQLInputObjectType {
  return new GraphQLInputObjectType({ name: `${name}_Values`, fields: fieldsOf(columns, () => manyValues) });
}

function enumOf(name: string, columns: readonly Column[]): GraphQLEnumType {
  return new GraphQLEnumType({ name, values: Object.fromEntries(columns.map((column) => [column.name, {}])) });
}

function fieldsOf<T>(
  columns: readonly Column[],
  typeOf: (column: Column) => T,
): Record<string, { type: T; description: string }> {
  return Object.fromEntries(
    columns.map((column) => [column.name, { type: typeOf(column), description: column.label }]),
  );
}
