/** One WebSocket of a subscriber, as the protocol of graphql-ws sees it: bounded, alive, closed in words. */
import { CloseCode, type WebSocket as ProtocolSocket } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { CLOSE_GRACE_MS } from './live-options.ts';

export interface ConnectionOptions {
  /** A peer from which nothing has come and to which nothing could be sent for so long has gone. */
  readonly silenceMs: number;
  /** A message could not be dealt with. */
  readonly onFailure: (error: unknown) => void;
}

/** Messages that may wait for a subscriber that does not read; the events among them are one per subscription. */
const MAX_UNSENT = 100;
/** RFC 6455, 5.5. */
const MAX_REASON_BYTES = 123;
const FAILED = 'Invalid message received';

/** As much of a reason as a close frame takes. */
function shortened(reason: string): string {
  if (Buffer.byteLength(reason) <= MAX_REASON_BYTES) return reason;
  const fitting = Buffer.from(reason).subarray(0, MAX_REASON_BYTES - Buffer.byteLength('…'));
  return `${new TextDecoder().decode(fitting, { stream: true })}…`;
}

export class WebSocketConnection {
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #unsent = 0;
  /** Of the clock that is never set. */
  #aliveAt = performance.now();
  #cut: { readonly at: number; readonly timer: NodeJS.Timeout } | null = null;

  constructor(socket: WebSocket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        clearTimeout(this.#cut?.timer);
        resolve({ code, reason: reason.toString() });
      });
    });
    // Too long a message, broken frames, a lost connection: the socket closes itself, with the code for it.
    socket.on('error', () => this.#cutLater(CLOSE_GRACE_MS));
    socket.on('pong', () => this.#isAlive());
    socket.on('ping', (data) => {
      this.#isAlive();
      this.#send((done) => socket.pong(data, undefined, done));
    });
  }

  /** For graphql-ws. */
  protocolSocket(): ProtocolSocket {
    const socket = this.#socket;
    return {
      protocol: socket.protocol,
      send: (text) => this.send(text),
      close: (code, reason) => this.close(code, reason),
      onPing: () => this.send('{"type":"pong"}'),
      onMessage: (deal) => {
        socket.on('message', (data: RawData, isBinary) => {
          this.#isAlive();
          if (isBinary) {
            this.close(CloseCode.BadRequest, FAILED);
            return;
          }
          deal(textOf(data)).catch((error: unknown) => {
            this.#options.onFailure(error);
            this.close(CloseCode.BadRequest, FAILED);
          });
        });
      },
    };
  }

  /** Resolves when the system has taken the message, or the connection has gone. */
  async send(text: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const isTaken = this.#send((done) =>
        this.#socket.send(text, () => {
          done();
          resolve();
        }),
      );
      if (!isTaken) resolve();
    });
  }

  /** Asks for a sign of life; ends it when there has been none for too long. */
  beat(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const isSilent = () => performance.now() - this.#aliveAt > this.#options.silenceMs;
    if (!isSilent()) this.#socket.ping();
    // When this process itself was busy, what has come meanwhile is read only now.
    else setImmediate(() => isSilent() && this.#socket.terminate());
  }

  /** The first code and reason count. */
  close(code = 1000, reason = '', graceMs = CLOSE_GRACE_MS): void {
    this.#socket.close(code, shortened(reason));
    this.#cutLater(graceMs);
  }

  /** A peer that does not answer the closing keeps its connection no longer than this. */
  #cutLater(graceMs: number): void {
    const at = performance.now() + graceMs;
    if (this.#cut !== null && this.#cut.at <= at) return;
    clearTimeout(this.#cut?.timer);
    this.#cut = { at, timer: setTimeout(() => this.#socket.terminate(), graceMs) };
  }

  /** @returns false when it is not sent any more */
  #send(write: (done: () => void) => void): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#unsent >= MAX_UNSENT) {
      this.#socket.terminate();
      return false;
    }
    this.#unsent += 1;
    write(() => {
      this.#unsent -= 1;
      this.#isAlive();
    });
    return true;
  }

  #isAlive(): void {
    this.#aliveAt = performance.now();
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
