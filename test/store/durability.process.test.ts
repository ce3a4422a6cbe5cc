import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { claimDataFolder, DataFolderTaken, readAnnouncement } from '../../jobs/embedded/data-folder.ts';
import { startEmbeddedStore } from '../../jobs/embedded/store/start-store.ts';
import { projectRoot } from '../../schema/project-root.ts';

interface Word {
  readonly claimed?: boolean;
  readonly refused?: string;
  readonly entry?: string;
}

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-data-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function owner(round: number, mode: 'write' | 'claim'): ChildProcess {
  const child = fork(join(projectRoot, 'test/store/owner.mjs'), [folder, String(round), mode], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  children.push(child);
  return child;
}

const kill = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

describe('the embedded store', () => {
  it('has every write that it acknowledged, once, after its process was killed again and again', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round++) {
      const child = owner(round, 'write');
      const target = acknowledged.length + 60 + round * 23;
      await new Promise<void>((resolve) => {
        child.on('message', ({ entry }: Word) => {
          if (entry !== undefined) acknowledged.push(entry);
          if (acknowledged.length === target) resolve();
        });
      });
      await kill(child);
    }
    const store = await startEmbeddedStore({ folder: join(folder, 'store') });
    const connection = await mongoose.createConnection(store.uri).asPromise();
    const ledger = connection.collection('ledger');
    const kept = (await ledger.find().toArray()).map((document) => String(document['entry']));
    expect(acknowledged.filter((entry) => !kept.includes(entry))).toEqual([]);
    expect(new Set(kept).size).toBe(kept.length);
    // The index and the documents agree.
    expect(await ledger.countDocuments({ entry: { $gte: '' } })).toBe(kept.length);
    await connection.close();
    await store.close();
  }, 120_000);
});

describe('a data folder', () => {
  it('belongs to one process, and to the next when that one was killed', async () => {
    const first = owner(0, 'claim');
    expect((await once(first, 'message'))[0]).toEqual({ claimed: true });
    await expect(claimDataFolder(folder)).rejects.toThrow(DataFolderTaken);
    await expect(claimDataFolder(folder)).rejects.toThrow(new RegExp(`process ${first.pid}`));
    await kill(first);
    const claim = await claimDataFolder(folder);
    await claim.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('goes to exactly one of those that race for it', async () => {
    await writeFile(join(folder, 'lock.json'), JSON.stringify({ pid: 4_000_000, startedAt: '1' }));
    const racers = [1, 2, 3].map((round) => owner(round, 'claim'));
    const words = await Promise.all(racers.map(async (child) => (await once(child, 'message'))[0] as Word));
    expect(words.filter(({ claimed }) => claimed === true)).toHaveLength(1);
    expect(words.filter(({ refused }) => refused === 'DataFolderTaken')).toHaveLength(2);
  });

  it('is taken over when its lock says nothing', async () => {
    await writeFile(join(folder, 'lock.json'), 'not json');
    const claim = await claimDataFolder(folder);
    await claim.release();
  });

  it('tells where its servers are as long as their process lives', async () => {
    expect(await readAnnouncement(folder)).toBeNull();
    const claim = await claimDataFolder(folder);
    await claim.announce({ store: 'mongodb://127.0.0.1:1/hub' });
    expect(await readAnnouncement(folder)).toEqual({ store: 'mongodb://127.0.0.1:1/hub' });
    await claim.release();
    expect(await readAnnouncement(folder)).toBeNull();
  });
});
