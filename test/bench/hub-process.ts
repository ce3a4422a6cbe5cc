/** The hub as `npm start` runs it, but on given upstreams; profiles itself when told to. */
import { Session } from 'node:inspector/promises';
import { pino } from 'pino';
import { assemble } from '../../gateway/assemble.ts';
import { createHttpServer } from '../../gateway/http-server.ts';
import { createHubContext } from '../../schema/context.ts';
import { discoverSources } from '../../sources/kit/registry.ts';
import { answerCpuTime } from './cpu-time.ts';

const READ_TIMEOUT_MS = 15_000;
const session = new Session();

async function run(environment: Record<string, string>): Promise<void> {
  const definitions = await discoverSources();
  const log = pino({ level: 'warn' });
  const departments = definitions.map((definition) => ({ definition, environment: patient(environment) }));
  const hub = await assemble(departments, {}, log);
  await hub.services.identity.settled();
  const server = await createHttpServer({
    schema: hub.schema,
    contextFor: (scope) => createHubContext(hub.services, scope),
    callerOf: () => Promise.resolve(null),
    stillHolds: () => Promise.resolve(true),
    readiness: () => Promise.reject(new Error('not measured')),
    log,
    readTimeoutMs: READ_TIMEOUT_MS,
    bodyLimitBytes: 1_048_576,
    live: { maxConnections: 100, maxSubscriptions: 20, heartbeatMs: 15_000, patienceMs: 30_000 },
  });
  const port = await server.listen({ host: '127.0.0.1', port: 0 });
  process.send?.({ address: `http://127.0.0.1:${port}` });
}

/** Under a load that saturates the machine, waiting for one's turn is no failure of a department. */
function patient(environment: Record<string, string>): Record<string, string> {
  const prefixes = ['MARKET_REGULATION', 'ECOLOGY', 'TRANSPORT', 'PUBLIC_SECURITY'];
  return {
    ...environment,
    ...Object.fromEntries(prefixes.map((prefix) => [`${prefix}_TIMEOUT_MS`, String(READ_TIMEOUT_MS)])),
  };
}

answerCpuTime();
process.on('message', (message: { environment?: Record<string, string>; profile?: 'start' | 'stop' }) => {
  if (message.environment !== undefined) void run(message.environment);
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
process.once('disconnect', () => process.exit(0));
