/** The open connections of subscribers: not too many, and all closed when the hub stops. */

/** Closes a connection in words; resolves when it is closed. */
export type CloseConnection = () => Promise<void>;

export class LiveConnections {
  readonly #open = new Set<CloseConnection>();
  #isClosing = false;

  constructor(readonly limit: number) {}

  get isFull(): boolean {
    return this.#isClosing || this.#open.size >= this.limit;
  }

  /** @returns to be called when the connection has closed by itself */
  add(close: CloseConnection): () => void {
    this.#open.add(close);
    return () => void this.#open.delete(close);
  }

  async closeAll(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#open].map((close) => close()));
  }
}
