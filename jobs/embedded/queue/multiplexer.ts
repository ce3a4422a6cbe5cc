/**
 * Lets many clients share the one session of an embedded PostgreSQL engine: each statement in turn, a transaction whole,
 * notifications to those who listen. (The engine's own socket server ignores a client's search_path and loses
 * notifications, so BullMQ cannot live on it.)
 */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { ClientConnection } from './client-connection.ts';
import { simpleQuery, sortReply } from './messages.ts';

/** What the multiplexer needs of the engine: bytes of the wire protocol in, bytes out. */
export interface Engine {
  execProtocolRaw(bytes: Uint8Array): Promise<Uint8Array>;
}

interface Turn {
  readonly client: ClientConnection;
  /** null: the client has gone in the middle of a transaction, which is rolled back. */
  readonly bytes: Buffer | null;
}

const ROLLBACK = simpleQuery('ROLLBACK');

export class Multiplexer {
  readonly #engine: Engine;
  readonly #clients = new Set<ClientConnection>();
  readonly #server: Server;
  #turns: Turn[] = [];
  #owner: ClientConnection | null = null;
  #searchPath: string | null = null;
  #isBusy = false;
  #connections = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#server = createServer((socket) => {
      const client: ClientConnection = new ClientConnection(socket, ++this.#connections, (bytes) =>
        this.#queue({ client, bytes }),
      );
      this.#clients.add(client);
      socket.once('close', () => this.#leave(client));
    });
  }

  /** @returns the port */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const client of this.#clients) client.end();
    await closed;
  }

  #queue(turn: Turn): void {
    this.#turns.push(turn);
    void this.#work();
  }

  #leave(client: ClientConnection): void {
    client.closed = true;
    this.#clients.delete(client);
    this.#turns = this.#turns.filter((turn) => turn.client !== client);
    if (this.#owner === client) this.#queue({ client, bytes: null });
  }

  #nextTurn(): Turn | undefined {
    if (this.#owner === null) return this.#turns.shift();
    const index = this.#turns.findIndex(({ client }) => client === this.#owner);
    return index < 0 ? undefined : this.#turns.splice(index, 1)[0];
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let turn = this.#nextTurn(); turn !== undefined; turn = this.#nextTurn()) await this.#serve(turn);
    } finally {
      this.#isBusy = false;
    }
  }

  async #serve({ client, bytes }: Turn): Promise<void> {
    try {
      if (bytes !== null && this.#owner === null && client.searchPath !== this.#searchPath) {
        await this.#engine.execProtocolRaw(simpleQuery(`SET search_path TO ${client.searchPath ?? 'DEFAULT'}`));
        this.#searchPath = client.searchPath;
      }
      const answer = sortReply(Buffer.from(await this.#engine.execProtocolRaw(bytes ?? ROLLBACK)));
      for (const { channel, bytes: notification } of answer.notifications) {
        for (const listener of this.#clients) if (listener.channels.has(channel)) listener.send(notification);
      }
      if (answer.inTransaction !== null) this.#owner = answer.inTransaction ? client : null;
      client.send(answer.reply);
      if (this.#owner === client && client.closed) this.#turns.unshift({ client, bytes: null });
    } catch {
      // The engine could not make anything of it; whatever was begun is undone when the client has gone.
      client.end();
    }
  }
}
