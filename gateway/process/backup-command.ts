/** `hub backup` and `hub restore`: store, audit trail and keys. */
import { join } from 'node:path';
import { openBacking } from '../../jobs/backing.ts';
import { BackupFault, PARTS, printBackup, type Backup } from '../../jobs/backup/backup-form.ts';
import { makeBackup } from '../../jobs/backup/make-backup.ts';
import { restoreBackup } from '../../jobs/backup/restore-backup.ts';
import { hasCode } from '../../jobs/owner.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { onRecord } from '../audit/on-record.ts';
import { verifyStore } from '../commands/audit.ts';
import { UsageError } from '../commands/usage-error.ts';
import type { HubConfig } from '../config.ts';

type Out = (line: string) => void;

/** Keys that are set in the environment are nowhere else. */
function keysNotInBackup({ secretsKey, auditKey }: HubConfig): readonly string[] {
  const set = [...(secretsKey === null ? [] : ['HUB_SECRETS_KEY']), ...(auditKey === null ? [] : ['HUB_AUDIT_KEY'])];
  return set.length === 0 ? [] : [`Not in it, because the environment has it: ${set.join(', ')}. Keep it elsewhere.`];
}

const digestOf = (backup: Backup): string => sm3Hex(printBackup(backup));

/** @throws UsageError when no folder is named, or it cannot be made */
export async function backupCommand(config: HubConfig, [folder]: readonly string[], out: Out): Promise<number> {
  if (folder === undefined) throw new UsageError('Name a folder that is to be made.');
  const isEmbedded = config.mongodbUri === null;
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const { connection } = backing;
    const ring = await openKeyRing({ connection, folder: config.signingKeysFolder });
    const parts = {
      connection,
      dataFolder: isEmbedded ? config.dataFolder : null,
      signingKeysFolder: config.signingKeysFolder,
    };
    const backup = await onRecord(connection, ring, { words: ['backup'] }, () => makeBackup(parts, folder));
    const bytes = backup.files.reduce((sum, file) => sum + file.bytes, 0);
    out(`Backup of ${formatInstant(backup.madeAt)} in ${folder}: ${backup.files.length} files, ${bytes} bytes.`);
    out(`Its digest (SM3), to be kept elsewhere: ${digestOf(backup)}`);
    if (!isEmbedded) out('The store is not in it: back it up with mongodump --oplog (docs/operations.md).');
    for (const line of keysNotInBackup(config)) out(line);
    return 0;
  } catch (error) {
    throw hasCode(error, 'EEXIST') ? new UsageError(`${folder} is there already.`) : error;
  } finally {
    await backing.close();
  }
}

/** Checks what was restored, and puts on record that it was. */
async function check(config: HubConfig, folder: string, backup: Backup, out: Out): Promise<number> {
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const { connection } = backing;
    const ring = await openKeyRing({ connection, folder: config.signingKeysFolder });
    const { lines, exitCode } = await verifyStore(new AuditStore(connection), ring, {
      anchors: join(folder, PARTS.anchors),
    });
    for (const line of lines) out(line);
    const command = { words: ['restore', formatInstant(backup.madeAt), digestOf(backup)] };
    await onRecord(connection, ring, command, () => Promise.resolve());
    return exitCode;
  } finally {
    await backing.close();
  }
}

/** @throws UsageError when no folder is named, or the backup cannot be used */
export async function restoreCommand(config: HubConfig, [folder]: readonly string[], out: Out): Promise<number> {
  if (folder === undefined) throw new UsageError('Name the folder of a backup.');
  try {
    const backup = await restoreBackup(folder, config);
    out(`Backup of ${formatInstant(backup.madeAt)} restored to ${config.dataFolder}.`);
    if (config.mongodbUri === null) return await check(config, folder, backup, out);
    out('Restore the store with mongorestore --oplogReplay, then check it:');
    out(`  npm run hub -- audit verify --store --anchors ${join(folder, PARTS.anchors)}`);
    return 0;
  } catch (error) {
    throw error instanceof BackupFault ? new UsageError(error.message) : error;
  }
}
