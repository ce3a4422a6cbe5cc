/**
 * The hub as a process: `node main.js` does everything; `node main.js gateway` and `node main.js worker` share the work
 * between processes.
 */
import { z } from 'zod';
import { feedBars } from '../jobs/sync/feed-bars.ts';
import type { FirstLoad } from '../jobs/sync/first-load.ts';
import { discoverSources } from '../sources/kit/registry.ts';
import { readConfig, type HubConfig } from './config.ts';
import { Closing } from './process/closing.ts';
import { connectStandIns } from './process/connect-stand-ins.ts';
import { explain } from './process/explain.ts';
import { loggerBeside } from './process/logger-beside.ts';
import { openHub, type ProcessRole } from './process/open-hub.ts';
import { startSampleIdentity } from './process/sample-identity.ts';
import { serve } from './process/serve.ts';
import { work } from './process/work.ts';

const Role = z.enum(['all', 'gateway', 'worker'], 'say "gateway", "worker" or nothing');

interface Started {
  /** Is printed once the process does its part. */
  readonly announcement: string;
  /** null in a process that does not follow the departments. */
  readonly firstLoad: FirstLoad | null;
}

async function start(config: HubConfig, role: ProcessRole, closing: Closing): Promise<Started> {
  const bars = feedBars(process.stderr, { vanish: true });
  const log = loggerBeside(bars, config.logLevel);
  // One operation may leave a failed promise unattended; that is no reason to end all the others.
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a failed promise was left unattended'));
  const hub = await openHub(config, role, log, closing);
  const sampleIssuer = role === 'ALL' ? await startSampleIdentity(hub, closing) : null;
  const serving = role === 'WORKER' ? null : await serve(hub, closing, sampleIssuer);
  if (serving !== null) await connectStandIns(hub, serving.graphUrl);
  const firstLoad = role === 'GATEWAY' ? null : await work(hub, bars, closing);
  const announcement = serving === null ? `Working on ${hub.backing.description.queue}.` : await serving.table();
  return { announcement, firstLoad };
}

async function main(): Promise<void> {
  const closing = new Closing();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing.isStopping) closing.breakOff('Stopped at once; answers in progress were broken off.');
      void closing.stop(0, null);
    });
  }
  let config: HubConfig | null = null;
  try {
    const role = Role.parse(process.argv[2] ?? 'all');
    config = readConfig(await discoverSources());
    const { announcement, firstLoad } = await start(config, role.toUpperCase() as Uppercase<typeof role>, closing);
    console.log(announcement);
    firstLoad?.show();
  } catch (error) {
    const line = explain(error, config);
    await closing.stop(1, line ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
}

await main();
