/** The process's HTTP side: listens, and says where. */
import { createHubContext } from '../../schema/context.ts';
import { rememberReadiness, type ReadinessReport } from '../health.ts';
import { createHttpServer, GRAPHQL_PATH } from '../http-server.ts';
import { startTable } from '../start-table.ts';
import type { Closing } from './closing.ts';
import { openAdmission } from './open-admission.ts';
import type { OpenedHub } from './open-hub.ts';

export interface Serving {
  /** Where the graph is, as seen from this machine. */
  readonly graphUrl: string;
  /** What is printed once everything has started. */
  table(): Promise<string>;
}

const addressFor = (host: string, port: number): string => {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${port}${GRAPHQL_PATH}`;
};

const stateOf = (report: ReadinessReport, departmentId: string) =>
  report.departments.find(({ id }) => id === departmentId)?.state ?? 'DOWN';

export async function serve(hub: OpenedHub, closing: Closing): Promise<Serving> {
  const { config, services, keys, log, backing } = hub;
  const readiness = rememberReadiness(services);
  const server = await createHttpServer({
    schema: hub.schema,
    contextFor: (scope, caller, grounds) => createHubContext(services, scope, caller, grounds),
    callerOf: (token) => keys.callerOf(token),
    stillHolds: async ({ credentialId }) => credentialId === null || (await keys.stillHolds(credentialId)),
    readiness,
    log,
    readTimeoutMs: config.readTimeoutMs,
    bodyLimitBytes: config.bodyLimitBytes,
    live: config.live,
    admission: openAdmission(hub, closing),
  });
  closing.add(() => server.close());
  const port = await server.listen(config);
  const graphUrl = addressFor(config.host, port);
  return {
    graphUrl,
    async table() {
      const report = await readiness();
      return startTable({
        graphAddress: graphUrl,
        controlAddress: hub.standIns?.report.controlAddress ?? null,
        store: backing.description.store,
        queue: backing.description.queue,
        departments: config.departments.map(({ definition: { department }, usesReferenceUpstream }) => ({
          name: department.name,
          protocol: department.protocol,
          address: services.registry.find(department.id)?.address ?? '',
          state: stateOf(report, department.id),
          usesReferenceUpstream,
        })),
      });
    },
  };
}
