/** Kills the worker again and again, each time when a recipient has taken a call and has not answered it. */
import { once } from 'node:events';
import type { DeliveryWorld } from './delivery-world.ts';

/** @param callsBefore how many calls are answered after each start, the next one is not; drawn anew for each */
export async function killWorkers(world: DeliveryWorld, kills: number, callsBefore: () => number): Promise<void> {
  for (let killed = 0; killed < kills; killed += 1) {
    const worker = await world.startWorker();
    const ended = once(worker, 'exit');
    let left = callsBefore();
    world.recipient.answering = () => {
      if (left-- > 0) return true;
      worker.kill('SIGKILL');
      return false;
    };
    await ended;
  }
  world.recipient.answering = () => true;
  await world.startWorker();
}
