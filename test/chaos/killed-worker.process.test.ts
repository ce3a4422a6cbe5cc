/** Workers that die between a department's taking of a message and their own record of it. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { queueServers, queueServersThatDie, type QueueServer } from '../queue/servers.ts';
import { NO_FAULTS } from './audit.ts';
import { DeliveryWorld } from './delivery-world.ts';
import { killWorkers } from './kill-workers.ts';

let server: QueueServer;
let world: DeliveryWorld;
afterEach(async () => {
  await world.close();
  await server.close();
});

it.each(queueServersThatDie())(
  'on %s: no notice is lost, doubled or out of order, however often the worker dies in the middle of a call',
  async (_name, start) => {
    server = await start();
    world = await DeliveryWorld.open(server, { subjects: 3, noticesEach: 2, departments: 5 });
    await world.publish();
    await killWorkers(world, 3, () => 4);
    await world.settled();
    const { faults, interrupted } = await world.audit();
    expect(faults).toEqual(NO_FAULTS);
    expect(world.recipient.effects.size).toBe(30);
    expect(interrupted).toBeGreaterThanOrEqual(3);
  },
  120_000,
);

describe('the audit itself', () => {
  it('misses nothing: a call that was taken and not recorded, a message that was never sent', async () => {
    server = await (queueServers()[0]?.[1] ?? Promise.reject)();
    world = await DeliveryWorld.open(server, { subjects: 1, noticesEach: 2, departments: 1 });
    await world.publish();
    const { faults } = await world.audit();
    expect(faults.lost).toHaveLength(2);
    expect(faults.misrecorded).toHaveLength(2);
    expect(faults.mistold).toHaveLength(2);
  });
});
