/** The orders of the search index: how they sort, where a page continues, and the cursor that says so. */
import { z } from 'zod';
import type { InstitutionOrder } from '../ports.ts';
import { decodeCursor, encodeCursor } from '../relay/cursor.ts';
import { UNRATED, type StoredEntry } from './institution-entry.model.ts';

/** The place of a row in its order; rows of equal value follow each other by credit code. */
export interface Position {
  /** Name key, milliseconds since 1970, or score. */
  readonly value: string | number;
  readonly creditCode: string;
}

/** A sort of the collection, and the index that serves it. */
export type SortKey = Readonly<Record<string, 1 | -1>>;

/** A condition on plain values. */
export type Condition = Readonly<Record<string, unknown>>;

type SortField = 'nameKey' | 'updatedAt' | 'riskScore';

const MAX_TIME_MS = 8.64e15;
const Text = z.string().max(1_000);
const NameCursor = z.tuple([z.literal('name'), Text, Text]);
const TimeCursor = z.tuple([z.literal('updated'), z.int().min(-MAX_TIME_MS).max(MAX_TIME_MS), Text]);
const ScoreCursor = z.tuple([z.literal('risk'), z.number(), Text]);

/** The page-independent part of an order. */
export interface Order {
  readonly field: SortField;
  /** No institution is sorted below it; what is sorted not at all is none. */
  readonly lowest: string | number | Date;
  /** As the database sorts, and the index that holds all institutions in this order. */
  readonly key: SortKey;
  positionOf(entry: Pick<StoredEntry, SortField | 'creditCode'>): Position;
  /** @throws HubError INPUT_INVALID for a cursor of another list */
  parseCursor(cursor: string): Position;
  cursorOf(position: Position): string;
}

export const ORDERS: Readonly<Record<InstitutionOrder, Order>> = {
  NAME: {
    field: 'nameKey',
    lowest: '',
    key: { nameKey: 1, creditCode: 1 },
    positionOf: ({ nameKey, creditCode }) => ({ value: nameKey, creditCode }),
    parseCursor: (cursor) => positionIn(decodeCursor(cursor, NameCursor)),
    cursorOf: ({ value, creditCode }) => encodeCursor(['name', value, creditCode]),
  },
  UPDATED_DESC: {
    field: 'updatedAt',
    lowest: new Date(-MAX_TIME_MS),
    key: { updatedAt: -1, creditCode: 1 },
    positionOf: ({ updatedAt, creditCode }) => ({ value: updatedAt.getTime(), creditCode }),
    parseCursor: (cursor) => positionIn(decodeCursor(cursor, TimeCursor)),
    cursorOf: ({ value, creditCode }) => encodeCursor(['updated', value, creditCode]),
  },
  RISK_DESC: {
    field: 'riskScore',
    lowest: UNRATED,
    key: { riskScore: -1, creditCode: 1 },
    positionOf: ({ riskScore, creditCode }) => ({ value: riskScore, creditCode }),
    parseCursor: (cursor) => positionIn(decodeCursor(cursor, ScoreCursor)),
    cursorOf: ({ value, creditCode }) => encodeCursor(['risk', value, creditCode]),
  },
};

/**
 * The conditions that hold the rows after a position, one after the other in the order of the list. Each is one range of
 * the order's index, which "later value, or same value and later code" in one condition would not be.
 */
export function rangesAfter(order: Order, position: Position | null): Condition[] {
  if (position === null) return [{ [order.field]: { $gte: order.lowest } }];
  const value = order.field === 'updatedAt' ? new Date(position.value) : position.value;
  return [
    { [order.field]: value, creditCode: { $gt: position.creditCode } },
    { [order.field]: order.key[order.field] === 1 ? { $gt: value } : { $lt: value } },
  ];
}

/** Below 0 when the left one comes first. */
export function comparePositions(order: Order, left: Position, right: Position): number {
  const byValue = compareValues(left.value, right.value) * (order.key[order.field] ?? 1);
  return byValue === 0 ? compareValues(left.creditCode, right.creditCode) : byValue;
}

/** Texts by code points, as the database sorts them; JavaScript's own order is by UTF-16 units. */
function compareValues(left: string | number, right: string | number): number {
  if (left === right) return 0;
  if (typeof left === 'number' || typeof right === 'number') return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function positionIn([, value, creditCode]: readonly [string, string | number, string]): Position {
  return { value, creditCode };
}
