/** The front door: Fastify for HTTP, Apollo Server for GraphQL, compiled plans for execution. */
import { randomUUID } from 'node:crypto';
import type { ServerOptions as TlsOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { PUBLIC_CALLER, type Caller } from '../schema/access/caller.ts';
import { NO_GROUNDS, type Grounds } from '../schema/access/grounds.ts';
import type { CallScope } from '../schema/ports.ts';
import type { Auditor } from './audit/auditor.ts';
import { identifyCaller, type Doorkeeping } from './auth/identify-caller.ts';
import { readGrounds } from './auth/read-grounds.ts';
import { openCallScope } from './context.ts';
import { addGraphiQL } from './graphiql/page.ts';
import type { ReadinessReport } from './health.ts';
import { HttpError, refuseConnection, sendHttpError } from './http-errors.ts';
import { jitGateway, PlanExecutor } from './jit-gateway.ts';
import { admitRequest, type AdmittedRequest } from './limits/admit-request.ts';
import type { Admission } from './limits/admission.ts';
import { CallCount } from './limits/call-count.ts';
import { clientAddress } from './limits/client-address.ts';
import { evaluationAdmission } from './limits/evaluation-admission.ts';
import { apolloLogger, type Logger } from './logging.ts';
import { responseType } from './media-type.ts';
import { auditOperations, type Asked } from './plugins/audit.ts';
import { concealSchema } from './plugins/conceal-schema.ts';
import { formatError, reportErrors } from './plugins/errors.ts';
import { graphqlOverHttp } from './plugins/graphql-over-http.ts';
import { limitOperations, type LimitedRequest } from './plugins/limits.ts';
import { vouchForSameSite } from './plugins/same-site.ts';
import { acceptJsonOnly } from './request-body.ts';
import { addSecurityHeaders } from './plugins/security-headers.ts';
import { encrypted } from './tls.ts';
import { addSubscriptions } from './transports/add-subscriptions.ts';
import type { LiveSettings } from './transports/live-options.ts';

export const GRAPHQL_PATH = '/graphql';
const STREAM_PATH = `${GRAPHQL_PATH}/stream`;

/** Time in which a client must have sent its request. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Time beyond the longest operation after which a connection that still does something is cut. */
const DRAIN_GRACE_MS = 500;
/** What a caller calls its request is logged where it looks like an id. */
const CALLER_ID = /^[\w.:/-]{1,128}$/;

export interface HttpServerOptions<C extends BaseContext & { readonly requestId: string }> extends Doorkeeping {
  readonly schema: GraphQLSchema;
  /** Makes the context of one operation. */
  readonly contextFor: (scope: CallScope, caller: Caller, grounds: Grounds) => C;
  /** Whether the credentials of a caller, once accepted, still hold; for connections that stay open. */
  readonly stillHolds: (caller: Caller) => Promise<boolean>;
  readonly readiness: () => Promise<ReadinessReport>;
  /** null: nothing is put on record. */
  readonly auditor: Auditor | null;
  readonly log: Logger;
  /** Longest time for one operation. */
  readonly readTimeoutMs: number;
  /** Largest request body. */
  readonly bodyLimitBytes: number;
  /** Limits of subscriptions. */
  readonly live: LiveSettings;
  /** What operations pass before they run; by default the limits that nothing else is set for, and no budgets. */
  readonly admission?: Admission;
  /** Absent or null: plain HTTP. */
  readonly tls?: TlsOptions | null;
}

export interface HttpServer {
  /** @returns the port; @throws the system's error, e.g. EADDRINUSE */
  listen(address: { readonly host: string; readonly port: number }): Promise<number>;
  /** New connections get these; open ones keep theirs. @throws Error for a key that is not the certificate's */
  renewTls(tls: TlsOptions): void;
  /** Takes no new request, lets those in progress end, closes. */
  close(): Promise<void>;
}

async function startApollo<C extends BaseContext & { readonly requestId: string }>(
  { schema, log, auditor }: HttpServerOptions<C>,
  plans: PlanExecutor,
  admission: Admission,
  requestOf: (context: C) => LimitedRequest | undefined,
  audited: ReadonlyMap<string, Asked>,
): Promise<ApolloServer<C>> {
  const apollo = new ApolloServer<C>({
    gateway: jitGateway(schema, plans),
    introspection: !admission.concealsSchema,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: apolloLogger(log),
    formatError: admission.concealsSchema ? concealSchema(formatError) : formatError,
    parseOptions: { maxTokens: admission.limits.tokens },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      reportErrors<C>(log),
      limitOperations<C>(admission, requestOf),
      graphqlOverHttp(),
      ...(auditor === null ? [] : [auditOperations<C>(auditor, ({ requestId }) => audited.get(requestId))]),
    ],
  });
  await apollo.start();
  return apollo;
}

export async function createHttpServer<C extends BaseContext & { readonly requestId: string }>(
  options: HttpServerOptions<C>,
): Promise<HttpServer> {
  const { log, bodyLimitBytes, readTimeoutMs, auditor, tls } = options;
  const askers = new WeakMap<FastifyRequest, { readonly caller: Caller; readonly grounds: Grounds }>();
  const onError = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    sendHttpError(error, request, reply, bodyLimitBytes, ({ code }) => {
      auditor?.turnAway(request.id, request.ip, askers.get(request) ?? null, code);
    });
  const loggerInstance: FastifyBaseLogger = log;
  const app: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => void onError(error, request, reply),
    ...(tls != null && { https: encrypted(tls) }),
  });
  acceptJsonOnly(app);
  app.setErrorHandler(onError);
  app.setNotFoundHandler((request, reply) =>
    onError(new HttpError(404, `Nothing is served at this address; the graph is at ${GRAPHQL_PATH}.`), request, reply),
  );
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  addSecurityHeaders(app);
  app.addHook('onResponse', (request, reply, done) => {
    const named = request.headers['x-request-id'];
    const callerRequestId = named !== undefined && CALLER_ID.test(named.toString()) ? named : undefined;
    const { method, id: requestId } = request;
    const durationMs = Math.round(reply.elapsedTime);
    log.info({ requestId, callerRequestId, method, statusCode: reply.statusCode, durationMs }, 'request answered');
    done();
  });

  const plans = new PlanExecutor(options.schema);
  const admission = options.admission ?? evaluationAdmission(options.schema);
  /** By request id: Apollo copies the context. */
  const limited = new Map<string, LimitedRequest>();
  const admitted = new WeakMap<FastifyRequest, AdmittedRequest>();
  const audited = new Map<string, Asked>();
  const apollo = await startApollo(options, plans, admission, ({ requestId }) => limited.get(requestId), audited);
  const answerGraphQL = fastifyApolloHandler(apollo, {
    context: (request, reply) => {
      const { caller, grounds } = askers.get(request) ?? { caller: PUBLIC_CALLER, grounds: NO_GROUNDS };
      const calls = new CallCount();
      const trace = auditor?.newTrace() ?? null;
      reply.raw.once('close', () => {
        calls.end();
        limited.delete(request.id);
        audited.delete(request.id);
      });
      const scope = openCallScope(request.id, reply.raw, readTimeoutMs, trace, calls.add);
      const asked = admitted.get(request);
      if (asked !== undefined)
        limited.set(request.id, {
          ...asked,
          asker: { caller, address: clientAddress(request.raw, options.certificates?.trustedProxies) },
          calls,
        });
      const context = options.contextFor(scope, caller, grounds);
      if (trace !== null) audited.set(request.id, { asker: { operationId: request.id, caller, grounds }, trace });
      return Promise.resolve(context);
    },
  });
  if (!admission.concealsSchema) addGraphiQL(app, GRAPHQL_PATH);
  app.route({
    url: GRAPHQL_PATH,
    method: ['GET', 'POST'],
    preHandler: async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      vouchForSameSite(request.headers);
      if (responseType(request.headers.accept) === null)
        throw new HttpError(406, 'Accept application/graphql-response+json or application/json.');
      const grounds = readGrounds(request.headers);
      const caller = await identifyCaller(request.headers.authorization, request.raw, options);
      askers.set(request, { caller, grounds });
      admitted.set(request, await admitRequest(request, admission));
    },
    handler: answerGraphQL,
  });
  for (const url of [GRAPHQL_PATH, STREAM_PATH]) {
    app.route({
      url,
      method: ['DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'],
      handler: (request, reply) =>
        onError(new HttpError(405, 'Use GET or POST.'), request, reply.header('allow', 'GET, POST')),
    });
  }
  addSubscriptions(app, { socket: GRAPHQL_PATH, stream: STREAM_PATH }, { ...options, plans, admission });
  app.get('/healthz', (_, reply) => reply.send({ status: 'live' }));
  app.get('/readyz', async (_, reply) => {
    const report = await options.readiness();
    await reply.code(report.status === 'unavailable' ? 503 : 200).send(report);
  });

  return {
    async listen(address) {
      await app.listen({ host: address.host, port: address.port });
      return (app.server.address() as AddressInfo).port;
    },
    renewTls(renewed) {
      if (app.server instanceof TlsServer) app.server.setSecureContext(encrypted(renewed));
    },
    async close() {
      const cutOff = setTimeout(() => app.server.closeAllConnections(), readTimeoutMs + DRAIN_GRACE_MS);
      await app.close();
      clearTimeout(cutOff);
      await apollo.stop();
    },
  };
}
