/** Follows a log: everything after a place, then what comes, in order, without a gap, each event once. */
import { HubError } from '../errors.ts';
import type { EventCursors } from './event-cursor.ts';
import type { LogEvent, Numbered } from './event-log.ts';
import type { StreamItem } from './stream-item.ts';
import type { EventTail } from './tail.ts';

export interface FollowOptions<E> {
  readonly cursors: EventCursors;
  /** Number of the last event that the subscriber has; see {@link placeToFollow}. */
  readonly after: number;
  /** What the subscriber wants to hear of. */
  readonly matches: (event: E) => boolean;
  /** Whether the subscriber may hear of it, asked anew for each event. */
  readonly maySee: (event: E) => boolean | Promise<boolean>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const PAGE_SIZE = 200;

/**
 * The number after which to follow.
 * @param after null = from now on
 * @throws HubError INPUT_INVALID for a cursor of another list, or one that is ahead of the log
 */
export async function placeToFollow<E extends LogEvent>(
  tail: EventTail<E>,
  cursors: EventCursors,
  after: string | null,
): Promise<number> {
  const number = after === null ? null : cursors.read(after);
  const head = await tail.log.head();
  if (number === null || number <= head) return number ?? head;
  throw new HubError('INPUT_INVALID', 'This cursor is ahead of the log; it belongs to another hub.');
}

/**
 * Takes a page at a time and the next one only when the page is used up: a slow subscriber is no burden. What it passes
 * over moves its place all the same, told at the end of each page.
 */
export async function* follow<E extends LogEvent>(
  tail: EventTail<E>,
  { cursors, after, matches, maySee, signal }: FollowOptions<E & Numbered>,
): AsyncGenerator<StreamItem<E & Numbered>, void, void> {
  const isEnded = () => signal.aborted;
  const leave = tail.enter();
  try {
    let place = after;
    yield { cursor: cursors.write(place), event: null };
    while (!isEnded()) {
      const { looks } = tail;
      const events = await tail.read(place, PAGE_SIZE);
      let told = place;
      for (const event of events) {
        place = event._id;
        if (!matches(event) || !(await maySee(event))) continue;
        if (isEnded()) return;
        told = place;
        yield { cursor: cursors.write(place), event };
      }
      if (told !== place) yield { cursor: cursors.write(place), event: null };
      if (events.length === 0) await tail.looked(looks, signal);
    }
  } finally {
    leave();
  }
}
