/**
 * The hub as `npm start` runs it, but on given upstreams, and without a replica or with one that holds everything;
 * profiles itself when told to.
 */
import { Session } from 'node:inspector/promises';
import type { GraphQLSchema } from 'graphql';
import type { Connection } from 'mongoose';
import { pino } from 'pino';
import { assemble, type Kept } from '../../gateway/assemble.ts';
import { Auditor } from '../../gateway/audit/auditor.ts';
import { createHttpServer } from '../../gateway/http-server.ts';
import { openProjection } from '../../jobs/projection/open-projection.ts';
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import { feedsOf } from '../../jobs/sync/sync-service.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { AuditTrail } from '../../schema/audit/audit-trail.ts';
import { personKeys } from '../../schema/audit/subject-key.ts';
import { createHubContext, type HubServices } from '../../schema/context.ts';
import { openAliasStore } from '../../schema/identity/alias-store.ts';
import { FACETS } from '../../schema/records.ts';
import { Replica } from '../../schema/replica/replica.ts';
import type { SourceDefinition } from '../../sources/kit/define-source.ts';
import { discoverSources } from '../../sources/kit/registry.ts';
import { openStore } from '../support/store.ts';
import { answerCpuTime } from './cpu-time.ts';
import { INSPECTOR } from '../support/callers.ts';

const READ_TIMEOUT_MS = 30_000;
const PREFIXES = ['MARKET_REGULATION', 'ECOLOGY', 'TRANSPORT', 'PUBLIC_SECURITY'];
const ANY_AGE_SECONDS = 86_400;
const session = new Session();
let closeStore = (): Promise<void> => Promise.resolve();

async function openKept(connection: Connection, definitions: readonly SourceDefinition[]): Promise<Kept> {
  const [replica, aliasStore] = [new Replica(connection), await openAliasStore(connection)];
  await replica.open();
  const projection = await openProjection({
    ...{ connection, replica, decisions: aliasStore.decisions, clock: { now: () => new Date() } },
    departments: definitions.map(({ department }) => department),
  });
  return {
    ...{ replica, projection, aliasStore, replicaPatienceMs: READ_TIMEOUT_MS, onLearned: () => undefined },
    noticesOf: () => ({ notices: null, recognitions: null, endpoints: null }),
  };
}

/** Reads everything that the departments hold, and computes what rests on it. @returns how many records */
async function load({ registry, clock }: HubServices, { replica, projection }: Kept): Promise<number> {
  let records = 0;
  for (const { source, read } of feedsOf(registry)) {
    const scope = { requestId: 'bench', signal: new AbortController().signal, deadlineAt: Infinity };
    records += (await syncFeed({ source, replica, read, full: true, clock, scope })).records;
  }
  await projection.projector.run();
  return records;
}

/** Whoever asks with a token is on record, in a store of its own. */
async function openAuditor(schema: GraphQLSchema): Promise<Auditor> {
  const server = await openStore();
  closeStore = () => server.close();
  const store = new AuditStore(server.connection);
  await store.open();
  const trail = new AuditTrail({ store, patienceMs: READ_TIMEOUT_MS, onFailure: (error) => console.error(error) });
  return new Auditor({ trail, schema, personKeys: personKeys(Buffer.alloc(32)) });
}

async function run(
  environment: Record<string, string>,
  { withReplica = false, isAudited = false }: Omit<Order, 'environment'>,
): Promise<void> {
  const definitions = await discoverSources();
  const log = pino({ level: 'warn' });
  const departments = definitions.map((definition) => ({ definition, environment: patient(environment) }));
  const store = withReplica ? await openStore() : null;
  closeStore = async () => store?.close();
  const kept = store === null ? null : await openKept(store.connection, definitions);
  const hub = await assemble(departments, {}, log, kept);
  const begin = performance.now();
  const records = kept === null ? 0 : await load(hub.services, kept);
  const seconds = (performance.now() - begin) / 1_000;
  await hub.services.identity.settled();
  const server = await createHttpServer({
    schema: hub.schema,
    contextFor: (scope) => createHubContext(hub.services, scope, INSPECTOR),
    callerOf: () => Promise.resolve(INSPECTOR),
    stillHolds: () => Promise.resolve(true),
    auditor: isAudited ? await openAuditor(hub.schema) : null,
    readiness: () => Promise.reject(new Error('not measured')),
    log,
    readTimeoutMs: READ_TIMEOUT_MS,
    bodyLimitBytes: 1_048_576,
    live: { maxConnections: 100, maxSubscriptions: 20, heartbeatMs: 15_000, patienceMs: 30_000 },
  });
  const port = await server.listen({ host: '127.0.0.1', port: 0 });
  process.send?.({ address: `http://127.0.0.1:${port}`, records, seconds });
}

/**
 * Under a load that saturates the machine, waiting for one's turn is no failure of a department, and what the replica
 * holds stays new enough.
 */
function patient(environment: Record<string, string>): Record<string, string> {
  const anyAge = FACETS.map((facet) => `${facet}=${ANY_AGE_SECONDS}`).join(',');
  const own = PREFIXES.flatMap((prefix) => [
    [`${prefix}_TIMEOUT_MS`, String(READ_TIMEOUT_MS)],
    [`${prefix}_MAX_AGE_SECONDS`, anyAge],
  ]);
  return { ...environment, ...(Object.fromEntries(own) as Record<string, string>) };
}

interface Order {
  readonly environment?: Record<string, string>;
  readonly withReplica?: boolean;
  readonly isAudited?: boolean;
  readonly profile?: 'start' | 'stop';
}

answerCpuTime();
process.on('message', (message: Order) => {
  if (message.environment !== undefined) void run(message.environment, message);
  if (message.profile === 'start') {
    session.connect();
    void session
      .post('Profiler.enable')
      .then(() => session.post('Profiler.start'))
      .then(() => process.send?.({ started: true }));
  }
  if (message.profile === 'stop') {
    void session.post('Profiler.stop').then(({ profile }) => process.send?.({ profile }));
  }
});
process.once('disconnect', () => void closeStore().finally(() => process.exit(0)));
