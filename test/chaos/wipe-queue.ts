/** Takes everything out of the queue while messages are open. */
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { QueueAddress } from '../../jobs/queue/queue-backend.ts';
import type { DeliveryWorld } from './delivery-world.ts';

/** Redis: FLUSHALL. The embedded queue: every row of every table. */
export async function emptyServer({ kind, url }: QueueAddress): Promise<void> {
  if (kind === 'redis') {
    const redis = new Redis(url);
    await redis.flushall();
    redis.disconnect();
    return;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema LIKE 'chaos%' AND table_name NOT LIKE '%migration%'`,
  );
  await client.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
  await client.end();
}

/** Jobs that wait in the queue of deliveries. */
export const jobsOf = async ({ backend }: DeliveryWorld): Promise<number> =>
  await backend.queue('message-deliver').bull.count();

/**
 * Empties the queue as soon as so many jobs wait in it.
 * @returns how many messages were open then
 */
export async function wipeWithJobs(world: DeliveryWorld, address: QueueAddress, jobs: number): Promise<number> {
  while ((await jobsOf(world)) < jobs) await delay(20);
  await emptyServer(address);
  return await world.open();
}
