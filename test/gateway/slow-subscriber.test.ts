/** Subscribers who take their events slowly, or not at all, while events wait. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cursorOf, openLiveWorld, type LiveWorld } from './support/live-world.ts';
import { RawWebSocket, type Message } from './support/raw-web-socket.ts';
import type { TestServer } from './support/test-server.ts';

const TOTAL = 600;
const LENGTH = 65_536;
/** 40 MB in all, far more than two sockets hold. */
const PICTURES = `subscription ($after: String) { sightings(after: $after) { number picture(length: ${LENGTH}) } }`;
const NUMBERS = 'subscription ($after: String) { sightings(after: $after) { number } }';

let world: LiveWorld;
let server: TestServer;
beforeAll(async () => {
  world = await openLiveWorld();
  server = await world.start({ live: { patienceMs: 800, heartbeatMs: 100 } });
  await world.see(...Array.from({ length: TOTAL }, (_, index) => `place ${index + 1}`));
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
};
const cutOffs = (): number => server.logged.filter(({ msg }) => String(msg).includes('too slow')).length;
const numbersOf = (results: readonly unknown[]): number[] =>
  results.map((result) => (result as { data: { sightings: { number: number } } }).data.sightings.number);
const isLast = ({ type, payload }: Message): boolean => type === 'next' && numbersOf([payload])[0] === TOTAL;
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

async function openStream(variables: object): Promise<IncomingMessage> {
  const asked = request(`${server.url}/stream`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
  });
  asked.end(JSON.stringify({ query: PICTURES, variables }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response;
}

async function restOf(response: IncomingMessage): Promise<readonly unknown[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return [...text.matchAll(/^event: next\ndata: (.*)$/gm)].map(([, data]): unknown => JSON.parse(data ?? ''));
}

describe('A subscriber who stops reading', () => {
  it('is cut off on its WebSocket, told where to go on, and has missed nothing', async () => {
    const [before, executedBefore] = [cutOffs(), world.executed()];
    const socket = await new RawWebSocket(server.origin).acknowledged();
    socket.subscribe('1', PICTURES, { after: cursorOf(0) });
    await socket.message(({ type }) => type === 'next');
    socket.socket.pause();
    await until(() => cutOffs() > before);
    // The hub has not run ahead: what it made is what the sockets hold, and one more.
    expect(world.executed() - executedBefore).toBeLessThan(TOTAL / 2);

    socket.socket.resume();
    const { code, reason } = await socket.closed;
    const got = numbersOf(socket.ofType('next').map(({ payload }) => payload));
    const last = got.at(-1) ?? 0;
    expect({ code, reason }).toEqual({ code: 4429, reason: `lagged; resume after ${cursorOf(last)}` });
    expect(got).toEqual(upTo(last));

    const again = await new RawWebSocket(server.origin).acknowledged();
    again.subscribe('1', NUMBERS, { after: reason.split(' ').at(-1) });
    await again.message(isLast);
    expect(numbersOf(again.ofType('next').map(({ payload }) => payload))).toEqual(upTo(TOTAL, last + 1));
    again.close();
  });

  it('is cut off in its event stream, told where to go on, and has missed nothing', async () => {
    const [before, executedBefore] = [cutOffs(), world.executed()];
    const response = await openStream({ after: cursorOf(0) });
    await until(() => cutOffs() > before);
    expect(world.executed() - executedBefore).toBeLessThan(TOTAL / 2);

    const results = await restOf(response);
    const got = numbersOf(results.slice(0, -1));
    const last = got.at(-1) ?? 0;
    expect(got).toEqual(upTo(last));
    expect(results.at(-1)).toEqual({
      errors: [
        {
          message: 'The events were taken too slowly; go on after this cursor.',
          extensions: { code: 'LAGGED', cursor: cursorOf(last) },
        },
      ],
    });
  });

  it('does not keep another on the same hub from its events', async () => {
    const deaf = await new RawWebSocket(server.origin).acknowledged();
    deaf.subscribe('1', PICTURES, { after: cursorOf(0) });
    await deaf.message(({ type }) => type === 'next');
    deaf.socket.pause();
    const keen = await new RawWebSocket(server.origin).acknowledged();
    keen.subscribe('1', NUMBERS, { after: cursorOf(0) });
    await keen.message(isLast);
    expect(numbersOf(keen.ofType('next').map(({ payload }) => payload))).toEqual(upTo(TOTAL));
    keen.close();
    deaf.close();
  });
});

describe('A subscriber who reads slowly', () => {
  it('gets everything as long as each event is taken in time', async () => {
    const before = cutOffs();
    const socket = await new RawWebSocket(server.origin).acknowledged();
    const rests = setInterval(() => {
      socket.socket.pause();
      setTimeout(() => socket.socket.resume(), 100);
    }, 150);
    socket.subscribe('1', PICTURES, { after: cursorOf(0) });
    await socket.message(isLast);
    clearInterval(rests);
    expect(numbersOf(socket.ofType('next').map(({ payload }) => payload))).toEqual(upTo(TOTAL));
    expect(cutOffs()).toBe(before);
    socket.close();
  });
});
