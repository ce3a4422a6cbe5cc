/** `hub watch notices` against a gateway that comes and goes. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { watchNotices, type WatchOptions } from '../../gateway/commands/watch-notices.ts';
import * as steps from '../../schema/notice/case.ts';
import { EVENT_CURSORS } from '../../schema/notice/nodes.ts';
import { blankNotice, changed } from './cases.ts';
import { openGateway, openNoticeWorld, type Gateway, type NoticeWorld } from './notice-world.ts';

let world: NoticeWorld;
let gateway: Gateway;
let token: string;
const watching: Watch[] = [];
beforeAll(async () => {
  world = await openNoticeWorld();
  gateway = await openGateway(world.server.connection, { doorbell: world.doorbell });
  token = await world.token(['AUDITOR']);
});
afterEach(async () => {
  for (const watch of watching.splice(0)) await watch.end();
});
afterAll(async () => {
  await gateway.close();
  await world.close();
});

class Watch {
  readonly lines: string[] = [];
  readonly notes: string[] = [];
  readonly ended: Promise<string | null>;
  readonly #ending = new AbortController();
  #changed: () => void = () => undefined;

  constructor(options: Partial<WatchOptions> = {}) {
    const add = (to: string[]) => (line: string) => {
      to.push(line);
      this.#changed();
    };
    this.ended = watchNotices({
      url: `http://127.0.0.1:${gateway.port}/graphql`,
      token,
      after: null,
      filter: {},
      pauseMs: () => 20,
      ...options,
      out: add(this.lines),
      note: add(this.notes),
      signal: this.#ending.signal,
    });
    watching.push(this);
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  end(): Promise<string | null> {
    this.#ending.abort();
    return this.ended;
  }
}

async function publish(id: string, determinerId = 'market-regulation'): Promise<void> {
  const published = changed({ ...blankNotice({}, id), determinerId }, (change) => {
    change.emit('DRAFT');
    steps.takeTo(change, 'PUBLISHED');
  });
  const all = (await world.log.head()) + published.pendingEvents.length;
  expect(await world.store.insert(published)).toBe(true);
  while ((await world.log.head()) < all) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('watch notices', () => {
  it('prints one line per event: time, number, kind, state, department, institution', async () => {
    const watch = new Watch({ after: EVENT_CURSORS.write(0) });
    await publish('n1');
    await watch.until(() => watch.lines.length === 6);
    expect(watch.lines[0]).toBe(
      '2026-03-02T10:00:00+08:00  LHCJ520115202601000001  DRAFT  DRAFT  -  91520115MAYDM00198',
    );
    expect(watch.lines.some((line) => line.includes('  ecology  '))).toBe(true);
    expect(await watch.end()).toBeNull();
    expect(watch.notes.at(-1)).toBe(`Go on with --after ${EVENT_CURSORS.write(6)}`);
  });

  it('connects again and goes on where it was when the gateway has been away', async () => {
    const watch = new Watch({ after: EVENT_CURSORS.write(await world.log.head()) });
    await publish('n2');
    await watch.until(() => watch.lines.length === 6);
    const { port } = gateway;
    await gateway.close();
    await watch.until(() => watch.notes.some((note) => note.startsWith('Not connected (The hub stops')));
    await publish('n3');
    gateway = await openGateway(world.server.connection, { doorbell: world.doorbell, port });
    await publish('n4');
    await watch.until(() => watch.lines.length === 18);
    const numbers = watch.lines.map((line) => line.split('  ')[1]?.slice(-1));
    expect(numbers.join('')).toBe('222222333333444444');
    const head = await world.log.head();
    await watch.end();
    expect(watch.notes.at(-1)).toBe(`Go on with --after ${EVENT_CURSORS.write(head)}`);
  });

  it('keeps its place also while nothing is meant for it', async () => {
    const watch = new Watch({ filter: { region: '5203' } });
    await watch.until(() => watch.notes.length === 1);
    await publish('n5');
    const head = await world.log.head();
    const { port } = gateway;
    const place = `Connected; after ${EVENT_CURSORS.write(head)}.`;
    // The hub tells it with each sign of life.
    for (let tries = 0; tries < 50 && !watch.notes.includes(place); tries += 1) {
      await gateway.close();
      gateway = await openGateway(world.server.connection, { doorbell: world.doorbell, port });
      await new Promise((resolve) => setTimeout(resolve, 1_100));
    }
    expect(watch.notes).toContain(place);
    expect(watch.lines).toEqual([]);
  });

  it('says why there is no connection, and tries again', async () => {
    const watch = new Watch({ url: 'http://127.0.0.1:1/graphql' });
    await watch.until(() => watch.notes.length === 3);
    expect(new Set(watch.notes)).toEqual(
      new Set(['Not connected (connect ECONNREFUSED 127.0.0.1:1); again in 0.0 s.']),
    );
    expect(await watch.end()).toBeNull();
  });

  it.each([
    ['a wrong token', { token: 'wrong' }, 'The credentials are not, or no longer, valid.'],
    ['no token', { token: null }, '"notice:read" needs credentials: send Authorization: Bearer with an API key.'],
    ['a cursor of another list', { after: 'WyJub3RpY2UiLDFd' }, 'This cursor does not belong to this list'],
    ['a wrong filter', { filter: { region: 'Guizhou' } }, 'region'],
  ])('ends and says why for %s', async (_, options, words) => {
    expect(await new Watch(options).ended).toContain(words);
  });
});
