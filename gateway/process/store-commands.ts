/** Commands that need the store alone, with their entries in the audit trail. */
import type { Connection } from 'mongoose';
import { openBacking } from '../../jobs/backing.ts';
import { keysOf } from '../../schema/audit/subject-report.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { openKeyRing, type KeyRing } from '../../schema/signing/key-ring.ts';
import { HUB_OWNER } from '../../schema/signing/public-key.ts';
import { onRecord } from '../audit/on-record.ts';
import type { CreditOptions } from '../commands/credit-parts.ts';
import { creditCommand } from '../commands/credit.ts';
import { exportNotice, type CommandResult, type NoticeOptions } from '../commands/notice.ts';
import { signingKeysCommand, type SigningKeyOptions } from '../commands/signing-keys.ts';
import { UsageError } from '../commands/usage-error.ts';
import type { HubConfig } from '../config.ts';

interface OpenedStore {
  readonly connection: Connection;
  readonly ring: KeyRing;
}

/** Opens the store for one command, beside a hub that runs or alone. */
async function withStore<T>(config: HubConfig, run: (opened: OpenedStore) => Promise<T>): Promise<T> {
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const { connection } = backing;
    return await run({ connection, ring: await openKeyRing({ connection, folder: config.signingKeysFolder }) });
  } finally {
    await backing.close();
  }
}

/** What stands on record of a command: its verb, and the key, certificate or session that it names. */
const onRecordAs = (command: string, words: readonly string[]): readonly string[] => [command, ...words.slice(0, 2)];

const departmentIdsOf = (config: HubConfig): readonly string[] =>
  config.departments.map(({ definition }) => definition.department.id);

/**
 * For commands that read and write the store and print lines.
 * @param run is given the departments' ids
 */
export async function storeCommand(
  config: HubConfig,
  [command, words]: readonly [string, readonly string[]],
  run: (connection: Connection, departmentIds: readonly string[]) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  return await withStore(config, ({ connection, ring }) =>
    onRecord(connection, ring, { words: onRecordAs(command, words) }, () => run(connection, departmentIdsOf(config))),
  );
}

export async function signingKeys(
  config: HubConfig,
  words: readonly string[],
  options: SigningKeyOptions,
): Promise<readonly string[]> {
  return await withStore(config, ({ connection, ring }) =>
    onRecord(connection, ring, { words: onRecordAs('signing-keys', words) }, () =>
      signingKeysCommand(ring, words, options, departmentIdsOf(config)),
    ),
  );
}

/** @returns the exit code, and what is told beside the pack */
export async function notice(
  config: HubConfig,
  [verb, ...words]: readonly string[],
  options: NoticeOptions,
): Promise<CommandResult> {
  if (verb !== 'export') throw new UsageError('Say what to do with a notice: export or verify.');
  return await withStore(config, async ({ connection, ring: keys }) => {
    if (config.mongodbUri === null) await keys.ensureKeys([HUB_OWNER]);
    const parts = { notices: new NoticeStore(connection), log: noticeLog(connection), keys };
    const command = { words: ['notice', 'export'], subjects: words.slice(0, 1).flatMap((word) => keysOf(word, null)) };
    const run = () => exportNotice(parts, words, options, (text) => process.stdout.write(text));
    return await onRecord(connection, keys, command, run);
  });
}

/** @returns the exit code */
export async function credit(
  config: HubConfig,
  words: readonly string[],
  options: CreditOptions,
  print: (line: string) => void,
): Promise<number> {
  const departments = config.departments.map(({ definition }) => definition.department);
  return await withStore(config, async ({ connection, ring }) => {
    const parts = { connection, replica: new Replica(connection), departments, now: new Date(), print };
    return await onRecord(connection, ring, { words: onRecordAs('credit', words) }, () =>
      creditCommand(parts, words, options),
    );
  });
}
