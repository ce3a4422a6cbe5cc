/** Server-sent events, block by block. */
export interface Block {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

function parse(text: string): Block {
  const fields = text.split('\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
  });
  return Object.fromEntries(fields.filter(([name]) => name !== ''));
}

export class RawEventStream {
  readonly blocks: Block[] = [];
  readonly response: Response;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  readonly #leaving: AbortController;
  #heard: () => void = () => undefined;
  #hasEnded = false;

  private constructor(response: Response, leaving: AbortController) {
    this.response = response;
    this.#leaving = leaving;
    this.ended = this.#read().catch(() => undefined);
  }

  static async open(address: string, init: RequestInit = {}): Promise<RawEventStream> {
    const leaving = new AbortController();
    const headers = { accept: 'text/event-stream', ...(init.headers as Record<string, string>) };
    return new RawEventStream(await fetch(address, { ...init, headers, signal: leaving.signal }), leaving);
  }

  static async subscribe(
    address: string,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawEventStream> {
    return await RawEventStream.open(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
  }

  /** The blocks so far that are events of this name, their data read as JSON. */
  events(name: string): readonly unknown[] {
    return this.blocks.flatMap(({ event, data }) =>
      event === name && data !== '' ? [JSON.parse(data ?? '') as unknown] : [],
    );
  }

  /** The first block so far, or yet to come, of which this is true. */
  async block(isMeant: (block: Block) => boolean): Promise<Block> {
    for (;;) {
      const found = this.blocks.find(isMeant);
      if (found !== undefined) return found;
      if (this.#hasEnded) throw new Error(`ended instead: ${JSON.stringify(this.blocks)}`);
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }

  leave(): void {
    this.#leaving.abort();
  }

  async #read(): Promise<void> {
    try {
      let text = '';
      for await (const chunk of (this.response.body ?? []) as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString();
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        this.blocks.push(...parts.map(parse));
        this.#heard();
      }
    } finally {
      this.#hasEnded = true;
      this.#heard();
    }
  }
}
