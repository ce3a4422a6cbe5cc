/** The four ways into the graph, each asked the same, each answering with what a client of it would see. */
import type { TestServer } from '../gateway/support/test-server.ts';
import { RawWebSocket } from '../gateway/support/raw-web-socket.ts';

export interface Asked {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly documentId?: string;
}

export interface Seen {
  /** null over WebSocket. */
  readonly status: number | null;
  readonly errors: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
  readonly data: unknown;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly header: (name: string) => string | null;
}

/** A subscription that is followed now. */
const BEGUN = { data: 'begun' };

type Body = Partial<Pick<Seen, 'errors' | 'data' | 'extensions'>>;
export type Door = (server: TestServer, asked: Asked, headers?: Readonly<Record<string, string>>) => Promise<Seen>;

const seenOf = (body: Body, response: Response | null): Seen => ({
  status: response?.status ?? null,
  errors: body.errors ?? [],
  data: body.data ?? null,
  extensions: body.extensions ?? {},
  header: (name) => response?.headers.get(name) ?? null,
});

const byPost: Door = async (server, asked, headers = {}) => {
  const response = await server.post(asked, { ...headers });
  return seenOf((await response.json()) as Body, response);
};

function addressOf(url: string, asked: Asked): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(asked))
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  return `${url}?${search.toString()}`;
}

const byGet: Door = async (server, asked, headers = {}) => {
  const response = await fetch(addressOf(server.url, asked), { headers });
  return seenOf((await response.json()) as Body, response);
};

const byStream: Door = async (server, asked, headers = {}) => {
  const leaving = new AbortController();
  const response = await fetch(`${server.url}/stream`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(asked),
    signal: leaving.signal,
  });
  if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
    return seenOf((await response.json()) as Body, response);
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    if (text.includes('\n\n')) break;
  }
  leaving.abort();
  const data = /^event: next\ndata: (.*)$/m.exec(text)?.[1];
  return seenOf(data === undefined ? BEGUN : (JSON.parse(data) as Body), response);
};

const byWebSocket: Door = async (server, asked, headers = {}) => {
  const socket = await new RawWebSocket(server.origin, { headers: { ...headers } }).acknowledged();
  const { query = '', variables, documentId, extensions } = asked;
  const more = { ...extensions, ...(documentId !== undefined && { documentId }) };
  socket.send({ type: 'subscribe', id: '1', payload: { query, variables, extensions: more } });
  const { type, payload } = await socket.message(({ id, type }) => id === '1' || type === 'ping');
  socket.close();
  if (type === 'ping') return seenOf(BEGUN, null);
  return seenOf(type === 'error' ? { errors: payload as Seen['errors'] } : (payload as Body), null);
};

/** By name; the first two take queries, the others subscriptions. */
export const DOORS = {
  POST: byPost,
  GET: byGet,
  'server-sent events': byStream,
  WebSocket: byWebSocket,
} as const satisfies Readonly<Record<string, Door>>;
export type DoorName = keyof typeof DOORS;
export const DOOR_NAMES = Object.keys(DOORS) as DoorName[];
