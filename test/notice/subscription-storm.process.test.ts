/**
 * Eight writers draft notices while fifty subscribers, over WebSocket and server-sent events, drop and come
 * back at random, and the gateway's process is killed and started again. The moments are drawn from a seed.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EVENT_CURSORS } from '../../schema/notice/nodes.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { blankNotice, changed, MONDAY } from './cases.ts';
import { openNoticeWorld, type NoticeWorld } from './notice-world.ts';
import { followByEventStream, followByWebSocket, type Follow } from './subscribers.ts';

const WRITERS = 8;
/** A thousand each take minutes: npm run test:storm. */
const EACH = process.env['HUB_TEST_STORM'] === undefined ? 40 : 1_000;
const TOTAL = WRITERS * EACH;
/** How long a writer rests, all in all: long enough for the gateway to be killed and started among the writing. */
const RESTS_MS = 8_000;
const SUBSCRIBERS = 50;
/** How often a subscriber drops, about. */
const DROPS = 4;
/** The gateway is killed when it serves at least so many. */
const BUSY_WITH = 10;
const LONGEST_PAUSE_MS = 600;
/** Fewer than the log will have: who comes back late reads pages. */
const KEPT = TOTAL / 8;
const QUERY = 'subscription ($after: Cursor) { noticeEvents(after: $after) { cursor actor } }';

let world: NoticeWorld;
let token: string;
let gateway: ChildProcess | null = null;
beforeAll(async () => {
  world = await openNoticeWorld();
  token = await world.token(['AUDITOR']);
  world.doorbell.listen('logged', () => gateway?.connected === true && gateway.send('logged'));
});
afterAll(async () => {
  gateway?.kill('SIGKILL');
  await world.close();
});

/** @returns its port */
async function startGateway(port = 0): Promise<number> {
  const { uri, connection } = world.server;
  const program = join(projectRoot, 'dist', 'test', 'notice', 'gateway-process.js');
  const child = fork(program, [uri, connection.name, String(port), String(KEPT)], { execArgv: [] });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`The gateway ended with ${String(code)}; was it built?`);
  });
  const [started] = (await Promise.race([once(child, 'message'), died])) as [{ readonly port: number }];
  died.catch(() => undefined);
  gateway = child;
  return started.port;
}

async function killGateway(): Promise<void> {
  const child = gateway;
  gateway = null;
  if (child === null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** 0..1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

class Subscriber {
  readonly actors: string[] = [];
  /** How often it dropped, and how often it was dropped. */
  drops = 0;
  losses = 0;
  /** Has got events on this connection, or all there are. */
  isServed = false;
  #after = EVENT_CURSORS.write(0);
  readonly #follow: Follow;
  readonly #random: () => number;

  constructor(index: number) {
    this.#follow = index % 2 === 0 ? followByWebSocket : followByEventStream;
    this.#random = randomOf(index);
  }

  /** Until it has as many events as there are. */
  async run(port: number): Promise<void> {
    while (this.actors.length < TOTAL) {
      const leaving = new AbortController();
      const leavesAt = this.actors.length + 1 + Math.round((2 * TOTAL * this.#random()) / DROPS);
      await this.#follow({
        port,
        token,
        query: QUERY,
        variables: { after: this.#after },
        leaving: leaving.signal,
        heard: (result) => {
          this.#after = /"cursor":"([^"]+)"/.exec(result)?.[1] ?? '';
          this.isServed = true;
          this.actors.push(/"actor":"([^"]+)"/.exec(result)?.[1] ?? result);
          if (this.actors.length === Math.min(TOTAL, leavesAt)) leaving.abort();
        },
      });
      if (leaving.signal.aborted) this.drops += 1;
      else if (this.isServed) this.losses += 1;
      this.isServed = this.actors.length === TOTAL;
      await delay(this.#random() * LONGEST_PAUSE_MS);
    }
  }
}

/** One writer drafts notice after notice. */
async function write(index: number): Promise<void> {
  const random = randomOf(1_000 + index);
  for (let count = 1; count <= EACH; count += 1) {
    const blank = blankNotice({}, `n${(index + 1) * 10_000 + count}`);
    const drafted = changed(blank, (change) => change.emit('DRAFT'), MONDAY, `writer${index + 1}-${count}`);
    expect(await world.store.insert(drafted)).toBe(true);
    await delay((2 * random() * RESTS_MS) / EACH);
  }
}

const digest = (actors: readonly string[]): string => createHash('sha256').update(actors.join()).digest('hex');

it('every subscriber has every event once, in order', async () => {
  const port = await startGateway();
  const subscribers = Array.from({ length: SUBSCRIBERS }, (_, index) => new Subscriber(index));
  const killing = async () => {
    for (const share of [0.3, 0.7]) {
      const isBusy = () => subscribers.filter(({ isServed }) => isServed).length >= BUSY_WITH;
      while (!isBusy() || (await world.log.head()) < share * TOTAL) await delay(20);
      await killGateway();
      await startGateway(port);
    }
  };
  await Promise.all([
    killing(),
    ...Array.from({ length: WRITERS }, (_, index) => write(index)),
    ...subscribers.map((subscriber) => subscriber.run(port)),
  ]);

  const expected: string[] = [];
  for (let after = 0; after < TOTAL; after += 1_000) {
    expected.push(...(await world.log.page(after, 1_000)).events.map(({ actor }) => actor));
  }
  expect(new Set(expected).size).toBe(TOTAL);
  for (const { actors } of subscribers) expect([actors.length, digest(actors)]).toEqual([TOTAL, digest(expected)]);
  // They did drop, and the gateway was killed under them.
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  expect(sum(subscribers.map(({ drops }) => drops))).toBeGreaterThan(2 * SUBSCRIBERS);
  expect(sum(subscribers.map(({ losses }) => losses))).toBeGreaterThan(0);
}, 600_000);
