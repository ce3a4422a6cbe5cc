import type { z } from 'zod';
import { HubError } from '../errors.ts';

/** Packs what is needed to continue a list; opaque to callers. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');
}

/** Says that a cursor was given out by another list, or by nobody. */
export function foreignCursor(): HubError {
  return new HubError('INPUT_INVALID', 'This cursor does not belong to this list; start again without "after".');
}

/**
 * Unpacks a cursor that this hub gave out.
 * @throws HubError INPUT_INVALID when it is not one of this list's cursors
 */
export function decodeCursor<T>(cursor: string, shape: z.ZodType<T>): T {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    position = undefined;
  }
  const parsed = shape.safeParse(position);
  if (parsed.success) return parsed.data;
  throw foreignCursor();
}
