/** What the hub relies on of its queue, on every server that may hold it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts';
import type { Payload } from '../../jobs/queue/queues.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { queueServers, type QueueServer } from './servers.ts';

const payload = (departmentId: string): Payload<'replica-sync'> => ({
  v: 1,
  departmentId,
  read: 'penalties',
  full: false,
});

describe.each(queueServers())('on %s', (_name, start) => {
  let server: QueueServer;
  let backend: QueueBackend;
  let prefixes = 0;

  const open = (): QueueBackend => (backend = openQueueBackend(server.address, `queue${prefixes++}`));
  const runs = (
    count: number,
    options?: { concurrency?: number; stalledIntervalMs?: number; lockDurationMs?: number },
  ) => {
    const ran: string[] = [];
    let enough: () => void;
    const all = new Promise<void>((resolve) => (enough = resolve));
    backend.worker(
      'replica-sync',
      ({ departmentId }) => {
        ran.push(departmentId);
        if (ran.length === count) enough();
        return Promise.resolve();
      },
      options,
    );
    return all.then(() => ran);
  };

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());
  afterEach(() => backend.close());

  it('runs a job once, with what it was given', async () => {
    const queue = open().queue('replica-sync');
    await queue.add(payload('transport'));
    expect(await runs(1)).toEqual(['transport']);
  });

  it('runs every job of a bulk', async () => {
    const queue = open().queue('replica-sync');
    const ids = Array.from({ length: 200 }, (_, index) => `department-${index}`);
    await queue.addMany(ids.map((id) => ({ payload: payload(id) })));
    expect((await runs(200, { concurrency: 8 })).toSorted()).toEqual(ids.toSorted());
  });

  it('refuses a payload of another shape before it is queued', async () => {
    const queue = open().queue('replica-sync');
    await expect(queue.add({ ...payload('a'), read: 'secrets' as never })).rejects.toThrow();
    expect(await queue.bull.count()).toBe(0);
  });

  it('does not try a job that nobody can read again and again', async () => {
    const queue = open().queue('replica-sync');
    const failed = new Promise<string>((resolve) => {
      backend.worker('replica-sync', () => Promise.resolve()).on('failed', (_job, error) => resolve(error.message));
    });
    await queue.bull.add('replica-sync', { v: 2 });
    expect(await failed).toMatch(/PAYLOAD_INVALID/);
    expect(await queue.bull.getFailedCount()).toBe(1);
  });

  it('drops a second job of the same id while the first is kept', async () => {
    const queue = open().queue('replica-sync');
    await queue.add(payload('first'), { jobId: 'one' });
    await queue.add(payload('second'), { jobId: 'one' });
    await queue.add(payload('last'));
    expect(await runs(2)).toEqual(['first', 'last']);
  });

  it('deduplicates jobs that mean the same while one waits', async () => {
    const queue = open().queue('replica-sync');
    await queue.add(payload('a'), { deduplication: { id: 'transport-penalties' } });
    await queue.add(payload('b'), { deduplication: { id: 'transport-penalties' } });
    expect(await queue.bull.count()).toBe(1);
  });

  it('holds a delayed job back until its time', async () => {
    const queue = open().queue('replica-sync');
    await queue.add(payload('warm-up'));
    const ran = runs(3);
    await queue.add(payload('delayed'), { delay: 2_000 });
    await queue.add(payload('at-once'));
    expect((await ran).filter((name) => name !== 'warm-up')).toEqual(['at-once', 'delayed']);
  });

  it('tries a failing job again, after a wait of the hub’s own choosing', async () => {
    const queue = open().queue('replica-sync');
    let attempts = 0;
    const done = new Promise<void>((resolve) => {
      backend
        .worker('replica-sync', () =>
          ++attempts < 3 ? Promise.reject(new Error('the department is down')) : Promise.resolve(),
        )
        .on('completed', () => resolve());
    });
    await queue.add(payload('a'));
    await done;
    expect(attempts).toBe(3);
  });

  it('makes jobs by a schedule, one for each time, however often the schedule is set', async () => {
    const queue = open().queue('replica-sync');
    for (let again = 0; again < 3; again++) await queue.schedule('sync-a', 300, payload('scheduled'));
    expect(await runs(3)).toEqual(['scheduled', 'scheduled', 'scheduled']);
    expect(await queue.bull.getJobSchedulersCount()).toBe(1);
    await queue.unschedule('sync-a');
    expect(await queue.bull.getJobSchedulersCount()).toBe(0);
  });

  it('has a schedule again that it has lost', async () => {
    const queue = open().queue('replica-sync');
    await queue.schedule('sync-a', 300, payload('scheduled'));
    await queue.bull.obliterate({ force: true });
    await queue.bull.removeJobScheduler('sync-a');
    expect(await runs(2)).toEqual(['scheduled', 'scheduled']);
    await queue.unschedule('sync-a');
  });

  it('tells listeners what became of a job', async () => {
    const queue = open().queue('replica-sync');
    const events = backend.events('replica-sync');
    await events.waitUntilReady();
    const completed = new Promise<string>((resolve) => events.on('completed', ({ jobId }) => resolve(jobId)));
    const id = await queue.add(payload('a'));
    void runs(1);
    expect(await completed).toBe(id);
  });

  it('gives the job of a worker that was killed to another', async () => {
    const queue = open().queue('replica-sync');
    const prefix = `queue${prefixes - 1}`;
    await queue.add(payload('orphan'));
    const child = fork(join(projectRoot, 'test/queue/hanging-worker.mjs'), [], {
      env: { ...process.env, QUEUE_ADDRESS: JSON.stringify(server.address), QUEUE_PREFIX: prefix, NODE_OPTIONS: '' },
    });
    const [taken] = (await once(child, 'message')) as [string];
    expect(taken).toBe('orphan');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await runs(1, { stalledIntervalMs: 300, lockDurationMs: 1_000 })).toEqual(['orphan']);
  });
});
