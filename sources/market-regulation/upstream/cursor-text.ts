/** Cursors of the service: JSON in base64url, opaque to callers. */
import { z } from 'zod';

/** @param shape of what the cursor holds */
export const cursorText = <S extends z.ZodType>(shape: S) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
      } catch {
        context.addIssue('is not a cursor');
        return z.NEVER;
      }
    })
    .pipe(shape);
