/** The hub's command line: `npm run hub -- <command>`. Loads what the command needs, and no more. */
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { UsageError } from './commands/usage-error.ts';
import { usageOf } from './commands/usage-of.ts';
import { OPTIONS, USAGE } from './commands/words.ts';
import type { HubConfig } from './config.ts';

const readWords = () => parseArgs({ allowPositionals: true, options: OPTIONS });
type Options = ReturnType<typeof readWords>['values'];

/** @returns the exit code */
type Run = (config: HubConfig, words: readonly string[], options: Options) => Promise<number>;

const out = (line: string): void => void process.stdout.write(`${line}\n`);
function printed(lines: readonly string[], exitCode = 0): number {
  for (const line of lines) out(line);
  return exitCode;
}

const onStore = () => import('./process/store-commands.ts');

const COMMANDS: Readonly<Record<string, Run>> = {
  sync: async (config, words, { full }) => await (await import('./process/sync.ts')).sync(config, words, full, out),
  doctor: async (config) => await (await import('./process/doctor.ts')).doctor(config, out),
  import: async (config, words, options) =>
    await (await import('./process/import-command.ts')).importCommand(config, words, options, out),
  screen: async (config, words, options) =>
    await (await import('./process/screen.ts')).screenCommand(config, words, options, out),
  keys: async (config, words, options) => {
    const [{ storeCommand }, { keysCommand }] = await Promise.all([onStore(), import('./commands/keys.ts')]);
    return printed(
      await storeCommand(config, ['keys', words], (store, known) => keysCommand(store, words, options, known)),
    );
  },
  certificates: async (config, words, options) => {
    const [{ storeCommand }, { certificatesCommand }] = await Promise.all([
      onStore(),
      import('./commands/certificates.ts'),
    ]);
    const run: Parameters<typeof storeCommand>[2] = (store, known) => certificatesCommand(store, words, options, known);
    return printed(await storeCommand(config, ['certificates', words], run));
  },
  sessions: async (config, words, options) => {
    const [{ storeCommand }, { sessionsCommand }] = await Promise.all([onStore(), import('./commands/sessions.ts')]);
    return printed(await storeCommand(config, ['sessions', words], (store) => sessionsCommand(store, words, options)));
  },
  documents: async (config, words) => {
    const [{ storeCommand }, { documentsOf }] = await Promise.all([
      onStore(),
      import('./process/documents-command.ts'),
    ]);
    return printed(await storeCommand(config, ['documents', words], documentsOf(config, words)));
  },
  identity: async (config, words) =>
    await (await import('./process/identity-command.ts')).identityCommand(config, words, out),
  'signing-keys': async (config, words, options) =>
    printed(await (await onStore()).signingKeys(config, words, options)),
  notice: async (config, words, options) => {
    const { lines, exitCode } = await (await onStore()).notice(config, words, options);
    for (const line of lines) console.error(line);
    return exitCode;
  },
  credit: async (config, words, options) => await (await onStore()).credit(config, words, options, out),
  backup: async (config, words) =>
    await (await import('./process/backup-command.ts')).backupCommand(config, words, out),
  restore: async (config, words) =>
    await (await import('./process/backup-command.ts')).restoreCommand(config, words, out),
  audit: async (config, words, options) =>
    await (await import('./process/audit-command.ts')).auditCommand(config, words, options, out),
  watch: async (config, words, options) => {
    const [{ watchCommand }, { lendToken }] = await Promise.all([
      import('./commands/watch.ts'),
      import('./process/lend-token.ts'),
    ]);
    return await watchCommand(config, words, options, () => lendToken(config));
  },
};

/** Whoever checks a file has perhaps never run a hub: its settings are none of such a command's business. */
async function checkFile(
  command: string,
  [verb, ...files]: readonly string[],
  options: Options,
): Promise<number | null> {
  if (verb !== 'verify' || options.store) return null;
  if (command === 'notice') {
    const { lines, exitCode } = await (await import('./commands/notice.ts')).verifyNotice(files, options);
    return printed(lines, exitCode);
  }
  if (command !== 'audit') return null;
  const [file] = files;
  if (file === undefined) throw new UsageError('Name the file of an audit trail, or say --store.');
  const { lines, exitCode } = await (await import('./commands/audit.ts')).verifyFile(file, options);
  return printed(lines, exitCode);
}

async function main(): Promise<number> {
  const { values, positionals } = readWords();
  const [command, ...words] = positionals;
  if (command === undefined) throw new UsageError('Name a command.');
  const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (run === undefined) throw new UsageError(`There is no command "${command}".`);
  const checked = await checkFile(command, words, values);
  if (checked !== null) return checked;
  const [{ readConfig }, { discoverSources }] = await Promise.all([
    import('./config.ts'),
    import('../sources/kit/registry.ts'),
  ]);
  return await run(readConfig(await discoverSources()), words, values);
}

const saysEnough = (error: unknown): error is Error =>
  error instanceof Error && ['ConfigurationError', 'HubError', 'DataFolderTaken'].includes(error.name);

try {
  process.exit(await main());
} catch (error) {
  const isParseError = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const command = process.argv.slice(2).find((word) => !word.startsWith('-'));
  if (error instanceof UsageError || isParseError) console.error(`${error.message}\n\n${usageOf(USAGE, command)}`);
  else if (saysEnough(error)) console.error(error.message);
  else {
    const { redactText } = await import('../schema/redact-text.ts');
    console.error(redactText(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
  process.exit(error instanceof UsageError || isParseError ? 2 : 1);
}
