/** A queue that loses everything while messages are open. */
import { afterEach, expect, it } from '@jest/globals';
import { queueServersThatDie, type QueueServer } from '../queue/servers.ts';
import { NO_FAULTS } from './audit.ts';
import { DeliveryWorld } from './delivery-world.ts';
import { jobsOf, wipeWithJobs } from './wipe-queue.ts';

let server: QueueServer;
let world: DeliveryWorld;
afterEach(async () => {
  await world.close();
  await server.close();
});

it.each(queueServersThatDie())(
  'on %s: a queue that is emptied loses no message and doubles no effect, and what is published later goes out too',
  async (_name, start) => {
    server = await start();
    world = await DeliveryWorld.open(server, { subjects: 12, noticesEach: 2, departments: 5 });
    await world.publish();
    await world.startWorker();
    const open = [await wipeWithJobs(world, server.address, 40), await wipeWithJobs(world, server.address, 20)];
    expect(open[0]).toBeGreaterThan(40);
    expect(open[1]).toBeGreaterThan(20);
    await world.publishOne(1);
    await world.settled();
    const { faults, interrupted } = await world.audit();
    expect(faults).toEqual(NO_FAULTS);
    expect(world.recipient.calls).toHaveLength(125);
    expect(interrupted).toBe(0);
    expect(await jobsOf(world)).toBe(0);
  },
  180_000,
);
