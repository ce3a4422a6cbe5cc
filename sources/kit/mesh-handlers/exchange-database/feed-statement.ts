/**
 * One SQL statement for one page of a table's changes: the latest row of each key, by time of the change and key. Each
 * branch of the statement follows an index ((time, key), or (state, time, key) for unread rows) and stops at the limit,
 * so that a page costs the same wherever it begins. Copies of a row are not removed here: that would mean sorting all
 * that is left. Rows without a key are no records and do not come.
 */
import { sql, type RawBuilder } from 'kysely';
import type { FeedQuery, StateColumn, VersionColumns } from './condition.ts';
import { fitsValues, isLatest } from './demands.ts';
import type { Table } from './tables.ts';

export interface Feed {
  readonly table: Table;
  readonly versions: VersionColumns;
  /** null where the table has no such column. */
  readonly state: StateColumn | null;
  readonly query: FeedQuery;
  /** Columns to read, without repetition. */
  readonly columns: readonly string[];
}

type Sql = RawBuilder<unknown>;

/** @returns rows have `i`, by which they are ordered, and `c0`, `c1` ... for the columns */
export function feedStatement(feed: Feed): RawBuilder<Readonly<Record<string, unknown>>> {
  const { columns, query } = feed;
  const branches = branchesOf(feed).map((demands, place) => {
    const page = sql`${sql.raw(listOf(feed))}, ${hiddenIn(feed)} as h from ${sql.raw(feed.table.name)} t
      where ${sql.join(demands, sql` and `)} ${sql.raw(orderOf(feed.versions))} limit ${query.limit}`;
    return sql`select b${sql.raw(String(place))}.* from (select ${page}) as b${sql.raw(String(place))}`;
  });
  const shown = columns.map((name, place) => sql`${shownAs(feed, name, place)} as ${sql.raw(`c${place}`)}`);
  return sql<Readonly<Record<string, unknown>>>`
    select row_number() over (order by case when a.w is null then 0 else 1 end, a.w, a.k) as i, ${sql.join(shown)}
    from (${sql.join(branches, sql` union all `)}) as a order by i limit ${query.limit}`;
}

function listOf({ columns, versions: { newest, key } }: Feed): string {
  return [`t.${newest} as w`, `t.${key} as k`, ...columns.map((name, place) => `t.${name} as c${place}`)].join(', ');
}

/** Within a branch all times are given, or none. */
function orderOf({ newest, key }: VersionColumns): string {
  return `order by t.${newest}, t.${key}`;
}

/** 1 for rows of which only the withdrawal may be seen. */
function hiddenIn({ table, query }: Feed): Sql {
  const fits = query.hidden ? fitsValues(table, 't', query.hidden, (value) => sql`${value}`) : null;
  return fits === null ? sql.raw('0') : sql`case when ${fits} then 1 else 0 end`;
}

function shownAs({ versions, query }: Feed, name: string, place: number): Sql {
  const column = sql.raw(`a.c${place}`);
  const { key, newest, batch, operation, deleted } = versions;
  if (!query.hidden || [key, newest, batch].includes(name)) return column;
  const instead = name === operation ? sql`${deleted}` : sql.raw('null');
  return sql`case when a.h = 1 then ${instead} else ${column} end`;
}

/** The demands of each branch; a row fits one branch at the most. */
function branchesOf(feed: Feed): Sql[][] {
  const { table, versions, state, query } = feed;
  const { since, after, unread } = query;
  const newest = sql.raw(`t.${versions.newest}`);
  const key = sql.raw(`t.${versions.key}`);
  const everywhere = [...commonDemands(feed), isLatest(versions, table, 't')];
  const timed = [
    sql`${newest} is not null`,
    ...(isGiven(after?.newest)
      ? [sql`${newest} >= ${after.newest} and (${newest} > ${after.newest} or ${key} > ${after.key})`]
      : []),
  ];
  // Rows without a time come before all others: a place that has a time lies behind them.
  const untimed = isGiven(after?.newest)
    ? null
    : [sql`${newest} is null`, ...(isGiven(after) ? [sql`${key} > ${after.key}`] : [])];
  if (!isGiven(since)) return [timed, ...(untimed === null ? [] : [untimed])].map((each) => [...each, ...everywhere]);
  const older = unread === true && state !== null ? isMissed(table, state) : null;
  return [
    [...timed, sql`${newest} >= ${since}`, ...everywhere],
    ...(older === null
      ? []
      : [
          [...timed, sql`${newest} < ${since}`, ...older, ...everywhere],
          ...(untimed === null ? [] : [[...untimed, ...older, ...everywhere]]),
        ]),
  ];
}

function commonDemands({ table, versions, query }: Feed): Sql[] {
  const { key, operation, deleted } = versions;
  const slot = (value: string): Sql => sql`${value}`;
  const hidden = query.hidden ? fitsValues(table, 't', query.hidden, slot) : null;
  const standing = sql`(${sql.raw(`t.${operation}`)} is null or ${sql.raw(`t.${operation}`)} <> ${deleted})`;
  const demanded = [query.keys ? { [key]: query.keys } : null, query.only ?? null].flatMap((wanted) =>
    wanted === null ? [] : (fitsValues(table, 't', wanted, slot) ?? []),
  );
  return [
    sql`${sql.raw(`t.${key}`)} is not null`,
    ...demanded,
    ...(query.withdrawn === true ? [] : [standing, ...(hidden === null ? [] : [sql`not coalesce(${hidden}, false)`])]),
  ];
}

/**
 * The row is unread though the reader marks what it takes: it was changed without a new time, or came late. As long as
 * the reader has marked nothing, being unread says nothing.
 */
function isMissed(table: Table, { column, unread }: StateColumn): Sql[] {
  const name = sql.raw(table.name);
  const state = sql.raw(`m.${column}`);
  return [
    sql`${sql.raw(`t.${column}`)} = ${unread}`,
    // Two comparisons, because no index serves "is not".
    sql`(exists (select 1 from ${name} m where ${state} > ${unread}) or exists (select 1 from ${name} m where ${state} < ${unread}))`,
  ];
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
