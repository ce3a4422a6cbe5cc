/**
 * Eight writers add a thousand events each while fifty subscribers, over WebSocket and server-sent events, drop and come
 * back at random, and the gateway's process is killed and started again. The moments are drawn from a seed.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Connection } from 'mongoose';
import type { Outbox } from '../../schema/events/outbox.ts';
import { EVENT_CURSORS } from '../../schema/notice/nodes.ts';
import type { NoticeEvent } from '../../schema/notice/notice.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { blankNotice, changed } from './cases.ts';
import { openNoticeWorld, type NoticeWorld } from './notice-world.ts';
import { followByEventStream, followByWebSocket, type Follow } from './subscribers.ts';

const WRITERS = 8;
const EACH = 1_000;
const TOTAL = WRITERS * EACH;
const SUBSCRIBERS = 50;
/** How often a subscriber drops, about. */
const DROPS = 4;
const EVENTS_IN_A_BASKET = 10;
const LONGEST_PAUSE_MS = 600;
/** Fewer than the log will have: who comes back late reads pages. */
const KEPT = 1_000;
const QUERY = 'subscription ($after: Cursor) { noticeEvents(after: $after) { cursor actor } }';

/** Events lie in small aggregates until they are numbered; whole notices are the same to the log, but slow to write. */
interface Basket {
  readonly _id: string;
  readonly pending: NoticeEvent[];
}

const baskets = (connection: Connection) => connection.collection<Basket>('baskets');

const basketOutbox = (connection: Connection): Outbox<NoticeEvent> => ({
  async waiting(limit) {
    const found = await baskets(connection)
      .find({ 'pending.0': { $exists: true } })
      .limit(limit)
      .toArray();
    return found.map(({ _id, pending }) => ({ aggregateId: _id, events: pending }));
  },
  async settle(aggregateId, numbers) {
    const eventId = { $in: [...numbers.keys()] };
    await baskets(connection).updateOne({ _id: aggregateId }, { $pull: { pending: { eventId } } });
  },
});

let world: NoticeWorld;
let token: string;
let gateway: ChildProcess | null = null;
beforeAll(async () => {
  world = await openNoticeWorld(basketOutbox);
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
      const before = this.actors.length;
      await this.#follow({
        port,
        token,
        query: QUERY,
        variables: { after: this.#after },
        leaving: leaving.signal,
        heard: (result) => {
          this.#after = /"cursor":"([^"]+)"/.exec(result)?.[1] ?? '';
          this.actors.push(/"actor":"([^"]+)"/.exec(result)?.[1] ?? result);
          if (this.actors.length === Math.min(TOTAL, leavesAt)) leaving.abort();
        },
      });
      if (leaving.signal.aborted) this.drops += 1;
      else if (this.actors.length > before) this.losses += 1;
      await delay(this.#random() * LONGEST_PAUSE_MS);
    }
  }
}

const [draft] = changed(blankNotice(), (change) => change.emit('DRAFT')).pendingEvents;

/** One writer adds event after event. */
async function write(writer: string): Promise<void> {
  for (let count = 1; count <= EACH; count += 1) {
    const actor = `${writer}-${count}`;
    const event: NoticeEvent = { ...(draft as NoticeEvent), eventId: actor, actor, at: new Date() };
    const _id = `${writer}-${Math.floor(count / EVENTS_IN_A_BASKET)}`;
    await baskets(world.server.connection).updateOne({ _id }, { $push: { pending: event } }, { upsert: true });
    world.doorbell.ring('pending');
  }
}

const digest = (actors: readonly string[]): string => createHash('sha256').update(actors.join()).digest('hex');

it('every subscriber has every event once, in order', async () => {
  const port = await startGateway();
  const subscribers = Array.from({ length: SUBSCRIBERS }, (_, index) => new Subscriber(index));
  const following = Promise.all(subscribers.map((subscriber) => subscriber.run(port)));
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, index) => write(`writer${index + 1}`)));
  for (const share of [0.3, 0.7]) {
    while ((await world.log.head()) < share * TOTAL) await delay(20);
    await killGateway();
    await startGateway(port);
  }
  await writing;
  await following;

  const expected: string[] = [];
  for (let after = 0; after < TOTAL; after += 1_000) {
    expected.push(...(await world.log.page(after, 1_000)).events.map(({ actor }) => actor));
  }
  expect(new Set(expected).size).toBe(TOTAL);
  for (const { actors } of subscribers) expect([actors.length, digest(actors)]).toEqual([TOTAL, digest(expected)]);
  // They did drop, and the gateway was killed under them.
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  expect(sum(subscribers.map(({ drops }) => drops))).toBeGreaterThan(2 * SUBSCRIBERS);
  expect(sum(subscribers.map(({ losses }) => losses))).toBeGreaterThan(SUBSCRIBERS);
}, 400_000);
