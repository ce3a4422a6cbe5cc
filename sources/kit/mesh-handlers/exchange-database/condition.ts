/** What one item of a batch asks of a table. The GraphQL inputs of tables-schema.ts have exactly this shape. */

/**
 * Column name -> the values it may have; all named columns must fit. The empty text fits a blank or missing value,
 * because exchange tables use both for "nothing"; an empty list fits no row.
 */
export type ColumnValues = Readonly<Record<string, readonly string[] | null | undefined>>;

/** {@link ColumnValues}, and per referenced table (by its name): the row pointed to must look like one of these. */
export type Match = Readonly<Record<string, readonly string[] | readonly ColumnValues[] | null | undefined>>;

export interface Within {
  /** A DATE or DATETIME column. */
  readonly column: string;
  /** Bounds as `yyyy-MM-dd[ HH:mm:ss[.SSS]]`, inclusive; null = open. */
  readonly from?: string | null;
  readonly to?: string | null;
}

export interface Condition {
  /** Every row must fit this. */
  readonly every?: Match | null;
  /** Every row must fit one of these; absent = no such demand. */
  readonly any?: readonly Match[] | null;
  /** Rows that fit this are left out. */
  readonly except?: ColumnValues | null;
  readonly within?: readonly Within[] | null;
  /** The column by which rows come, latest first; ties by the key column, highest first. */
  readonly newestFirst?: string | null;
  /** At most this many rows for this item. */
  readonly limit?: number | null;
}

/** Which row of several with one key counts. Tables without these columns hold one row per key. */
export interface VersionColumns {
  readonly key: string;
  /** Time of the row's last change: the latest row of a key counts. */
  readonly newest: string;
  /** Decides between rows of one time: the highest counts. */
  readonly batch: string;
  readonly operation: string;
  /** Value of the operation column that withdraws the key. */
  readonly deleted: string;
}

/** Rows of `table` point to rows of `to` by a column that both have. */
export interface Reference {
  readonly table: string;
  readonly to: string;
  readonly column: string;
}
