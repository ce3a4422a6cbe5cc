/** BullMQ on Redis or on the embedded queue: the same jobs, the rest of the hub does not see which. */
import {
  createPostgresBackend,
  DelayedError,
  Queue,
  QueueEvents,
  UnrecoverableError,
  withBackend,
  Worker,
  type Job,
  type QueueOptions,
  type JobsOptions,
} from 'bullmq';
import { backoffMs } from './backoff.ts';
import { KeptSchedules } from './kept-schedules.ts';
import { QUEUES, type Payload, type QueueDefinition, type QueueName } from './queues.ts';

export type QueueAddress =
  { readonly kind: 'redis'; readonly url: string } | { readonly kind: 'postgres'; readonly url: string };

export interface WorkerOptions {
  readonly concurrency?: number;
  /** A worker that is silent for so long is taken for dead, and its jobs are given to others. */
  readonly lockDurationMs?: number;
  readonly stalledIntervalMs?: number;
}

/** Thrown by a processor: the job is to be run again then, and this run does not count as a failure. */
export class RunAgainAt extends Error {
  override readonly name = 'RunAgainAt';

  constructor(readonly at: Date) {
    super(`again at ${at.toISOString()}`);
  }
}

export interface HubQueue<N extends QueueName> {
  /** @throws ZodError when the payload is not of the queue's shape */
  add(payload: Payload<N>, options?: Pick<JobsOptions, 'jobId' | 'delay' | 'deduplication'>): Promise<string>;
  /** Adds the job unless it is there; one that waits for its time is run at once. */
  wake(payload: Payload<N>, jobId: string): Promise<void>;
  addMany(
    jobs: readonly { readonly payload: Payload<N>; readonly jobId?: string; readonly delayMs?: number }[],
  ): Promise<void>;
  /** One job every so often, under one id; the same id again changes it. Put back when the queue loses it. */
  schedule(id: string, everyMs: number, payload: Payload<N>): Promise<void>;
  /** By a cron pattern in China time. */
  scheduleAt(id: string, pattern: string, payload: Payload<N>): Promise<void>;
  unschedule(id: string): Promise<void>;
  readonly bull: Queue;
}

export interface QueueBackend {
  queue<N extends QueueName>(name: N): HubQueue<N>;
  worker<N extends QueueName>(
    name: N,
    processor: (payload: Payload<N>, job: Job) => Promise<unknown>,
    options?: WorkerOptions,
  ): Worker;
  events(name: QueueName): QueueEvents;
  /** Lets running jobs end, then closes everything that was opened here. */
  close(): Promise<void>;
}

interface BullClasses {
  readonly Queue: typeof Queue;
  readonly Worker: typeof Worker;
  readonly QueueEvents: typeof QueueEvents;
}

const CLIENTS_PER_PART = 2;
const SCHEDULES_CHECKED_EVERY_MS = 5_000;
const TIME_ZONE = 'Asia/Shanghai';

function redisConnection(url: string) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 6379),
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 && { db: Number(pathname.slice(1)) }),
    // BullMQ waits on blocking commands; giving up after some attempts would end its workers.
    maxRetriesPerRequest: null,
  };
}

/** On PostgreSQL a schema keeps queues apart, as a prefix does on Redis. */
const postgresConnection = (url: string, schema: string) => ({
  connectionString: url,
  schema,
  max: CLIENTS_PER_PART,
  migrate: true,
});

/** @param prefix keeps the queues of one hub apart from another's on the same server */
export function openQueueBackend(address: QueueAddress, prefix = 'hub'): QueueBackend {
  const schedules = new KeptSchedules(SCHEDULES_CHECKED_EVERY_MS);
  // Both have the same classes; only their connections differ, and those are made here.
  const parts = (
    address.kind === 'redis' ? { Queue, Worker, QueueEvents } : withBackend(createPostgresBackend)
  ) as BullClasses;
  const connection = address.kind === 'redis' ? redisConnection(address.url) : postgresConnection(address.url, prefix);
  const common: QueueOptions = { connection, prefix };
  const opened: { close(): Promise<unknown> }[] = [];
  const kept = <T extends { close(): Promise<unknown>; on(event: 'error', listener: (error: Error) => void): unknown }>(
    part: T,
  ): T => {
    // A lost connection is retried by the part itself; without a listener it would end the process.
    part.on('error', () => undefined);
    opened.unshift(part);
    return part;
  };
  const queues = new Map<QueueName, Queue>();

  const optionsFor = (definition: QueueDefinition): JobsOptions => ({
    attempts: definition.attempts,
    backoff: { type: 'full-jitter' },
    removeOnComplete: { count: definition.keptCompleted },
    removeOnFail: { count: definition.keptFailed },
  });

  const bullQueue = (name: QueueName): Queue => {
    const existing = queues.get(name);
    if (existing !== undefined) return existing;
    const queue = kept(new parts.Queue(name, { ...common, defaultJobOptions: optionsFor(QUEUES[name]) }));
    queues.set(name, queue);
    return queue;
  };

  return {
    queue<N extends QueueName>(name: N): HubQueue<N> {
      const bull = bullQueue(name);
      const { payload: shape } = QUEUES[name];
      const template = (payload: Payload<N>) => ({ name, data: shape.parse(payload), opts: optionsFor(QUEUES[name]) });
      return {
        bull,
        async add(payload, options = {}) {
          const job = await bull.add(name, shape.parse(payload), options);
          return job.id ?? '';
        },
        async wake(payload, jobId) {
          const data = shape.parse(payload);
          const job = await bull.getJob(jobId);
          if (job === undefined) await bull.add(name, data, { jobId });
          // It may have been started or removed in between; whoever did that has seen what it was woken for, or will.
          else if (await job.isDelayed()) await job.promote().catch(() => undefined);
        },
        async addMany(jobs) {
          await bull.addBulk(
            jobs.map(({ payload, jobId, delayMs = 0 }) => ({
              name,
              data: shape.parse(payload),
              opts: { ...(jobId && { jobId }), ...(delayMs > 0 && { delay: delayMs }) },
            })),
          );
        },
        async schedule(id, everyMs, payload) {
          await schedules.keep(bull, id, () => bull.upsertJobScheduler(id, { every: everyMs }, template(payload)));
        },
        async scheduleAt(id, pattern, payload) {
          const repeat = { pattern, tz: TIME_ZONE };
          await schedules.keep(bull, id, () => bull.upsertJobScheduler(id, repeat, template(payload)));
        },
        async unschedule(id) {
          schedules.forget(bull, id);
          await bull.removeJobScheduler(id);
        },
      };
    },
    worker(name, processor, { concurrency = 1, lockDurationMs = 30_000, stalledIntervalMs = 15_000 } = {}) {
      const definition: QueueDefinition = QUEUES[name];
      const worker = new parts.Worker(
        name,
        async (job: Job, token?: string) => {
          const parsed = QUEUES[name].payload.safeParse(job.data);
          // Trying again will not make it readable.
          if (!parsed.success)
            throw new UnrecoverableError(`PAYLOAD_INVALID: ${parsed.error.issues[0]?.message ?? ''}`);
          try {
            return await processor(parsed.data as Payload<typeof name>, job);
          } catch (error) {
            if (!(error instanceof RunAgainAt)) throw error;
            await job.moveToDelayed(error.at.getTime(), token);
            throw new DelayedError();
          }
        },
        {
          ...common,
          concurrency,
          lockDuration: lockDurationMs,
          stalledInterval: stalledIntervalMs,
          maxStalledCount: 10,
          settings: { backoffStrategy: (attempt: number) => backoffMs(attempt, definition.backoff) },
        },
      );
      return kept(worker);
    },
    events: (name) => kept(new parts.QueueEvents(name, common)),
    async close() {
      await schedules.close();
      for (const part of opened.splice(0)) await part.close();
    },
  };
}
