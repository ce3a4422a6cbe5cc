/** Subscriptions over WebSocket: the protocol of graphql-ws ("graphql-transport-ws") at the graph's own address. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { ExecutionArgs } from 'graphql';
import { CloseCode, handleProtocols, makeServer, MessageType, stringifyMessage } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { NO_GROUNDS } from '../../schema/access/grounds.ts';
import { HubError } from '../../schema/errors.ts';
import { identifyCaller } from '../auth/identify-caller.ts';
import { readGrounds } from '../auth/read-grounds.ts';
import { endSocket, HttpError } from '../http-errors.ts';
import { clientAddress } from '../limits/client-address.ts';
import { isForeignPage } from '../plugins/same-site.ts';
import type { LiveConnections } from './live-connections.ts';
import { LAGGED_GRACE_MS, CLOSE_GRACE_MS, type LiveOptions } from './live-options.ts';
import { ignoreOffer } from './plain-upgrade.ts';
import { noLongerValid, openResultStream, ResultStream } from './result-stream.ts';
import { codesOf, showErrors, showResult, toGraphQLError } from './shown-result.ts';
import { DocumentRefused, type SubscriptionDocument, type SubscriptionDocuments } from './subscription-documents.ts';
import { watchCredentials } from './watch-credentials.ts';
import { WebSocketConnection } from './web-socket-connection.ts';

/** Time in which a client must have introduced itself. */
const INTRODUCTION_TIMEOUT_MS = 3_000;

const CLOSE = {
  /** The hub stops; connect again. */
  goingAway: 1001,
  /** It cannot be told now; connect again later. */
  internal: 1011,
  badRequest: CloseCode.BadRequest,
  unauthorized: 4401,
  /**
   * The number that graphql-ws has for too many introductions: its client does not connect again by itself then, which
   * would start at the old place.
   */
  lagged: 4429,
} as const;

/** How a connection ends whose introduction was refused; null: it could not be dealt with. */
function closeCodeFor(refusal: HttpError | null): number {
  if (refusal === null || refusal.statusCode >= 500) return CLOSE.internal;
  return refusal.statusCode === 400 ? CLOSE.badRequest : CLOSE.unauthorized;
}

export interface WebSocketParts<C> {
  readonly path: string;
  readonly connections: LiveConnections;
  readonly documents: SubscriptionDocuments;
  readonly options: LiveOptions<C>;
}

/** Takes the server's upgrades. */
export function serveWebSockets<C>(server: Server, parts: WebSocketParts<C>): void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: parts.options.bodyLimitBytes,
    perMessageDeflate: false,
    autoPong: false,
    handleProtocols,
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      ignoreOffer(server, request, socket, head);
      return;
    }
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, parts);
    if (refusal !== null) endSocket(socket, refusal);
    else sockets.handleUpgrade(request, socket, head, (opened) => serve(opened, request, parts));
  });
}

function refusalOf<C>(
  { url = '', headers }: IncomingMessage,
  { path, connections }: WebSocketParts<C>,
): HttpError | null {
  if (url.split('?')[0] !== path) return new HttpError(404, `No WebSocket is served at this address, but at ${path}.`);
  if (isForeignPage(headers)) return new HttpError(403, 'Pages of other sites may not subscribe.', 'FORBIDDEN');
  if (!handleProtocols(headers['sec-websocket-protocol'] ?? ''))
    return new HttpError(400, 'Ask for the subprotocol graphql-transport-ws.');
  if (connections.isFull)
    return new HttpError(503, 'Too many subscribers are connected; try again later.', 'LIMIT_REACHED');
  return null;
}

function serve<C>(
  socket: WebSocket,
  request: IncomingMessage,
  { connections, documents, options }: WebSocketParts<C>,
): void {
  const { log, live } = options;
  const requestId = randomUUID();
  const showing = { requestId, log, concealsSchema: options.admission.concealsSchema };
  const streams = new Map<string, ResultStream<C>>();
  /** Documents that have been checked, by the arguments that graphql-ws hands back. */
  const checked = new WeakMap<ExecutionArgs, SubscriptionDocument & { readonly id: string }>();
  let caller: Caller = PUBLIC_CALLER;
  let grounds = NO_GROUNDS;
  let hasEnded = false;
  let stopWatching: () => void = () => undefined;

  const connection = new WebSocketConnection(socket, {
    // A slow one is cut off in words before.
    silenceMs: live.heartbeatMs + live.patienceMs,
    onFailure: (err) => log.warn({ requestId, err }, 'a message of a subscriber could not be dealt with'),
  });
  /** Where each subscription stands, as the payload of the protocol's own sign of life. */
  const sendPlaces = (places: Readonly<Record<string, string>>): void =>
    void connection.send(stringifyMessage({ type: MessageType.Ping, payload: { places } }));
  const endCredentials = (): void => {
    hasEnded = true;
    if (streams.size === 0) connection.close(CLOSE.unauthorized, noLongerValid().message);
    for (const stream of streams.values()) stream.fail(noLongerValid());
    // A subscriber that does not read does not get its errors.
    setTimeout(() => connection.close(CLOSE.unauthorized, noLongerValid().message), CLOSE_GRACE_MS).unref();
  };
  const cutOff = (cursor: string | null): void => {
    for (const stream of streams.values()) stream.end();
    connection.close(CLOSE.lagged, cursor === null ? 'lagged' : `lagged; resume after ${cursor}`, LAGGED_GRACE_MS);
    log.warn({ requestId, subject: caller.subject }, 'a subscriber was too slow and has been cut off');
  };

  const protocol = makeServer({
    connectionInitWaitTimeout: INTRODUCTION_TIMEOUT_MS,
    async onConnect({ connectionParams }) {
      const named = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
      const told = named ?? request.headers.authorization;
      try {
        const authorization = typeof told === 'string' ? told : JSON.stringify(told);
        grounds = readGrounds(request.headers, connectionParams);
        caller = await identifyCaller(authorization, request, options);
      } catch (error) {
        const refusal = error instanceof HttpError ? error : null;
        if (refusal === null)
          log.error({ requestId, err: error }, 'the credentials of a subscriber could not be checked');
        if (refusal !== null)
          options.auditor?.turnAway(requestId, request.socket.remoteAddress ?? null, null, refusal.code);
        connection.close(closeCodeFor(refusal), refusal?.message ?? 'Try again later.');
        return false;
      }
      if (caller.credentialId !== null) stopWatching = watchCredentials(caller, options.stillHolds, endCredentials);
      return true;
    },
    async onSubscribe({ subscriptions }, id, { query, operationName, variables, extensions }) {
      try {
        if (Object.keys(subscriptions).length > live.maxSubscriptions)
          throw new HubError('LIMIT_REACHED', `One connection carries at most ${live.maxSubscriptions} subscriptions.`);
        const asked = { query, extensions, operationName: operationName ?? null, variables: variables ?? {} };
        const asker = { caller, address: clientAddress(request, options.certificates?.trustedProxies) };
        const document = await documents.prepare(asked, asker);
        const args: ExecutionArgs = { schema: options.schema, document: document.document, operationName };
        checked.set(args, { ...document, id });
        return args;
      } catch (error) {
        const errors = error instanceof DocumentRefused ? error.errors : [toGraphQLError(error)];
        const codes = codesOf(showErrors(errors, showing));
        options.auditor?.refuse({ operationId: requestId, caller, grounds }, null, codes);
        return errors;
      }
    },
    async subscribe(args) {
      const document = checked.get(args);
      if (document === undefined) throw new Error('a subscription that was not checked');
      if (document.isDryRun) return { data: null, extensions: { cost: document.cost } };
      try {
        const onStart = (place: string) => sendPlaces({ [document.id]: place });
        const stream = await openResultStream(options, {
          ...document,
          ...{ requestId, caller, grounds, onLagged: cutOff, onStart },
        });
        if (stream instanceof ResultStream) streams.set(document.id, stream);
        return stream;
      } catch (error) {
        return { errors: [toGraphQLError(error)] };
      }
    },
    onNext: (_context, _id, _payload, _args, result) => showResult(result, showing),
    onError(_context, _id, _payload, errors) {
      hasEnded ||= errors.some(
        ({ originalError }) => originalError instanceof HubError && originalError.code === 'UNAUTHENTICATED',
      );
      return showErrors(errors, showing);
    },
    onComplete(_context, id) {
      streams.delete(id);
      if (hasEnded && streams.size === 0) connection.close(CLOSE.unauthorized, noLongerValid().message);
    },
  });
  const closed = protocol.opened(connection.protocolSocket(), undefined);
  const heart = setInterval(() => {
    connection.beat();
    const places = [...streams].flatMap(([id, { place }]) => (place === null ? [] : [[id, place] as const]));
    if (places.length > 0) sendPlaces(Object.fromEntries(places));
  }, live.heartbeatMs);
  const leave = connections.add(async () => {
    for (const stream of streams.values()) stream.end();
    connection.close(CLOSE.goingAway, 'The hub stops; connect again and go on after your last cursor.');
    await connection.closed;
  });
  void connection.closed.then(({ code, reason }) => {
    clearInterval(heart);
    stopWatching();
    leave();
    log.info({ requestId, subject: caller.subject, code }, 'a subscriber has gone');
    return closed(code, reason);
  });
}
