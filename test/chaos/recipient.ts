/**
 * Departments' own systems behind one HTTP server: they check the signature, take each message once by its webhook-id as
 * Standard Webhooks asks of them, and note every call.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

const Body = z.object({ deliveryId: z.string(), recipient: z.string(), subjectCode: z.string() });

export interface Call {
  readonly messageId: string;
  readonly deliveryId: string;
  /** Subject and recipient: calls with one lane come in order. */
  readonly lane: string;
  readonly body: string;
  /** On the clock of `performance.now()`. */
  readonly arrivedMs: number;
}

/** Given to a call after it has been taken; false = it is never answered. */
export type Answering = (call: Call) => boolean;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export class Recipient {
  /** In order of arrival. */
  readonly calls: Call[] = [];
  /** What each message did here: it is taken when its id is new. */
  readonly effects = new Map<string, Call>();
  /** Calls whose signature was not good, or whose body was no message. */
  readonly refused: string[] = [];
  answering: Answering = () => true;
  readonly #secret: string;
  readonly #waiting = new Set<{ readonly count: number; readonly resolve: () => void }>();
  readonly #server = createServer((request, response) => void this.#take(request, response));

  /** @param secret `whsec_...` of all departments behind this server */
  constructor(secret: string) {
    this.#secret = secret;
  }

  /** @returns where it listens */
  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/notices`;
  }

  /** Waits until so many messages have been taken. */
  async hasTaken(count: number): Promise<void> {
    if (this.effects.size >= count) return;
    await new Promise<void>((resolve) => this.#waiting.add({ count, resolve }));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedMs = performance.now();
    const body = await textOf(request).catch(() => null);
    // A caller that was killed while it spoke has said nothing.
    if (body === null) return;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    try {
      new Webhook(this.#secret).verify(body, headers);
    } catch (error) {
      this.refused.push(String(error));
      response.writeHead(401).end();
      return;
    }
    const { deliveryId, recipient, subjectCode } = Body.parse(JSON.parse(body));
    const messageId = headers['webhook-id'] ?? '';
    const call: Call = { messageId, deliveryId, lane: `${subjectCode}|${recipient}`, body, arrivedMs };
    this.calls.push(call);
    if (!this.effects.has(messageId)) this.effects.set(messageId, call);
    for (const waiting of this.#waiting) {
      if (this.effects.size < waiting.count) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
    if (this.answering(call)) response.writeHead(200, { 'content-type': 'application/json' }).end('{"accepted":true}');
    else request.socket.destroy();
  }
}
