import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { startEmbeddedQueue } from '../../jobs/embedded/queue/start-queue-store.ts';
import { openQueueBackend } from '../../jobs/queue/queue-backend.ts';
import { projectRoot } from '../../schema/project-root.ts';

it('keeps every job that was acknowledged, once, when the process that owns the queue is killed again and again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-queue-'));
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round++) {
    const owner = fork(join(projectRoot, 'test/queue/adding-owner.mjs'), [folder, String(round)], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const target = acknowledged.length + 40 + round * 17;
    await new Promise<void>((resolve) => {
      owner.on('message', (id: string) => {
        acknowledged.push(id);
        if (acknowledged.length === target) resolve();
      });
    });
    owner.kill('SIGKILL');
    await once(owner, 'exit');
  }
  const server = await startEmbeddedQueue({ folder });
  const backend = openQueueBackend({ kind: 'postgres', url: server.url });
  const waiting = await backend.queue('replica-sync').bull.getWaiting(0, 10_000);
  const ids = waiting.map((job) => job.id ?? '');
  expect(new Set(ids).size).toBe(ids.length);
  expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([]);
  await backend.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}, 120_000);
