/** What a backup consists of: files, and a list of them with their digests that is written last. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../schema/signing/canonical-json.ts';
import { InstantForm } from '../../schema/time/time-forms.ts';

export const BACKUP = 'joint-credit-hub/backup/1';

/** In the folder of a backup. */
export const PARTS = {
  list: 'backup.json',
  /** Anchors of the audit trail, as `hub audit anchors` prints them. */
  anchors: 'anchors.jsonl',
  /** The embedded store. */
  store: 'store',
  signingKeys: 'signing-keys',
} as const;

export const BackupForm = z.strictObject({
  form: z.literal(BACKUP),
  madeAt: InstantForm,
  /** MONGODB: the store is not in here; it is backed up with MongoDB's own tools. */
  store: z.enum(['EMBEDDED', 'MONGODB']),
  files: z.array(
    z.strictObject({
      /** Within the folder, with "/". */
      path: z
        .string()
        .regex(/^[\w.-]+(\/[\w.-]+)?$/, 'leads elsewhere')
        .refine((path) => !path.includes('..')),
      bytes: z.int().nonnegative(),
      sm3: z.string(),
    }),
  ),
});
export type Backup = Readonly<z.infer<typeof BackupForm>>;
type BackupFile = Backup['files'][number];

export const printBackup = (backup: Backup): string => canonicalJson(backup);

/** Names of the files of a folder, and of folders in it, one deep; in order. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = await Promise.all(
    entries.map(async (entry) => {
      if (!entry.isDirectory()) return [entry.name];
      return (await readdir(join(folder, entry.name))).map((name) => `${entry.name}/${name}`);
    }),
  );
  return names.flat().sort();
}

export async function describeFile(folder: string, path: string): Promise<BackupFile> {
  const digest = createHash('sm3');
  for await (const chunk of createReadStream(join(folder, path))) digest.update(chunk as Buffer);
  return { path, bytes: (await stat(join(folder, path))).size, sm3: digest.digest('hex') };
}

/** A backup cannot be used. The message names the file. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';
}

/**
 * Reads the list and checks every file.
 * @throws BackupFault
 */
export async function readBackup(folder: string): Promise<Backup> {
  const text = await readFile(join(folder, PARTS.list), 'utf8').catch(() => {
    throw new BackupFault(`${folder} holds no backup, or one whose making was cut short: ${PARTS.list} is missing.`);
  });
  let backup: Backup;
  try {
    backup = BackupForm.parse(JSON.parse(text));
  } catch {
    throw new BackupFault(`${PARTS.list} is not as the hub writes it.`);
  }
  for (const file of backup.files) {
    const found = await describeFile(folder, file.path).catch(() => null);
    if (found === null) throw new BackupFault(`${file.path} is missing.`);
    if (found.sm3 !== file.sm3) throw new BackupFault(`${file.path} was changed since the backup was made.`);
  }
  return backup;
}
