/** Pages of a log as one caller may see it. */
import { HubError } from '../errors.ts';
import { connectionOf, type Connection } from '../relay/connection.ts';
import type { EventCursors } from './event-cursor.ts';
import type { EventLog, LogEvent, Numbered } from './event-log.ts';

const LONGEST_PAGE = 1_000;
/** Of a log of which the caller sees little, no more than this is read for one page. */
const MOST_READ = 10_000;

export interface VisibleEvents<E, N> {
  readonly cursors: EventCursors;
  /** Whether the caller may see the event; asked again for each. */
  readonly maySee: (event: E) => boolean;
  readonly nodeOf: (event: E & Numbered) => N;
}

/**
 * @param after nothing = from the beginning
 * @throws HubError INPUT_INVALID for a page or a cursor that cannot be used
 */
export async function listVisibleEvents<E extends LogEvent, N>(
  log: EventLog<E>,
  { cursors, maySee, nodeOf }: VisibleEvents<E, N>,
  first: number,
  after: string | null | undefined,
): Promise<Connection<N>> {
  if (first < 1 || first > LONGEST_PAGE) {
    throw new HubError('INPUT_INVALID', `"first" must be between 1 and ${LONGEST_PAGE}.`);
  }
  const start = after === null || after === undefined ? 0 : cursors.read(after);
  const shown: (E & Numbered)[] = [];
  let position = start;
  let hasMore = true;
  while (hasMore && shown.length < first && position - start < MOST_READ) {
    const page = await log.page(position, LONGEST_PAGE);
    for (const event of page.events) {
      if (shown.length === first) break;
      position = event._id;
      if (maySee(event)) shown.push(event);
    }
    hasMore = page.hasMore || position < (page.events.at(-1)?._id ?? position);
  }
  const edges = shown.map((event) => ({ cursor: cursors.write(event._id), node: nodeOf(event) }));
  return connectionOf(edges, {
    hasNextPage: hasMore,
    hasPreviousPage: start > 0,
    totalCount: null,
    // What the caller may not see is behind the page's end all the same.
    endCursor: cursors.write(position),
  });
}
