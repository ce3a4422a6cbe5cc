/** `hub screen`: looks up a file of report numbers or credit codes in the replica. */
import { setMaxListeners } from 'node:events';
import { openBacking, type Backing } from '../../jobs/backing.ts';
import { readAnnouncement } from '../../jobs/embedded/data-folder.ts';
import { bringUpToDate } from '../../jobs/screening/bring-up-to-date.ts';
import { screenFile, type ScreenReport } from '../../jobs/screening/screen-file.ts';
import { screeningBar } from '../../jobs/screening/screening-bar.ts';
import { feedBars } from '../../jobs/sync/feed-bars.ts';
import { createOwnContext, type HubServices } from '../../schema/context.ts';
import { HubError } from '../../schema/errors.ts';
import { openAliasStore } from '../../schema/identity/alias-store.ts';
import type { OperationTrace } from '../../schema/audit/operation-trace.ts';
import type { CallScope } from '../../schema/ports.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { heldServices } from '../../schema/screening/held-services.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { screen } from '../../schema/screening/screen.ts';
import { UpstreamsReport } from '../../sources/reference-upstreams.ts';
import { onRecord } from '../audit/on-record.ts';
import { assemble } from '../assemble.ts';
import { UsageError } from '../commands/usage-error.ts';
import { readScreenWords, screenSummary, type ScreenCommand, type ScreenWords } from './screen-words.ts';
import { ConfigurationError, type HubConfig } from '../config.ts';
import { createLogger } from '../logging.ts';
import { startUpstreamProcess } from '../upstream-process.ts';
import { openIndex } from './open-index.ts';
import { findStandIns } from './stand-ins.ts';

interface Screening {
  readonly replica: Replica;
  readonly services: HubServices;
  close(): Promise<void>;
}

/** Where the reference upstreams are: those of a hub that runs, else some for this command alone. */
async function reachStandIns(config: HubConfig, backing: Backing) {
  const ids = config.departments
    .filter((each) => each.usesReferenceUpstream)
    .map(({ definition }) => definition.department.id);
  if (ids.length === 0 || (await readAnnouncement(config.dataFolder))?.['upstreams'] !== undefined) {
    const { environments } = findStandIns(config, backing);
    return { environments, stop: () => Promise.resolve() };
  }
  const upstreams = await startUpstreamProcess(ids, config.worldSize, (message) => UpstreamsReport.parse(message));
  return { environments: upstreams.report.environments, stop: () => upstreams.stop() };
}

async function open(config: HubConfig, backing: Backing, { maxAgeSeconds }: ScreenCommand): Promise<Screening> {
  const { connection } = backing;
  const replica = new Replica(connection);
  await replica.open();
  const aliasStore = await openAliasStore(connection);
  const projection = await openIndex(config, connection, replica, aliasStore.decisions);
  const standIns = await reachStandIns(config, backing);
  const kept = {
    ...{ replica, projection, aliasStore, onLearned: () => undefined },
    noticesOf: () => ({ notices: null, recognitions: null, endpoints: null }),
  };
  const hub = await assemble(config.departments, standIns.environments, createLogger('silent'), kept);
  const bars = feedBars(process.stderr, { vanish: true });
  try {
    const { registry, clock } = hub.services;
    const outcomes = await bringUpToDate({
      ...{ sources: registry.all(), replica, clock, maxAgeSeconds },
      onProgress: (departmentId, read, done, total) => bars.show(`${departmentId} ${read}`, done, total),
    });
    if (outcomes.length > 0) await projection.projector.run();
    bars.stop();
    for (const { departmentId, read, outcome, succeeded } of outcomes) {
      if (!succeeded) process.stderr.write(`${departmentId} ${read} could not be brought up to date: ${outcome}\n`);
    }
  } finally {
    bars.stop();
  }
  return {
    ...{ replica, services: hub.services },
    async close() {
      await hub.close();
      await standIns.stop();
    },
  };
}

/** With a signal of its own: the run's would keep every listener until its end. */
function scopeWithin(whole: AbortSignal, trace: OperationTrace): CallScope {
  const signal = AbortSignal.any([whole]);
  setMaxListeners(0, signal);
  return { requestId: 'screening', signal, deadlineAt: Infinity, trace };
}

async function run(
  { services, replica }: Screening,
  command: ScreenCommand,
  signal: AbortSignal,
  trace: OperationTrace,
): Promise<ScreenReport> {
  const { clock } = services;
  const { maxAgeSeconds } = command;
  const terms = { maxAgeSeconds, startedAt: clock.now() };
  const held = await heldServices(services, replica, terms, scopeWithin(signal, trace));
  const bar = screeningBar(process.stderr);
  try {
    return await screenFile({
      ...command,
      terms: `max-age ${maxAgeSeconds ?? 'of each department'}`,
      lookUp: (keys) => screen(keys, createOwnContext(held, scopeWithin(signal, trace))),
      ...{ clock, signal },
      onProgress: (done, total) => bar.show(done, total),
    });
  } finally {
    bar.stop();
  }
}

/** @returns the exit code: 1 when it was interrupted */
export async function screenCommand(
  config: HubConfig,
  words: readonly string[],
  options: ScreenWords,
  print: (line: string) => void,
): Promise<number> {
  const command = readScreenWords(words, options);
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const screening = await open(config, backing, command);
    try {
      const { connection } = backing;
      const ring = await openKeyRing({ connection, folder: config.signingKeysFolder });
      const report = await onRecord(connection, ring, { words: ['screen'] }, (trace) =>
        run(screening, command, stopping.signal, trace),
      );
      for (const line of screenSummary(report)) print(line);
      return 0;
    } finally {
      await screening.close();
    }
  } catch (error) {
    if (error instanceof UsageError || error instanceof HubError || error instanceof ConfigurationError) throw error;
    process.stderr.write('Interrupted; the same command goes on where it stopped.\n');
    if (!stopping.signal.aborted) throw error;
    return 1;
  } finally {
    await backing.close();
  }
}
