/** Notices on their way: from the commit to the signed request at the recipient, and how many in a second. */
import { DeliveryWorld } from '../chaos/delivery-world.ts';
import { queueServers, type QueueServer } from '../queue/servers.ts';

export interface DeliverySpeed {
  /** From the end of the write until the request has arrived, one notice at a time. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Accepted by the recipient, all notices being there from the start. */
  readonly perSecond: number;
}

const MANY = { subjects: 100, noticesEach: 1, departments: 5 };
const SINGLE = 100;

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

async function speedOn(server: QueueServer): Promise<DeliverySpeed> {
  const world = await DeliveryWorld.open(server, MANY);
  try {
    await world.publish();
    await world.startWorker();
    await world.recipient.hasTaken(world.deliveries);
    const [first, last] = [world.recipient.calls.at(0), world.recipient.calls.at(-1)];
    const seconds = ((last?.arrivedMs ?? 0) - (first?.arrivedMs ?? 0)) / 1_000;
    await world.settled();

    const waits: number[] = [];
    for (let one = 1; one <= SINGLE; one += 1) {
      const { deliveries } = await world.publishOne(one);
      const committedMs = performance.now();
      await world.recipient.hasTaken(world.deliveries + one * deliveries.length);
      for (const { id } of deliveries)
        waits.push((world.recipient.effects.get(`${id}.NOTICE`)?.arrivedMs ?? NaN) - committedMs);
      await world.settled();
    }
    waits.sort((a, b) => a - b);
    return { medianMs: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99), perSecond: world.deliveries / seconds };
  } finally {
    await world.close();
  }
}

/** @returns speeds by name of the queue */
export async function deliverySpeeds(): Promise<readonly (readonly [string, DeliverySpeed])[]> {
  const speeds: [string, DeliverySpeed][] = [];
  for (const [name, start] of queueServers()) {
    const server = await start();
    try {
      speeds.push([name, await speedOn(server)]);
    } finally {
      await server.close();
    }
  }
  return speeds;
}
