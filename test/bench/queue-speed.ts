/** The queue: the embedded one always, Redis where one is installed. */
import { openQueueBackend } from '../../jobs/queue/queue-backend.ts';
import type { Payload } from '../../jobs/queue/queues.ts';
import { queueServers, type QueueServer } from '../queue/servers.ts';
import { speedOf, type Speed } from './per-second.ts';

const AT_ONCE = 16;
const BULK = 100;
const QUEUE = 'replica-sync';
const PAYLOAD: Payload<typeof QUEUE> = { v: 1, departmentId: 'transport', read: 'penalties', full: false };

async function speedsOf(server: QueueServer): Promise<readonly Speed[]> {
  const backend = openQueueBackend(server.address, 'bench');
  try {
    const queue = backend.queue(QUEUE);
    await queue.add(PAYLOAD);
    let added = 1;
    const count = (jobs: number): number => {
      added += jobs;
      return jobs;
    };
    const singly = await speedOf(`jobs added, one a call, ${AT_ONCE} at once`, AT_ONCE, async () => {
      await queue.add(PAYLOAD);
      return count(1);
    });
    const bulk = Array.from({ length: BULK }, () => ({ payload: PAYLOAD }));
    const inBulk = await speedOf(`jobs added, ${BULK} a call`, 1, async () => {
      await queue.addMany(bulk);
      return count(BULK);
    });
    const begin = performance.now();
    let run = 0;
    await new Promise<void>((resolve) => {
      backend.worker(
        QUEUE,
        () => {
          if (++run === added) resolve();
          return Promise.resolve();
        },
        { concurrency: AT_ONCE },
      );
    });
    const seconds = (performance.now() - begin) / 1_000;
    return [singly, inBulk, { what: `jobs run that do nothing, ${AT_ONCE} at once`, perSecond: run / seconds }];
  } finally {
    await backend.close();
  }
}

/** @returns speeds by name of the queue */
export async function queueSpeeds(): Promise<readonly (readonly [string, readonly Speed[]])[]> {
  const speeds: [string, readonly Speed[]][] = [];
  for (const [name, start] of queueServers()) {
    const server = await start();
    try {
      speeds.push([name, await speedsOf(server)]);
    } finally {
      await server.close();
    }
  }
  return speeds;
}
