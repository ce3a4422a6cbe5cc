/** The HTTP half of a reference upstream: listening, counting, and every fault that happens below the protocol. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import iconv from 'iconv-lite';
import type { z } from 'zod';
import { Amendment } from './amendment.ts';
import type { FaultCommand } from './faults.ts';
import type { DeskControl } from './notice-desk.ts';
import { CallCounter, type ReferenceUpstream } from './reference-upstream.ts';
import type { WebhookDesk } from './webhook-desk.ts';

/** A client that has been busy for some seconds must not find its connection closed under its hands. */
const KEEP_ALIVE_MS = 60_000;

export interface UpstreamRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface UpstreamReply {
  /** Name under which the call is counted. */
  readonly operation: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface HttpUpstreamOptions {
  readonly departmentId: string;
  readonly port?: number;
  /** @param url the base address, e.g. "http://127.0.0.1:41001" */
  environment(url: string): Readonly<Record<string, string>>;
  /** Answers one request; applies the faults that live inside the protocol (drift, duplicates, order, refusal). */
  answer(request: UpstreamRequest, fault: FaultCommand | null): UpstreamReply | Promise<UpstreamReply>;
  /** Changes a record. @throws Error when there is no such record */
  amend?(amendment: z.output<typeof Amendment>): void | Promise<void>;
  /** The department's desk, where its protocol carries notices. */
  readonly notices?: { readonly desk: DeskControl; close(): void };
  /** The department's desk, where it takes signed webhooks: on a path of the same server, under the same faults. */
  readonly webhook?: WebhookDesk;
}

const WEBHOOK_PATH = '/joint-credit-hub/notices';

const GARBAGE = Buffer.from('<html><body>\u0000\u0001\ufffd gateway login {"code": </body');

export async function startHttpUpstream(options: HttpUpstreamOptions): Promise<ReferenceUpstream> {
  const { webhook, notices } = options;
  const counter = new CallCounter();
  let fault: FaultCommand | null = null;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const active = fault;
    if (active?.kind === 'half-open') {
      counter.count('half-open');
      return;
    }
    const received: UpstreamRequest = {
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '/', 'http://upstream.invalid'),
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    const reply =
      webhook !== undefined && received.url.pathname === WEBHOOK_PATH
        ? webhook.answer(received, active)
        : await options.answer(received, active);
    counter.count(reply.operation);
    // A reply that is still due must not keep a process alive that is done.
    if (active?.kind === 'slow') await delay(active.delayMs, undefined, { ref: false });
    const body =
      active?.kind === 'garbage'
        ? GARBAGE
        : active?.kind === 'wrong-charset'
          ? iconv.encode(reply.body, 'gb18030')
          : Buffer.from(reply.body, 'utf8');
    response.writeHead(reply.status, { 'content-type': reply.contentType, 'content-length': body.length });
    if (active?.kind === 'truncated') {
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
      return;
    }
    response.end(body);
  };

  const newServer = (): Server =>
    createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      handle(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
      });
    });

  const listen = async (server: Server, port: number): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  };
  const stop = async (server: Server): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };

  let server = newServer();
  await listen(server, options.port ?? 0);
  const port = (server.address() as AddressInfo).port;
  const address = `http://127.0.0.1:${port}`;

  return {
    departmentId: options.departmentId,
    address,
    environment: options.environment(address),
    async setFault(next) {
      fault = next;
      if (next?.kind === 'down') await stop(server);
      else if (!server.listening) {
        server = newServer();
        await listen(server, port);
      }
    },
    async amend(amendment) {
      if (options.amend === undefined) throw new Error('this upstream changes no records');
      await options.amend(Amendment.parse(amendment));
    },
    ...(notices && { desk: notices.desk }),
    ...(webhook && {
      desk: webhook.desk,
      webhook: { url: address + WEBHOOK_PATH, secret: webhook.secret },
      connectToHub: (hub) => webhook.connectToHub(hub),
    }),
    calls: () => counter.counts(),
    resetCalls: () => counter.reset(),
    async close() {
      notices?.close();
      webhook?.close();
      await stop(server);
    },
  };
}
