/** What surrounds every operation: its id, its log line and its time. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('Every answer and its log line', () => {
  it('carry an id of our own making; the id of the caller is only noted', async () => {
    const answer = await server.post({ query: '{ hello }' }, { 'x-request-id': 'callers-own' });
    const requestId = answer.headers.get('x-request-id');
    expect(requestId).toMatch(UUID);
    await expect(answer.json()).resolves.toEqual({ data: { hello: 'hello world' } });
    expect(server.logged).toContainEqual(
      expect.objectContaining({ requestId, callerRequestId: 'callers-own', msg: 'request answered', statusCode: 200 }),
    );
  });

  it('never hold what a caller sent', async () => {
    await server.post({
      query: 'query Q($n: String) { hello(name: $n) fails echoRange(code: "AB12") }',
      variables: { n: 'very-private-name' },
    });
    await server.post({ query: '{ hello(name: "very-private-name" }' });
    expect(JSON.stringify(server.logged)).not.toContain('very-private-name');
  });
});

describe('The time of an operation', () => {
  it('ends with its deadline', async () => {
    const hasty = await startTestServer({ readTimeoutMs: 150 });
    const startedAt = performance.now();
    const answer = await hasty.post({ query: '{ wait hello }' });
    expect(await answer.json()).toMatchObject({
      data: { wait: null, hello: 'hello world' },
      errors: [{ extensions: { code: 'SOURCE_TIMEOUT' } }],
    });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(hasty.scopes[0]?.deadlineAt).toBeLessThan(Date.now());
    await hasty.close();
  });

  it('ends when the client goes away', async () => {
    const leaving = new AbortController();
    const before = server.scopes.length;
    const answer = fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ slow(ms: 1500) }' }),
      signal: leaving.signal,
    });
    while (server.scopes.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    const scope = server.scopes.at(-1);
    const aborted = new Promise((resolve) => scope?.signal.addEventListener('abort', resolve));
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await aborted;
    expect(scope?.deadlineAt).toBeGreaterThan(Date.now());
  });

  it('does not end for an operation that has its answer', async () => {
    const answer = await server.post({ query: '{ hello }' });
    await answer.text();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.scopes.at(-1)?.signal.aborted).toBe(false);
  });
});
