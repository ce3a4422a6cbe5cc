/**
 * Brings one feed of the replica up to date: everything on the first reading, afterwards what changed since the
 * watermark. May be killed and run again at any moment: writing is idempotent and the watermark moves last.
 */
import type { CallScope, Clock, DepartmentSource, ReplicatedRead } from '../../schema/ports.ts';
import { HubError } from '../../schema/errors.ts';
import { feedOf } from '../../schema/replica/facts.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import type { WriteCounts } from '../../schema/replica/write-records.ts';
import { observationsOf, readFeed } from './read-feed.ts';

/** Departments' clocks are off by up to ten minutes (domain reference 6.3), either way. */
export const CLOCK_SKEW_MS = 10 * 60_000;
/** Read again before the watermark: a row may be stamped early after another was stamped late. */
export const OVERLAP_MS = 2 * CLOCK_SKEW_MS;

export interface SyncRun {
  readonly source: DepartmentSource;
  readonly replica: Replica;
  readonly read: ReplicatedRead;
  /** Read everything, whatever the watermark says. */
  readonly full: boolean;
  readonly clock: Clock;
  readonly scope: CallScope;
  /** @param done records read so far @param total where the department says so */
  readonly onProgress?: (done: number, total: number | null) => void;
}

export interface SyncReport extends WriteCounts {
  readonly records: number;
  readonly malformed: number;
  readonly wasFull: boolean;
}

const later = (a: Date | null, b: Date | null): Date | null =>
  a === null || b === null ? (a ?? b) : new Date(Math.max(a.getTime(), b.getTime()));

/** One row stamped far in the future must not keep all later changes from being read. */
function believable(newestAt: Date | null, now: Date): Date | null {
  if (newestAt === null) return null;
  return new Date(Math.min(newestAt.getTime(), now.getTime() + CLOCK_SKEW_MS));
}

/** @throws HubError when the department fails; the failure is noted in the feed's state */
export async function syncFeed(run: SyncRun): Promise<SyncReport> {
  const { source, replica, read, clock, scope } = run;
  const departmentId = source.department.id;
  const feed = feedOf(departmentId, read);
  const beganAt = clock.now();
  const state = await replica.states.of(feed);
  const wasFull = run.full || state.loadedAt === null || state.watermark === null;
  const since = wasFull ? null : new Date(state.watermark.getTime() - OVERLAP_MS);
  const batch = `${beganAt.getTime().toString(36)}-${read}`.slice(0, 32);
  const counts = { inserted: 0, updated: 0, removed: 0, unchanged: 0, records: 0, malformed: 0 };
  let newestAt: Date | null = null;
  try {
    for await (const page of readFeed({ source, read, since, scope })) {
      const written = await replica.take(departmentId, read, beganAt, observationsOf(page), page.malformed);
      await source.acknowledge(read, { batch, taken: page.changes, refused: page.malformed }, scope);
      for (const name of ['inserted', 'updated', 'removed', 'unchanged'] as const) counts[name] += written[name];
      counts.records += page.changes.length;
      counts.malformed += page.malformed.length;
      newestAt = later(newestAt, page.newestAt);
      run.onProgress?.(counts.records + counts.malformed, page.total);
    }
  } catch (error) {
    const code = error instanceof HubError ? error.code : 'INTERNAL';
    await replica.states.noteFailure(feed, clock.now(), code);
    throw error;
  }
  // Whatever is still there has been seen again.
  if (wasFull) await replica.quarantine.releaseUnseenSince(feed, beganAt);
  await replica.states.noteRead(feed, beganAt, believable(newestAt, beganAt), wasFull);
  await replica.summarise(departmentId, read, clock.now(), counts.inserted + counts.updated + counts.removed > 0);
  return { ...counts, wasFull };
}
