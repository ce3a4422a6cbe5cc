/** Subscriptions as server-sent events, with real connections. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-sse';
import { cursorOf, openLiveWorld, type LiveWorld } from './support/live-world.ts';
import { RawEventStream } from './support/raw-event-stream.ts';
import { BODY_LIMIT_BYTES, type TestServer } from './support/test-server.ts';

const ALL =
  'subscription ($after: String, $place: String) { sightings(after: $after, place: $place) { number place } }';
const SECRETS = 'subscription ($after: String) { secrets(after: $after) { number } }';
const CREDENTIALS = { authorization: 'Bearer right' };

let world: LiveWorld;
let server: TestServer;
const streams: RawEventStream[] = [];
beforeAll(async () => {
  world = await openLiveWorld();
  server = await world.start();
  await world.see('hill', 'swamp', 'ford', 'abyss', 'cave');
});
afterEach(() => streams.splice(0).forEach((each) => each.leave()));
afterAll(async () => {
  await server.close();
  await world.close();
});

async function subscribe(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
  at = server,
): Promise<RawEventStream> {
  const stream = await RawEventStream.subscribe(`${at.url}/stream`, query, variables, headers);
  streams.push(stream);
  return stream;
}

const byGet = (query: string, variables: unknown = {}) =>
  `${server.url}/stream?${new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString()}`;

describe('A subscription as server-sent events', () => {
  it('brings everything after its cursor, then what comes, each with its cursor as id', async () => {
    const stream = await subscribe(ALL, { after: cursorOf(4) });
    await stream.block(({ id, event }) => event === 'next' && id === cursorOf(5));
    await world.see('bridge');
    await stream.block(({ id, event }) => event === 'next' && id === cursorOf(6));
    expect(stream.blocks.slice(0, 3)).toEqual([
      { id: cursorOf(4) },
      {
        id: cursorOf(5),
        event: 'next',
        data: JSON.stringify({
          data: { sightings: { number: 5, place: 'cave' } },
          extensions: { cursor: cursorOf(5) },
        }),
      },
      { id: cursorOf(6), event: 'next', data: expect.stringContaining('bridge') as unknown },
    ]);
    const { headers } = stream.response;
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store, no-transform');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('starts now without a cursor, and tells where that is', async () => {
    const head = await world.log.head();
    const stream = await subscribe(ALL);
    expect(await stream.block(() => true)).toEqual({ id: cursorOf(head) });
    await world.see('gate');
    await stream.block(({ event }) => event === 'next');
    expect(stream.events('next')).toEqual([expect.objectContaining({ extensions: { cursor: cursorOf(head + 1) } })]);
  });

  it('goes on where an EventSource says it was', async () => {
    const stream = await RawEventStream.open(byGet(ALL, { after: cursorOf(0) }), {
      headers: { 'last-event-id': cursorOf(2) },
    });
    await stream.block(({ event }) => event === 'next');
    expect(stream.events('next')[0]).toMatchObject({ data: { sightings: { number: 3 } } });
    stream.leave();
  });

  it('refuses to go on where the operation has no place for that, rather than leave something out', async () => {
    const { response } = await RawEventStream.open(byGet('subscription { sightings { number } }'), {
      headers: { 'last-event-id': cursorOf(2) },
    });
    expect(response.status).toBe(400);
  });

  it('is filtered, and its place moves on with each sign of life', async () => {
    const lively = await world.start({ live: { heartbeatMs: 100 } });
    const stream = await subscribe(ALL, { after: cursorOf(0), place: 'hill' }, {}, lively);
    const head = await world.log.head();
    await stream.block(({ id, event }) => event === undefined && id === cursorOf(head));
    expect(stream.events('next')).toHaveLength(1);
    stream.leave();
    await lively.close();
  });

  it('goes on after a field that failed', async () => {
    const stream = await subscribe('subscription { sightings(after: "' + cursorOf(1) + '") { number footing } }');
    await stream.block(({ id, event }) => event === 'next' && id === cursorOf(4));
    expect(stream.events('next').slice(0, 3)).toMatchObject([
      { data: { sightings: { footing: null } }, errors: [{ extensions: { code: 'SOURCE_UNAVAILABLE' } }] },
      { data: { sightings: { footing: 'firm' } } },
      { data: { sightings: { footing: null } }, errors: [{ extensions: { code: 'INTERNAL' } }] },
    ]);
    expect(JSON.stringify(stream.blocks)).not.toContain('hunter2');
  });

  it('ends with an error when its source breaks', async () => {
    const stream = await subscribe('subscription { doomed { place } }');
    await stream.ended;
    expect(stream.events('next')).toMatchObject([
      { data: { doomed: { place: 'doomed' } } },
      { errors: [{ extensions: { code: 'INTERNAL' } }] },
    ]);
    expect(stream.blocks.at(-1)).toEqual({ event: 'complete', data: '' });
  });

  it.each([
    ['a query', '{ hello }', {}, 'UNSUPPORTED'],
    ['a broken document', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a field that does not exist', 'subscription { ghosts }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable of the wrong type', ALL, { place: 7 }, 'BAD_USER_INPUT'],
    ['a foreign cursor', ALL, { after: 'cursor' }, 'INPUT_INVALID'],
    ['a field that is left out', 'subscription { sightings @skip(if: true) { number } }', {}, 'INTERNAL'],
    ['secrets without credentials', SECRETS, {}, 'UNAUTHENTICATED'],
  ])('is refused for %s, in the stream', async (_, query, variables, code) => {
    const stream = await subscribe(query, variables);
    await stream.ended;
    expect(stream.response.status).toBe(200);
    expect(stream.events('next')).toMatchObject([{ errors: [{ extensions: { code } }] }]);
    expect(stream.blocks.at(-1)).toEqual({ event: 'complete', data: '' });
  });

  it('is no longer followed when the client has gone', async () => {
    const stream = await subscribe(ALL);
    await stream.block(() => true);
    stream.leave();
    await stream.ended;
    const before = world.executed();
    await world.see('mill');
    const other = await subscribe(ALL, { after: cursorOf((await world.log.head()) - 1) });
    await other.block(({ event }) => event === 'next');
    expect(world.executed() - before).toBe(1);
  });

  it('serves the client of graphql-sse', async () => {
    const client = createClient({ url: `${server.url}/stream`, retryAttempts: 0 });
    const places: unknown[] = [];
    for await (const { data } of client.iterate<{ sightings: { place: string } }>({
      query: ALL,
      variables: { after: cursorOf(0) },
    })) {
      places.push(data?.sightings.place);
      if (places.length === 3) break;
    }
    expect(places).toEqual(['hill', 'swamp', 'ford']);
    client.dispose();
  });
});

describe('A request for a stream', () => {
  it('is answered for those whose credentials hold', async () => {
    const stream = await subscribe(SECRETS, { after: cursorOf(0) }, CREDENTIALS);
    await stream.block(({ event }) => event === 'next');
  });

  it.each([
    ['wrong credentials', { authorization: 'Bearer wrong' }, 401, 'UNAUTHENTICATED'],
    ['a page of another site', { origin: 'https://elsewhere.example' }, 403, 'FORBIDDEN'],
    ['a client that wants no stream', { accept: 'application/json' }, 406, 'BAD_REQUEST'],
  ])('is refused for %s', async (_, headers, status, code) => {
    const response = await fetch(byGet(ALL), { headers: { accept: 'text/event-stream', ...headers } });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  it.each([
    ['no query', 'POST', JSON.stringify({ variables: {} }), 400],
    ['variables that are no object', 'POST', JSON.stringify({ query: ALL, variables: [1] }), 400],
    ['no JSON', 'POST', 'subscribe please', 400],
    ['too large a body', 'POST', JSON.stringify({ query: ALL, more: 'x'.repeat(BODY_LIMIT_BYTES) }), 413],
    ['another method', 'PUT', JSON.stringify({ query: ALL }), 405],
  ])('is refused for %s', async (_, method, body, status) => {
    const { response } = await RawEventStream.open(`${server.url}/stream`, {
      method,
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(status);
  });

  it.each(['{', '[1]', '"after"'])('is refused for variables in the address that are %s', async (variables) => {
    const query = new URLSearchParams({ query: ALL, variables }).toString();
    const { response } = await RawEventStream.open(`${server.url}/stream?${query}`);
    expect(response.status).toBe(400);
  });

  it('is one of so many', async () => {
    const small = await world.start({ live: { maxConnections: 1 }, readTimeoutMs: 200 });
    const first = await subscribe(ALL, {}, {}, small);
    const second = await subscribe(ALL, {}, {}, small);
    expect([second.response.status, second.response.headers.get('retry-after')]).toEqual([503, '5']);
    first.leave();
    await first.ended;
    const third = async (): Promise<number> => (await subscribe(ALL, {}, {}, small)).response.status;
    let status = await third();
    while (status === 503) status = await third();
    expect(status).toBe(200);
    await small.close();
  });
});

describe('An open stream', () => {
  it('shows that it is alive where it has no place', async () => {
    const lively = await world.start({ live: { heartbeatMs: 50 } });
    const stream = await subscribe(ALL, { after: cursorOf(0) }, {}, lively);
    await stream.block(({ event }) => event === 'next');
    const seen = stream.blocks.length;
    await stream.block((block) => stream.blocks.indexOf(block) > seen && block.event === undefined);
    stream.leave();
    await lively.close();
  });

  it('ends when its credentials do, though nothing happens', async () => {
    let holds = true;
    const strict = await world.start({ stillHolds: () => Promise.resolve(holds) });
    const stream = await subscribe(SECRETS, {}, CREDENTIALS, strict);
    await stream.block(() => true);
    holds = false;
    await stream.ended;
    expect(stream.events('next')).toEqual([
      {
        errors: [
          {
            message: 'The credentials are no longer valid; the subscription ends.',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      },
    ]);
    await strict.close();
  });

  it('ends without a word of completion when the hub stops, so that clients come back', async () => {
    const stopping = await world.start();
    const stream = await subscribe(ALL, {}, {}, stopping);
    await stream.block(() => true);
    await stopping.close();
    await stream.ended;
    expect(stream.blocks.filter(({ event }) => event !== undefined)).toEqual([]);
  });
});
