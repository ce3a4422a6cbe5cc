/**
 * Subscriptions as server-sent events, one per connection: the protocol of graphql-sse in its "distinct connections mode",
 * whose client and any EventSource can read it. Written here because the package's own handler keeps what a slow reader
 * has not taken, without bound, and writes no ids.
 */
import type { ServerResponse } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // nginx would collect events otherwise.
  'x-accel-buffering': 'no',
} as const;

const idOf = (cursor: string | null): string => (cursor === null ? '' : `id: ${cursor}\n`);

export class EventStream {
  readonly #response: ServerResponse;
  readonly closed: Promise<void>;

  constructor(response: ServerResponse) {
    this.#response = response;
    this.closed = new Promise((resolve) => response.once('close', resolve));
  }

  /** Whether anything can still be written. */
  get isOpen(): boolean {
    return this.#response.writable;
  }

  open(headers: Readonly<Record<string, string>>): void {
    this.#response.writeHead(200, { ...headers, ...HEADERS });
    this.#response.flushHeaders();
  }

  /** Resolves when the system has taken it, or the connection has gone. */
  async next(result: FormattedExecutionResult, cursor: string | null): Promise<void> {
    await this.#write(`${idOf(cursor)}event: next\ndata: ${JSON.stringify(result)}\n\n`);
  }

  /** A sign of life, from which an EventSource learns its place. */
  beat(place: string | null): void {
    if (!this.#response.writableNeedDrain) void this.#write(place === null ? ':\n\n' : `${idOf(place)}\n`);
  }

  /** The subscription is over; a client does not come back by itself. */
  complete(): void {
    void this.#write('event: complete\ndata:\n\n');
    this.#response.end();
  }

  /** Ends the connection, not the subscription: a client comes back. */
  end(): void {
    this.#response.end();
  }

  destroy(): void {
    this.#response.destroy();
  }

  async #write(text: string): Promise<void> {
    if (!this.isOpen) return;
    await new Promise<void>((resolve) => this.#response.write(text, () => resolve()));
  }
}
