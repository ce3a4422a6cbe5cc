/** Subscriptions of the graph over both transports, in one place for their limits and their end. */
import type { FastifyInstance } from 'fastify';
import { LiveConnections } from './live-connections.ts';
import type { LiveOptions } from './live-options.ts';
import { addEventStreams } from './sse.ts';
import { SubscriptionDocuments } from './subscription-documents.ts';
import { serveWebSockets } from './web-socket.ts';

export interface LivePaths {
  /** Of the WebSocket. */
  readonly socket: string;
  /** Of server-sent events. */
  readonly stream: string;
}

/** Both end in words when the app closes. */
export function addSubscriptions<C>(app: FastifyInstance, paths: LivePaths, options: LiveOptions<C>): void {
  const connections = new LiveConnections(options.live.maxConnections);
  const documents = new SubscriptionDocuments(options.schema, options.admission);
  serveWebSockets(app.server, { path: paths.socket, connections, documents, options });
  addEventStreams(app, { path: paths.stream, connections, documents, options });
  app.addHook('preClose', () => connections.closeAll());
}
