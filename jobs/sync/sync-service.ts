/** Keeps every feed of every department in step: a schedule per feed in the queue, and the workers that run it. */
import { setMaxListeners } from 'node:events';
import type { Clock, DepartmentSource, ReplicatedRead, SourceRegistry } from '../../schema/ports.ts';
import { HubError } from '../../schema/errors.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import type { QueueBackend } from '../queue/queue-backend.ts';
import type { Payload } from '../queue/queues.ts';
import { reconcileFeed } from './reconcile-feed.ts';
import { syncFeed, type SyncRun } from './sync-feed.ts';

type SyncPayload = Payload<'replica-sync'>;

export interface SyncServiceParts {
  readonly registry: SourceRegistry;
  readonly replica: Replica;
  readonly backend: QueueBackend;
  readonly clock: Clock;
  readonly everySeconds: number;
  /** Cron pattern in China time. */
  readonly reconcileAt: string;
  /** Told what each run came to. */
  readonly onRun?: (run: {
    readonly departmentId: string;
    readonly read: ReplicatedRead;
    readonly outcome: object;
  }) => void;
  readonly onProgress?: (departmentId: string, read: ReplicatedRead, done: number, total: number | null) => void;
  readonly onFailure: (error: unknown, payload: Pick<SyncPayload, 'departmentId' | 'read'>) => void;
  /** Computes what rests on the replica; awaited after each run, so that a job that has ended can be seen in answers. */
  readonly project?: () => Promise<void>;
}

export interface SyncService {
  /** Ends what is being read; the queue's workers are closed with their backend. */
  close(): void;
}

const FEEDS_AT_ONCE = 3;

const scheduleId = (departmentId: string, read: ReplicatedRead): string => `${departmentId}--${read}`;

export function feedsOf(
  registry: SourceRegistry,
): readonly { readonly source: DepartmentSource; readonly read: ReplicatedRead }[] {
  return registry.all().flatMap((source) => [...source.changeFeeds].map((read) => ({ source, read })));
}

async function setSchedules({ registry, backend, everySeconds, reconcileAt }: SyncServiceParts): Promise<void> {
  const [sync, reconcile] = [backend.queue('replica-sync'), backend.queue('replica-reconcile')];
  const wanted = new Set<string>();
  for (const { source, read } of feedsOf(registry)) {
    const id = scheduleId(source.department.id, read);
    wanted.add(id);
    const payload: SyncPayload = { v: 1, departmentId: source.department.id, read, full: false };
    await sync.schedule(id, everySeconds * 1_000, payload);
    await reconcile.scheduleAt(id, reconcileAt, payload);
  }
  // Schedules of a department or feed that is no more.
  for (const queue of [sync, reconcile]) {
    for (const { key } of await queue.bull.getJobSchedulers()) if (!wanted.has(key)) await queue.unschedule(key);
  }
}

export async function startSyncService(parts: SyncServiceParts): Promise<SyncService> {
  const { registry, replica, backend, clock } = parts;
  const stopped = new AbortController();
  // Every page that is being read listens.
  setMaxListeners(0, stopped.signal);
  const running = new Set<string>();

  const runFor = ({ departmentId, read, full }: SyncPayload): SyncRun => {
    const source = registry.find(departmentId);
    if (source === undefined) throw new HubError('INPUT_INVALID', `There is no department ${departmentId}.`);
    const scope = { requestId: `sync-${departmentId}-${read}`, signal: stopped.signal, deadlineAt: Infinity };
    const onProgress = (done: number, total: number | null): void =>
      parts.onProgress?.(departmentId, read, done, total);
    return { source, replica, read, full, clock, scope, onProgress };
  };

  /** One run per feed at a time in this process; a second one in another process does no harm. */
  const alone = async (payload: SyncPayload, work: (run: SyncRun) => Promise<object>): Promise<object | null> => {
    const id = scheduleId(payload.departmentId, payload.read);
    if (running.has(id)) return null;
    running.add(id);
    try {
      const outcome = await work(runFor(payload)).finally(() => parts.project?.());
      parts.onRun?.({ departmentId: payload.departmentId, read: payload.read, outcome });
      return outcome;
    } catch (error) {
      // Whoever stops the hub knows that its runs end.
      if (!stopped.signal.aborted) parts.onFailure(error, payload);
      throw error;
    } finally {
      running.delete(id);
    }
  };

  backend.worker('replica-sync', (payload) => alone(payload, syncFeed), { concurrency: FEEDS_AT_ONCE });
  backend.worker('replica-reconcile', (payload) => alone(payload, reconcileFeed));
  await setSchedules(parts);
  return {
    close() {
      stopped.abort(new Error('the hub is stopping'));
    },
  };
}
