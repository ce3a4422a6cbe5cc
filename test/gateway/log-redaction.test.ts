/** Whatever callers send, departments answer and drivers quote: no personal data and no secret gets into the log. */
import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { createLogger, type Logger } from '../../gateway/logging.ts';
import { HubError } from '../../schema/errors.ts';
import { redactText } from '../../schema/redact-text.ts';
import { followByEventStream, followByWebSocket } from '../notice/subscribers.ts';
import { startHub, type HubUnderTest } from '../support/hub.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { openLiveWorld, type LiveWorld } from './support/live-world.ts';
import type { TestServer } from './support/test-server.ts';

/** Fictional, and recognisable wherever they turn up. */
const MARKED = {
  name: '赵示例',
  latinName: 'Zhao Shili',
  phone: '13800138000',
  identityNumber: '520115199001011234',
  plate: '贵A0T101',
  vin: 'LDMHCV3B7P0000101',
  apiKey: 'jch_AbCdEf12_0123456789012345678901234567890123456789012',
  jwt: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ6aGFvIn0.c2lnbmF0dXJl',
  endpointSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  password: 'hunter2',
};
const ALL = Object.values(MARKED).join(' ');

/** What of these stands in a text. */
const foundIn = (text: string): readonly string[] =>
  Object.entries(MARKED)
    .filter(([, value]) => text.includes(value))
    .map(([what]) => what);

let lines: string[] = [];
let log: Logger;
beforeEach(() => {
  lines = [];
  const destination = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  log = createLogger('trace', destination);
});

describe('A log line', () => {
  let store: StoreUnderTest;
  beforeAll(async () => {
    store = await openStore();
  });
  afterAll(() => store.close());

  const thrownBy = async (act: () => unknown): Promise<unknown> => {
    try {
      await act();
    } catch (error) {
      return error;
    }
    throw new Error('nothing was thrown');
  };

  it('keeps what tells of the program: code, kind and place of an error, and of its causes', () => {
    const cause = Object.assign(new TypeError("Cannot read properties of null (reading 'rows')"), { code: 'E1' });
    log.error({ err: new HubError('SOURCE_MALFORMED', 'Ecology sent no rows.', { cause }) }, 'department call failed');
    expect(JSON.parse(lines.join())).toMatchObject({
      msg: 'department call failed',
      err: {
        ...{ type: 'HubError', code: 'SOURCE_MALFORMED', message: 'Ecology sent no rows.' },
        stack: expect.stringContaining('log-redaction.test.ts'),
        cause: { type: 'TypeError', code: 'E1', message: "Cannot read properties of null (reading 'rows')" },
      },
    });
  });

  it('holds nothing that an error quotes, whoever made it', async () => {
    const things = store.connection.collection<{ _id: string }>('marked');
    await things.insertOne({ _id: ALL });
    const quoting = (text: string) =>
      Object.assign(new Error(`no such thing: "${text}"`), { parameters: [text], sql: text });
    const errors: unknown[] = [
      await thrownBy(() => things.insertOne({ _id: ALL })),
      await thrownBy(() => z.object({ name: z.literal('x') }).parse({ name: ALL, [ALL]: 1 })),
      await thrownBy(() => z.strictObject({}).parse({ [ALL]: 1 })),
      await thrownBy(() => JSON.parse(ALL)),
      await thrownBy(() => new URL(`http://${MARKED.name}:${MARKED.password}@[`)),
      new GraphQLError(`Variable "$x" got invalid value "${ALL}"`, { extensions: { value: ALL } }),
      new Error('failed', { cause: new AggregateError([quoting(ALL)], `'${ALL}'`, { cause: quoting(ALL) }) }),
      new HubError('INPUT_INVALID', `There is no "${ALL}".`, { details: { value: ALL } }),
      quoting(ALL),
      `a text: \`${ALL}\``,
    ];
    for (const err of errors) log.error({ err }, 'failed');
    expect(lines).toHaveLength(errors.length);
    expect(foundIn(lines.join())).toEqual([]);
  });

  it('holds nothing of private fields, at whatever depth, and stays JSON', () => {
    log.info({ variables: { a: ALL }, inner: [{ holder: MARKED.latinName, password: MARKED.password }], n: 7 }, 'said');
    log
      .child({ note: `Bearer ${MARKED.jwt}`, plate: MARKED.plate })
      .warn({ text: `${MARKED.phone}/${MARKED.vin}` }, 'x');
    log.info(`password=${MARKED.password}&token=${MARKED.apiKey}`);
    log.info({ address: `mongodb://hub:${MARKED.password}@db.example/hub` }, 'connected');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { variables: '[private]', inner: [{ holder: '[private]' }], n: 7, msg: 'said' },
      { note: 'Bearer [token]', text: '[phone]/[vin]' },
      {},
      { address: 'mongodb://[credentials]@db.example/hub' },
    ]);
    expect(foundIn(lines.join())).toEqual([]);
  });

  it('keeps the numbers of institutions, digests and ids, which are nobody’s personal data', () => {
    const kept =
      'institution 91520115MAYDM00198, 2f1c0b5e-7d0a-4c55-9c0f-0d8f5a1b2c3d, LHCJ520000202601000012, '.concat(
        'a'.repeat(64),
      );
    expect(redactText(kept)).toBe(kept);
  });
});

describe('The log of a gateway', () => {
  let world: LiveWorld;
  let server: TestServer;
  beforeAll(async () => {
    world = await openLiveWorld();
    const fails = (): never => {
      throw new Error(`cannot serve '${ALL}'`);
    };
    server = await world.start({
      contextFor: (scope, caller) => {
        if (caller.credentialId === null) return { requestId: scope.requestId, scope };
        return fails();
      },
    });
  });
  afterAll(async () => {
    await server.close();
    await world.close();
  });

  it('holds nothing of what callers sent, whatever became of it', async () => {
    const port = Number(new URL(server.origin).port);
    const variables = { after: ALL, place: ALL, filter: { name: MARKED.name, vin: MARKED.vin } };
    const asked = 'subscription ($after: String, $place: String) { sightings(after: $after, place: $place) { place } }';
    const bearer = { authorization: `Bearer ${MARKED.apiKey}` };
    const answers = await Promise.all([
      server.post({ query: '{ hello }', variables }, { 'x-request-id': MARKED.phone }),
      server.post({ query: '{ hello }', variables }, { 'x-request-id': `${MARKED.latinName};${MARKED.password}` }),
      server.post({ query: `{ hello(name: "${ALL}") }` }),
      server.post({ query: `{ hello # ${ALL}` }),
      server.post({ query: 'query ($n: Int!) { hello }', variables: { n: ALL } }),
      server.post({ query: '{ hello }' }, bearer),
      server.post({ query: '{ hello }' }, { authorization: 'Bearer right' }),
      fetch(`${server.origin}/${encodeURIComponent(ALL)}`),
      fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"x":${ALL}` }),
      fetch(server.url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: ALL }),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400, 401, 404, 415, 500]));
    const subscriptions = [asked, 'subscription { doomed { place } }', `subscription { sightings(place: "${ALL}") `];
    for (const query of subscriptions) {
      for (const follow of [followByWebSocket, followByEventStream]) {
        for (const token of ['right', MARKED.apiKey, MARKED.jwt]) {
          const leaving = AbortSignal.timeout(300);
          await follow({ port, token, query, variables, heard: () => undefined, leaving });
        }
      }
    }
    expect(server.logged.length).toBeGreaterThan(answers.length);
    expect(server.logged).toContainEqual(expect.objectContaining({ level: 50 }));
    expect(foundIn(JSON.stringify(server.logged))).toEqual([]);
  });
});

describe('The log of departments', () => {
  let hub: HubUnderTest;
  let failures: HubError[];
  beforeAll(async () => {
    failures = [];
    hub = await startHub({ worldSize: 20, guard: { onFailure: (failure) => failures.push(failure) } });
  });
  afterAll(() => hub.close());

  it('holds no name, plate or VIN of an answer that could not be read', async () => {
    const query = `{ institution(creditCode: "91520115MAYDM00198", maxAgeSeconds: 0) {
      inspections(filter: { vin: "${MARKED.vin}" }) { edges { node { id } } } facilities { id: name }
      penalties { edges { node { documentNumber } } }
    } }`;
    for (const kind of ['garbage', 'truncated', 'schema-drift', 'wrong-charset', 'refused'] as const) {
      for (const department of ['ecology', 'public-security', 'transport', 'market-regulation'] as const) {
        await hub.during(department, { kind }, () => hub.query(query));
      }
    }
    expect(failures.length).toBeGreaterThan(3);
    // As gateway/assemble.ts does.
    for (const failure of failures) log.warn({ code: failure.code, err: failure.cause }, 'department call failed');
    const said = lines.join();
    expect(said).not.toMatch(/\p{Script=Han}/u);
    expect(foundIn(said)).toEqual([]);
  });
});
