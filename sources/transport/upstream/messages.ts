/** Messages of the PostgreSQL wire protocol, version 3: a type, a length that counts itself, a body. */

export interface WireMessage {
  readonly type: string;
  readonly body: Buffer;
}

const HEADER = 5;

export function message(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

/** Takes bytes apart that hold whole messages; a broken one at the end is left out. */
export function readMessages(bytes: Buffer): WireMessage[] {
  const messages: WireMessage[] = [];
  let start = 0;
  while (start + HEADER <= bytes.length) {
    const end = start + 1 + bytes.readInt32BE(start + 1);
    if (end > bytes.length) break;
    messages.push({ type: String.fromCharCode(bytes.readUInt8(start)), body: bytes.subarray(start + HEADER, end) });
    start = end;
  }
  return messages;
}

/** Bytes up to the first NUL. */
export function textUpToNul(body: Buffer, from = 0): string {
  const end = body.indexOf(0, from);
  return body.toString('utf8', from, end < 0 ? body.length : end);
}

/** @param sqlState five characters, e.g. 28P01 */
export function errorResponse(severity: 'ERROR' | 'FATAL', sqlState: string, text: string): Buffer {
  return message('E', Buffer.from(`S${severity}\0V${severity}\0C${sqlState}\0M${text}\0\0`));
}

const parameter = (name: string, value: string): Buffer => message('S', Buffer.from(`${name}\0${value}\0`));

export const READY_FOR_QUERY = message('Z', Buffer.from('I'));
export const ASK_FOR_PASSWORD = message('R', Buffer.from([0, 0, 0, 3]));

/** Sent once the user is known: authentication done, settings, key for cancelling (which is not offered), ready. */
export const WELCOME = Buffer.concat([
  message('R', Buffer.alloc(4)),
  parameter('server_version', '18.0'),
  parameter('server_encoding', 'UTF8'),
  parameter('client_encoding', 'UTF8'),
  parameter('DateStyle', 'ISO, MDY'),
  parameter('TimeZone', 'Asia/Shanghai'),
  parameter('integer_datetimes', 'on'),
  parameter('standard_conforming_strings', 'on'),
  message('K', Buffer.alloc(8)),
  READY_FOR_QUERY,
]);

/** Changes the text values of the rows in a reply; everything else stays as it is. */
export function mapRowTexts(reply: Buffer, change: (text: string) => string): Buffer {
  return Buffer.concat(
    readMessages(reply).map(({ type, body }) => message(type, type === 'D' ? mapRow(body, change) : body)),
  );
}

function mapRow(body: Buffer, change: (text: string) => string): Buffer {
  const columns = body.readInt16BE(0);
  const parts = [body.subarray(0, 2)];
  let place = 2;
  for (let column = 0; column < columns; column += 1) {
    const length = body.readInt32BE(place);
    place += 4;
    const value = length < 0 ? null : Buffer.from(change(body.toString('utf8', place, place + length)));
    const header = Buffer.alloc(4);
    header.writeInt32BE(value?.length ?? -1);
    parts.push(header, ...(value === null ? [] : [value]));
    place += Math.max(length, 0);
  }
  return Buffer.concat(parts);
}

/** Turns the order of the rows in a reply round. */
export function reverseRows(reply: Buffer): Buffer {
  const messages = readMessages(reply);
  const rows = messages.filter(({ type }) => type === 'D').reverse();
  return Buffer.concat(
    messages
      .map((each) => (each.type === 'D' ? (rows.shift() ?? each) : each))
      .map(({ type, body }) => message(type, body)),
  );
}
