/**
 * The hub as a process: `node main.js` does everything; `node main.js gateway` and `node main.js worker` share the work
 * between processes.
 */
import { z } from 'zod';
import { discoverSources } from '../sources/kit/registry.ts';
import { readConfig, type HubConfig } from './config.ts';
import { createLogger } from './logging.ts';
import { Closing } from './process/closing.ts';
import { connectStandIns } from './process/connect-stand-ins.ts';
import { explain } from './process/explain.ts';
import { openHub, type ProcessRole } from './process/open-hub.ts';
import { serve } from './process/serve.ts';
import { work } from './process/work.ts';

const Role = z.enum(['all', 'gateway', 'worker'], 'say "gateway", "worker" or nothing');

/** @returns what is printed once the process does its part */
async function start(config: HubConfig, role: ProcessRole, closing: Closing): Promise<string> {
  const log = createLogger(config.logLevel);
  // One operation may leave a failed promise unattended; that is no reason to end all the others.
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a failed promise was left unattended'));
  const hub = await openHub(config, role, log, closing);
  const serving = role === 'WORKER' ? null : await serve(hub, closing);
  if (serving !== null) await connectStandIns(hub, serving.graphUrl);
  if (role !== 'GATEWAY') await work(hub, closing);
  return serving === null ? `Working on ${hub.backing.description.queue}.` : await serving.table();
}

async function main(): Promise<void> {
  const closing = new Closing();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing.isStopping) process.exit(1);
      void closing.stop(0, null);
    });
  }
  let config: HubConfig | null = null;
  try {
    const role = Role.parse(process.argv[2] ?? 'all');
    config = readConfig(await discoverSources());
    console.log(await start(config, role.toUpperCase() as Uppercase<typeof role>, closing));
  } catch (error) {
    const line = explain(error, config);
    await closing.stop(1, line ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
}

await main();
