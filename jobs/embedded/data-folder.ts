/**
 * The folder in which an embedded store and queue keep their data. Both let a second process in without a word and are
 * then broken by it, so the first one claims the folder.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode, lives, Owner, thisProcess } from '../owner.ts';

const LOCK = 'lock.json';
const ADDRESSES = 'addresses.json';

const Announcement = z.object({ owner: Owner, addresses: z.record(z.string(), z.string()) });

export class DataFolderTaken extends Error {
  override readonly name = 'DataFolderTaken';

  constructor(folder: string, pid: number) {
    super(`The data folder ${folder} is in use by process ${pid}; stop it, or set HUB_DATA_DIR to another folder.`);
  }
}

export interface ClaimedFolder {
  /** Tells other processes where the servers of this folder listen. */
  announce(addresses: Readonly<Record<string, string>>): Promise<void>;
  release(): Promise<void>;
}

async function read<S extends z.ZodType>(file: string, shape: S): Promise<z.infer<S> | null> {
  try {
    return shape.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Puts a whole file, readable by its owner alone, in place. @returns false when there is one already */
export async function putOnce(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/**
 * Makes the folder and claims it for this process.
 * @throws DataFolderTaken while a living process has it
 */
export async function claimDataFolder(folder: string): Promise<ClaimedFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, LOCK);
  const self = await thisProcess();
  while (!(await putOnce(lock, JSON.stringify(self)))) {
    const owner = await read(lock, Owner);
    if (owner !== null && (await lives(owner))) throw new DataFolderTaken(folder, owner.pid);
    // Left behind by a process that was killed. Of several that see it one moves it away; the others find it gone.
    const left = `${lock}.${randomUUID()}`;
    try {
      await rename(lock, left);
    } catch {
      continue;
    }
    const moved = await read(left, Owner);
    if (moved !== null && (await lives(moved))) {
      // Somebody claimed it between the look and the move: it is theirs.
      await putOnce(lock, JSON.stringify(moved));
      await rm(left, { force: true });
      throw new DataFolderTaken(folder, moved.pid);
    }
    await rm(left, { force: true });
  }
  const addressFile = join(folder, ADDRESSES);
  return {
    async announce(addresses) {
      const draft = `${addressFile}.${randomUUID()}`;
      await writeFile(draft, JSON.stringify({ owner: self, addresses }), { mode: 0o600 });
      await rename(draft, addressFile);
    },
    async release() {
      await rm(addressFile, { force: true });
      await rm(lock, { force: true });
    },
  };
}

/** Where the servers of a folder listen, by name; null when no living process has it. */
export async function readAnnouncement(folder: string): Promise<Readonly<Record<string, string>> | null> {
  const announced = await read(join(folder, ADDRESSES), Announcement);
  return announced !== null && (await lives(announced.owner)) ? announced.addresses : null;
}
