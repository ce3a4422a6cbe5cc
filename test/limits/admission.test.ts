/** What every operation passes before it runs, the same at each door of the graph. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TrustedDocuments, documentHash } from '../../schema/access/trusted-documents.ts';
import { Admission } from '../../gateway/limits/admission.ts';
import { Budgets } from '../../gateway/limits/budgets.ts';
import { limitSettings, LIMIT_VARIABLES, type BudgetSettings } from '../../gateway/limits/limit-settings.ts';
import { Meter } from '../../gateway/limits/meter.ts';
import { SECURITY_HEADERS } from '../../gateway/plugins/security-headers.ts';
import { z } from 'zod';
import { openLiveWorld, type LiveWorld } from '../gateway/support/live-world.ts';
import type { TestServer } from '../gateway/support/test-server.ts';
import { DOOR_NAMES, DOORS, type DoorName } from './front-doors.ts';

const USUAL = limitSettings(z.object(LIMIT_VARIABLES).parse({}));
const SUBSCRIPTION = 'subscription { sightings { place } }';
const QUERY = '{ hello }';
const textFor = (door: DoorName): string => (door === 'POST' || door === 'GET' ? QUERY : SUBSCRIPTION);

let world: LiveWorld;
let documents: TrustedDocuments;
/** With nothing set. */
let usual: TestServer;
beforeAll(async () => {
  world = await openLiveWorld();
  documents = new TrustedDocuments(world.store.connection);
  usual = await world.start();
});
afterAll(async () => {
  await usual.close();
  await world.close();
});

interface Rules {
  readonly budgets?: Partial<BudgetSettings>;
  readonly isProduction?: boolean;
}

async function openDoors({ budgets, isProduction = false }: Rules, use: (server: TestServer) => Promise<void>) {
  const meter = new Meter(null);
  const admission = new Admission({
    schema: world.schema,
    limits: USUAL.operation,
    departments: [],
    budgets: budgets === undefined ? null : new Budgets({ ...USUAL.budgets, ...budgets }, meter),
    rules: { documents, registeredOnly: isProduction, ownDocuments: [] },
  });
  const server = await world.start({ admission, readTimeoutMs: 200 });
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

describe.each(DOOR_NAMES)('A document that comes by %s', (name) => {
  const door = DOORS[name];
  const text = textFor(name);
  const root = text === QUERY ? '' : 'subscription ';
  const deep = `${root}{ a${' { a'.repeat(15)}${' }'.repeat(16)}`;

  it.each([
    ['tokens', `${root}{ ${'a '.repeat(2_000)} }`, {}],
    ['depth', deep, {}],
    ['rootFields', `${root}{ ${'a '.repeat(11)} }`, {}],
    ['aliases', `${root}{ a { ${Array.from({ length: 31 }, (_, index) => `b${index}: b`).join(' ')} } }`, {}],
    ['directives', `${root}{ a ${'@x '.repeat(31)} }`, {}],
    [
      'fields',
      `${root}{ ...F } fragment F on A { a { ${'...G '.repeat(20)} } } fragment G on A { ${'b '.repeat(50)} }`,
      {},
    ],
    ['listSize', `${root}{ a(in: [${'1 '.repeat(1_001)}]) }`, {}],
    ['listSize', text, { list: Array.from({ length: 1_001 }, () => 0) }],
    ['variableDepth', text, { deep: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as unknown }],
  ])('is refused beyond its %s', async (limit, query, variables) => {
    const { errors, status } = await door(usual, { query, variables });
    expect(errors).toMatchObject([{ extensions: { code: 'DOCUMENT_LIMIT', limit } }]);
    if (name !== 'WebSocket') expect(status).toBe(400);
    expect(errors[0]?.message).toMatch(/the limit is \d+\.$/);
  });

  it('tells its cost and runs nothing when only that is asked', async () => {
    const { errors, data, extensions } = await door(usual, { query: text, extensions: { dryRun: true } });
    expect({ errors, data, extensions }).toEqual({
      errors: [],
      data: null,
      extensions: { cost: { calls: 0, rows: 0, departments: [] } },
    });
  });

  it('is refused when its caller has used up a budget, which all doors share', async () => {
    await openDoors({ budgets: { publicOperations: 3 } }, async (server) => {
      for (const other of ['POST', 'WebSocket', 'server-sent events'] as const)
        expect((await DOORS[other](server, { query: textFor(other) })).errors).toEqual([]);
      const { errors, status, header } = await door(server, { query: text });
      expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', budget: 'operations' } }]);
      if (name === 'WebSocket') return;
      expect(status).toBe(429);
      expect(Number(header('retry-after'))).toBeGreaterThan(0);
    });
  });

  describe('in production', () => {
    const inProduction = (use: (server: TestServer) => Promise<void>) => openDoors({ isProduction: true }, use);

    it('is served when it is registered, by its text and by its id, until it is removed', async () => {
      const { hash } = await documents.register('a.graphql', text);
      await inProduction(async (server) => {
        const forms = [
          { query: text },
          { documentId: hash },
          { documentId: `sha256:${hash}` },
          { extensions: { persistedQuery: { version: 1, sha256Hash: hash.toUpperCase() } } },
          { query: text, extensions: { documentId: hash } },
        ];
        for (const asked of forms) {
          const { errors, data } = await door(server, asked);
          expect({ asked, errors, isServed: data !== null }).toEqual({ asked, errors: [], isServed: true });
        }
      });
      expect(await documents.remove(hash)).toBe(true);
      await inProduction(async (server) => {
        expect((await door(server, { query: text })).errors).toMatchObject([
          { extensions: { code: 'DOCUMENT_NOT_REGISTERED' } },
        ]);
      });
    });

    it.each([
      ['a text that is not registered', { query: `${textFor(name)} # another` }],
      ['an id that is not registered', { documentId: documentHash('nothing') }],
      ['introspection', { query: '{ __schema { types { name } } }' }],
    ])('is refused for %s', async (_, asked) => {
      await inProduction(async (server) => {
        const { errors, status, data } = await door(server, asked);
        expect(errors).toMatchObject([{ extensions: { code: 'DOCUMENT_NOT_REGISTERED' } }]);
        expect(data).toBeNull();
        if (name !== 'WebSocket') expect(status).toBe(403);
      });
    });

    it('is refused for an id that is not the one of the text beside it', async () => {
      await inProduction(async (server) => {
        const { errors } = await door(server, { query: text, documentId: documentHash('another') });
        expect(errors).toMatchObject([{ extensions: { code: 'INPUT_INVALID' } }]);
      });
    });

    it('does not tell what the schema has in place of what it has not', async () => {
      const misspelt = text.replace('hello', 'helo').replace('place', 'plac');
      const { hash } = await documents.register('misspelt.graphql', misspelt);
      await openDoors({}, async (server) => {
        expect((await door(server, { query: misspelt })).errors[0]?.message).toMatch(/Did you mean/);
      });
      await inProduction(async (server) => {
        const [error] = (await door(server, { documentId: hash })).errors;
        expect(error?.message).toMatch(/^Cannot query field "\w+" on type "\w+"\.$/);
      });
    });

    it('may not ask for the schema, even registered', async () => {
      const asking = text.replace('{', '{ __schema { types { name } }');
      const { hash } = await documents.register('schema.graphql', asking);
      await inProduction(async (server) => {
        const { errors } = await door(server, { documentId: hash });
        expect(errors.map(({ extensions }) => extensions['code'])).toContain('GRAPHQL_VALIDATION_FAILED');
        expect(errors.map(({ message }) => message).join()).toMatch(/introspection/i);
      });
    });
  });
});

describe('An operation that was admitted', () => {
  it('says how much of its budgets is left', async () => {
    await openDoors({ budgets: { publicOperations: 10, publicCalls: 50 } }, async (server) => {
      const { header } = await DOORS.POST(server, { query: QUERY });
      expect(header('ratelimit-policy')).toBe('"operations";q=10;w=60, "calls";q=50;w=60');
      expect(header('ratelimit')).toMatch(/^"operations";r=9;t=\d+, "calls";r=50;t=\d+$/);
    });
  });

  it('can be asked for its cost by a header as well', async () => {
    await openDoors({}, async (server) => {
      const { data, extensions } = await DOORS.POST(server, { query: QUERY }, { 'hub-dry-run': 'true' });
      expect([data, Object.keys(extensions)]).toEqual([null, ['cost']]);
    });
  });

  it('is charged to its caller and not to the address from which it comes', async () => {
    await openDoors({ budgets: { publicOperations: 1, callerOperations: 2 } }, async (server) => {
      const known = { authorization: 'Bearer right' };
      const codes: unknown[] = [];
      for (const headers of [{}, {}, known, known, known])
        codes.push((await DOORS.POST(server, { query: QUERY }, headers)).errors[0]?.extensions['code']);
      expect(codes).toEqual([undefined, 'RATE_LIMITED', undefined, undefined, 'RATE_LIMITED']);
    });
  });
});

describe('Every answer', () => {
  it.each([
    ['of the graph', 'POST', '/graphql', 200],
    ['to a broken request', 'GET', '/graphql', 400],
    ['to another method', 'OPTIONS', '/graphql', 405],
    ['of health', 'GET', '/healthz', 200],
    ['at an unknown address', 'GET', '/admin', 404],
  ])('%s carries the security headers, and lets no other site read it', async (_, method, path, status) => {
    await openDoors({}, async (server) => {
      const body = method === 'POST' ? JSON.stringify({ query: QUERY }) : undefined;
      const headers = {
        origin: 'https://evil.example',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      };
      const response = await fetch(`${server.origin}${path}`, { method, headers, ...(body !== undefined && { body }) });
      expect(response.status).toBe(status);
      const shown = Object.fromEntries(response.headers);
      expect(shown).toMatchObject(SECURITY_HEADERS);
      expect(Object.keys(shown).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(shown).not.toHaveProperty('strict-transport-security');
      expect(shown).not.toHaveProperty('x-powered-by');
    });
  });

  it('of a page in evaluation has a policy of its own; in production there is no page', async () => {
    const asPage = { headers: { accept: 'text/html' } };
    await openDoors({}, async ({ url }) => {
      const page = await fetch(url, asPage);
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src/);
      expect(page.headers.get('x-frame-options')).toBe('DENY');
    });
    await openDoors({ isProduction: true }, async ({ url }) => {
      const page = await fetch(url, asPage);
      expect([page.status, await page.text()]).toEqual([406, expect.not.stringContaining('<html')]);
    });
  });
});

describe('What a page of another site causes', () => {
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

  it.each([
    ['a plain GET', 'GET', '/graphql?query={hello}', {}],
    ['a form', 'POST', '/graphql', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form with a file', 'POST', '/graphql', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['plain text that is JSON', 'POST', '/graphql', { 'content-type': 'text/plain' }],
    ['a stream', 'GET', '/graphql/stream?query=subscription{sightings{place}}', { accept: 'text/event-stream' }],
    ['a preflight', 'OPTIONS', '/graphql', { 'access-control-request-method': 'POST' }],
  ])('is refused: %s', async (_, method, path, headers) => {
    await openDoors({}, async (server) => {
      const body = method === 'POST' ? '{"query":"{ hello }"}' : null;
      const response = await fetch(`${server.origin}${path}`, { method, headers: { ...foreign, ...headers }, body });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await response.text()).not.toContain('world');
    });
  });
});
