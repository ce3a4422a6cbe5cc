/** The documents inside the SOAP strings, with the real systems' habits (wire-formats A.2, A.5). */
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

export type Condition = Readonly<Record<string, string>>;

/** Fields of one vehispara in order; '' becomes an empty element. */
export type Row = readonly (readonly [name: string, value: string])[];

export interface Answer {
  readonly code: string;
  readonly message: string;
  readonly rows: readonly Row[];
}

/** @param code 0 or negative */
export function refusal(code: string, message: string): Answer {
  return { code, message, rows: [] };
}

/** WHOLE: the whole answer is percent-encoded. VALUES: each value is, the elements around it are not. */
export type Encoding = 'WHOLE' | 'VALUES';

const parser = new XMLParser({
  parseTagValue: false,
  ignoreDeclaration: true,
  transformTagName: (tag) => tag.toLowerCase(),
  isArray: (tag) => tag === 'querycondition' || tag === 'vehispara',
});
const Elements = z.array(z.union([z.literal(''), z.record(z.string(), z.string())]));
const Query = z.object({ root: z.object({ querycondition: Elements }) });
const Write = z.object({ root: z.object({ vehispara: Elements }) });

/** @returns the conditions, null when the text is no query document */
export function readQuery(text: string): Condition[] | null {
  const query = Query.safeParse(parser.parse(text));
  return query.success ? query.data.root.querycondition.map(decoded) : null;
}

/** @returns the rows, null when the text is no write document */
export function readWrite(text: string): Condition[] | null {
  const write = Write.safeParse(parser.parse(text));
  return write.success ? write.data.root.vehispara.map(decoded) : null;
}

function decoded(element: '' | Condition): Condition {
  return Object.fromEntries(Object.entries(element).map(([name, value]) => [name, decodeURIComponent(value)]));
}

export function writeAnswer({ code, message, rows }: Answer, encoding: Encoding): string {
  const write = encoding === 'VALUES' ? (value: string) => urlEncoded(value) : escaped;
  const body = rows.map((row, index) => {
    const fields = row.map(([name, value]) => `<${name}>${write(value)}</${name}>`);
    return `<vehispara id="${index}">${fields.join('')}</vehispara>`;
  });
  const document = [
    // The lie is theirs: the string is Unicode and the transport UTF-8.
    '<?xml version="1.0" encoding="GBK"?>\n<root><head>',
    // The server that encodes values leaves its own messages as they are.
    `<code>${code}</code><message>${escaped(message)}</message><rownum>${rows.length}</rownum>`,
    `</head><body>${body.join('')}</body></root>`,
  ].join('');
  return encoding === 'WHOLE' ? urlEncoded(document) : document;
}

/** As java.net.URLEncoder writes UTF-8. */
function urlEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
