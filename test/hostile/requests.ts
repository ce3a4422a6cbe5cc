/** Attacks by the form of an HTTP request. */
import { gzipSync } from 'node:zlib';
import { SERVED, type Outcome } from './documents.ts';

export interface RequestAttack {
  readonly method?: string;
  /** After the origin. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly status: number;
  /** Code of the first error. */
  readonly outcome: Outcome;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const QUERY = '{"query":"{ me { subject } }"}';
const deep = (open: string, close: string, depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
const typed = (type: string, status = 415): RequestAttack => ({
  headers: { 'content-type': type },
  body: QUERY,
  status,
  outcome: 'BAD_REQUEST',
});
const body = (text: string | Buffer, outcome: Outcome = 'BAD_REQUEST', status = 400): RequestAttack => ({
  headers: JSON_TYPE,
  body: text,
  status,
  outcome,
});
const byGet = (search: Readonly<Record<string, string>>, status: number, outcome: Outcome): RequestAttack => ({
  method: 'GET',
  path: `/graphql?${new URLSearchParams(search).toString()}`,
  status,
  outcome,
});
const at = (path: string, status: number): RequestAttack => ({ method: 'GET', path, status, outcome: 'BAD_REQUEST' });

export const REQUEST_ATTACKS: Readonly<Record<string, RequestAttack>> = {
  'a batch of operations': body(`[${Array.from({ length: 1_000 }, () => QUERY).join()}]`),
  'an empty batch': body('[]'),
  'a body that is too large': body(`{"query":"${'x'.repeat(2_000_000)}"}`, 'PAYLOAD_TOO_LARGE', 413),
  'no body': { headers: JSON_TYPE, body: '', status: 400, outcome: 'BAD_REQUEST' },
  'no JSON': body('query=evil'),
  'half of a JSON': body('{"query":"{ me'),
  'a body that is a number': body('42'),
  'a body that is null': body('null'),
  'a body that is a text': body('"{ me { subject } }"'),
  'a query that is a list': body('{"query":["{ me { subject } }"]}'),
  'a query that is an object': body('{"query":{"$gt":""}}'),
  'a query that is a number': body('{"query":1}'),
  'variables that are a list': body('{"query":"{ me { subject } }","variables":[1]}'),
  'variables that are a text': body('{"query":"{ me { subject } }","variables":"{"}'),
  'extensions that are a text': body('{"query":"{ me { subject } }","extensions":"x"}'),
  'an operation name that is an object': body('{"query":"{ me { subject } }","operationName":{"$ne":1}}'),
  'a query given twice, of which the last one counts': body(
    '{"query":"{ evil }","query":"{ me { subject } }"}',
    SERVED,
    200,
  ),
  'a prototype in the body': body('{"query":"{ me { subject } }","__proto__":{"polluted":true}}'),
  'a prototype in the variables': body('{"query":"{ me { subject } }","variables":{"__proto__":{"polluted":true}}}'),
  'a prototype by way of the constructor': body(
    '{"query":"{ me { subject } }","variables":{"constructor":{"prototype":{"polluted":true}}}}',
  ),
  'a prototype in the extensions': body(
    '{"query":"{ me { subject } }","extensions":{"a":{"__proto__":{"polluted":true}}}}',
  ),
  'lists nested half a million times': body(deep('[', ']', 400_000)),
  'objects nested a hundred thousand times in the variables': body(
    `{"query":"{ me { subject } }","variables":${deep('{"a":', '}', 100_000)}}`,
    'DOCUMENT_LIMIT',
  ),
  'objects nested a hundred thousand times in the extensions': body(
    `{"query":"{ me { subject } }","extensions":${deep('{"a":', '}', 100_000)}}`,
    SERVED,
    200,
  ),
  'an infinite number': body(
    '{"query":"query ($n: Int) { institutions(first: $n) { totalCount } }","variables":{"n":1e999}}',
    'BAD_USER_INPUT',
    200,
  ),
  'a number of a hundred thousand digits': body(
    `{"query":"query ($n: Int) { institutions(first: $n) { totalCount } }","variables":{"n":${'9'.repeat(100_000)}}}`,
    'BAD_USER_INPUT',
    200,
  ),
  'a hundred thousand variables': body(
    `{"query":"{ me { subject } }","variables":{${Array.from({ length: 60_000 }, (_, index) => `"v${index}":1`).join()}}}`,
    SERVED,
    200,
  ),
  'bytes that are no UTF-8': body(
    Buffer.concat([Buffer.from('{"query":"{ me { subject } } #'), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('"}')]),
  ),
  'a dot in two bytes': body(Buffer.concat([Buffer.from('{"query":"#'), Buffer.from([0xc0, 0xae]), Buffer.from('"}')])),
  'a body in UTF-16': body(Buffer.from(QUERY, 'utf16le')),
  'a byte order mark before the body': body(
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(QUERY)]),
    SERVED,
    200,
  ),
  'a charset that hides brackets': typed('application/json; charset=utf-7'),
  'a charset of two bytes': typed('application/json; charset=utf-16le'),
  'a form': typed('application/x-www-form-urlencoded'),
  'a form with files': typed('multipart/form-data; boundary=x'),
  'plain text': typed('text/plain'),
  'GraphQL as it is': typed('application/graphql'),
  XML: typed('application/xml'),
  'a type that only begins like JSON': typed('application/json-patch'),
  'a type that is none': typed('json', 415),
  'two types at once': typed('text/plain, application/json'),
  'a bomb of zeros': {
    headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(50_000_000)),
    status: 400,
    outcome: 'BAD_REQUEST',
  },
  'a mutation by GET': byGet({ query: 'mutation { publishNotice(noticeId: "1") { id } }' }, 405, 'BAD_REQUEST'),
  'a subscription by GET': byGet({ query: 'subscription { noticeEvents { cursor } }' }, 405, 'BAD_REQUEST'),
  'a mutation among queries by GET': byGet(
    { query: 'query A { me { subject } } mutation B { publishNotice(noticeId: "1") { id } }', operationName: 'B' },
    405,
    'BAD_REQUEST',
  ),
  'two queries in one address': {
    method: 'GET',
    path: '/graphql?query={me{subject}}&query={evil}',
    status: 400,
    outcome: 'BAD_REQUEST',
  },
  'variables by GET that are no JSON': byGet({ query: '{ me { subject } }', variables: '{' }, 400, 'BAD_REQUEST'),
  'a prototype in variables by GET': byGet(
    { query: '{ me { subject } }', variables: '{"__proto__":{"polluted":true}}' },
    200,
    SERVED,
  ),
  'another method in a header': {
    headers: { ...JSON_TYPE, 'x-http-method-override': 'DELETE' },
    body: QUERY,
    status: 200,
    outcome: SERVED,
  },
  'the hash of another document': body(
    `{"query":"{ me { subject } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}}`,
    'INPUT_INVALID',
  ),
  'a hash under which nothing is registered': body(
    `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${'0'.repeat(64)}"}}}`,
    'DOCUMENT_NOT_REGISTERED',
    403,
  ),
  'a hash that is an operator of the store': body('{"documentId":{"$ne":null}}', 'INPUT_INVALID'),
  'a hash that leads into a folder': body('{"documentId":"../../etc/passwd"}', 'INPUT_INVALID'),
  'a folder above': at('/graphql/../../etc/passwd', 404),
  'a folder above in percent signs': at('/%2e%2e/%2e%2e/etc/passwd', 404),
  'a zero byte in the address': at('/graphql%00.html', 404),
  'a broken percent sign in the address': at('/graphql%', 400),
  'an address of another host': at('//evil.example/graphql', 404),
  'a header in the address': at('/graphql%0d%0aset-cookie:%20evil=1', 404),
};

export interface RawAttack {
  readonly bytes: string;
  /** null: the connection is ended without a word. */
  readonly status: number | null;
}

const crlf = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const POST = 'POST /graphql HTTP/1.1';
const HOST = 'Host: hub';
const TYPE = 'Content-Type: application/json';

export const RAW_ATTACKS: Readonly<Record<string, RawAttack>> = {
  'two lengths': { bytes: `${crlf(POST, HOST, TYPE, 'Content-Length: 4', 'Content-Length: 40')}null`, status: 400 },
  'a length and chunks': {
    bytes: `${crlf(POST, HOST, TYPE, 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    status: 400,
  },
  'a length that is none': { bytes: crlf(POST, HOST, TYPE, 'Content-Length: -1'), status: 400 },
  'a header without end': { bytes: crlf('GET /graphql HTTP/1.1', HOST, `X-Evil: ${'x'.repeat(100_000)}`), status: 431 },
  'headers without end': {
    bytes: crlf('GET /graphql HTTP/1.1', HOST, ...Array.from({ length: 5_000 }, (_, index) => `X-${index}: 1`)),
    status: 431,
  },
  'no HTTP': { bytes: 'EHLO evil.example\r\n\r\n', status: 400 },
  'another version of HTTP': { bytes: crlf('GET /graphql HTTP/9.9', HOST), status: 400 },
  'a method that is none': { bytes: crlf('EVIL /graphql HTTP/1.1', HOST), status: 400 },
  'a tunnel': { bytes: crlf('CONNECT evil.example:443 HTTP/1.1', HOST), status: null },
  'a trace': { bytes: crlf('TRACE /graphql HTTP/1.1', HOST, 'Connection: close'), status: 404 },
  'an absolute address': {
    bytes: crlf('GET http://169.254.169.254/latest HTTP/1.1', HOST, 'Connection: close'),
    status: 404,
  },
  'chunks larger than a body may be': {
    bytes: `${crlf(POST, HOST, TYPE, 'Transfer-Encoding: chunked')}180000\r\n${'x'.repeat(0x180000)}\r\n0\r\n\r\n`,
    status: 413,
  },
};
