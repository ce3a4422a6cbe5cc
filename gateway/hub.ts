/** The hub's command line: `npm run hub -- sync | doctor | import | keys | signing-keys | notice | credit | watch`. */
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openBacking, type Backing } from '../jobs/backing.ts';
import { examine } from '../jobs/commands/doctor.ts';
import { replicaSink } from '../jobs/commands/replica-sink.ts';
import { scheduledReads, syncByWorkers, syncHere, type FeedOutcome } from '../jobs/commands/sync-command.ts';
import { CHARSETS } from '../jobs/import/charset.ts';
import { importFile } from '../jobs/import/import-file.ts';
import { progressDisplay } from '../jobs/import/progress.ts';
import { openProjection, type Projection } from '../jobs/projection/open-projection.ts';
import { openQueueBackend } from '../jobs/queue/queue-backend.ts';
import { readAnnouncement } from '../jobs/embedded/data-folder.ts';
import { feedBars } from '../jobs/sync/feed-bars.ts';
import { HubError } from '../schema/errors.ts';
import { openAliasStore } from '../schema/identity/alias-store.ts';
import type { FollowedDecisions } from '../schema/identity/station-decisions.ts';
import { noticeLog } from '../schema/notice/notice-log.ts';
import { NoticeStore } from '../schema/notice/notice-store.ts';
import { ProjectionStates } from '../schema/replica/projection-states.ts';
import { Replica } from '../schema/replica/replica.ts';
import { openKeyRing } from '../schema/signing/key-ring.ts';
import { HUB_OWNER } from '../schema/signing/public-key.ts';
import { discoverSources } from '../sources/kit/registry.ts';
import { UpstreamsReport } from '../sources/reference-upstreams.ts';
import { assemble } from './assemble.ts';
import { ConfigurationError, readConfig, type DepartmentConfig, type HubConfig } from './config.ts';
import { CREDIT_USAGE, creditCommand, type CreditOptions } from './commands/credit.ts';
import { KEYS_USAGE, KeyCommandError, keysCommand, type KeyOptions } from './commands/keys.ts';
import { exportNotice, NOTICE_USAGE, verifyNotice, type NoticeOptions } from './commands/notice.ts';
import { SIGNING_KEYS_USAGE, signingKeysCommand, type SigningKeyOptions } from './commands/signing-keys.ts';
import { UsageError } from './commands/usage-error.ts';
import { watchCommand, WATCH_OPTIONS, WATCH_USAGE } from './commands/watch.ts';
import { createLogger } from './logging.ts';
import { lendToken } from './process/lend-token.ts';
import { alignColumns } from './start-table.ts';
import { startUpstreamProcess } from './upstream-process.ts';

const USAGE = `usage: npm run hub -- <command>

  sync <department> [--full]      bring a department's feeds in the replica up to date now
  doctor                          check environment, store, queue, clock and departments
  import <file> --source <department> --layout <name> [--charset <name>] [--exported-at <instant>]
                                  read an export file into the replica (docs/import.md)
${KEYS_USAGE}
${SIGNING_KEYS_USAGE}
${NOTICE_USAGE}
${CREDIT_USAGE}
${WATCH_USAGE}`;

const EACH_FEED_MS = 30 * 60_000;

type Out = (line: string) => void;
const out: Out = (line) => process.stdout.write(`${line}\n`);

const openIndex = (
  config: HubConfig,
  { connection }: Backing,
  replica: Replica,
  decisions: FollowedDecisions,
): Promise<Projection> =>
  openProjection({
    ...{ connection, replica, decisions, clock: { now: () => new Date() } },
    departments: config.departments.map(({ definition }) => definition.department),
  });

/** By the workers of a hub that runs: only they reach the reference upstreams, which live in its process tree. */
async function syncElsewhere(backing: Backing, departmentId: string, full: boolean): Promise<readonly FeedOutcome[]> {
  const backend = openQueueBackend(backing.queue);
  try {
    const reads = await scheduledReads(backend, departmentId);
    if (reads.length === 0) throw new UsageError(`No running hub follows ${departmentId}.`);
    return await syncByWorkers(departmentId, reads, backend, full, EACH_FEED_MS);
  } finally {
    await backend.close();
  }
}

async function syncInThisProcess(
  config: HubConfig,
  department: DepartmentConfig,
  backing: Backing,
  full: boolean,
): Promise<readonly FeedOutcome[]> {
  const { id } = department.definition.department;
  const upstreams = department.usesReferenceUpstream
    ? await startUpstreamProcess([id], config.worldSize, (message) => UpstreamsReport.parse(message))
    : null;
  const replica = new Replica(backing.connection);
  await replica.open();
  const aliasStore = await openAliasStore(backing.connection);
  const projection = await openIndex(config, backing, replica, aliasStore.decisions);
  const kept = {
    ...{ replica, projection, aliasStore, onLearned: () => undefined },
    noticesOf: () => ({ notices: null, endpoints: null }),
  };
  const hub = await assemble([department], upstreams?.report.environments ?? {}, createLogger('error'), kept);
  const bars = feedBars(process.stderr);
  try {
    const [source] = hub.services.registry.all();
    if (source === undefined) throw new UsageError(`${id} is no department.`);
    const outcomes = await syncHere(source, replica, full, hub.services.clock, (read, done, total) =>
      bars.show(read, done, total),
    );
    await projection.projector.run();
    return outcomes;
  } finally {
    bars.stop();
    await hub.close();
    await upstreams?.stop();
  }
}

async function sync(config: HubConfig, words: readonly string[], full: boolean): Promise<number> {
  const [departmentId] = words;
  const department = config.departments.find(({ definition }) => definition.department.id === departmentId);
  if (department === undefined || departmentId === undefined) {
    const known = config.departments.map(({ definition }) => definition.department.id).join(', ');
    throw new UsageError(`Name one of the departments: ${known}.`);
  }
  const isRunning = (await readAnnouncement(config.dataFolder)) !== null;
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const outcomes =
      isRunning && department.usesReferenceUpstream
        ? await syncElsewhere(backing, departmentId, full)
        : await syncInThisProcess(config, department, backing, full);
    const rows = outcomes.map(({ read, outcome, succeeded }) => [succeeded ? 'ok' : 'FAILED', read, outcome]);
    for (const line of alignColumns(rows)) out(line);
    return outcomes.every(({ succeeded }) => succeeded) ? 0 : 1;
  } finally {
    await backing.close();
  }
}

async function doctor(config: HubConfig): Promise<number> {
  const backing = await openBacking({ ...config, mayShare: true });
  const backend = openQueueBackend(backing.queue);
  const replica = new Replica(backing.connection);
  const real = config.departments.filter((each) => !each.usesReferenceUpstream);
  const hub = await assemble(real, {}, createLogger('silent'));
  try {
    const states = new ProjectionStates(backing.connection);
    const findings = await examine({ backing, backend, replica, states, registry: hub.services.registry });
    const standIns = config.departments
      .filter((each) => each.usesReferenceUpstream)
      .map(({ definition }) => ['ok', definition.department.id, 'reference upstream; starts with the hub']);
    const rows = [
      ['ok', 'environment', 'every setting is understood'],
      ...findings.map(({ subject, isGood, detail }) => [isGood ? 'ok' : 'FAILED', subject, detail]),
      ...standIns,
    ];
    for (const line of alignColumns(rows)) out(line);
    return findings.every(({ isGood }) => isGood) ? 0 : 1;
  } finally {
    await hub.close();
    await backend.close();
    await backing.close();
  }
}

interface ImportOptions {
  readonly source?: string | undefined;
  readonly layout?: string | undefined;
  readonly charset?: string | undefined;
  readonly 'exported-at'?: string | undefined;
}

async function importCommand(config: HubConfig, words: readonly string[], options: ImportOptions): Promise<number> {
  const [path] = words;
  const { source: departmentId, layout } = options;
  const definition = config.departments.find((each) => each.definition.department.id === departmentId)?.definition;
  if (path === undefined || definition === undefined || layout === undefined) {
    throw new UsageError('Name a file, a department (--source) and a layout (--layout).');
  }
  const charset = CHARSETS.find((each) => each === options.charset);
  if (options.charset !== undefined && charset === undefined)
    throw new UsageError(`--charset is one of ${CHARSETS.join(', ')}.`);
  const named = options['exported-at'];
  const exportedAt = named === undefined ? (await stat(path)).mtime : new Date(named);
  if (Number.isNaN(exportedAt.getTime()))
    throw new UsageError('--exported-at is no instant, e.g. 2026-03-02T08:00:00+08:00.');
  const backing = await openBacking({ ...config, mayShare: true });
  const display = progressDisplay(process.stderr);
  try {
    const replica = new Replica(backing.connection);
    await replica.open();
    const report = await importFile({
      path,
      source: definition,
      layout,
      exportedAt,
      sink: replicaSink(replica, definition.department.id, exportedAt),
      ...(charset !== undefined && { charset }),
      onProgress: (progress) => display.show(progress),
    });
    display.stop();
    const { rows, accepted, refused, inserted, updated, unchanged, feedbackPath, milliseconds } = report;
    out(
      `${rows} rows in ${milliseconds} ms: ${accepted} accepted (${inserted} new, ${updated} changed, ${unchanged} known), ${refused} refused`,
    );
    if (refused > 0) out(`Refused rows: ${feedbackPath}`);
    const { decisions } = await openAliasStore(backing.connection);
    const { projector } = await openIndex(config, backing, replica, decisions);
    await projector.run();
    return 0;
  } finally {
    display.stop();
    await backing.close();
  }
}

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

async function credit(config: HubConfig, words: readonly string[], options: CreditOptions): Promise<number> {
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const departments = config.departments.map(({ definition }) => definition.department);
    const parts = { connection: backing.connection, departments, now: new Date(), print: out };
    return await creditCommand(parts, words, options);
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
  const config = readConfig(await discoverSources());
  switch (command) {
    case 'sync':
      return await sync(config, words, values.full);
    case 'doctor':
      return await doctor(config);
    case 'import':
      return await importCommand(config, words, values);
    case 'keys':
      return await keys(config, words, values);
    case 'signing-keys':
      return await signingKeys(config, words, values);
    case 'notice':
      return await notice(config, words, values);
    case 'credit':
      return await credit(config, words, values);
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
