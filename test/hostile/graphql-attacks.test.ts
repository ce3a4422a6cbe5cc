/**
 * Attacks on one started gateway over the whole hub: each gets a clear error (or an honest answer where it does no harm),
 * none calls a department or changes anything, and the next honest question is answered.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PATIENCE_MS, useHub } from '../hub/support.ts';
import { RawWebSocket } from '../gateway/support/raw-web-socket.ts';
import { DOCUMENT_ATTACKS, SERVED } from './documents.ts';
import { HONEST_CODE, HONEST_QUERY, openGateway, type AttackedGateway } from './gateway.ts';
import { RAW_ATTACKS, REQUEST_ATTACKS } from './requests.ts';
import { SOCKET_ATTACKS } from './sockets.ts';

const hub = useHub({ worldSize: 40, patienceMs: PATIENCE_MS });
let gateway: AttackedGateway;
beforeAll(async () => {
  gateway = await openGateway(hub());
});
afterAll(() => gateway.close());

/** Longer answers would make the hub a weapon against others. */
const MOST_ANSWER_BYTES = 64 * 1_024;
/** What the hub may keep of all the attacks together. */
const MOST_KEPT_BYTES = 64 * 1_048_576;

interface Answer {
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const outcomeOf = ({ errors }: Answer): string =>
  errors?.[0]?.extensions?.code ?? (errors === undefined ? SERVED : '?');

/** Nothing of the inside of the hub, and nothing of what the attack was made of, is repeated at length. */
function expectDiscreet(text: string): void {
  expect(Buffer.byteLength(text)).toBeLessThan(MOST_ANSWER_BYTES);
  expect(text).not.toMatch(/node_modules|\.ts:\d|\.js:\d|at async |stacktrace/);
}

async function expectHonestAnswer(): Promise<void> {
  const response = await gateway.server.post({ query: HONEST_QUERY });
  expect(await response.json()).toMatchObject({
    data: { institution: { creditCode: HONEST_CODE }, me: { subject: 'public' } },
  });
}

/** Attacks, and sees that no department was called unless it was an honest question, and that the hub lives. */
async function attackedBy<T>(outcome: string, attack: () => Promise<T>): Promise<T> {
  const before = gateway.calls();
  const answer = await attack();
  if (outcome !== SERVED) expect(gateway.calls()).toBe(before);
  await expectHonestAnswer();
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect('polluted' in {}).toBe(false);
  return answer;
}

describe('A document', () => {
  it.each(Object.entries(DOCUMENT_ATTACKS))('with %s', async (_, { outcome, ...asked }) => {
    await attackedBy(outcome, async () => {
      const response = await gateway.server.post(asked);
      const text = await response.text();
      expectDiscreet(text);
      expect({ status: response.status, outcome: outcomeOf(JSON.parse(text) as Answer) }).toEqual({
        status: expect.any(Number),
        outcome,
      });
      expect(response.status).toBeLessThan(500);
    });
  });
});

describe('A request', () => {
  it.each(Object.entries(REQUEST_ATTACKS))('with %s', async (_, attack) => {
    const { method = 'POST', path = '/graphql', headers = {}, body = null, status, outcome } = attack;
    await attackedBy(outcome, async () => {
      const response = await fetch(`${gateway.server.origin}${path}`, {
        ...{ method, headers },
        body: typeof body === 'string' || body === null ? body : new Uint8Array(body),
      });
      const text = await response.text();
      expectDiscreet(text);
      expect([response.status, outcomeOf(JSON.parse(text) as Answer)]).toEqual([status, outcome]);
      expect(response.headers.get('set-cookie')).toBeNull();
    });
  });

  it.each(Object.entries(RAW_ATTACKS))('in bytes: %s', async (_, { bytes, status }) => {
    const answer = await attackedBy('refused', () => gateway.raw(bytes));
    expectDiscreet(answer);
    expect(answer.slice(0, 12)).toBe(status === null ? '' : `HTTP/1.1 ${status}`);
  });
});

describe('A WebSocket', () => {
  it.each(Object.entries(SOCKET_ATTACKS))('with %s', async (_, { greets = true, messages, code, outcome }) => {
    await attackedBy(outcome ?? 'closed', async () => {
      const socket = new RawWebSocket(gateway.server.origin);
      if (greets) await socket.acknowledged();
      else await socket.opened();
      for (const message of messages) socket.send(message);
      if (code !== undefined) {
        expect((await socket.closed).code).toBe(code);
        return;
      }
      const { payload } = await socket.message(({ type }) => type === 'error');
      expectDiscreet(JSON.stringify(payload));
      expect(outcomeOf({ errors: payload as NonNullable<Answer['errors']> })).toBe(outcome);
      socket.close();
    });
  });
});

describe('All attacks together', () => {
  const count = [DOCUMENT_ATTACKS, REQUEST_ATTACKS, RAW_ATTACKS, SOCKET_ATTACKS].flatMap((each) => Object.keys(each));

  it('are at least sixty', () => {
    expect(count.length).toBeGreaterThanOrEqual(60);
  });

  it('leave no memory behind, however often they are repeated with other texts', async () => {
    const collect = collector();
    const rounds = async (from: number, to: number): Promise<void> => {
      for (let round = from; round < to; round += 1) {
        for (const { query, variables } of Object.values(DOCUMENT_ATTACKS)) {
          const response = await gateway.server.post({ query: `${query} # ${round}`, variables });
          await response.arrayBuffer();
        }
      }
    };
    await rounds(0, 1);
    collect();
    const before = process.memoryUsage().heapUsed;
    await rounds(1, 4);
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(MOST_KEPT_BYTES);
    await expectHonestAnswer();
  });
});

/** What is garbage is not counted. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
