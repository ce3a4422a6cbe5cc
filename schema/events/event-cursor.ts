/** Places in a log as cursors. */
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../relay/cursor.ts';

export interface EventCursors {
  /** The place behind the event of this number. */
  write(number: number): string;
  /** @returns the number after which to go on; @throws HubError INPUT_INVALID for the cursor of another list */
  read(cursor: string): number;
}

/** @param log e.g. "notices"; a cursor of another log is refused */
export function eventCursors(log: string): EventCursors {
  const shape = z.tuple([z.literal(log), z.int().nonnegative()]);
  return {
    write: (number) => encodeCursor([log, number]),
    read: (cursor) => decodeCursor(cursor, shape)[1],
  };
}
