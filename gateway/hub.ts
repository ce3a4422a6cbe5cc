/** The hub's command line: `npm run hub -- sync | doctor | import | keys | signing-keys | notice | watch`. */
import { parseArgs } from 'node:util';
import { openBacking } from '../jobs/backing.ts';
import { HubError } from '../schema/errors.ts';
import { noticeLog } from '../schema/notice/notice-log.ts';
import { NoticeStore } from '../schema/notice/notice-store.ts';
import { openKeyRing } from '../schema/signing/key-ring.ts';
import { HUB_OWNER } from '../schema/signing/public-key.ts';
import { discoverSources } from '../sources/kit/registry.ts';
import { ConfigurationError, readConfig, type HubConfig } from './config.ts';
import { KEYS_USAGE, KeyCommandError, keysCommand, type KeyOptions } from './commands/keys.ts';
import { DOCUMENTS_USAGE } from './commands/documents.ts';
import { exportNotice, NOTICE_USAGE, verifyNotice, type NoticeOptions } from './commands/notice.ts';
import { SIGNING_KEYS_USAGE, signingKeysCommand, type SigningKeyOptions } from './commands/signing-keys.ts';
import { UsageError } from './commands/usage-error.ts';
import { watchCommand, WATCH_OPTIONS, WATCH_USAGE } from './commands/watch.ts';
import { doctor } from './process/doctor.ts';
import { runDocumentsCommand } from './process/documents-command.ts';
import { importCommand } from './process/import-command.ts';
import { lendToken } from './process/lend-token.ts';
import { sync } from './process/sync.ts';

const USAGE = `usage: npm run hub -- <command>

  sync <department> [--full]      bring a department's feeds in the replica up to date now
  doctor                          check environment, store, queue, clock, signing keys, notices and departments
  import <file> --source <department> --layout <name> [--charset <name>] [--exported-at <instant>]
                                  read an export file into the replica (docs/import.md)
${KEYS_USAGE}
${DOCUMENTS_USAGE}
${SIGNING_KEYS_USAGE}
${NOTICE_USAGE}
${WATCH_USAGE}`;

type Out = (line: string) => void;
const out: Out = (line) => process.stdout.write(`${line}\n`);

async function keys(config: HubConfig, words: readonly string[], options: KeyOptions): Promise<number> {
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const known = config.departments.map(({ definition }) => definition.department.id);
    for (const line of await keysCommand(backing.connection, words, options, known)) out(line);
    return 0;
  } catch (error) {
    if (error instanceof KeyCommandError) throw new UsageError(error.message);
    throw error;
  } finally {
    await backing.close();
  }
}

async function signingKeys(config: HubConfig, words: readonly string[], options: SigningKeyOptions): Promise<number> {
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const ring = await openKeyRing({ connection: backing.connection, folder: config.signingKeysFolder });
    const departments = config.departments.map(({ definition }) => definition.department.id);
    for (const line of await signingKeysCommand(ring, words, options, departments)) out(line);
    return 0;
  } finally {
    await backing.close();
  }
}

async function notice(config: HubConfig, [verb, ...words]: readonly string[], options: NoticeOptions): Promise<number> {
  if (verb !== 'export') throw new UsageError('Say what to do with a notice: export or verify.');
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const { connection } = backing;
    const keys = await openKeyRing({ connection, folder: config.signingKeysFolder });
    if (config.mongodbUri === null) await keys.ensureKeys([HUB_OWNER]);
    const parts = { notices: new NoticeStore(connection), log: noticeLog(connection), keys };
    const { lines, exitCode } = await exportNotice(parts, words, options, (text) => process.stdout.write(text));
    for (const line of lines) console.error(line);
    return exitCode;
  } finally {
    await backing.close();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      full: { type: 'boolean', default: false },
      source: { type: 'string' },
      layout: { type: 'string' },
      charset: { type: 'string' },
      'exported-at': { type: 'string' },
      roles: { type: 'string' },
      regions: { type: 'string' },
      department: { type: 'string' },
      expires: { type: 'string' },
      algorithm: { type: 'string' },
      out: { type: 'string' },
      keys: { type: 'string' },
      ...WATCH_OPTIONS,
    },
  });
  const [command, ...words] = positionals;
  // Whoever checks a pack has perhaps never run a hub: its settings are none of this command's business.
  if (command === 'notice' && words[0] === 'verify') {
    const { lines, exitCode } = await verifyNotice(words.slice(1), values);
    for (const line of lines) out(line);
    return exitCode;
  }
  const config = readConfig(await discoverSources());
  switch (command) {
    case 'sync':
      return await sync(config, words, values.full, out);
    case 'doctor':
      return await doctor(config, out);
    case 'import':
      return await importCommand(config, words, values, out);
    case 'keys':
      return await keys(config, words, values);
    case 'documents':
      return await runDocumentsCommand(config, words, out);
    case 'signing-keys':
      return await signingKeys(config, words, values);
    case 'notice':
      return await notice(config, words, values);
    case 'watch':
      return await watchCommand(config, words, values, () => lendToken(config));
    default:
      throw new UsageError(command === undefined ? 'Name a command.' : `There is no command "${command}".`);
  }
}

try {
  process.exit(await main());
} catch (error) {
  const isParseError = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (error instanceof UsageError || isParseError) console.error(`${error.message}\n\n${USAGE}`);
  else if (error instanceof ConfigurationError || error instanceof HubError) console.error(error.message);
  else if (error instanceof Error && error.name === 'DataFolderTaken') console.error(error.message);
  else console.error(error);
  process.exit(error instanceof UsageError || isParseError ? 2 : 1);
}
