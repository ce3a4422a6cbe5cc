/** The same at a size that takes its time: npm run test:chaos. */
import { afterEach, expect, it } from '@jest/globals';
import { queueServers, type QueueServer } from '../queue/servers.ts';
import { NO_FAULTS } from './audit.ts';
import { DeliveryWorld } from './delivery-world.ts';
import { killWorkers } from './kill-workers.ts';
import { wipeWithJobs } from './wipe-queue.ts';

const SIZE = { subjects: 500, noticesEach: 4, departments: 5 };
const DELIVERIES = 10_000;
const KILLS = 200;
const HOURS_MS = 3 * 3_600_000;
/** Redis where there is one: the embedded queue takes hours for so many kills. */
const [name, start] = queueServers().at(-1) ?? ['', () => Promise.reject(new Error('there is no queue'))];

let server: QueueServer;
let world: DeliveryWorld;
afterEach(async () => {
  await world.close();
  await server.close();
});

async function published(): Promise<void> {
  server = await start();
  world = await DeliveryWorld.open(server, SIZE);
  await world.publish();
  expect(world.deliveries).toBe(DELIVERIES);
}

it(
  `on ${name}: 10,000 deliveries by a worker that is killed 200 times in the middle of a call`,
  async () => {
    await published();
    await killWorkers(world, KILLS, () => Math.ceil((Math.random() * DELIVERIES) / KILLS));
    await world.settled();
    const { faults, interrupted } = await world.audit();
    console.log(`${world.recipient.calls.length} calls, ${interrupted} attempts ended with their process`);
    expect(faults).toEqual(NO_FAULTS);
    expect(world.recipient.effects.size).toBe(DELIVERIES);
    expect(interrupted).toBeGreaterThanOrEqual(KILLS);
  },
  HOURS_MS,
);

it(
  `on ${name}: a queue that is emptied three times under 10,000 open deliveries`,
  async () => {
    await published();
    await world.startWorker();
    const open: number[] = [];
    for (const jobs of [5_000, 2_000, 500]) open.push(await wipeWithJobs(world, server.address, jobs));
    await world.settled();
    const { faults, interrupted } = await world.audit();
    console.log(`open when the queue was emptied: ${open.join(', ')}`);
    expect(open[0]).toBeGreaterThan(DELIVERIES / 2);
    expect(faults).toEqual(NO_FAULTS);
    expect(world.recipient.calls).toHaveLength(DELIVERIES);
    expect(interrupted).toBe(0);
  },
  HOURS_MS,
);
