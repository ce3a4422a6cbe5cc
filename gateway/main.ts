/** The hub as a process: read the environment, start what is missing, assemble, listen, drain. */
import { ApiKeys } from '../schema/access/api-keys.ts';
import { createHubContext, type HubServices } from '../schema/context.ts';
import { openBacking, type Backing } from '../jobs/backing.ts';
import { openQueueBackend } from '../jobs/queue/queue-backend.ts';
import { startSyncService, type SyncService } from '../jobs/sync/sync-service.ts';
import { Replica } from '../schema/replica/replica.ts';
import { discoverSources } from '../sources/kit/registry.ts';
import { UpstreamsReport } from '../sources/reference-upstreams.ts';
import { assemble } from './assemble.ts';
import { ConfigurationError, readConfig, type HubConfig } from './config.ts';
import { rememberReadiness, type ReadinessReport } from './health.ts';
import { createHttpServer, GRAPHQL_PATH } from './http-server.ts';
import { createLogger, type Logger } from './logging.ts';
import { startTable } from './start-table.ts';
import { startUpstreamProcess } from './upstream-process.ts';

const STOP_TIMEOUT_MS = 8_000;

/** Things to stop, the newest first; each is stopped even when another fails. */
class Closing {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.unshift(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0)) {
      try {
        await step();
      } catch (error) {
        console.error(`While stopping: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

/** One clear line for what an operator can mend; null for the rest. */
function explain(error: unknown, config: HubConfig | null): string | null {
  if (error instanceof ConfigurationError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (config === null) return null;
  const { host, port } = config;
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is already in use; set PORT to a free port (PORT=0 takes any).`;
  if (error instanceof Error && error.name === 'DataFolderTaken') return error.message;
  if (error instanceof Error && error.name === 'MongooseServerSelectionError')
    return 'MONGODB_URI: no MongoDB answers at this address.';
  if (code === 'EACCES') return `Port ${port} on ${host} may not be used by this user; set PORT to 1024 or above.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `HOST=${host} is no address of this machine.`;
  return null;
}

const addressFor = (host: string, port: number): string => {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${port}${GRAPHQL_PATH}`;
};

async function start(config: HubConfig, closing: Closing): Promise<string> {
  const log = createLogger(config.logLevel);
  // One operation may leave a failed promise unattended; that is no reason to end all the others.
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a failed promise was left unattended'));
  const opening = openBacking(config);
  closing.add(() =>
    opening.then(
      (backing) => backing.close(),
      () => undefined,
    ),
  );
  const standIns = config.departments.filter((each) => each.usesReferenceUpstream);
  const upstreams =
    standIns.length === 0
      ? null
      : await startUpstreamProcess(
          standIns.map((each) => each.definition.department.id),
          config.worldSize,
          (message) => UpstreamsReport.parse(message),
        );
  if (upstreams !== null) {
    closing.add(() => upstreams.stop());
    void upstreams.died.then((how) => stop(closing, 1, `The reference upstreams have ended (${how}); the hub stops.`));
  }
  const backing = await opening;
  void backing.died.then((reason) => stop(closing, 1, `${reason.message}; the hub stops.`));
  const replica = new Replica(backing.connection);
  await replica.open();
  const hub = await assemble(config.departments, upstreams?.report.environments ?? {}, log, replica);
  closing.add(() => hub.close());
  const keys = new ApiKeys(backing.connection);
  const readiness = rememberReadiness(hub.services);
  const server = await createHttpServer({
    schema: hub.schema,
    contextFor: (scope, caller) => createHubContext(hub.services, scope, caller),
    callerOf: (token) => keys.callerOf(token),
    stillHolds: async ({ credentialId }) => credentialId === null || (await keys.stillHolds(credentialId)),
    readiness,
    log,
    readTimeoutMs: config.readTimeoutMs,
    bodyLimitBytes: config.bodyLimitBytes,
    live: config.live,
  });
  closing.add(() => server.close());
  const port = await server.listen(config);
  const sync = await startJobs(config, backing, hub.services, replica, log);
  closing.add(() => sync.close());
  const report = await readiness();
  return startTable({
    graphAddress: addressFor(config.host, port),
    controlAddress: upstreams?.report.controlAddress ?? null,
    store: backing.description.store,
    queue: backing.description.queue,
    departments: config.departments.map(({ definition: { department }, usesReferenceUpstream }) => ({
      name: department.name,
      protocol: department.protocol,
      address: hub.services.registry.find(department.id)?.address ?? '',
      state: stateOf(report, department.id),
      usesReferenceUpstream,
    })),
  });
}

async function startJobs(
  config: HubConfig,
  backing: Backing,
  { registry, clock }: HubServices,
  replica: Replica,
  log: Logger,
): Promise<SyncService> {
  return await startSyncService({
    registry,
    replica,
    clock,
    backend: openQueueBackend(backing.queue),
    everySeconds: config.syncSeconds,
    reconcileAt: config.reconcileAt,
    onRun: (run) => log.info(run, 'a feed is in step'),
    onFailure: (error, { departmentId, read }) =>
      log.warn({ department: departmentId, read, err: error }, 'sync failed'),
  });
}

const stateOf = (report: ReadinessReport, departmentId: string) =>
  report.departments.find(({ id }) => id === departmentId)?.state ?? 'DOWN';

let isStopping = false;

async function stop(closing: Closing, exitCode: number, reason: string | null): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  if (reason !== null) console.error(reason);
  setTimeout(() => process.exit(exitCode === 0 ? 1 : exitCode), STOP_TIMEOUT_MS).unref();
  await closing.run();
  process.exit(exitCode);
}

async function main(): Promise<void> {
  const closing = new Closing();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      void stop(closing, 0, null);
    });
  }
  let config: HubConfig | null = null;
  try {
    config = readConfig(await discoverSources());
    console.log(await start(config, closing));
  } catch (error) {
    const line = explain(error, config);
    await stop(closing, 1, line ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
}

await main();
