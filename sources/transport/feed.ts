/** The change feeds: the latest row of each ID by GXSJ and ID, one SQL statement a page. */
import type { ChangesQuery, MalformedRecord } from '../../schema/ports.ts';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import type { AdapterCall, DraftChange, DraftChangesPage, SourceAdapter } from '../kit/adapter.ts';
import { filingFeed, institutionFeed, penaltyFeed, reportFeed, testFeed, type FeedDefinition } from './change-rows.ts';
import { wallTime } from './conditions.ts';
import { rowsOfPage } from './envelope.ts';
import { updatedAt } from './map.ts';
import { CHANGES } from './operations.ts';
import { cursorAfter, placeOf, withoutCopies } from './pages.ts';
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
