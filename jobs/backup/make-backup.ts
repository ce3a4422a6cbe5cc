/** Copies store, audit trail and keys while everything goes on. */
import { copyFile, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { hasCode } from '../owner.ts';
import { KEY_FILES } from '../embedded/secrets-key.ts';
import { COPY_COMMAND } from '../embedded/store/commands/run-command.ts';
import { BACKUP, describeFile, filesIn, PARTS, printBackup, type Backup } from './backup-form.ts';

export interface BackupParts {
  readonly connection: Connection;
  /** Of the embedded store; null beside MongoDB, which has its own tools. */
  readonly dataFolder: string | null;
  readonly signingKeysFolder: string;
}

const Copied = z.object({ folder: z.string() });

/** The file system of the backup may be another one. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    await cp(from, to, { recursive: true });
    await rm(from, { recursive: true });
  }
}

const copyWhereThere = async (from: string, to: string): Promise<void> =>
  await copyFile(from, to).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
  });

/**
 * The anchors are copied first, the store as it is at one moment after them, the keys last: what the store refers to is
 * there.
 * @param folder is made, readable for its user alone
 * @throws Error when the folder is there already
 */
export async function makeBackup(
  { connection, dataFolder, signingKeysFolder }: BackupParts,
  folder: string,
  now = new Date(),
): Promise<Backup> {
  await mkdir(folder, { mode: 0o700 });
  const audit = new AuditStore(connection);
  const anchors: string[] = [];
  for await (const { text } of audit.anchors(await audit.anchorSpan({ from: null, to: null })))
    anchors.push(`${text}\n`);
  await writeFile(join(folder, PARTS.anchors), anchors.join(''), { mode: 0o600 });
  if (dataFolder !== null) {
    const copied = Copied.parse(
      await connection
        .getClient()
        .db()
        .command({ [COPY_COMMAND]: 1 }),
    );
    await move(join(dataFolder, basename(copied.folder)), join(folder, PARTS.store));
    for (const name of Object.values(KEY_FILES)) await copyWhereThere(join(dataFolder, name), join(folder, name));
  }
  const keys = await filesIn(signingKeysFolder).catch(() => []);
  await mkdir(join(folder, PARTS.signingKeys), { mode: 0o700 });
  for (const name of keys.filter((each) => each.endsWith('.pem'))) {
    await copyFile(join(signingKeysFolder, name), join(folder, PARTS.signingKeys, name));
  }
  const files = [];
  for (const path of await filesIn(folder)) files.push(await describeFile(folder, path));
  const backup: Backup = { form: BACKUP, madeAt: now, store: dataFolder === null ? 'MONGODB' : 'EMBEDDED', files };
  await writeFile(join(folder, PARTS.list), printBackup(backup), { mode: 0o600 });
  return backup;
}
