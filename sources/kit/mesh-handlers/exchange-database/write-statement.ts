/**
 * The only statements that write: states of rows that the reader has taken, and rows of its own. Tables and columns
 * are those that the contract marks for the reader; values are parameters. Both may run twice and then change nothing.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Mark, NewRow, VersionColumns } from './condition.ts';
import { CAST, type Engine } from './statement.ts';
import { isTextType, type Column, type Table } from './tables.ts';

type Sql = RawBuilder<unknown>;

/** Marks or rows of one call at the most. */
export const MOST_WRITES = 1_000;

/**
 * One UPDATE per set of values; rows that have them already stay untouched.
 * @throws Error for a column that is not marked `@reader-updates`, or a value that does not fit
 */
export function markStatements(
  engine: Engine,
  versions: VersionColumns,
  table: Table,
  marks: readonly Mark[],
): readonly Sql[] {
  atMost(table, marks.length);
  const groups = new Map<string, Mark[]>();
  for (const mark of marks) {
    const values = JSON.stringify(Object.entries(mark.set).toSorted(([left], [right]) => (left < right ? -1 : 1)));
    groups.set(values, [...(groups.get(values) ?? []), mark]);
  }
  const update = engine === 'postgres' ? postgresUpdate : mysqlUpdate;
  return [...groups.values()].flatMap((group) => {
    const set = Object.entries(group[0]?.set ?? {}).flatMap(([name, value]) => {
      if (typeof value !== 'string') return [];
      const column = columnOf(table, name);
      if (!column.readerUpdates) throw new Error(`${table.name}.${name} is not the reader's to update`);
      return [{ name, value: fitting(table, column, value) }];
    });
    return set.length === 0 ? [] : [update(versions, table, set, latestOf(group))];
  });
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

function postgresUpdate(
  { key, newest }: VersionColumns,
  table: Table,
  set: readonly Setting[],
  marks: readonly Mark[],
): Sql {
  const keys = sql.raw(`q.k::${CAST[columnOf(table, key).type]}`);
  return sql`update ${sql.raw(table.name)} as t set ${assignments(set, '')}
    from unnest(${marks.map((mark) => mark.key)}::text[], ${marks.map(({ upTo }) => upTo ?? null)}::timestamp[]) as q(k, n)
    where ${sql.raw(`t.${key}`)} = ${keys} and (${sql.raw(`t.${newest}`)} is null or ${sql.raw(`t.${newest}`)} <= q.n)
      and ${differs(set)}`;
}

/**
 * Literals take the charset of the column that they are compared with; columns of a derived table would not. Keys as
 * one list and their times in a CASE: hundreds of alternatives are more than the planner of MariaDB gets through.
 */
function mysqlUpdate(
  { key, newest }: VersionColumns,
  table: Table,
  set: readonly Setting[],
  marks: readonly Mark[],
): Sql {
  const [keyColumn, time] = [sql.raw(`t.${key}`), sql.raw(`t.${newest}`)];
  const keys = sql.join(marks.map((mark) => sql`${mark.key}`));
  const times = marks.map((mark) => sql`when ${mark.key} then ${mark.upTo ?? null}`);
  return sql`update ${sql.raw(table.name)} as t set ${assignments(set, 't.')}
    where ${keyColumn} in (${keys}) and ${differs(set)}
      and (${time} is null or ${time} <= cast(case ${keyColumn} ${sql.join(times, sql` `)} end as datetime(6)))`;
}

/** A key that is named twice is marked up to the later of its times. */
function latestOf(marks: readonly Mark[]): Mark[] {
  const byKey = new Map<string, Mark>();
  for (const mark of marks) {
    const known = byKey.get(mark.key);
    if (known === undefined || (mark.upTo ?? '') > (known.upTo ?? '')) byKey.set(mark.key, mark);
  }
  return [...byKey.values()];
}

function assignments(set: readonly Setting[], prefix: string): Sql {
  return sql.join(set.map(({ name, value }) => sql`${sql.raw(prefix + name)} = ${value}`));
}

function differs(set: readonly Setting[]): Sql {
  const each = set.map(({ name, value }) => {
    const column = sql.raw(`t.${name}`);
    return sql`${column} is null or ${column} <> ${value}`;
  });
  return sql`(${sql.join(each, sql` or `)})`;
}

/**
 * One INSERT that leaves out rows whose key is there already; null when there is nothing to add.
 * @param key the column that tells rows apart
 * @throws Error for a table that is not marked `@reader-inserts`, a row without a key, or a value that does not fit
 */
export function insertStatement(engine: Engine, key: string, table: Table, rows: readonly NewRow[]): Sql | null {
  if (!table.readerInserts) throw new Error(`${table.name} is not the reader's to add to`);
  atMost(table, rows.length);
  const distinct = [...new Map(rows.map((row) => [row[key], row])).values()];
  const tuples = distinct.map((row) => {
    if (typeof row[key] !== 'string') throw new Error(`a row for ${table.name} has no ${key}`);
    for (const name of Object.keys(row)) columnOf(table, name);
    return table.columns.map((column) => {
      const value = row[column.name];
      return typeof value === 'string' ? fitting(table, column, value) : null;
    });
  });
  if (tuples.length === 0) return null;
  const names = sql.raw(table.columns.map(({ name }) => name).join(', '));
  const place = table.columns.findIndex(({ name }) => name === key);
  const into = sql`insert into ${sql.raw(table.name)} (${names})`;
  const isThere = (value: Sql): Sql =>
    sql`exists (select 1 from ${sql.raw(table.name)} as f where ${sql.raw(`f.${key}`)} = ${value})`;
  if (engine === 'mysql') {
    const selects = tuples.map(
      (tuple) => sql`select ${sql.join(tuple)} from dual where not ${isThere(sql`${tuple[place]}`)}`,
    );
    return sql`${into} ${sql.join(selects, sql` union all `)}`;
  }
  const arrays = table.columns.map((_, index) => sql`${tuples.map((tuple) => tuple[index])}::text[]`);
  const aliases = table.columns.map((_, index) => `v${index}`).join(', ');
  const values = table.columns.map(({ type }, index) => `q.v${index}::${CAST[type]}`);
  return sql`${into} select ${sql.raw(values.join(', '))} from unnest(${sql.join(arrays)}) as q(${sql.raw(aliases)})
    where not ${isThere(sql.raw(values[place] ?? ''))}`;
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
  return column;
}

/** Some servers cut silently what is too long. */
function fitting(table: Table, { name, type, size }: Column, value: string): string {
  if (isTextType(type) && size !== null && Array.from(value).length > size)
    throw new Error(`a value for ${table.name}.${name} is longer than ${size} characters`);
  return value;
}

function atMost(table: Table, count: number): void {
  if (count > MOST_WRITES) throw new Error(`${count} rows of ${table.name} at a time are more than ${MOST_WRITES}`);
}
