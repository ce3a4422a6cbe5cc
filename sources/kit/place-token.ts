/** Where the next page of a feed begins, as a text that only the adapter that wrote it understands. */
import type { z } from 'zod';
import { HubError } from '../../schema/errors.ts';

export function writePlace(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws HubError INPUT_INVALID for a text that no page has given */
export function readPlace<T>(schema: z.ZodType<T>, token: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new HubError('INPUT_INVALID', 'The place to continue after was given by no page of this department.', {
      cause,
    });
  }
}
