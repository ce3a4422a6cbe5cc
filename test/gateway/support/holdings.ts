/** What a running hub has read of the departments, as a test sees it in the hub's own store. */
import { expect } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import { readAnnouncement } from '../../../jobs/embedded/data-folder.ts';
import { openQueueBackend } from '../../../jobs/queue/queue-backend.ts';
import { ProjectionStates } from '../../../schema/replica/projection-states.ts';
import { Replica } from '../../../schema/replica/replica.ts';
import { INSTITUTION_INDEX } from '../../../schema/search/institution-index.ts';
import { institutionEntryModel } from '../../../schema/search/institution-entry.model.ts';

/** Opens the store of a running hub. */
export async function storeOf(folder: string): Promise<mongoose.Connection> {
  for (;;) {
    const uri = (await readAnnouncement(folder))?.['store'];
    if (uri !== undefined) return await mongoose.createConnection(uri).asPromise();
    await delay(50);
  }
}

/** How many feeds a running hub follows. */
async function feedCount(folder: string, redisUrl: string | null): Promise<number> {
  const url = redisUrl ?? (await readAnnouncement(folder))?.['queue'] ?? '';
  const backend = openQueueBackend({ kind: redisUrl === null ? 'postgres' : 'redis', url });
  const count = await backend.queue('replica-sync').bull.getJobSchedulersCount();
  await backend.close();
  return count;
}

/**
 * Waits until every feed has been read in full and indexed.
 * @param redisUrl where the queue is; null = embedded
 * @returns what is held and what is found, sorted
 */
export async function holdings(folder: string, redisUrl: string | null = null): Promise<readonly string[]> {
  const connection = await storeOf(folder);
  const feeds = await feedCount(folder, redisUrl);
  expect(feeds).toBeGreaterThan(15);
  const replica = new Replica(connection);
  for (;;) {
    const states = [...(await replica.states.all()).values()];
    const { heldAt } = await new ProjectionStates(connection).of(INSTITUTION_INDEX);
    const isRead = states.filter(({ loadedAt }) => loadedAt !== null).length >= feeds;
    if (isRead && heldAt.size >= feeds && (await replica.pending.count()) === 0) break;
    await delay(100);
  }
  const documents = await replica.models.records.find({ deleted: false }).lean();
  const entries = await institutionEntryModel(connection).find().lean();
  await connection.close();
  return [
    ...documents.map(({ _id, hash }) => `${_id} ${hash}`),
    ...entries.map(({ creditCode, name, terms }) => `${creditCode} ${name} ${[...terms].sort().join(' ')}`),
  ].sort();
}

/** Waits until the replica of a running hub holds so many records. */
export async function hasRead(folder: string, records: number): Promise<void> {
  const connection = await storeOf(folder);
  const collection = connection.collection('replica_records');
  while ((await collection.countDocuments()) < records) await delay(10);
  await connection.close();
}
