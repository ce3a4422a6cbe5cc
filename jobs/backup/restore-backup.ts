/** Puts a backup where a hub looks for its data. Never over data that is there. */
import { randomUUID } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { BackupFault, PARTS, readBackup, type Backup } from './backup-form.ts';

export interface RestorePlace {
  readonly dataFolder: string;
  readonly signingKeysFolder: string;
}

const isWithin = (folder: string, place: string): boolean => {
  const way = relative(resolve(folder), resolve(place));
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
};

async function put(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to);
  await chmod(to, 0o600);
}

/** A private key that is there already is the same one, or there is a mistake. */
async function putKey(from: string, to: string): Promise<void> {
  const there = await readFile(to).catch(() => null);
  if (there === null) await put(from, to);
  else if (!there.equals(await readFile(from))) throw new BackupFault(`${to} is there already and is another key.`);
}

/**
 * @param folder of the backup
 * @throws BackupFault when a file of the backup is not what it was, or data lies where it is to be put
 */
export async function restoreBackup(folder: string, { dataFolder, signingKeysFolder }: RestorePlace): Promise<Backup> {
  const backup = await readBackup(folder);
  const keysAreWithin = isWithin(dataFolder, signingKeysFolder);
  const staging = `${resolve(dataFolder)}.${randomUUID()}`;
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    for (const { path } of backup.files) {
      const [part, name] = path.split('/');
      const from = join(folder, path);
      if (part === PARTS.anchors) continue;
      if (part !== PARTS.signingKeys || name === undefined) await put(from, join(staging, path));
      else if (keysAreWithin)
        await put(from, join(staging, relative(resolve(dataFolder), resolve(signingKeysFolder)), name));
      else await putKey(from, join(signingKeysFolder, name));
    }
    // An empty folder may be a mount point that was just made; with anything in it, it is not removed.
    await rmdir(dataFolder).catch(() => undefined);
    await rename(staging, dataFolder).catch((cause: unknown) => {
      throw new BackupFault(`${dataFolder} is not empty: nothing is ever restored over data.`, { cause });
    });
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  return backup;
}
