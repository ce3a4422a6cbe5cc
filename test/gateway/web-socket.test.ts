/** Subscriptions over WebSocket, with real sockets. */
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import { cursorOf, openLiveWorld, type LiveWorld } from './support/live-world.ts';
import { RawWebSocket } from './support/raw-web-socket.ts';
import { BODY_LIMIT_BYTES, type TestServer } from './support/test-server.ts';

const ALL =
  'subscription ($after: String, $place: String) { sightings(after: $after, place: $place) { number place } }';

let world: LiveWorld;
let server: TestServer;
const sockets: RawWebSocket[] = [];
beforeAll(async () => {
  world = await openLiveWorld();
  server = await world.start();
  await world.see('hill', 'swamp', 'ford', 'abyss', 'cave');
});
afterEach(() => sockets.splice(0).forEach((each) => each.close()));
afterAll(async () => {
  await server.close();
  await world.close();
});

function connect(...[options, protocols]: [options?: object, protocols?: string[]]): RawWebSocket {
  const socket = new RawWebSocket(server.origin, options, protocols);
  sockets.push(socket);
  return socket;
}

const nextOf = (number: number) => ({
  type: 'next',
  payload: expect.objectContaining({ extensions: { cursor: cursorOf(number) } }) as unknown,
});

describe('A subscription over WebSocket', () => {
  it('brings everything after its cursor, then what comes', async () => {
    const socket = await connect().acknowledged();
    socket.subscribe('1', ALL, { after: cursorOf(3) });
    await socket.message(({ type, payload }) => type === 'next' && JSON.stringify(payload).includes('cave'));
    await world.see('bridge');
    await socket.message(({ payload }) => JSON.stringify({ payload }).includes('bridge'));
    expect(socket.ofType('next')).toEqual([
      {
        type: 'next',
        id: '1',
        payload: expect.objectContaining({ data: { sightings: { number: 4, place: 'abyss' } } }),
      },
      expect.objectContaining(nextOf(5)),
      expect.objectContaining(nextOf(6)),
    ]);
  });

  it('starts now without a cursor, and tells where that is', async () => {
    const head = await world.log.head();
    const socket = await connect().acknowledged();
    socket.subscribe('1', ALL);
    expect(await socket.message(({ type }) => type === 'ping')).toEqual({
      type: 'ping',
      payload: { places: { 1: cursorOf(head) } },
    });
    await world.see('gate');
    await socket.message(({ type }) => type === 'next');
    expect(socket.ofType('next')).toEqual([expect.objectContaining(nextOf(head + 1))]);
  });

  it('is filtered by its own arguments, and its place moves on all the same', async () => {
    const slow = await world.start({ live: { heartbeatMs: 100 } });
    const socket = await new RawWebSocket(slow.origin).acknowledged();
    socket.subscribe('1', ALL, { after: cursorOf(0), place: 'hill' });
    await socket.message(({ type }) => type === 'next');
    const head = await world.log.head();
    await socket.message(({ type, payload }) => type === 'ping' && JSON.stringify(payload).includes(cursorOf(head)));
    expect(socket.ofType('next')).toEqual([expect.objectContaining(nextOf(1))]);
    socket.close();
    await slow.close();
  });

  it('is executed anew for each event, with a context of its own', async () => {
    const socket = await connect().acknowledged();
    socket.subscribe('1', 'subscription { sightings(after: "' + cursorOf(0) + '") { context } }');
    await socket.message(({ payload }) => JSON.stringify({ payload }).includes(cursorOf(3)));
    const contexts = socket.ofType('next').map(({ payload }) => JSON.stringify((payload as { data: unknown }).data));
    expect(new Set(contexts).size).toBe(contexts.length);
  });

  it('gives each event its own time', async () => {
    const hasty = await world.start({ readTimeoutMs: 150 });
    const socket = await new RawWebSocket(hasty.origin).acknowledged();
    socket.subscribe('1', 'subscription { sightings(after: "' + cursorOf(0) + '") { number wait } }');
    await socket.message(({ payload }) => JSON.stringify({ payload }).includes('"number":2'));
    expect(socket.ofType('next')[0]).toMatchObject({ payload: { data: { sightings: { number: 1, wait: 'over' } } } });
    socket.close();
    await hasty.close();
  });

  it('goes on after a field that failed, whose error says no more than it may', async () => {
    const socket = await connect().acknowledged();
    socket.subscribe('1', 'subscription { sightings(after: "' + cursorOf(1) + '") { number footing } }');
    await socket.message(({ payload }) => JSON.stringify({ payload }).includes('"number":5'));
    const [swamp, ford, abyss] = socket.ofType('next').map(({ payload }) => payload);
    expect(swamp).toEqual({
      data: { sightings: { number: 2, footing: null } },
      errors: [
        {
          message: 'Nobody answers from the swamp.',
          path: ['sightings', 'footing'],
          locations: expect.any(Array) as unknown,
          extensions: { code: 'SOURCE_UNAVAILABLE' },
        },
      ],
      extensions: { cursor: cursorOf(2) },
    });
    expect(ford).toMatchObject({ data: { sightings: { number: 3, footing: 'firm' } } });
    expect(abyss).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] });
    expect(JSON.stringify(socket.messages)).not.toContain('hunter2');
    expect(JSON.stringify(server.logged)).toContain('a subscription failed unexpectedly');
  });

  it('ends with an error when its source breaks', async () => {
    const socket = await connect().acknowledged();
    socket.subscribe('1', 'subscription { doomed { place } }');
    const { payload } = await socket.message(({ type }) => type === 'error');
    expect(payload).toEqual([
      {
        message: expect.stringMatching(/^Something went wrong in the hub; quote reference/) as unknown,
        extensions: { code: 'INTERNAL' },
      },
    ]);
    expect(socket.ofType('next')).toHaveLength(1);
    socket.subscribe('2', ALL, { after: cursorOf(0) });
    await socket.message(({ id }) => id === '2');
  });

  it('ends when the client says so, and another may begin', async () => {
    const socket = await connect().acknowledged();
    socket.subscribe('1', ALL);
    await socket.message(({ type }) => type === 'ping');
    socket.send({ type: 'complete', id: '1' });
    socket.subscribe('2', ALL);
    await socket.message(({ type, payload }) => type === 'ping' && JSON.stringify(payload).includes('"2"'));
    await world.see('mill');
    await socket.message(({ type }) => type === 'next');
    expect(socket.ofType('next').map(({ id }) => id)).toEqual(['2']);
  });

  it.each([
    ['a query', '{ hello }', 'UNSUPPORTED', 'Only subscriptions are served here'],
    ['a mutation', 'mutation { spoil }', 'UNSUPPORTED', 'Only subscriptions are served here'],
    ['a broken document', 'subscription {', 'GRAPHQL_PARSE_FAILED', 'Syntax Error'],
    ['a field that does not exist', 'subscription { ghosts }', 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field'],
    ['two fields at once', 'subscription { doomed { place } sightings { place } }', 'GRAPHQL_VALIDATION_FAILED', 'one'],
    ['a document nested too deeply', `subscription ${'{ a '.repeat(15_000)}`, 'DOCUMENT_LIMIT', 'too long'],
    [
      'several operations without a name',
      `${ALL.replace('subscription', 'subscription A')} subscription B { doomed { place } }`,
      'OPERATION_RESOLUTION_FAILURE',
      'several',
    ],
  ])('is refused for %s', async (_, query, code, words) => {
    const socket = await connect().acknowledged();
    socket.subscribe('1', query);
    const { payload } = await socket.message(({ type }) => type === 'error');
    expect(payload).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(words) as unknown,
        extensions: expect.objectContaining({ code }) as unknown,
      }),
    ]);
  });

  it.each([
    ['a variable of the wrong type', { place: 7 }, 'BAD_USER_INPUT'],
    ['a foreign cursor', { after: 'cursor' }, 'INPUT_INVALID'],
    ['a cursor ahead of the log', { after: cursorOf(10_000) }, 'INPUT_INVALID'],
  ])('is refused for %s', async (_, variables, code) => {
    const socket = await connect().acknowledged();
    socket.subscribe('1', ALL, variables);
    const { payload } = await socket.message(({ type }) => type === 'next');
    expect(payload).toMatchObject({ errors: [{ extensions: { code } }] });
    await socket.message(({ type }) => type === 'complete');
  });

  it('is one of so many on a connection', async () => {
    const socket = await connect().acknowledged();
    for (let id = 1; id <= 21; id += 1) socket.subscribe(String(id), ALL);
    const { id, payload } = await socket.message(({ type }) => type === 'error');
    expect({ id, payload }).toEqual({
      id: '21',
      payload: [
        {
          message: 'One connection carries at most 20 subscriptions.',
          extensions: { code: 'LIMIT_REACHED' },
        },
      ],
    });
    socket.send({ type: 'complete', id: '5' });
    socket.subscribe('22', ALL, { after: cursorOf(0) });
    await socket.message((message) => message.id === '22' && message.type === 'next');
  });

  it('serves the client of graphql-ws', async () => {
    const client = createClient({ url: `${server.origin.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const payload: SubscribePayload = { query: ALL, variables: { after: cursorOf(0) } };
    const places: unknown[] = [];
    for await (const { data } of client.iterate<{ sightings: { place: string } }>(payload)) {
      places.push(data?.sightings.place);
      if (places.length === 3) break;
    }
    expect(places).toEqual(['hill', 'swamp', 'ford']);
    await client.dispose();
  });
});

describe('Credentials on a WebSocket', () => {
  const SECRETS = `subscription { secrets(after: "${cursorOf(0)}") { number } }`;

  it.each([
    ['in the header of the request', { headers: { authorization: 'Bearer right' } }, undefined],
    ['in the introduction', {}, { authorization: 'Bearer right' }],
  ])('may be sent %s', async (_, options, introduction) => {
    const socket = await connect(options).acknowledged(introduction);
    socket.subscribe('1', SECRETS);
    expect(await socket.message(({ type }) => type === 'next')).toMatchObject({
      payload: { data: { secrets: { number: 1 } } },
    });
  });

  it('are not needed for what is public', async () => {
    const socket = await connect().acknowledged();
    socket.subscribe('1', SECRETS);
    expect(await socket.message(({ type }) => type === 'next')).toMatchObject({
      payload: { errors: [{ message: 'Secrets need credentials.', extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    socket.subscribe('2', ALL, { after: cursorOf(0) });
    await socket.message(({ id }) => id === '2');
  });

  it.each([
    ['in the header', { headers: { authorization: 'Bearer wrong' } }, undefined],
    ['in the introduction', {}, { authorization: 'Bearer wrong' }],
    ['without "Bearer"', {}, { authorization: 'right' }],
    ['of no text', {}, { authorization: { $ne: null } }],
  ])('that are wrong end the connection in words: %s', async (_, options, introduction) => {
    const socket = await connect(options).opened();
    socket.send({ type: 'connection_init', payload: introduction });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'The credentials are not, or no longer, valid.' });
    expect(socket.messages).toEqual([]);
  });

  it('that end while the connection is open end its subscriptions and then itself', async () => {
    let holds = true;
    const strict = await world.start({ stillHolds: () => Promise.resolve(holds) });
    const socket = await new RawWebSocket(strict.origin).acknowledged({ authorization: 'Bearer right' });
    socket.subscribe('1', SECRETS.replace(cursorOf(0), cursorOf(await world.log.head())));
    socket.subscribe('2', ALL);
    await world.see('lodge');
    await socket.message(({ type }) => type === 'next');
    holds = false;
    expect(await socket.closed).toEqual({
      code: 4401,
      reason: 'The credentials are no longer valid; the subscription ends.',
    });
    // Each subscription ends by itself: which of them is told first is not promised.
    const told = socket.ofType('error').map(({ id, payload }) => ({ id: String(id), payload }));
    expect(told.sort((a, b) => a.id.localeCompare(b.id))).toEqual(
      ['1', '2'].map((id) => ({ id, payload: [expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })] })),
    );
    await strict.close();
  });

  it('are asked for before each event, however soon it comes', async () => {
    const log: string[] = [];
    const strict = await world.start({
      stillHolds: () => Promise.resolve(log.push('asked') <= 2),
    });
    const socket = await new RawWebSocket(strict.origin).acknowledged({ authorization: 'Bearer right' });
    socket.subscribe('1', SECRETS);
    expect((await socket.closed).code).toBe(4401);
    expect(socket.ofType('next')).toHaveLength(2);
    await strict.close();
  });
});

describe('A connection', () => {
  it('of a page of another site is refused', async () => {
    const refused = [
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: server.origin },
    ];
    for (const headers of refused) {
      expect(await connect({ headers }).refusal()).toEqual({
        status: 403,
        body: expect.stringContaining('"code":"FORBIDDEN"') as unknown,
      });
    }
    await connect({ headers: { origin: server.origin } }).acknowledged();
    await connect({ headers: { 'sec-fetch-site': 'same-origin', origin: 'https://public.name' } }).acknowledged();
  });

  it.each([[['graphql-ws']], [['soap']], [[]]])('that asks for the subprotocol %j is refused', async (protocols) => {
    expect(await connect({}, protocols).refusal()).toMatchObject({
      status: 400,
      body: expect.stringContaining('graphql-transport-ws') as unknown,
    });
  });

  it('is one of so many', async () => {
    const small = await world.start({ live: { maxConnections: 2 } });
    const [first] = [await new RawWebSocket(small.origin).opened(), await new RawWebSocket(small.origin).opened()];
    expect(await new RawWebSocket(small.origin).refusal()).toMatchObject({
      status: 503,
      body: expect.stringContaining('LIMIT_REACHED') as unknown,
    });
    first.socket.close();
    await first.closed;
    await new RawWebSocket(small.origin).acknowledged();
    await small.close();
  });

  it.each([
    ['no JSON', 'subscribe please'],
    ['JSON of no message', '{"type":"shout"}'],
    ['a message that only servers send', '{"type":"next","id":"1","payload":{}}'],
    ['bytes', Buffer.from('{"type":"connection_init"}')],
  ])('on which %s arrives is closed as a bad request, and the hub goes on', async (_, frame) => {
    const socket = await connect().acknowledged();
    socket.send(frame);
    expect(await socket.closed).toMatchObject({ code: 4400, reason: 'Invalid message received' });
    await connect().acknowledged();
  });

  it('on which broken frames arrive is closed, and the hub goes on', async () => {
    const socket = await connect().acknowledged();
    const { _socket: raw } = socket.socket as unknown as { _socket: { write(bytes: Buffer): void } };
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    expect((await socket.closed).code).toBe(1002);
    await connect().acknowledged();
  });

  it('on which too long a message arrives is closed for that', async () => {
    const socket = await connect().acknowledged();
    socket.subscribe('1', `subscription { sightings { number } } #${'x'.repeat(BODY_LIMIT_BYTES)}`);
    expect((await socket.closed).code).toBe(1009);
  });

  it('that asks before it has introduced itself is closed', async () => {
    const socket = await connect().opened();
    socket.subscribe('1', ALL);
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it('that never introduces itself is closed', async () => {
    const socket = await connect().opened();
    expect(await socket.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it('shows that it is alive, and answers those who ask', async () => {
    const lively = await world.start({ live: { heartbeatMs: 50 } });
    const socket = await new RawWebSocket(lively.origin).acknowledged();
    await new Promise((resolve) => socket.socket.once('ping', resolve));
    const answered = new Promise((resolve) => socket.socket.once('pong', resolve));
    socket.socket.ping();
    await answered;
    socket.send({ type: 'ping', payload: { long: 'x'.repeat(1_000) } });
    expect(await socket.message(({ type }) => type === 'pong')).toEqual({ type: 'pong' });
    socket.close();
    await lively.close();
  });

  it('is given up when the other side has gone without a word', async () => {
    const lively = await world.start({ live: { heartbeatMs: 50, patienceMs: 100 } });
    const socket = new RawWebSocket(lively.origin, { autoPong: false });
    await socket.acknowledged();
    expect((await socket.closed).code).toBe(1006);
    await lively.close();
  });

  it('of one who talks and never listens is cut before much has piled up', async () => {
    const socket = await connect().acknowledged();
    socket.socket.pause();
    const question = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: `{ ${'hello '.repeat(5_000)}` } });
    const isOpen = () => socket.socket.readyState === WebSocket.OPEN;
    for (let sent = 0; sent < 20_000 && isOpen(); sent += 1) {
      await new Promise<void>((resolve) => socket.socket.send(question, () => resolve()));
    }
    socket.socket.resume();
    expect((await socket.closed).code).toBe(1006);
  });

  it('is closed in words when the hub stops, which takes no longer for it', async () => {
    const stopping = await world.start();
    const following = await new RawWebSocket(stopping.origin).acknowledged();
    following.subscribe('1', ALL);
    await following.message(({ type }) => type === 'ping');
    const deaf = await new RawWebSocket(stopping.origin).acknowledged();
    deaf.socket.pause();
    await stopping.close();
    expect(await following.closed).toEqual({
      code: 1001,
      reason: 'The hub stops; connect again and go on after your last cursor.',
    });
    expect(following.ofType('complete')).toEqual([]);
    deaf.close();
  });
});

describe('An offer of another protocol', () => {
  it('is ignored, and the request answered as ever', async () => {
    const body = JSON.stringify({ query: '{ hello }' });
    const answer = await new Promise<string>((resolve, reject) => {
      const asked = httpRequest(server.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          connection: 'Upgrade, HTTP2-Settings',
          upgrade: 'h2c',
          'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
        },
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(`${response.statusCode ?? 0} ${Buffer.concat(chunks).toString().trim()}`));
      });
      asked.end(body);
    });
    expect(answer).toBe('200 {"data":{"hello":"world"}}');
  });
});
