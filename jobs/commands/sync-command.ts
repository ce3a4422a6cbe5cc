/** `hub sync`: brings one department's feeds up to date now, here or by a hub that is running. */
import { z } from 'zod';
import { REPLICATED_READS, type Clock, type DepartmentSource, type ReplicatedRead } from '../../schema/ports.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import type { QueueBackend } from '../queue/queue-backend.ts';
import { syncFeed } from '../sync/sync-feed.ts';

export interface FeedOutcome {
  readonly read: ReplicatedRead;
  /** What came of it, for people. */
  readonly outcome: string;
  readonly succeeded: boolean;
}

export type Progress = (read: ReplicatedRead, done: number, total: number | null) => void;

const failureOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const Counts = z.object({
  records: z.number(),
  inserted: z.number(),
  updated: z.number(),
  removed: z.number(),
  malformed: z.number(),
});

/** @param result what the run gave back; through the queue it is JSON */
function summary(result: unknown): string {
  const counts = Counts.safeParse(result);
  if (!counts.success) return 'already running';
  return Object.entries(counts.data)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

/** One feed after the other, in this process. */
export async function syncHere(
  source: DepartmentSource,
  replica: Replica,
  full: boolean,
  clock: Clock,
  onProgress: Progress,
): Promise<readonly FeedOutcome[]> {
  const outcomes: FeedOutcome[] = [];
  for (const read of source.changeFeeds) {
    const scope = {
      requestId: `sync-${source.department.id}-${read}`,
      signal: new AbortController().signal,
      deadlineAt: Infinity,
    };
    try {
      const report = await syncFeed({
        source,
        replica,
        read,
        full,
        clock,
        scope,
        onProgress: (done, total) => onProgress(read, done, total),
      });
      outcomes.push({ read, outcome: summary(report), succeeded: true });
    } catch (error) {
      outcomes.push({ read, outcome: failureOf(error), succeeded: false });
    }
  }
  return outcomes;
}

/** The feeds of a department that a running hub follows. */
export async function scheduledReads(backend: QueueBackend, departmentId: string): Promise<readonly ReplicatedRead[]> {
  const schedulers = await backend.queue('replica-sync').bull.getJobSchedulers();
  return REPLICATED_READS.filter((read) => schedulers.some(({ key }) => key === `${departmentId}--${read}`));
}

/** Asks the workers of a running hub, and waits. @param timeoutMs for each feed */
export async function syncByWorkers(
  departmentId: string,
  reads: readonly ReplicatedRead[],
  backend: QueueBackend,
  full: boolean,
  timeoutMs: number,
): Promise<readonly FeedOutcome[]> {
  const queue = backend.queue('replica-sync');
  const events = backend.events('replica-sync');
  await events.waitUntilReady();
  return await Promise.all(
    reads.map(async (read): Promise<FeedOutcome> => {
      try {
        const id = await queue.add({ v: 1, departmentId, read, full });
        const job = await queue.bull.getJob(id);
        const result: unknown = await job?.waitUntilFinished(events, timeoutMs);
        return { read, outcome: summary(result), succeeded: true };
      } catch (error) {
        return { read, outcome: failureOf(error), succeeded: false };
      }
    }),
  );
}
