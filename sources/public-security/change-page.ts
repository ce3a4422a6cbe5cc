/** One page of the provincial change queries (18Q91 to 18Q93): where its rows stand, and where the next page begins. */
import { z } from 'zod';
import { HubError } from '../../schema/errors.ts';
import type { ChangesQuery, MalformedRecord } from '../../schema/ports.ts';
import { readNativeInstant } from '../kit/native-dates.ts';
import { readPlace, writePlace } from '../kit/place-token.ts';
import { field, MalformedField, readRow } from '../kit/read-rows.ts';
import type { Condition, WireRow } from './envelope.ts';
import { textAt } from './readers.ts';
import { wallTime } from './wall-time.ts';
import { ChangeWire } from './wire.ts';

/** A row of a page and its place in the feed. */
export interface PlacedRow {
  readonly row: WireRow;
  readonly recordId: string;
  readonly updatedAt: Date;
  readonly withdrawn: boolean;
  /** The update time in the department's own digits, for the question after the next rows. */
  readonly position: string;
  /** Whether rows of the same answer come after this one. */
  readonly hasMore: boolean;
}

export interface PageOfRows {
  /** In order of update time, then record id; each once. */
  readonly rows: readonly PlacedRow[];
  /** Rows without a readable place. */
  readonly malformed: readonly MalformedRecord[];
  readonly next: string | null;
  readonly newestAt: Date | null;
}

const Token = z.tuple([z.string(), z.string()]);

/** The condition of one page. The gateway counts whole seconds, so `since` is cut down to one. */
export function conditionOf({ since, after, limit }: ChangesQuery): Condition {
  const [qsgxsj, qsjlbh] = after === null ? ['', ''] : readPlace(Token, after);
  return { gxsjq: since === null ? '' : wallTime(since), qsgxsj, qsjlbh, zdhs: String(limit) };
}

/**
 * Puts the rows of an answer into their order. A row whose place cannot be read is reported and passed over.
 * @throws HubError SOURCE_MALFORMED when no row of a full page has a place, so that nothing says how to go on
 */
export function placeRows(answer: readonly WireRow[], limit: number): PageOfRows {
  const distinct = [...new Map(answer.map((row) => [JSON.stringify(row), row])).values()];
  const reads = distinct.map((row) =>
    readRow(row, { wire: ChangeWire, toDraft: (wire) => toPlace(row, wire), recordIdOf: textAt('jlbh') }),
  );
  const malformed = reads.flatMap((read) => ('malformed' in read ? [read.malformed] : []));
  const placed = reads.flatMap((read) => ('draft' in read && read.draft !== null ? [read.draft] : []));
  if (placed.length === 0 && distinct.length >= limit)
    throw new HubError(
      'SOURCE_MALFORMED',
      `Public Security sent a page of changes without a place to go on from: ${malformed[0]?.field ?? ''} ${malformed[0]?.problem ?? ''}.`,
      { details: { field: malformed[0]?.field ?? '' } },
    );
  const reported = malformed.slice(0, placed.length === 0 ? limit : limit - 1);
  const rows = placed.toSorted(inOrder).slice(0, limit - reported.length);
  const last = rows.at(-1);
  return {
    rows,
    malformed: reported,
    next: last === undefined || !last.hasMore ? null : writePlace([last.position, last.recordId]),
    newestAt: last?.updatedAt ?? null,
  };
}

function toPlace(row: WireRow, { gxsj, jlbh, scbz, hxbz }: ChangeWire): PlacedRow {
  const updatedAt = field('gxsj', () => readNativeInstant(gxsj));
  if (updatedAt === null) throw new MalformedField('gxsj', 'is empty');
  return {
    row,
    recordId: jlbh,
    updatedAt,
    withdrawn: scbz === '1',
    position: gxsj,
    hasMore: hxbz === '1',
  };
}

function inOrder(left: PlacedRow, right: PlacedRow): number {
  const difference = left.updatedAt.getTime() - right.updatedAt.getTime();
  if (difference !== 0) return difference;
  return left.recordId < right.recordId ? -1 : Number(left.recordId > right.recordId);
}
