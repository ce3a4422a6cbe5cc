/** The parts of a WHERE clause. */
import { sql, type RawBuilder } from 'kysely';
import type { ColumnValues, Match, Reference, VersionColumns, Within } from './condition.ts';
import { isTextType, type Column, type Table } from './tables.ts';

/** What of a contract decides which row counts and where it points. */
interface Relations {
  readonly tables: ReadonlyMap<string, Table>;
  readonly references: readonly Reference[];
  readonly versions: VersionColumns | null;
}

/** Gives a value its place in the statement: a parameter, or a column of the batch's conditions. */
export type Slot = (value: string, column: Column) => RawBuilder<unknown>;

/** @throws Error for a column that the table does not have; inputs are typed, so only a mistake in code gets there */
function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
  return column;
}

function allOf(demands: readonly RawBuilder<unknown>[]): RawBuilder<unknown> | null {
  return demands.length === 0 ? null : sql`(${sql.join(demands, sql` and `)})`;
}

function isOneOf(alias: string, column: Column, values: readonly string[], slot: Slot): RawBuilder<unknown> {
  const place = sql.raw(`${alias}.${column.name}`);
  const given = values.filter((value) => value !== '');
  const choices = [
    ...(given.length > 0 ? [sql`${place} in (${sql.join(given.map((value) => slot(value, column)))})`] : []),
    ...(given.length < values.length
      ? [sql`${place} is null`, ...(isTextType(column.type) ? [sql`trim(${place}) = ''`] : [])]
      : []),
  ];
  return choices.length === 0 ? sql`1 = 0` : sql`(${sql.join(choices, sql` or `)})`;
}

/** @returns null when nothing is demanded */
export function fitsValues(table: Table, alias: string, wanted: ColumnValues, slot: Slot): RawBuilder<unknown> | null {
  return allOf(
    Object.entries(wanted).flatMap(([name, values]) =>
      values === null || values === undefined ? [] : [isOneOf(alias, columnOf(table, name), values, slot)],
    ),
  );
}

/** @returns null when nothing is demanded */
export function fitsMatch(contract: Relations, table: Table, match: Match, slot: Slot): RawBuilder<unknown> | null {
  const demands = Object.entries(match).flatMap(([name, wanted]): RawBuilder<unknown>[] => {
    if (wanted === null || wanted === undefined) return [];
    const column = table.columns.find((each) => each.name === name);
    return column === undefined
      ? [pointsTo(contract, table, name, wanted.filter(isValues), slot)]
      : [isOneOf('t', column, wanted.filter(isText), slot)];
  });
  return allOf(demands);
}

/** The row points to a current row of another table that looks like one of the wanted ones. */
function pointsTo(
  { tables, references, versions }: Relations,
  table: Table,
  name: string,
  wanted: readonly ColumnValues[],
  slot: Slot,
): RawBuilder<unknown> {
  const target = tables.get(name);
  const reference = references.find((each) => each.table === table.name && each.to === name);
  if (target === undefined || reference === undefined) throw new Error(`${table.name} does not point to ${name}`);
  const choices = wanted.map((values) => fitsValues(target, 'r', values, slot) ?? sql`1 = 1`);
  const fits = choices.length === 0 ? sql`1 = 0` : sql`(${sql.join(choices, sql` or `)})`;
  const where = allOf([fits, isCurrent(versions, target, 'r')].filter((demand) => demand !== null)) ?? fits;
  const column = sql.raw(reference.column);
  return sql`t.${column} in (select r.${column} from ${sql.raw(target.name)} r where ${where})`;
}

/** @returns null when both ends are open */
export function isWithin(table: Table, ranges: readonly Within[], slot: Slot): RawBuilder<unknown> | null {
  return allOf(
    ranges.flatMap(({ column: name, from, to }) => {
      const column = columnOf(table, name);
      const place = sql.raw(`t.${name}`);
      return [
        ...(typeof from === 'string' ? [sql`${place} >= ${slot(from, column)}`] : []),
        ...(typeof to === 'string' ? [sql`${place} <= ${slot(to, column)}`] : []),
      ];
    }),
  );
}

/**
 * The row is the last word on its key, and does not withdraw it.
 * @returns null for a table without the version columns
 */
export function isCurrent(versions: VersionColumns | null, table: Table, alias: string): RawBuilder<unknown> | null {
  if (!hasVersions(versions, table)) return null;
  const operation = sql.raw(`${alias}.${versions.operation}`);
  return sql`(${operation} is null or ${operation} <> ${versions.deleted}) and ${isLatest(versions, table, alias)}`;
}

/**
 * The row is the last word on its key, withdrawing or not: no row of the same key is later, and none of the same time
 * withdraws it or is of a later batch. A row without a time is older than any other.
 */
export function isLatest(versions: VersionColumns, table: Table, alias: string): RawBuilder<unknown> {
  const { key, newest, batch, operation, deleted } = versions;
  const here = (name: string): RawBuilder<unknown> => sql.raw(`${alias}.${name}`);
  const there = (name: string): RawBuilder<unknown> => sql.raw(`n.${name}`);
  return sql`not exists (
    select 1 from ${sql.raw(table.name)} n where ${there(key)} = ${here(key)} and (${there(newest)} > ${here(newest)}
      or (${here(newest)} is null and ${there(newest)} is not null)
      or (${there(newest)} = ${here(newest)} and (${here(operation)} is null or ${here(operation)} <> ${deleted})
        and (${there(operation)} = ${deleted} or ${there(batch)} > ${here(batch)}))))`;
}

/** Whether rows of the table replace each other. */
export function hasVersions(versions: VersionColumns | null, table: Table): versions is VersionColumns {
  if (versions === null) return false;
  const { key, newest, batch, operation } = versions;
  const names = new Set(table.columns.map((column) => column.name));
  return [key, newest, batch, operation].every((name) => names.has(name));
}

function isText(value: string | ColumnValues): value is string {
  return typeof value === 'string';
}

function isValues(value: string | ColumnValues): value is ColumnValues {
  return typeof value !== 'string';
}
