/** The PostgreSQL wire protocol (version 3), as far as the multiplexer must understand what passes through it. */

export const SSL_REQUEST = 80_877_103;
export const GSS_REQUEST = 80_877_104;
export const CANCEL_REQUEST = 80_877_102;

const HEADER_BYTES = 5;
/** No statement of the queue comes near it; more is no client of ours. */
export const LONGEST_MESSAGE_BYTES = 64 * 1_048_576;

const terminated = (text: string): Buffer => Buffer.from(`${text}\0`);

export function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(HEADER_BYTES);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export const simpleQuery = (sql: string): Buffer => message('Q', terminated(sql));

/** What a server says to a client that has been let in. */
export function greeting(connectionNumber: number): Buffer {
  const parameter = (name: string, value: string): Buffer => message('S', terminated(name), terminated(value));
  const key = Buffer.alloc(8);
  key.writeInt32BE(connectionNumber, 0);
  return Buffer.concat([
    message('R', Buffer.alloc(4)),
    parameter('server_version', '18.0'),
    parameter('server_encoding', 'UTF8'),
    parameter('client_encoding', 'UTF8'),
    parameter('DateStyle', 'ISO, MDY'),
    parameter('integer_datetimes', 'on'),
    parameter('standard_conforming_strings', 'on'),
    message('K', key),
    message('Z', Buffer.from('I')),
  ]);
}

/** The start-up packet's parameters, e.g. user, database, options. */
export function startupParameters(body: Buffer): ReadonlyMap<string, string> {
  const words = body.toString('utf8').split('\0');
  const parameters = new Map<string, string>();
  for (let index = 0; index + 1 < words.length; index += 2) {
    const [name, value] = [words[index], words[index + 1]];
    if (name !== undefined && value !== undefined && name !== '') parameters.set(name, value);
  }
  return parameters;
}

/** Takes whole messages from the front of what has been received. */
export function* split(received: Buffer): Generator<Buffer, Buffer> {
  let start = 0;
  while (received.length - start >= HEADER_BYTES) {
    const length = received.readInt32BE(start + 1) + 1;
    if (length < HEADER_BYTES || length > LONGEST_MESSAGE_BYTES) throw new Error('not a PostgreSQL message');
    if (received.length - start < length) break;
    yield received.subarray(start, start + length);
    start += length;
  }
  return received.subarray(start);
}

export const typeOf = (one: Buffer): string => String.fromCharCode(one[0] ?? 0);

function stringAt(one: Buffer, start: number): { readonly text: Buffer; readonly next: number } {
  const end = one.indexOf(0, start);
  if (end < 0) throw new Error('a text without its end');
  return { text: one.subarray(start, end), next: end + 1 };
}

/**
 * Gives named statements of one client names of their own: all clients share the one session of the engine.
 */
export function withOwnNames(one: Buffer, prefix: string): Buffer {
  const own = (name: Buffer): Buffer => Buffer.concat([Buffer.from(prefix), name, Buffer.from([0])]);
  const type = typeOf(one);
  if (type === 'P') {
    const name = stringAt(one, HEADER_BYTES);
    return name.text.length === 0 ? one : message('P', own(name.text), one.subarray(name.next));
  }
  if (type === 'B') {
    const portal = stringAt(one, HEADER_BYTES);
    const name = stringAt(one, portal.next);
    if (name.text.length === 0) return one;
    return message('B', one.subarray(HEADER_BYTES, portal.next), own(name.text), one.subarray(name.next));
  }
  if ((type === 'D' || type === 'C') && one[HEADER_BYTES] === 'S'.charCodeAt(0)) {
    const name = stringAt(one, HEADER_BYTES + 1);
    return name.text.length === 0 ? one : message(type, Buffer.from('S'), own(name.text));
  }
  return one;
}

const LISTEN = /\b(UN)?LISTEN\s+"?([\w$]+|\*)"?/gi;

/** Which channels a statement begins or ends to listen to; "*" ends all. */
export function listening(one: Buffer): readonly { readonly begins: boolean; readonly channel: string }[] {
  if (!['Q', 'P'].includes(typeOf(one))) return [];
  return [...one.subarray(HEADER_BYTES).toString('latin1').matchAll(LISTEN)].map(([, ends, channel]) => ({
    begins: ends === undefined,
    channel: channel ?? '',
  }));
}

export interface EngineReply {
  /** For whoever asked. */
  readonly reply: Buffer;
  /** For whoever listens. */
  readonly notifications: readonly { readonly channel: string; readonly bytes: Buffer }[];
  /** Whether the session is now in a transaction; null when the engine has not come to an end of its answer. */
  readonly inTransaction: boolean | null;
}

/** The session's notifications belong to its listeners, not to the client that happened to ask. */
export function sortReply(bytes: Buffer): EngineReply {
  const replies: Buffer[] = [];
  const notifications: { channel: string; bytes: Buffer }[] = [];
  let inTransaction: boolean | null = null;
  for (const one of split(bytes)) {
    const type = typeOf(one);
    if (type === 'A') {
      notifications.push({ channel: stringAt(one, HEADER_BYTES + 4).text.toString(), bytes: Buffer.from(one) });
      continue;
    }
    if (type === 'Z') inTransaction = one[HEADER_BYTES] !== 'I'.charCodeAt(0);
    replies.push(one);
  }
  return { reply: Buffer.concat(replies), notifications, inTransaction };
}

/** The schema that a client names in its start-up options ("-c search_path=..."), or null. */
export function searchPathOf(parameters: ReadonlyMap<string, string>): string | null {
  return /search_path=("?[\w$]+"?)/.exec(parameters.get('options') ?? '')?.[1] ?? null;
}
