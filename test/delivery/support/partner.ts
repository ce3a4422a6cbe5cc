/** A department's own system: a server on the loopback interface that keeps what it is sent. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

export interface Received {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Partner {
  readonly port: number;
  readonly url: string;
  /** In order of arrival, whole. */
  readonly received: Received[];
  close(): Promise<void>;
}

export type Answering = (response: ServerResponse, request: Received) => void | Promise<void>;

export const answer =
  (status: number, body: string | object = '', headers: Record<string, string> = {}): Answering =>
  (response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };

interface Closing {
  close(): Promise<void>;
}

/** What one test opens, closed after it. */
export class Opened {
  readonly #parts: Closing[] = [];

  async keep<T extends Closing>(starting: Promise<T>): Promise<T> {
    const part = await starting;
    this.#parts.push(part);
    return part;
  }

  async close(): Promise<void> {
    await Promise.all(this.#parts.splice(0).map((part) => part.close()));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** @param serve makes the server; plain HTTP by default */
export async function startPartner(
  answering: Answering = answer(204),
  serve: (listener: RequestListener) => Server = createServer,
): Promise<Partner> {
  const received: Received[] = [];
  const server = serve((request, response) => {
    void bodyOf(request).then(async (body) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const whole = { method: request.method ?? '', headers, body };
      received.push(whole);
      await answering(response, whole);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/notices`,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A server that does what HTTP does not: it is given the bare connection when something has arrived on it. */
export async function startTcpPartner(
  answering: (socket: Socket) => void,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('data', () => answering(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
