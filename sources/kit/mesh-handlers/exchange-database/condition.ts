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

/** The column in which the reader notes what it has taken. Tables without it note nothing. */
export interface StateColumn {
  readonly column: string;
  /** Value of rows that the reader has not taken. */
  readonly unread: string;
}

/** Rows of `table` point to rows of `to` by a column that both have. */
export interface Reference {
  readonly table: string;
  readonly to: string;
  readonly column: string;
}

/** A place in the order of a feed: time of the change, then key. */
export interface FeedPlace {
  /** As the engine wrote it; null = among the rows without a time, which come first. */
  readonly newest?: string | null;
  readonly key: string;
}

/** What is asked of a feed: the latest row of each key, in the order of its changes. */
export interface FeedQuery {
  /** Rows changed from then on, inclusive, `yyyy-MM-dd HH:mm:ss[.SSS]`; null = all rows. */
  readonly since?: string | null;
  /** Beside `since`: also older rows that are unread, once the reader has taken any row of the table. */
  readonly unread?: boolean | null;
  /** Whether rows that withdraw their key come too. */
  readonly withdrawn?: boolean | null;
  /** Rows that fit this come as withdrawn, with nothing in them but key, time, batch and operation. */
  readonly hidden?: ColumnValues | null;
  /** Rows whose latest version fits this only. */
  readonly only?: ColumnValues | null;
  /** Rows of these keys only. */
  readonly keys?: readonly string[] | null;
  /** Rows after this place; null = from the beginning. */
  readonly after?: FeedPlace | null;
  /** At most this many rows. */
  readonly limit: number;
}

/** Sets state columns in all rows of a key up to a time. */
export interface Mark {
  readonly key: string;
  /** Time of the last row to be marked; null = only rows without a time. */
  readonly upTo?: string | null;
  /** Column -> value; columns without one stay as they are. */
  readonly set: Readonly<Record<string, string | null | undefined>>;
}

/** A row to be added: column -> value; columns that are not named are NULL. */
export type NewRow = Readonly<Record<string, string | null | undefined>>;
