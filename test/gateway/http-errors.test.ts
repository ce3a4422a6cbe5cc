/** What a caller sees when something is wrong with the request, with the operation, or with the hub. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BODY_LIMIT_BYTES, startTestServer, type TestServer } from './support/test-server.ts';

interface Shown {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

async function errorsOf(answer: Response): Promise<readonly Shown[]> {
  const text = await answer.text();
  expect(text).not.toMatch(/stack|node_modules|at Object|\.ts:\d/);
  expect(answer.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/);
  return (JSON.parse(text) as { errors: Shown[] }).errors;
}

const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

async function talkRaw(text: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.end(text));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

describe('A request that is wrong below GraphQL', () => {
  const cases: readonly (readonly [string, () => Promise<Response>, number, string, string])[] = [
    ['broken JSON', () => send('{"query": '), 400, 'BAD_REQUEST', 'The request body is not valid JSON.'],
    [
      'a key that would change prototypes',
      () => send('{"__proto__": {}}'),
      400,
      'BAD_REQUEST',
      'The request body is not valid JSON.',
    ],
    ['an empty body', () => send(''), 400, 'BAD_REQUEST', 'The request body is empty.'],
    [
      'bytes that are not UTF-8',
      () =>
        send(
          Uint8Array.from(
            Buffer.from([...Buffer.from('{"query":"{ hello(name: \\"'), 0xc3, 0x28, ...Buffer.from('\\") }"}')]),
          ),
        ),
      400,
      'BAD_REQUEST',
      'The request body is not valid UTF-8.',
    ],
    [
      'another content type',
      () => send('query=x', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'BAD_REQUEST',
      'Send the request as application/json in UTF-8.',
    ],
    [
      'another charset',
      () => send('{}', { 'content-type': 'application/json; charset=gbk' }),
      415,
      'BAD_REQUEST',
      'Send the request as application/json in UTF-8.',
    ],
    [
      'a body over the limit',
      () => send(JSON.stringify({ query: '{ hello }', pad: 'x'.repeat(10_000_000) })),
      413,
      'PAYLOAD_TOO_LARGE',
      `The request body is larger than ${BODY_LIMIT_BYTES} bytes.`,
    ],
    [
      'an unknown path',
      () => fetch(`${server.origin}/admin`),
      404,
      'BAD_REQUEST',
      'Nothing is served at this address; the graph is at /graphql.',
    ],
    [
      'an address that cannot be decoded',
      () => fetch(`${server.origin}/%ff%zz`),
      400,
      'BAD_REQUEST',
      'The address is not a valid URL.',
    ],
    [
      'a body without a query',
      () => server.post({ notquery: 1 }),
      400,
      'BAD_REQUEST',
      'GraphQL operations must contain a non-empty `query` or a `persistedQuery` extension.',
    ],
  ];

  it.each(cases)('is answered in the shape of GraphQL: %s', async (_, ask, status, code, message) => {
    const answer = await ask();
    expect(await errorsOf(answer)).toEqual([{ message, extensions: { code } }]);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-request-id')).toMatch(UUID);
  });

  it('is answered in the shape of GraphQL even when it is not HTTP', async () => {
    const received = await talkRaw('this is not HTTP\r\n\r\n');
    expect(received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(received).toContain(
      '{"errors":[{"message":"The request is not valid HTTP.","extensions":{"code":"BAD_REQUEST"}}]}',
    );
  });
});

describe('An error of an operation', () => {
  const ask = async (query: string, variables: Record<string, unknown> = {}) =>
    await errorsOf(await server.post({ query, variables }));

  it('keeps the code of GraphQL for a syntax error and for an unknown field', async () => {
    expect(await ask('{ hello')).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
    expect(await ask('{ nowhere }')).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(await ask('query Q($ms: Int!) { slow(ms: $ms) }', { ms: 'x' })).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it('shows the message, the code and the details of an error of the hub', async () => {
    expect(await ask('{ fails(how: "refused") }')).toEqual([
      {
        message: 'Ecology refused the call.',
        locations: [{ line: 1, column: 3 }],
        path: ['fails'],
        extensions: { code: 'SOURCE_REFUSED', status: 403 },
      },
    ]);
  });

  it.each([
    [
      'as a variable',
      'query Q($c: Code) { echoRange(code: $c) }',
      { c: 'A1secret' },
      'Variable "$c" is invalid: Character 3 of the code is wrong.',
    ],
    [
      'deep inside of a variable',
      'query Q($r: Range) { echoRange(range: $r) }',
      { r: { to: 1, nested: { to: 1, code: 'A1secret at "r.x"; ' } } },
      'Variable "$r.nested.code" is invalid: Character 3 of the code is wrong.',
    ],
    ['as a literal', '{ echoRange(code: "A1secret") }', {}, 'Character 3 of the code is wrong.'],
  ])(
    'says INPUT_INVALID with the position, and not the value, when a scalar refuses it %s',
    async (_, query, variables, message) => {
      expect(await ask(query, variables)).toEqual([
        expect.objectContaining({ message, extensions: { code: 'INPUT_INVALID', position: 3 } }),
      ]);
    },
  );

  it('says so too when the scalar throws an error of the hub as it is', async () => {
    const shown = { extensions: { code: 'INPUT_INVALID', position: 1 } };
    expect(await ask('query Q($at: Instant) { echoRange(at: $at) }', { at: 'secret' })).toEqual([
      expect.objectContaining({ ...shown, message: 'Variable "$at" is invalid: An instant needs an offset.' }),
    ]);
    expect(await ask('{ echoRange(at: "secret") }')).toEqual([
      expect.objectContaining({ ...shown, message: 'An instant needs an offset.' }),
    ]);
  });

  it.each(['plain', 'internal', 'graphql', 'word'])(
    'hides the unexpected (%s) behind a reference to the log',
    async (how) => {
      const answer = await server.post({
        query: 'query Hidden($how: String) { fails(how: $how) hello }',
        variables: { how },
      });
      const requestId = answer.headers.get('x-request-id') ?? '';
      expect(await errorsOf(answer)).toEqual([
        {
          message: `Something went wrong in the hub; quote reference ${requestId}.`,
          locations: [{ line: 1, column: 30 }],
          path: ['fails'],
          extensions: { code: 'INTERNAL' },
        },
      ]);
      const entries = server.logged.filter((entry) => entry['requestId'] === requestId && entry['level'] === 50);
      expect(entries).toMatchObject([{ msg: 'operation failed unexpectedly', path: 'fails', operationName: 'Hidden' }]);
      expect(entries[0]).toHaveProperty('err.stack');
    },
  );

  it('hides a failure to begin the operation as well', async () => {
    const broken = await startTestServer({
      contextFor: () => {
        throw new Error('secret detail');
      },
    });
    const answer = await broken.post({ query: '{ hello }' });
    expect(answer.status).toBe(500);
    const [shown] = await errorsOf(answer);
    expect(shown?.extensions).toEqual({ code: 'INTERNAL' });
    expect(shown?.message).toBe('Something went wrong in the hub; quote the X-Request-Id of this answer.');
    expect(broken.logged).toContainEqual(expect.objectContaining({ msg: 'operation context failed' }));
    await broken.close();
  });

  it('is not a crash when a document is nested deeper than the stack', async () => {
    const depth = 9_000;
    const errors = await ask(
      `{ people { ${'friends { '.repeat(depth)} name ${'} '.repeat(depth)} } }`.slice(0, 60_000),
    );
    expect(errors).toEqual([
      {
        message: 'The document is too long; the limit is 32768.',
        extensions: { limit: 'bytes', most: 32_768, code: 'DOCUMENT_LIMIT' },
      },
    ]);
    expect((await server.post({ query: '{ hello }' })).status).toBe(200);
  });
});
