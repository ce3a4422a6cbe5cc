/** Pages of a table's latest rows, by GXSJ and ID: each row once, and where the next page begins. */
import { z } from 'zod';
import { HubError } from '../../schema/errors.ts';
import type { FeedPlace } from '../kit/mesh-handlers/exchange-database/condition.ts';
import { readPlace, writePlace } from '../kit/place-token.ts';
import { recordIdOf } from './envelope.ts';

/** As the engine wrote them: padding and fractions of a second decide about the order. */
const Place = z.object({ newest: z.string().nullable(), key: z.string() });
const Placed = z.object({ ID: z.string(), GXSJ: z.string().nullable() });

/** @throws HubError SOURCE_MALFORMED for a row without an ID */
export function cursorAfter(row: unknown): string {
  const placed = Placed.safeParse(row);
  if (!placed.success)
    throw new HubError('SOURCE_MALFORMED', 'A page of changes of Transport ends with a row that has no ID (ID).');
  const { ID: key, GXSJ: newest } = placed.data;
  return writePlace({ newest, key });
}

/** @throws HubError INPUT_INVALID for what no page has given */
export function placeOf(cursor: string): FeedPlace {
  return readPlace(Place, cursor);
}

/** The first of each ID: the others differ in nothing but being there too. */
export function withoutCopies(rows: readonly unknown[]): unknown[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const id = recordIdOf(row);
    if (id === null) return true;
    const isNew = !seen.has(id);
    seen.add(id);
    return isNew;
  });
}
