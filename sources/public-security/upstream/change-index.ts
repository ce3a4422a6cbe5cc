/** Which station has records that changed at which time, sorted once and cut into pages. */
import type { HeldRow, Station } from './register.ts';

/** A place in the order of changes: at first by time, then by record id, which begins with the station's number. */
export interface Place {
  readonly updatedAt: string;
  readonly recordId: string;
}

interface Group {
  readonly updatedAt: string;
  readonly station: Station;
}

export interface IndexedTable {
  stations(): readonly Station[];
  /** The update times that its records may have, without making the records. */
  timesOf(station: Station): readonly string[];
  rowsOf(station: Station): readonly HeldRow[];
}

export class ChangeIndex {
  readonly #table: IndexedTable;
  /** By time, then by number; null until somebody asks. */
  #groups: readonly Group[] | null = null;

  constructor(table: IndexedTable) {
    this.#table = table;
  }

  /** Says that records of a station have changed. */
  amended(station: Station): void {
    if (this.#groups === null) return;
    const others = this.#groups.filter((group) => group.station.number !== station.number);
    this.#groups = [...others, ...this.#groupsOf(station)].sort(inOrder);
  }

  /**
   * @param since from this time on, inclusive; '' = everything
   * @param after only what comes after this place; null = from the beginning
   * @returns at most `limit` rows by update time, then record id, without those that are gone
   */
  page(since: string, after: Place | null, limit: number): readonly HeldRow[] {
    this.#groups ??= this.#table
      .stations()
      .flatMap((station) => this.#groupsOf(station))
      .sort(inOrder);
    const start = after === null || after.updatedAt < since ? { updatedAt: since, recordId: '' } : after;
    const rows: HeldRow[] = [];
    for (let index = countBefore(this.#groups, start); rows.length < limit; index++) {
      const group = this.#groups[index];
      if (group === undefined) break;
      rows.push(...this.#rowsOf(group).filter((row) => isAfter(row, start)));
    }
    return rows.slice(0, limit);
  }

  #groupsOf(station: Station): Group[] {
    return [...new Set(this.#table.timesOf(station))].map((updatedAt) => ({ updatedAt, station }));
  }

  #rowsOf({ updatedAt, station }: Group): readonly HeldRow[] {
    return this.#table
      .rowsOf(station)
      .filter((row) => row.updatedAt === updatedAt && row.standing !== 'GONE')
      .sort((left, right) => compare(left.recordId, right.recordId));
  }
}

/** How many groups hold nothing but records before the place. */
function countBefore(groups: readonly Group[], { updatedAt, recordId }: Place): number {
  const number = recordId.slice(0, 10);
  let low = 0;
  let high = groups.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const group = groups[middle];
    const order =
      group === undefined ? 0 : compare(group.updatedAt, updatedAt) || compare(group.station.number, number);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isAfter(row: Place, place: Place): boolean {
  return (compare(row.updatedAt, place.updatedAt) || compare(row.recordId, place.recordId)) > 0;
}

function inOrder(left: Group, right: Group): number {
  return compare(left.updatedAt, right.updatedAt) || compare(left.station.number, right.station.number);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
