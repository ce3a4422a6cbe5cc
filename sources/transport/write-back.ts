/**
 * What the department hears back: SJZT of its rows (1 taken, 2 refused), and one row of QZ_FK per batch and record.
 * Feedback goes first: after a crash in between, the rows are still unread and the receipt comes again.
 */
import { z } from 'zod';
import type { ChangesReceipt, MalformedRecord } from '../../schema/ports.ts';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import type { AdapterCall, SourceAdapter } from '../kit/adapter.ts';
import type { Mark, NewRow } from '../kit/mesh-handlers/exchange-database/condition.ts';
import { readNativeInstant } from '../kit/native-dates.ts';
import { filingFeed, institutionFeed, penaltyFeed, reportFeed, testFeed, type FeedDefinition } from './change-rows.ts';
import { wallTime } from './conditions.ts';
import { countWritten, rowsOfPage } from './envelope.ts';
import { CHUNK, feedbackRow, isPossibleId, REFUSED, TAKEN } from './feedback.ts';
import { ADD_FEEDBACK, CHANGES, MARK, type FollowedTable } from './operations.ts';

/**
 * Reads that share a table share its SJZT, so each table is reported on by one of them, for all: a row that one of them
 * cannot read is refused, whatever the others could make of it.
 */
export const transportAcknowledgements: NonNullable<SourceAdapter['acknowledge']> = {
  institutions: (receipt, call) =>
    acknowledge(institutionFeed, [filingFeed(calendarDateOf(new Date()))], receipt, call),
  inspections: (receipt, call) => acknowledge(testFeed, [reportFeed], receipt, call),
  penalties: (receipt, call) => acknowledge(penaltyFeed, [], receipt, call),
};

/** What the hub says about one record. */
interface Word {
  /** null where the row has no ID: nothing can be marked then. */
  readonly recordId: string | null;
  readonly updatedAt: Date | null;
  readonly refusal: MalformedRecord | null;
}

/** @param others the other feeds of the table */
async function acknowledge(
  feed: FeedDefinition<unknown>,
  others: readonly FeedDefinition<unknown>[],
  receipt: ChangesReceipt,
  call: AdapterCall,
): Promise<void> {
  const { table } = feed;
  const words: Word[] = [
    ...receipt.taken.map(({ recordId, updatedAt }) => ({ recordId, updatedAt, refusal: null })),
    ...receipt.refused.map((refusal) => ({ recordId: refusal.recordId, updatedAt: null, refusal })),
  ].filter(({ recordId }) => recordId === null || isPossibleId(recordId));
  for (let from = 0; from < words.length; from += CHUNK) {
    const told = words.slice(from, from + CHUNK);
    const rows = await latestRows(feed, others, told, call);
    const chunk = told.map((word) => withWordOfOthers(word, rows));
    const feedback = chunk.map((word) => feedbackOn(table, receipt.batch, word, rows));
    countWritten(await call.execute(ADD_FEEDBACK, { rows: feedback }));
    const marks = chunk.flatMap((word) => markOf(word, rows));
    if (marks.length > 0) countWritten(await call.execute(MARK[table], { marks }));
  }
}

/** The latest row of an ID, as the department has it now. */
interface Latest {
  readonly time: string | null;
  readonly batch: string | null;
  /** The first of the table's feeds that cannot read the row; null when all can. */
  readonly unreadable: MalformedRecord | null;
}

const Control = z.object({ ID: z.string(), PCH: z.string().nullable(), GXSJ: z.string().nullable() });

async function latestRows(
  feed: FeedDefinition<unknown>,
  others: readonly FeedDefinition<unknown>[],
  words: readonly Word[],
  call: AdapterCall,
): Promise<ReadonlyMap<string, Latest>> {
  const keys = words.flatMap(({ recordId }) => recordId ?? []);
  if (keys.length === 0) return new Map();
  const { table, hidden } = feed;
  const variables = { keys, hidden, unread: false, withdrawn: true, limit: 2 * CHUNK };
  const rows = rowsOfPage(await call.execute(CHANGES[table], variables));
  return new Map(
    rows.flatMap((row) => {
      const control = Control.safeParse(row);
      if (!control.success) return [];
      const { ID, PCH: batch, GXSJ: time } = control.data;
      const [unreadable = null] = [feed, ...others].flatMap(({ readChange }) => {
        const change = readChange(row);
        return 'malformed' in change ? [change.malformed] : [];
      });
      return [[ID.trim(), { time, batch, unreadable }] as const];
    }),
  );
}

/** What one feed has taken is refused when another cannot read it; a newer row than that has its own word later. */
function withWordOfOthers(word: Word, rows: ReadonlyMap<string, Latest>): Word {
  const row = word.recordId === null ? undefined : rows.get(word.recordId);
  const isThatRow = instantOf(row?.time)?.getTime() === word.updatedAt?.getTime();
  return word.refusal === null && isThatRow ? { ...word, refusal: row?.unreadable ?? null } : word;
}

/**
 * Rows up to what was taken: a later one is another version that nobody has read yet. A refusal names no time; it is
 * about the row that still cannot be read for the same reason.
 */
function markOf({ recordId, updatedAt, refusal }: Word, rows: ReadonlyMap<string, Latest>): Mark[] {
  if (recordId === null) return [];
  if (refusal === null)
    return [{ key: recordId, upTo: updatedAt && toTheEndOfMillisecond(updatedAt), set: { SJZT: TAKEN } }];
  const row = rows.get(recordId);
  return row?.unreadable?.field === refusal.field ? [{ key: recordId, upTo: row.time, set: { SJZT: REFUSED } }] : [];
}

function feedbackOn(
  table: FollowedTable,
  batch: string,
  { recordId, updatedAt, refusal }: Word,
  rows: ReadonlyMap<string, Latest>,
): NewRow {
  const about = recordId ?? `? ${refusal?.field ?? ''} ${refusal?.problem ?? ''}`;
  const row = recordId === null ? undefined : rows.get(recordId);
  const isSame =
    refusal === null
      ? instantOf(row?.time)?.getTime() === updatedAt?.getTime()
      : row?.unreadable?.field === refusal.field;
  const recordBatch = isSame ? (row?.batch ?? null) : null;
  return feedbackRow({ table, batch, about, recordId, recordBatch, refusal });
}

/** The hub keeps milliseconds; a column may hold finer times. */
function toTheEndOfMillisecond(instant: Date): string {
  const text = wallTime(instant);
  return text.includes('.') ? `${text}999` : `${text}.000999`;
}

function instantOf(time: string | null | undefined): Date | null {
  try {
    return readNativeInstant(time ?? '');
  } catch {
    return null;
  }
}
