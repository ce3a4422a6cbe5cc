/** The HTTP layer over the sample schema, with everything that it logged. */
import { Writable } from 'node:stream';
import type { ServerOptions } from 'node:https';
import type { GraphQLSchema } from 'graphql';
import type { ReadinessReport } from '../../../gateway/health.ts';
import type { Auditor } from '../../../gateway/audit/auditor.ts';
import { createHttpServer, type HttpServer } from '../../../gateway/http-server.ts';
import type { Admission } from '../../../gateway/limits/admission.ts';
import { createLogger } from '../../../gateway/logging.ts';
import type { CallerOfToken, Doorkeeping } from '../../../gateway/auth/identify-caller.ts';
import type { LiveSettings } from '../../../gateway/transports/live-options.ts';
import type { Caller } from '../../../schema/access/caller.ts';
import type { Grounds } from '../../../schema/access/grounds.ts';
import type { CallScope } from '../../../schema/ports.ts';
import { sampleSchema } from './sample-schema.ts';

export interface TestContext {
  readonly requestId: string;
  readonly scope: CallScope;
}

export interface TestServer {
  /** e.g. "http://127.0.0.1:40123" */
  readonly origin: string;
  readonly url: string;
  /** One parsed line per entry. */
  readonly logged: Record<string, unknown>[];
  /** Scopes of the operations so far. */
  readonly scopes: CallScope[];
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  readonly renewTls: HttpServer['renewTls'];
  close(): Promise<void>;
}

export const BODY_LIMIT_BYTES = 64 * 1_024;

export interface TestServerOptions {
  readonly schema?: GraphQLSchema;
  readonly readTimeoutMs?: number;
  readonly bodyLimitBytes?: number;
  readonly readiness?: () => Promise<ReadinessReport>;
  readonly contextFor?: (scope: CallScope, caller: Caller, grounds: Grounds) => TestContext;
  /** By default no credentials are valid. */
  readonly callerOf?: CallerOfToken;
  /** By default nobody is known by a certificate. */
  readonly certificates?: Doorkeeping['certificates'];
  readonly tls?: ServerOptions | null;
  /** By default whoever was accepted stays so. */
  readonly stillHolds?: (caller: Caller) => Promise<boolean>;
  readonly live?: Partial<LiveSettings>;
  /** By default the usual limits and no budgets. */
  readonly admission?: Admission;
  /** By default nothing is put on record. */
  readonly auditor?: Auditor;
  /** By default any free one. */
  readonly port?: number;
}

const LIVE: LiveSettings = { maxConnections: 100, maxSubscriptions: 20, heartbeatMs: 15_000, patienceMs: 30_000 };

const allUp: ReadinessReport = {
  status: 'ready',
  departments: [],
  mesh: { state: 'UP' },
  identityDirectory: { state: 'UP' },
};

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const logged: Record<string, unknown>[] = [];
  const scopes: CallScope[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _, done) {
      for (const line of chunk.toString().trim().split('\n')) logged.push(JSON.parse(line) as Record<string, unknown>);
      done();
    },
  });
  const server = await createHttpServer<TestContext>({
    schema: options.schema ?? sampleSchema(),
    contextFor:
      options.contextFor ??
      ((scope) => {
        scopes.push(scope);
        return { requestId: scope.requestId, scope };
      }),
    callerOf: options.callerOf ?? (() => Promise.resolve(null)),
    ...(options.certificates !== undefined && { certificates: options.certificates }),
    tls: options.tls ?? null,
    stillHolds: options.stillHolds ?? (() => Promise.resolve(true)),
    live: { ...LIVE, ...options.live },
    ...(options.admission && { admission: options.admission }),
    auditor: options.auditor ?? null,
    readiness: options.readiness ?? (() => Promise.resolve(allUp)),
    log: createLogger('info', destination),
    readTimeoutMs: options.readTimeoutMs ?? 2_000,
    bodyLimitBytes: options.bodyLimitBytes ?? BODY_LIMIT_BYTES,
  });
  const port = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/graphql`;
  return {
    origin,
    url,
    logged,
    scopes,
    post: (body, headers = {}) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    renewTls: (tls) => server.renewTls(tls),
    close: () => server.close(),
  };
}
