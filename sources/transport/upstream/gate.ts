/**
 * The door of the exchange database: a TCP server that speaks the PostgreSQL protocol, checks who comes, counts the
 * statements, and misbehaves when told to.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import { CallCounter } from '../../kit/upstream/reference-upstream.ts';
import { Session } from './session.ts';
import type { Engine } from './engine.ts';

export interface GateCredentials {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export class Gate {
  readonly counter = new CallCounter();
  readonly engine: Engine;
  readonly credentials: GateCredentials;
  fault: FaultCommand | null = null;
  /** Told of the tables to which a client has added rows, once they are there. */
  onInserted: (table: string) => void = () => undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;

  constructor(engine: Engine, credentials: GateCredentials) {
    this.engine = engine;
    this.credentials = credentials;
  }

  get port(): number {
    return this.#port;
  }

  /** @param port 0 = any free one */
  async open(port = this.#port): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      const session = new Session(this, socket);
      socket.on('data', (bytes) => session.receive(bytes));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.engine.leave(session);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  async shut(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
