/** The change feeds: the latest row of each ID by GXSJ and ID, one SQL statement a page. */
import { z } from 'zod';
import { HubError } from '../../schema/errors.ts';
import type { ChangesQuery, MalformedRecord } from '../../schema/ports.ts';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import type { AdapterCall, DraftChange, DraftChangesPage, SourceAdapter } from '../kit/adapter.ts';
import type { FeedPlace } from '../kit/mesh-handlers/exchange-database/condition.ts';
import { filingFeed, institutionFeed, penaltyFeed, reportFeed, testFeed, type FeedDefinition } from './change-rows.ts';
import { wallTime } from './conditions.ts';
import { recordIdOf, rowsOfPage } from './envelope.ts';
import { updatedAt } from './map.ts';
import { CHANGES } from './operations.ts';
import { ControlWire } from './wire.ts';

export const transportFeeds: NonNullable<SourceAdapter['changes']> = {
  institutions: (query, call) => readPage(call, query, institutionFeed),
  qualifications: (query, call) => readPage(call, query, filingFeed(calendarDateOf(new Date()))),
  inspections: (query, call) => readPage(call, query, testFeed),
  reports: (query, call) => readPage(call, query, reportFeed),
  penalties: (query, call) => readPage(call, query, penaltyFeed),
};

async function readPage<D>(
  call: AdapterCall,
  { since, after, limit }: ChangesQuery,
  { table, hidden, readChange }: FeedDefinition<D>,
): Promise<DraftChangesPage<D>> {
  const isDelta = since !== null;
  const data = await call.execute(CHANGES[table], {
    since: since && wallTime(since),
    // What was changed without a new GXSJ is unread again; who reads everything sees it anyway, and has no use for
    // what is withdrawn.
    unread: isDelta,
    withdrawn: isDelta,
    hidden,
    after: after === null ? null : placeOf(after),
    // One more than asked for tells whether there is another page.
    limit: limit + 1,
  });
  const rows = rowsOfPage(data);
  const page = rows.slice(0, limit);
  const changes: DraftChange<D>[] = [];
  const malformed: MalformedRecord[] = [];
  for (const row of withoutCopies(page)) {
    const change = readChange(row);
    if ('malformed' in change) malformed.push(change.malformed);
    else changes.push(change);
  }
  return {
    changes,
    malformed,
    next: rows.length > limit ? cursorAfter(page.at(-1)) : null,
    newestAt: newestOf(page),
    total: null,
  };
}

/** The first of each ID: the others differ in nothing but being there too. */
function withoutCopies(rows: readonly unknown[]): unknown[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const id = recordIdOf(row);
    if (id === null) return true;
    const isNew = !seen.has(id);
    seen.add(id);
    return isNew;
  });
}

function newestOf(rows: readonly unknown[]): Date | null {
  const times = rows.flatMap((row) => timeOf(row)?.getTime() ?? []);
  return times.length === 0 ? null : new Date(Math.max(...times));
}

function timeOf(row: unknown): Date | null {
  const control = ControlWire.safeParse(row);
  try {
    return control.success ? updatedAt(control.data) : null;
  } catch {
    return null;
  }
}

/** As the engine wrote them: padding and fractions of a second decide about the order. */
const Place = z.object({ newest: z.string().nullable(), key: z.string() });
const Placed = z.object({ ID: z.string(), GXSJ: z.string().nullable() });

function cursorAfter(row: unknown): string {
  const placed = Placed.safeParse(row);
  if (!placed.success)
    throw new HubError('SOURCE_MALFORMED', 'A page of changes of Transport ends with a row that has no ID (ID).');
  const { ID: key, GXSJ: newest } = placed.data;
  return Buffer.from(JSON.stringify({ newest, key })).toString('base64url');
}

/** @throws HubError INPUT_INVALID for what no page has given */
function placeOf(cursor: string): FeedPlace {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new HubError('INPUT_INVALID', 'The place to continue after was not given by a page of changes.', { cause });
  }
}
