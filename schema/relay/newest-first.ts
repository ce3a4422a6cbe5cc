/**
 * Pages of a list that is sorted by time, newest first, and read from several departments. The cursor says up to
 * which time the list has been shown and which items of that very time were among them, so that a page can be asked
 * from departments that know nothing of cursors, whatever order they give items of equal time.
 */
import { z } from 'zod';
import { parseCalendarDate, type CalendarDate } from '../time/calendar-date.ts';
import { connectionOf, type Connection } from './connection.ts';
import { decodeCursor, encodeCursor, foreignCursor } from './cursor.ts';
import { checkPageSize } from './page-size.ts';

/** More items of one instant (or one day) than any station has; bounds what a forged cursor can ask for. */
const MAX_SHOWN = 1_000;
const Position = z.tuple([z.string(), z.array(z.string()).max(MAX_SHOWN)]);

export interface NewestFirstQuery {
  readonly first: number;
  /** Nothing newer than this is needed (sortable text); null = from the newest. */
  readonly upTo: string | null;
  /** How many items each department must give at most for a full page. */
  readonly limit: number;
  readonly shownAtThatTime: readonly string[];
}

/** @throws HubError INPUT_INVALID for a wrong page size or a foreign cursor */
export function newestFirstQuery(first: number, after: string | null): NewestFirstQuery {
  const size = checkPageSize(first);
  if (after === null) return { first: size, upTo: null, limit: size + 1, shownAtThatTime: [] };
  const [upTo, shown] = decodeCursor(after, Position);
  return { first: size, upTo, limit: size + 1 + shown.length, shownAtThatTime: shown };
}

/**
 * The day up to which a list of days is continued; null = from the newest.
 * @throws HubError INPUT_INVALID for the cursor of a list that is not sorted by days
 */
export function dayToContinueFrom({ upTo }: NewestFirstQuery): CalendarDate | null {
  if (upTo === null) return null;
  try {
    return parseCalendarDate(upTo);
  } catch {
    throw foreignCursor();
  }
}

/**
 * @param nodes what the departments gave, in any order; items newer than the cursor are left out
 * @param keyOf time as sortable text, and the id
 */
export function newestFirstPage<N>(
  query: NewestFirstQuery,
  nodes: readonly N[],
  keyOf: (node: N) => readonly [time: string, id: string],
  totalCount: number | null,
): Connection<N> {
  const { upTo, shownAtThatTime, first } = query;
  const rest = nodes
    .map((node) => ({ node, key: keyOf(node) }))
    .filter(({ key: [time, id] }) => upTo === null || time < upTo || (time === upTo && !shownAtThatTime.includes(id)))
    .sort((a, b) => compareText(b.key[0], a.key[0]) || compareText(a.key[1], b.key[1]));
  let shown = upTo === null ? [] : [...shownAtThatTime];
  let shownTime = upTo;
  const edges = rest.slice(0, first).map(({ node, key: [time, id] }) => {
    shown = time === shownTime ? [...shown, id] : [id];
    shownTime = time;
    return { node, cursor: encodeCursor([time, shown]) };
  });
  return connectionOf(edges, { hasNextPage: rest.length > first, hasPreviousPage: upTo !== null, totalCount });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
