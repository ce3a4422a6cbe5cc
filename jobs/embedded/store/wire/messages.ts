/** MongoDB's wire protocol: OP_MSG, and the OP_QUERY with which old drivers say hello. */
import { Long } from 'bson';
import { decode, encode } from '../bson/codec.ts';
import type { Fields } from '../bson/values.ts';
import type { CursorReply, Reply } from '../commands/command.ts';

export const HEADER_BYTES = 16;
export const LONGEST_MESSAGE_BYTES = 48_000_000;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const CHECKSUM_BYTES = 4;

export interface Request {
  readonly id: number;
  readonly command: Fields;
  readonly isQuery: boolean;
  /** The client does not wait for an answer. */
  readonly isSilent: boolean;
}

function readQuery(message: Buffer, id: number): Request {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  if (nameEnd < 0) throw new Error('not a query');
  const command = decode(message.subarray(nameEnd + 1 + 8));
  return { id, command: { ...command, $db: 'admin' }, isQuery: true, isSilent: false };
}

function readSequence(section: Buffer): readonly [string, Fields[]] {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new Error('a sequence without a name');
  const documents: Fields[] = [];
  let start = nameEnd + 1;
  while (start < section.length) {
    const length = section.readInt32LE(start);
    if (length < 5 || start + length > section.length) throw new Error('a document beyond its sequence');
    documents.push(decode(section.subarray(start, start + length)));
    start += length;
  }
  return [section.toString('utf8', 4, nameEnd), documents];
}

function readMessage(message: Buffer, id: number): Request {
  const flags = message.readInt32LE(HEADER_BYTES);
  const end = message.length - ((flags & CHECKSUM_PRESENT) === 0 ? 0 : CHECKSUM_BYTES);
  let command: Fields | null = null;
  const sequences: Fields = {};
  let start = HEADER_BYTES + 4;
  while (start < end) {
    const kind = message[start];
    const length = message.readInt32LE(start + 1);
    const section = message.subarray(start + 1, start + 1 + length);
    if (length < 4 || section.length !== length) throw new Error('a section beyond its message');
    if (kind === 0) command = decode(section);
    else if (kind === 1) {
      const [name, documents] = readSequence(section);
      sequences[name] = documents;
    } else throw new Error('an unknown section');
    start += 1 + length;
  }
  if (command === null) throw new Error('a message without a command');
  return { id, command: { ...command, ...sequences }, isQuery: false, isSilent: (flags & MORE_TO_COME) !== 0 };
}

/** @throws Error for what is not the protocol */
export function readRequest(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const operation = message.readInt32LE(12);
  if (operation === OP_MSG) return readMessage(message, id);
  if (operation === OP_QUERY) return readQuery(message, id);
  throw new Error(`unknown operation ${operation}`);
}

const DOCUMENT = 3;
const ARRAY = 4;
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

function documentOf(elements: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(4);
  const body = Buffer.concat([...elements, Buffer.from([0])]);
  length.writeInt32LE(body.length + 4);
  return Buffer.concat([length, body]);
}

const element = (type: number, name: string, value: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([type]), text(name), value]);

/** The fields of a document without its frame. */
const inner = (fields: Fields): Buffer => {
  const whole = encode(fields);
  return whole.subarray(4, whole.length - 1);
};

/** Stored documents go out as the bytes that they are. */
function encodeCursor({ id, namespace, batch, isFirst }: CursorReply): Buffer {
  const documents = documentOf(batch.map((bytes, index) => element(DOCUMENT, String(index), bytes)));
  const cursor = documentOf([
    element(ARRAY, isFirst ? 'firstBatch' : 'nextBatch', documents),
    inner({ id: Long.fromBigInt(id), ns: namespace }),
  ]);
  return documentOf([element(DOCUMENT, 'cursor', cursor), inner({ ok: 1 })]);
}

const isCursorReply = (reply: Reply): reply is { readonly cursor: CursorReply } =>
  'cursor' in reply && typeof reply.cursor === 'object' && reply.cursor !== null && 'batch' in reply.cursor;

function frame(operation: number, responseTo: number, parts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const body = Buffer.concat(parts);
  header.writeInt32LE(HEADER_BYTES + body.length, 0);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(operation, 12);
  return Buffer.concat([header, body]);
}

export function writeReply({ id, isQuery }: Request, reply: Reply): Buffer {
  const bytes = isCursorReply(reply) ? encodeCursor(reply.cursor) : encode(reply);
  if (!isQuery) return frame(OP_MSG, id, [Buffer.alloc(5), bytes]);
  const head = Buffer.alloc(20);
  head.writeInt32LE(8, 0);
  head.writeInt32LE(1, 16);
  return frame(OP_REPLY, id, [head, bytes]);
}
