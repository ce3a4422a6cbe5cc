/** `hub sync`: brings a department's feeds in the replica up to date now. */
import { openBacking, type Backing } from '../../jobs/backing.ts';
import { scheduledReads, syncByWorkers, syncHere, type FeedOutcome } from '../../jobs/commands/sync-command.ts';
import { readAnnouncement } from '../../jobs/embedded/data-folder.ts';
import { openQueueBackend } from '../../jobs/queue/queue-backend.ts';
import { feedBars } from '../../jobs/sync/feed-bars.ts';
import { openAliasStore } from '../../schema/identity/alias-store.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { UpstreamsReport } from '../../sources/reference-upstreams.ts';
import { assemble } from '../assemble.ts';
import { UsageError } from '../commands/usage-error.ts';
import type { DepartmentConfig, HubConfig } from '../config.ts';
import { createLogger } from '../logging.ts';
import { alignColumns } from '../start-table.ts';
import { startUpstreamProcess } from '../upstream-process.ts';
import { openIndex } from './open-index.ts';

const EACH_FEED_MS = 30 * 60_000;

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
  const projection = await openIndex(config, backing.connection, replica, aliasStore.decisions);
  const kept = {
    ...{ replica, projection, aliasStore, onLearned: () => undefined },
    noticesOf: () => ({ notices: null, recognitions: null, endpoints: null }),
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

/** @returns the exit code: 1 when a feed could not be brought up to date */
export async function sync(
  config: HubConfig,
  words: readonly string[],
  full: boolean,
  print: (line: string) => void,
): Promise<number> {
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
    for (const line of alignColumns(rows)) print(line);
    return outcomes.every(({ succeeded }) => succeeded) ? 0 : 1;
  } finally {
    await backing.close();
  }
}
