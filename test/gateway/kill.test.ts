/** The hub is killed again and again while it reads the departments for the first time. */
import { afterAll, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import { readAnnouncement } from '../../jobs/embedded/data-folder.ts';
import { openQueueBackend } from '../../jobs/queue/queue-backend.ts';
import { ProjectionStates } from '../../schema/replica/projection-states.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { INSTITUTION_INDEX } from '../../schema/search/institution-index.ts';
import { institutionEntryModel } from '../../schema/search/institution-entry.model.ts';
import { HubProcess, killHubs, newDataFolder } from './support/hub-process.ts';

afterAll(killHubs);

/** Opens the store of a running hub. */
async function storeOf(folder: string): Promise<mongoose.Connection> {
  for (;;) {
    const uri = (await readAnnouncement(folder))?.['store'];
    if (uri !== undefined) return await mongoose.createConnection(uri).asPromise();
    await delay(50);
  }
}

/** How many feeds a running hub follows. */
async function feedCount(folder: string): Promise<number> {
  const url = (await readAnnouncement(folder))?.['queue'] ?? '';
  const backend = openQueueBackend({ kind: 'postgres', url });
  const count = await backend.queue('replica-sync').bull.getJobSchedulersCount();
  await backend.close();
  return count;
}

/** Waits until every feed has been read in full and indexed. @returns what is held and what is found, sorted */
async function holdings(folder: string): Promise<readonly string[]> {
  const connection = await storeOf(folder);
  const feeds = await feedCount(folder);
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

it('a hub that is killed in the middle of reading has, in the end, what one that was never killed has', async () => {
  const environment = { HUB_WORLD_SIZE: '10', HUB_SYNC_SECONDS: '5', LOG_LEVEL: 'silent' };
  const [quiet, killed] = [newDataFolder(), newDataFolder()];

  const never = new HubProcess({ ...environment, HUB_DATA_DIR: quiet });
  await never.started(60_000);
  const expected = await holdings(quiet);
  never.child.kill('SIGKILL');
  expect(expected.length).toBeGreaterThan(50);
  expect(expected.filter((line) => line.includes('r:52'))).toHaveLength(19);

  for (const mostRecords of [1, 60]) {
    const hub = new HubProcess({ ...environment, HUB_DATA_DIR: killed });
    await hub.started(60_000);
    const connection = await storeOf(killed);
    const records = connection.collection('replica_records');
    while ((await records.countDocuments()) < mostRecords) await delay(10);
    await connection.close();
    hub.child.kill('SIGKILL');
    await hub.ended(5_000).catch(() => undefined);
  }
  const last = new HubProcess({ ...environment, HUB_DATA_DIR: killed });
  await last.started(60_000);
  expect(await holdings(killed)).toEqual(expected);
  last.child.kill('SIGKILL');
}, 240_000);
