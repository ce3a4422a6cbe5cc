/** One client of the embedded queue: takes its bytes apart and hands whole statements on. */
import type { Socket } from 'node:net';
import {
  CANCEL_REQUEST,
  greeting,
  GSS_REQUEST,
  listening,
  LONGEST_MESSAGE_BYTES,
  searchPathOf,
  split,
  SSL_REQUEST,
  startupParameters,
  typeOf,
  withOwnNames,
} from './messages.ts';

const STARTUP_HEADER_BYTES = 8;
const LONGEST_STARTUP_BYTES = 10_000;
/** After these the client waits for the engine. */
const ENDS_A_BATCH = new Set(['Q', 'S', 'H']);

export class ClientConnection {
  readonly channels = new Set<string>();
  searchPath: string | null = null;
  closed = false;
  #received: Buffer = Buffer.alloc(0);
  #isStarted = false;
  #batch: Buffer[] = [];
  readonly #socket: Socket;
  readonly #number: number;
  readonly #onBatch: (bytes: Buffer) => void;

  constructor(socket: Socket, connectionNumber: number, onBatch: (bytes: Buffer) => void) {
    this.#socket = socket;
    this.#number = connectionNumber;
    this.#onBatch = onBatch;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      try {
        this.#take(bytes);
      } catch {
        // Not our protocol: this connection ends, the others go on.
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
  }

  send(bytes: Buffer): void {
    if (!this.closed && bytes.length > 0) this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    if (this.#received.length > LONGEST_MESSAGE_BYTES) throw new Error('too long');
    while (!this.#isStarted) if (!this.#start()) return;
    const messages = split(this.#received);
    for (;;) {
      const next = messages.next();
      if (next.done === true) {
        this.#received = next.value;
        return;
      }
      this.#statement(next.value);
    }
  }

  /** @returns false when more bytes are needed */
  #start(): boolean {
    const received = this.#received;
    if (received.length < STARTUP_HEADER_BYTES) return false;
    const length = received.readInt32BE(0);
    if (length < STARTUP_HEADER_BYTES || length > LONGEST_STARTUP_BYTES) throw new Error('not a start-up packet');
    if (received.length < length) return false;
    const request = received.readInt32BE(4);
    this.#received = received.subarray(length);
    if (request === SSL_REQUEST || request === GSS_REQUEST) {
      this.send(Buffer.from('N'));
    } else if (request === CANCEL_REQUEST) {
      this.end();
    } else {
      this.searchPath = searchPathOf(startupParameters(received.subarray(STARTUP_HEADER_BYTES, length)));
      this.#isStarted = true;
      this.send(greeting(this.#number));
    }
    return true;
  }

  #statement(one: Buffer): void {
    const type = typeOf(one);
    if (type === 'X') {
      this.end();
      return;
    }
    for (const { begins, channel } of listening(one)) {
      if (begins) this.channels.add(channel);
      else if (channel === '*') this.channels.clear();
      else this.channels.delete(channel);
    }
    this.#batch.push(withOwnNames(one, `c${this.#number}_`));
    if (!ENDS_A_BATCH.has(type)) return;
    this.#onBatch(Buffer.concat(this.#batch.splice(0)));
  }
}
