/** The hub's command line: `npm run hub -- <command>`; USAGE lists them. */
import { parseArgs } from 'node:util';
import type { Connection } from 'mongoose';
import { openBacking } from '../jobs/backing.ts';
import { keysOf } from '../schema/audit/subject-report.ts';
import { HubError } from '../schema/errors.ts';
import { noticeLog } from '../schema/notice/notice-log.ts';
import { NoticeStore } from '../schema/notice/notice-store.ts';
import { Replica } from '../schema/replica/replica.ts';
import { openKeyRing } from '../schema/signing/key-ring.ts';
import { HUB_OWNER } from '../schema/signing/public-key.ts';
import { discoverSources } from '../sources/kit/registry.ts';
import type { CreditOptions } from './commands/credit-parts.ts';
import { CREDIT_USAGE, creditCommand } from './commands/credit.ts';
import { redactText } from '../schema/redact-text.ts';
import { onRecord } from './audit/on-record.ts';
import { AUDIT_USAGE, verifyFile } from './commands/audit.ts';
import { ConfigurationError, readConfig, type HubConfig } from './config.ts';
import { CERTIFICATE_OPTIONS, CERTIFICATES_USAGE, certificatesCommand } from './commands/certificates.ts';
import { DOCUMENTS_USAGE } from './commands/documents.ts';
import { HOLDER_OPTIONS } from './commands/holder-options.ts';
import { KEY_OPTIONS, KEYS_USAGE, keysCommand } from './commands/keys.ts';
import { exportNotice, NOTICE_USAGE, verifyNotice, type NoticeOptions } from './commands/notice.ts';
import { SCREEN_OPTIONS, SCREEN_USAGE } from './process/screen-words.ts';
import { SIGNING_KEYS_USAGE, signingKeysCommand, type SigningKeyOptions } from './commands/signing-keys.ts';
import { SESSION_OPTIONS, SESSIONS_USAGE, sessionsCommand } from './commands/sessions.ts';
import { UsageError } from './commands/usage-error.ts';
import { usageOf } from './commands/usage-of.ts';
import { watchCommand, WATCH_OPTIONS, WATCH_USAGE } from './commands/watch.ts';
import { auditCommand } from './process/audit-command.ts';
import { BACKUP_USAGE, backupCommand, restoreCommand } from './process/backup-command.ts';
import { doctor } from './process/doctor.ts';
import { documentsOf } from './process/documents-command.ts';
import { IDENTITY_USAGE, identityCommand } from './process/identity-command.ts';
import { importCommand } from './process/import-command.ts';
import { lendToken } from './process/lend-token.ts';
import { screenCommand } from './process/screen.ts';
import { sync } from './process/sync.ts';

const USAGE = `usage: npm run hub -- <command>

  sync <department> [--full]      bring a department's feeds in the replica up to date now
  doctor                          check environment, store, queue, clock, signing keys, notices, recognitions, departments
  import <file> --source <department> --layout <name> [--charset <name>] [--exported-at <instant>]
                                  read an export file into the replica (docs/import.md)
${SCREEN_USAGE}
${KEYS_USAGE}
${CERTIFICATES_USAGE}
${SESSIONS_USAGE}
${IDENTITY_USAGE}
${DOCUMENTS_USAGE}
${SIGNING_KEYS_USAGE}
${NOTICE_USAGE}
${CREDIT_USAGE}
${AUDIT_USAGE}
${BACKUP_USAGE}
${WATCH_USAGE}`;

type Out = (line: string) => void;
const out: Out = (line) => process.stdout.write(`${line}\n`);

/** What stands on record of a command: its verb, and the key, certificate or session that it names. */
const onRecordAs = (command: string, words: readonly string[]): readonly string[] => [command, ...words.slice(0, 2)];

/**
 * For commands that read and write the store and print lines.
 * @param words of the command, for the record
 * @param run is given the departments' ids
 */
async function onStore(
  config: HubConfig,
  words: readonly string[],
  run: (connection: Connection, departments: readonly string[]) => Promise<readonly string[]>,
): Promise<number> {
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const { connection } = backing;
    const departments = config.departments.map(({ definition }) => definition.department.id);
    const ring = await openKeyRing({ connection, folder: config.signingKeysFolder });
    for (const line of await onRecord(connection, ring, { words }, () => run(connection, departments))) out(line);
    return 0;
  } finally {
    await backing.close();
  }
}

async function signingKeys(config: HubConfig, words: readonly string[], options: SigningKeyOptions): Promise<number> {
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const ring = await openKeyRing({ connection: backing.connection, folder: config.signingKeysFolder });
    const departments = config.departments.map(({ definition }) => definition.department.id);
    const command = { words: onRecordAs('signing-keys', words) };
    const run = () => signingKeysCommand(ring, words, options, departments);
    for (const line of await onRecord(backing.connection, ring, command, run)) out(line);
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
    const command = { words: ['notice', 'export'], subjects: words.slice(0, 1).flatMap((word) => keysOf(word, null)) };
    const run = () => exportNotice(parts, words, options, (text) => process.stdout.write(text));
    const { lines, exitCode } = await onRecord(connection, keys, command, run);
    for (const line of lines) console.error(line);
    return exitCode;
  } finally {
    await backing.close();
  }
}

async function credit(config: HubConfig, words: readonly string[], options: CreditOptions): Promise<number> {
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const departments = config.departments.map(({ definition }) => definition.department);
    const { connection } = backing;
    const parts = { connection, replica: new Replica(connection), departments, now: new Date(), print: out };
    const ring = await openKeyRing({ connection, folder: config.signingKeysFolder });
    const command = { words: onRecordAs('credit', words) };
    return await onRecord(connection, ring, command, () => creditCommand(parts, words, options));
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
      algorithm: { type: 'string' },
      out: { type: 'string' },
      keys: { type: 'string' },
      store: { type: 'boolean', default: false },
      anchors: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      ...HOLDER_OPTIONS,
      ...KEY_OPTIONS,
      ...CERTIFICATE_OPTIONS,
      ...SESSION_OPTIONS,
      ...SCREEN_OPTIONS,
      model: { type: 'string' },
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
  if (command === 'audit' && words[0] === 'verify' && !values.store) {
    if (words[1] === undefined) throw new UsageError('Name the file of an audit trail, or say --store.');
    const { lines, exitCode } = await verifyFile(words[1], values);
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
    case 'screen':
      return await screenCommand(config, words, values, out);
    case 'keys':
      return await onStore(config, onRecordAs('keys', words), (store, known) =>
        keysCommand(store, words, values, known),
      );
    case 'documents':
      return await onStore(config, onRecordAs('documents', words), documentsOf(config, words));
    case 'certificates':
      return await onStore(config, onRecordAs('certificates', words), (store, known) =>
        certificatesCommand(store, words, values, known),
      );
    case 'sessions':
      return await onStore(config, onRecordAs('sessions', words), (store) => sessionsCommand(store, words, values));
    case 'identity':
      return await identityCommand(config, words, out);
    case 'signing-keys':
      return await signingKeys(config, words, values);
    case 'notice':
      return await notice(config, words, values);
    case 'credit':
      return await credit(config, words, values);
    case 'backup':
      return await backupCommand(config, words, out);
    case 'restore':
      return await restoreCommand(config, words, out);
    case 'audit':
      return await auditCommand(config, words, values, out);
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
  const command = process.argv.slice(2).find((word) => !word.startsWith('-'));
  if (error instanceof UsageError || isParseError) console.error(`${error.message}\n\n${usageOf(USAGE, command)}`);
  else if (error instanceof ConfigurationError || error instanceof HubError) console.error(error.message);
  else if (error instanceof Error && error.name === 'DataFolderTaken') console.error(error.message);
  else console.error(redactText(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  process.exit(error instanceof UsageError || isParseError ? 2 : 1);
}
