/** Why a caller asks, over every door: headers, server-sent events and WebSocket. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_GROUNDS, parseGrounds, PURPOSES, type Grounds } from '../../schema/access/grounds.ts';
import { openLiveWorld, type LiveWorld } from '../gateway/support/live-world.ts';
import { RawWebSocket } from '../gateway/support/raw-web-socket.ts';
import type { TestContext, TestServer } from '../gateway/support/test-server.ts';

const CASE = '黔市监处罚〔2026〕12号';
const STATED = { purpose: 'ENFORCEMENT', caseNumber: CASE };

const seen: Grounds[] = [];
let world: LiveWorld;
let server: TestServer;
beforeAll(async () => {
  world = await openLiveWorld();
  server = await world.start({
    contextFor(scope, caller, grounds) {
      seen.push(grounds);
      const context: TestContext & Record<string, unknown> = { requestId: scope.requestId, scope, caller, id: '1' };
      return context;
    },
  });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const hello = (headers: Record<string, string>) => server.post({ query: '{ hello }' }, headers);

describe('purpose and case number', () => {
  it('are in the context of the operation, from two headers', async () => {
    const answer = await hello({ 'hub-purpose': 'ENFORCEMENT', 'hub-case-number': encodeURIComponent(CASE) });
    expect(answer.status).toBe(200);
    expect(seen.at(-1)).toEqual(STATED);
  });

  it('may come as plain UTF-8, in the brackets of a typist', async () => {
    const bytes = Buffer.from('黔市监处罚[2026]12号').toString('latin1');
    await hello({ 'hub-purpose': 'ENFORCEMENT', 'hub-case-number': bytes });
    expect(seen.at(-1)).toEqual(STATED);
  });

  it('are null when the caller says nothing', async () => {
    await hello({});
    expect(seen.at(-1)).toEqual(NO_GROUNDS);
  });

  it.each([
    [{ 'hub-purpose': 'CURIOSITY' }, `The purpose must be one of ${Object.keys(PURPOSES).join(', ')}.`],
    [{ 'hub-purpose': 'ENFORCEMENT, AUDIT' }, 'The purpose must be one of'],
    [{ 'hub-case-number': '' }, 'The case number must have 1 to 64'],
    [{ 'hub-case-number': 'x'.repeat(65) }, 'The case number must have 1 to 64'],
    [{ 'hub-case-number': '{$ne: null}' }, 'The case number must have 1 to 64'],
    [{ 'hub-case-number': '%E9%ff' }, 'neither UTF-8 nor percent-encoded'],
  ])('are refused before anything is executed: %j', async (headers, message) => {
    const before = seen.length;
    const answer = await hello(headers);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      errors: [{ message: expect.stringContaining(message) as unknown, extensions: { code: 'INPUT_INVALID' } }],
    });
    expect(seen).toHaveLength(before);
  });

  it('come to server-sent events by the same headers', async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(`${server.url}/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
        body: JSON.stringify({ query: 'subscription { doomed { place } }' }),
      });
    const answer = await ask({ 'hub-purpose': 'ENFORCEMENT', 'hub-case-number': encodeURIComponent(CASE) });
    await answer.text();
    expect(seen.at(-1)).toEqual(STATED);
    expect((await ask({ 'hub-purpose': 'CURIOSITY' })).status).toBe(400);
  });

  it('come to a WebSocket with its introduction, for each event', async () => {
    const before = seen.length;
    const socket = await new RawWebSocket(server.origin).acknowledged(STATED);
    socket.subscribe('1', 'subscription { doomed { place } }');
    await socket.message(({ type }) => type === 'next');
    socket.close();
    expect(seen.slice(before)).toEqual([STATED, STATED]);
  });

  it('come to a WebSocket by the headers of its request too; a wrong one closes it in words', async () => {
    const before = seen.length;
    const headers = { 'hub-purpose': 'AUDIT' };
    const socket = await new RawWebSocket(server.origin, { headers }).acknowledged();
    socket.subscribe('1', 'subscription { doomed { place } }');
    await socket.message(({ type }) => type === 'next');
    socket.close();
    expect(seen[before]).toEqual({ purpose: 'AUDIT', caseNumber: null });
    const wrong = await new RawWebSocket(server.origin).opened();
    wrong.send({ type: 'connection_init', payload: { purpose: 7 } });
    expect(await wrong.closed).toEqual({
      code: 4400,
      reason: expect.stringMatching(/^The purpose must be one of .*…$/),
    });
  });
});

it('a case number says the same in any brackets, and nothing in none', () => {
  expect(parseGrounds({ caseNumber: ' 黔市监处罚（２０２６）12号 ' })).toEqual({ purpose: null, caseNumber: CASE });
  expect(parseGrounds({ purpose: null, caseNumber: undefined })).toBe(NO_GROUNDS);
});
