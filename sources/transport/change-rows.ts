/**
 * What a row of a feed says: a record as the reads give it, or that its ID is withdrawn or not for the read any more.
 */
import type { z } from 'zod';
import type { MalformedRecord } from '../../schema/ports.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import type { DraftChange } from '../kit/adapter.ts';
import type { ColumnValues } from '../kit/mesh-handlers/exchange-database/condition.ts';
import { readRow } from '../kit/read-rows.ts';
import { NATURAL_PERSON } from './codes.ts';
import { NOTHING } from './conditions.ts';
import { recordIdOf } from './envelope.ts';
import { toFiling, toInstitution, toPenalty, toReport, toRoadTest, updatedAt } from './map.ts';
import type { FollowedTable } from './operations.ts';
import { subjectsOfPenalty, subjectsOfStation, subjectsOfTest } from './subjects.ts';
import { ControlWire, PenaltyChangeWire, StationChangeWire, TestChangeWire } from './wire.ts';

const WITHDRAWN = 'D';

export type ReadChange<D> = DraftChange<D> | { readonly malformed: MalformedRecord };

export interface FeedDefinition<D> {
  readonly table: FollowedTable;
  /** Rows that the read leaves out; only that they are not there leaves the database. */
  readonly hidden: ColumnValues | null;
  readonly readChange: (row: unknown) => ReadChange<D>;
}

export const institutionFeed = {
  table: 'QZ_JCJG',
  hidden: null,
  readChange: (row) => readChange(row, StationChangeWire, (read) => toInstitution(read, null), subjectsOfStation),
} satisfies FeedDefinition<unknown>;

/** @param today the day in China */
export const filingFeed = (today: CalendarDate) =>
  ({
    table: 'QZ_JCJG',
    hidden: null,
    readChange: (row) => readChange(row, StationChangeWire, (read) => toFiling(read, today), subjectsOfStation),
  }) satisfies FeedDefinition<unknown>;

export const testFeed = {
  table: 'QZ_CLJC',
  hidden: null,
  readChange: (row) => readChange(row, TestChangeWire, toRoadTest, subjectsOfTest),
} satisfies FeedDefinition<unknown>;

export const reportFeed = {
  table: 'QZ_CLJC',
  hidden: { BGBH: NOTHING },
  readChange: (row) => readChange(row, TestChangeWire, (read) => toReport(read, null), subjectsOfTest),
} satisfies FeedDefinition<unknown>;

export const penaltyFeed = {
  table: 'QZ_XZCF',
  hidden: { CF_XDR_LB: NATURAL_PERSON },
  readChange: (row) => readChange(row, PenaltyChangeWire, toPenalty, subjectsOfPenalty),
} satisfies FeedDefinition<unknown>;

function readChange<W, D extends { readonly asOf: Date | null }>(
  row: unknown,
  wire: z.ZodType<W>,
  toDraft: (read: W) => D | null,
  subjectsOf: (read: W) => Extract<DraftChange<D>, { kind: 'UPSERT' }>['subjects'],
): ReadChange<D> {
  const control = readRow(row, {
    wire: ControlWire,
    recordIdOf,
    toDraft: ({ ID: recordId, CZLX, GXSJ }) => ({ recordId, updatedAt: updatedAt({ GXSJ }), operation: CZLX }),
  });
  if ('malformed' in control) return control;
  if (control.draft === null) throw new Error('a row of a feed has no control columns');
  const { operation, ...deletion } = control.draft;
  if (operation === WITHDRAWN) return { kind: 'DELETE', ...deletion };
  const read = readRow(row, {
    wire,
    recordIdOf,
    toDraft(columns): DraftChange<D> | null {
      const draft = toDraft(columns);
      return draft && { kind: 'UPSERT', updatedAt: draft.asOf, subjects: subjectsOf(columns), draft };
    },
  });
  if ('malformed' in read) return read;
  // What the database should have hidden is not there for the reads either.
  return read.draft ?? { kind: 'DELETE', ...deletion };
}
