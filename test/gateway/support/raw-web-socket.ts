/** A WebSocket whose every message and whose end can be looked at. */
import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';

export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export class RawWebSocket {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #heard: () => void = () => undefined;

  constructor(origin: string, options: ClientOptions = {}, protocols: string[] = ['graphql-transport-ws']) {
    this.socket = new WebSocket(`${origin.replace('http', 'ws')}/graphql`, protocols, options);
    // A refused connection is told by refusal(), a broken one by `closed`.
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#heard();
      });
    });
    this.socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as Message);
      this.#heard();
    });
  }

  /** @returns the status with which the server refuses to upgrade, and its body */
  async refusal(): Promise<{ readonly status: number | undefined; readonly body: string }> {
    const [, response] = (await once(this.socket, 'unexpected-response')) as [
      unknown,
      AsyncIterable<Buffer> & { statusCode?: number },
    ];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
  }

  async opened(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  send(message: Message | string | Buffer): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** Opens it, introduces itself and is acknowledged. */
  async acknowledged(payload?: Readonly<Record<string, unknown>>): Promise<this> {
    await this.opened();
    this.send({ type: 'connection_init', ...(payload && { payload }) });
    await this.message(({ type }) => type === 'connection_ack');
    return this;
  }

  subscribe(id: string, query: string, variables: Readonly<Record<string, unknown>> = {}): void {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** The first message so far, or yet to come, of which this is true. */
  async message(isMeant: (message: Message) => boolean): Promise<Message> {
    for (let looked = 0; ;) {
      for (; looked < this.messages.length; looked += 1) {
        const message = this.messages[looked];
        if (message !== undefined && isMeant(message)) return message;
      }
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`closed instead: ${JSON.stringify([await this.closed, this.messages]).slice(0, 2_000)}`);
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }

  ofType(type: string): readonly Message[] {
    return this.messages.filter((message) => message.type === type);
  }

  close(): void {
    this.socket.terminate();
  }
}
