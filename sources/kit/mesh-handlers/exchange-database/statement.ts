/**
 * One SQL statement for a whole batch of conditions, each with its own limit. PostgreSQL gets the conditions as arrays
 * and looks rows up per condition (LATERAL), which is planned once; MySQL and MariaDB, where LATERAL is missing or
 * young, get one limited SELECT per condition (UNION ALL), which they plan cheaply. Values are always parameters,
 * identifiers always come from tables.sql.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Condition, Reference, StateColumn, VersionColumns } from './condition.ts';
import { fitsMatch, fitsValues, isCurrent, isWithin, type Slot } from './demands.ts';
import type { Column, Table } from './tables.ts';

export type Engine = 'postgres' | 'mysql';

export interface Contract {
  readonly tables: ReadonlyMap<string, Table>;
  readonly versions: VersionColumns | null;
  readonly state: StateColumn | null;
  readonly references: readonly Reference[];
}

export interface Batch {
  readonly table: Table;
  readonly conditions: readonly Condition[];
  /**
   * Column by which the rows of each condition come, latest first; null = in no particular order of time. Rows without
   * a value come first on PostgreSQL and last on MySQL.
   */
  readonly newestFirst: string | null;
  /** Columns to read, without repetition. */
  readonly columns: readonly string[];
}

export interface BatchStatement {
  /** Rows have `i`, the position of their condition, and `c0`, `c1` ... for `columns`; ordered by `i`. */
  readonly query: RawBuilder<Readonly<Record<string, unknown>>>;
  /** The columns asked for and those the order needs. */
  readonly columns: readonly string[];
}

/** What PostgreSQL is to take a text parameter for. */
export const CAST: Readonly<Record<Column['type'], string>> = {
  CHAR: 'bpchar',
  VARCHAR: 'text',
  CLOB: 'text',
  INT: 'int',
  DECIMAL: 'numeric',
  DATE: 'date',
  DATETIME: 'timestamp',
};

/** @param batch with at least one condition */
export function statementFor(engine: Engine, contract: Contract, batch: Batch): BatchStatement {
  const key = contract.versions?.key;
  const hasKey = batch.table.columns.some(({ name }) => name === key);
  const order = [batch.newestFirst, hasKey ? key : null].filter((name) => name !== null && name !== undefined);
  const columns = [...new Set([...batch.columns, ...order])];
  const body = new ConditionBody(contract, batch.table, columns, order);
  const parts = engine === 'postgres' ? perShape(body, batch.conditions) : perCondition(body, batch.conditions);
  const query = sql<Readonly<Record<string, unknown>>>`select * from (${sql.join(parts, sql` union all `)}) as answer
    order by ${sql.raw(['i', ...body.orderAliases].join(', '))}`;
  return { query, columns };
}

/** The rows of one condition, whatever its values are called in the statement. */
class ConditionBody {
  readonly orderAliases: readonly string[];
  readonly #contract: Contract;
  readonly #table: Table;
  readonly #list: string;
  readonly #orderBy: string;

  constructor(contract: Contract, table: Table, columns: readonly string[], order: readonly string[]) {
    this.#contract = contract;
    this.#table = table;
    this.#list = columns.map((name, index) => `t.${name} as c${index}`).join(', ');
    this.orderAliases = order.map((name) => `c${columns.indexOf(name)} desc`);
    this.#orderBy = order.length === 0 ? '' : ` order by ${this.orderAliases.join(', ')}`;
  }

  /** @param limit how the statement calls the condition's limit; null = none */
  build(condition: Condition, slot: Slot, limit: RawBuilder<unknown> | null): RawBuilder<unknown> {
    const end = limit === null ? sql.raw(this.#orderBy) : sql`${sql.raw(this.#orderBy)} limit ${limit}`;
    const alternatives = (condition.any ?? [{}]).map((match) => {
      const demands = [
        fitsMatch(this.#contract, this.#table, match, slot),
        fitsMatch(this.#contract, this.#table, condition.every ?? {}, slot),
        isWithin(this.#table, condition.within ?? [], slot),
        isCurrent(this.#contract.versions, this.#table, 't'),
        condition.except ? sql`not coalesce(${fitsValues(this.#table, 't', condition.except, slot)}, false)` : null,
      ].filter((demand) => demand !== null);
      const where = demands.length === 0 ? sql`` : sql` where ${sql.join(demands, sql` and `)}`;
      // Copies of a row must not use up the limit, so they go before it is counted.
      return sql`select distinct ${sql.raw(this.#list)} from ${sql.raw(this.#table.name)} t${where}${end}`;
    });
    const [only, ...others] = alternatives;
    if (only !== undefined && others.length === 0) return only;
    if (only === undefined) return sql`select ${sql.raw(this.#list)} from ${sql.raw(this.#table.name)} t where 1 = 0`;
    // A row that fits several alternatives comes once (UNION, not UNION ALL).
    return sql`select * from (${sql.join(
      alternatives.map((each) => sql`(${each})`),
      sql` union `,
    )}) as a${end}`;
  }
}

/** PostgreSQL: one LATERAL look-up per shape of condition, which is one for most batches. */
function perShape(body: ConditionBody, conditions: readonly Condition[]): RawBuilder<unknown>[] {
  const groups = new Map<string, number[]>();
  conditions.forEach((condition, index) => {
    const shape = shapeOf(condition);
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, [index]);
    else group.push(index);
  });
  return [...groups.values()].map((indexes) => {
    const rowsOfValues: string[][] = [];
    let lookUp: RawBuilder<unknown> | null = null;
    const limits: number[] = [];
    for (const index of indexes) {
      const condition = conditions[index] ?? {};
      const values: string[] = [];
      const slot: Slot = (value, column) => sql.raw(`q.p${values.push(value) - 1}::${CAST[column.type]}`);
      const built = body.build(condition, slot, isGiven(condition.limit) ? sql.raw('q.n') : null);
      lookUp ??= built;
      rowsOfValues.push(values);
      if (isGiven(condition.limit)) limits.push(condition.limit);
    }
    const width = rowsOfValues[0]?.length ?? 0;
    const arrays = [
      sql`${indexes}::int[]`,
      ...(limits.length > 0 ? [sql`${limits}::int[]`] : []),
      ...Array.from({ length: width }, (_, place) => sql`${rowsOfValues.map((values) => values[place])}::text[]`),
    ];
    const names = [
      'i',
      ...(limits.length > 0 ? ['n'] : []),
      ...Array.from({ length: width }, (_, place) => `p${place}`),
    ];
    return sql`select q.i, r.* from unnest(${sql.join(arrays)}) as q(${sql.raw(names.join(', '))})
      cross join lateral (${lookUp}) as r`;
  });
}

/** MySQL and MariaDB: one limited SELECT per condition. */
function perCondition(body: ConditionBody, conditions: readonly Condition[]): RawBuilder<unknown>[] {
  return conditions.map((condition, index) => {
    const limit = isGiven(condition.limit) ? sql`${condition.limit}` : null;
    return sql`(select ${sql.raw(String(index))} as i, r.* from (${body.build(condition, (value) => sql`${value}`, limit)}) as r)`;
  });
}

/** What of a condition decides the text of its SELECT: everything but the values. Names are keys, values are masked. */
function shapeOf({ every, any, except, within, limit }: Condition): string {
  const ranges = within?.map(({ column, from, to }) => ({ [column]: [isGiven(from), isGiven(to)] }));
  return JSON.stringify([every, any, except, ranges, isGiven(limit)], (_key, value: unknown) =>
    typeof value === 'string' && value !== '' ? '?' : value,
  );
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
