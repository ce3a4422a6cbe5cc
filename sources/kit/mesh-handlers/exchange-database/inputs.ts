/** The GraphQL inputs of a table; their values have the shapes of condition.ts. */
import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
  type GraphQLInputFieldConfigMap,
  type GraphQLInputType,
} from 'graphql';
import type { Contract } from './statement.ts';
import type { Column, Table } from './tables.ts';

/** Table name -> the input of its column values. */
export type ValuesInputs = ReadonlyMap<string, GraphQLInputObjectType>;

const manyValues = new GraphQLList(new GraphQLNonNull(GraphQLString));

export function listOf(type: GraphQLInputObjectType): GraphQLInputType {
  return new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));
}

export function valuesInput({ name, columns }: Table): GraphQLInputObjectType {
  return new GraphQLInputObjectType({ name: `${name}_Values`, fields: fieldsOf(columns, () => manyValues) });
}

export function columnEnum({ name, columns }: Table): GraphQLEnumType {
  return enumOf(`${name}_Column`, columns);
}

export function conditionInput(table: Table, contract: Contract, values: ValuesInputs): GraphQLInputObjectType {
  const { name, columns } = table;
  const references = contract.references
    .filter((reference) => reference.table === name)
    .flatMap(({ to }) => {
      const target = values.get(to);
      if (target === undefined) return [];
      const type = new GraphQLList(new GraphQLNonNull(target));
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
    except: { type: values.get(name) ?? match, description: 'Rows that fit this are left out.' },
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

export function placeInput({ name }: Table): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${name}_Place`,
    fields: { newest: { type: GraphQLString }, key: { type: new GraphQLNonNull(GraphQLString) } },
  });
}

/** Holds the columns that are marked for the reader, and no others. */
export function markInput({ name, columns }: Table): GraphQLInputObjectType {
  const set = new GraphQLInputObjectType({
    name: `${name}_State`,
    fields: fieldsOf(
      columns.filter(({ readerUpdates }) => readerUpdates),
      () => GraphQLString,
    ),
  });
  return new GraphQLInputObjectType({
    name: `${name}_Mark`,
    fields: {
      key: { type: new GraphQLNonNull(GraphQLString) },
      upTo: { type: GraphQLString, description: 'Time of the last row to be marked; null: only rows without a time.' },
      set: { type: new GraphQLNonNull(set) },
    },
  });
}

export function newRowInput({ name, columns }: Table): GraphQLInputObjectType {
  return new GraphQLInputObjectType({ name: `${name}_NewRow`, fields: fieldsOf(columns, () => GraphQLString) });
}

function enumOf(name: string, columns: readonly Column[]): GraphQLEnumType {
  return new GraphQLEnumType({ name, values: Object.fromEntries(columns.map((column) => [column.name, {}])) });
}

export function fieldsOf<T>(
  columns: readonly Column[],
  typeOf: (column: Column) => T,
): Record<string, { type: T; description: string }> {
  return Object.fromEntries(
    columns.map((column) => [column.name, { type: typeOf(column), description: column.label }]),
  );
}
