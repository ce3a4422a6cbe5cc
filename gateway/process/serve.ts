/** The process's HTTP side: listens, and says where. */
import { createHubContext } from '../../schema/context.ts';
import { rememberReadiness, type ReadinessReport } from '../health.ts';
import { createHttpServer, GRAPHQL_PATH } from '../http-server.ts';
import { startTable } from '../start-table.ts';
import { watchTlsFiles } from '../tls.ts';
import type { Closing } from './closing.ts';
import { openAdmission } from './open-admission.ts';
import { openAudit } from './open-audit.ts';
import { openDoor } from './open-door.ts';
import type { OpenedHub } from './open-hub.ts';

export interface Serving {
  /** Where the graph is, as seen from this machine. */
  readonly graphUrl: string;
  /** What is printed once everything has started. */
  table(): Promise<string>;
}

const addressFor = (host: string, port: number, isEncrypted: boolean): string => {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${isEncrypted ? 'https' : 'http'}://${reachable}:${port}${GRAPHQL_PATH}`;
};

const stateOf = (report: ReadinessReport, departmentId: string) =>
  report.departments.find(({ id }) => id === departmentId)?.state ?? 'DOWN';

/** @param sampleIssuer the identity provider with sample users; null = it does not run */
export async function serve(hub: OpenedHub, closing: Closing, sampleIssuer: string | null): Promise<Serving> {
  const { config, services, log, backing } = hub;
  const readiness = rememberReadiness(services);
  const { auditor, reading: audit } = await openAudit(hub, closing);
  const shown = { ...services, audit };
  const server = await createHttpServer({
    schema: hub.schema,
    auditor,
    contextFor: (scope, caller, grounds) => createHubContext(shown, scope, caller, grounds),
    ...(await openDoor(hub, sampleIssuer)),
    readiness,
    log,
    readTimeoutMs: config.readTimeoutMs,
    bodyLimitBytes: config.bodyLimitBytes,
    live: config.live,
    admission: openAdmission(hub, closing),
  });
  closing.add(() => server.close());
  const { tls } = config.access;
  if (tls !== null) {
    const stopWatching = watchTlsFiles({
      files: tls,
      renew: (renewed) => server.renewTls(renewed),
      onFailure: (error) => log.error({ err: error }, 'a renewed certificate cannot be used; the old one is'),
    });
    closing.add(() => {
      stopWatching();
      return Promise.resolve();
    });
  }
  const port = await server.listen(config);
  const graphUrl = addressFor(config.host, port, config.access.tls !== null);
  return {
    graphUrl,
    async table() {
      const report = await readiness();
      return startTable({
        graphAddress: graphUrl,
        controlAddress: hub.standIns?.report.controlAddress ?? null,
        identity: sampleIssuer === null ? null : { address: sampleIssuer, dataFolder: config.dataFolder },
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
