/** The public audit of the GraphQL-over-HTTP draft, run against the running server. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('The GraphQL-over-HTTP audit finds nothing to say', () => {
  it.each(serverAudits({ url: () => server.url }).map((audit) => [audit.id, audit.name, audit] as const))(
    '%s %s',
    async (_id, _name, audit) => {
      const result = await audit.fn();
      expect(result).toMatchObject({ status: 'ok' });
    },
  );
});

describe('What the audit does not ask', () => {
  it('200 for application/json and 400 for application/graphql-response+json when a value cannot be coerced', async () => {
    const body = { query: 'query Q($c: Code) { echoRange(code: $c) }', variables: { c: 'wrong' } };
    const statusFor = async (accept: string) => (await server.post(body, { accept })).status;
    expect(await statusFor('application/json')).toBe(200);
    expect(await statusFor('application/graphql-response+json')).toBe(400);
    expect(await statusFor('application/graphql-response+json, application/json;q=0.9')).toBe(400);
    expect(await statusFor('application/json, application/graphql-response+json;q=0.9')).toBe(200);
  });

  it('406 without executing anything for a client that wants neither JSON type', async () => {
    const before = server.scopes.length;
    const answer = await server.post({ query: 'mutation { add(amount: 1) }' }, { accept: 'image/png' });
    expect(answer.status).toBe(406);
    expect(server.scopes).toHaveLength(before);
  });

  it('405 and the allowed methods for a method that GraphQL does not use', async () => {
    const answer = await fetch(server.url, { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, POST');
    expect(await answer.json()).toEqual({
      errors: [{ message: 'Use GET or POST.', extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  it('405 for a mutation by GET', async () => {
    const answer = await fetch(`${server.url}?query=${encodeURIComponent('mutation { add(amount: 1) }')}`);
    expect(answer.status).toBe(405);
  });

  it('a GET query for a program, and a refusal when a page of another site asks for it', async () => {
    const url = `${server.url}?query=${encodeURIComponent('{ hello }')}`;
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url, { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
    expect((await fetch(url, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(400);
    expect((await fetch(url, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(400);
  });

  it('no list of operations in one body', async () => {
    const answer = await server.post([{ query: '{ hello }' }, { query: '{ hello }' }]);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });
});
