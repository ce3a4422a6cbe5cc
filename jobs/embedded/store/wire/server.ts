/** The listening side: takes messages apart, answers each connection in order, ends one that does not speak the protocol. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { CommandRunner } from '../commands/run-command.ts';
import type { Storage } from '../storage/storage.ts';
import { HEADER_BYTES, LONGEST_MESSAGE_BYTES, readRequest, writeReply } from './messages.ts';

export class StoreServer {
  readonly #storage: Storage;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #runner: CommandRunner | null = null;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** @returns the port */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const bound = (this.#server.address() as AddressInfo).port;
    this.#runner = new CommandRunner(this.#storage, `127.0.0.1:${bound}`);
    return bound;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
    let received: Buffer[] = [];
    let length = 0;
    let answered = Promise.resolve();
    socket.on('data', (bytes: Buffer) => {
      received.push(bytes);
      length += bytes.length;
      while (length >= HEADER_BYTES) {
        const [first] = received;
        if (first === undefined || first.length < HEADER_BYTES) received = [Buffer.concat(received)];
        const expected = received[0]?.readInt32LE(0) ?? 0;
        if (expected < HEADER_BYTES || expected > LONGEST_MESSAGE_BYTES) {
          socket.destroy();
          return;
        }
        if (length < expected) return;
        const whole = received.length === 1 ? (received[0] ?? Buffer.alloc(0)) : Buffer.concat(received);
        const message = whole.subarray(0, expected);
        received = whole.length > expected ? [whole.subarray(expected)] : [];
        length -= expected;
        answered = answered.then(() => this.#answer(socket, message));
      }
    });
  }

  async #answer(socket: Socket, message: Buffer): Promise<void> {
    try {
      const request = readRequest(message);
      const reply = await this.#runner?.run(request.command);
      if (reply !== undefined && !request.isSilent && !socket.destroyed) socket.write(writeReply(request, reply));
    } catch {
      // Not the protocol: only this connection ends.
      socket.destroy();
    }
  }
}
