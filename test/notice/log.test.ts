/** Notices on a real store: numbered events, places of messages, and writers that meet. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import type { ChannelReply } from '../../schema/delivery/message.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { EventLog } from '../../schema/events/event-log.ts';
import { Lease } from '../../schema/events/lease.ts';
import * as steps from '../../schema/notice/case.ts';
import { lift } from '../../schema/notice/end.ts';
import { noticeMessages } from '../../schema/notice/notice-messages.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import type { Notice, NoticeEvent } from '../../schema/notice/notice.ts';
import { sign } from '../../schema/notice/receive.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { blankNotice, changed, ending, HEARING, version } from './cases.ts';

let server: StoreUnderTest;
let store: NoticeStore;
let log: EventLog<NoticeEvent>;
beforeAll(async () => {
  server = await openStore();
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.connection.dropDatabase();
  store = new NoticeStore(server.connection);
  log = new EventLog<NoticeEvent>(server.connection, 'notice_events', [{ noticeId: 1, _id: 1 }]);
  await Promise.all([store.open(), log.open()]);
});

const sequencer = (): Sequencer<NoticeEvent> =>
  new Sequencer({
    outbox: noticeOutbox(store),
    log,
    lease: new Lease(server.connection, 'sequencer:test', 5_000),
    doorbell: localDoorbell(),
    onNumbered: () => Promise.resolve(),
    onFailure: (error) => {
      throw error;
    },
  });

const publishedNotice = (id: string): Notice =>
  changed(blankNotice({}, id), (change) => {
    change.emit('DRAFT');
    steps.takeTo(change, 'PUBLISHED');
  });

async function insert(id: string): Promise<void> {
  expect(await store.insert(publishedNotice(id))).toBe(true);
}
const allEvents = async (): Promise<readonly (NoticeEvent & { readonly _id: number })[]> =>
  (await log.page(0, 10_000)).events;

describe('the log of notices', () => {
  it('numbers the events of concurrent writers without a gap, each notice’s in its own order', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const running = sequencer();
    const numbering = (async () => {
      for (let runs = 0; runs < 30; runs += 1) await running.run();
    })();
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (const id of ids.filter((__, index) => index % 8 === writer)) {
          await insert(id);
          await store.change(id, { name: 'clerk' }, (change) => sign(change, `${id}.1.ecology`, HEARING));
        }
      }),
    );
    await numbering;
    await running.run();
    const events = await allEvents();
    expect(events.map(({ _id }) => _id)).toEqual(events.map((_, index) => index + 1));
    for (const id of ids) {
      const own = events.filter(({ noticeId }) => noticeId === id);
      expect(own.map(({ ordinal }) => ordinal)).toEqual(own.map((_, index) => index + 1));
      expect(own).toHaveLength(7);
    }
    expect(await store.model.countDocuments({ hasPending: true })).toBe(0);
  });

  it('holds each event once when the sequencer died between the log and the aggregate', async () => {
    await insert('n1');
    const [waiting] = await noticeOutbox(store).waiting(10);
    await log.append(waiting?.events ?? []);
    await sequencer().run();
    await sequencer().run();
    expect((await allEvents()).map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5, 6]);
    const { deliveries } = await store.get('n1');
    expect(deliveries.map(({ messages }) => messages[0]?.position)).toEqual([5, 6]);
  });

  it('holds each event once, without a gap, when two write to it at the same time', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `n${index}`);
    for (const id of ids) await insert(id);
    const outbox = noticeOutbox(store);
    const [one, two] = await Promise.all([outbox.waiting(20), outbox.waiting(20)]);
    await Promise.all([one, two.toReversed()].map((all) => log.append(all.flatMap(({ events }) => [...events]))));
    const events = await allEvents();
    expect(events.map(({ _id }) => _id)).toEqual(Array.from({ length: 72 }, (_, index) => index + 1));
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(72);
  });

  it('shows nothing beyond a number that is not there yet', async () => {
    await insert('n1');
    await sequencer().run();
    await server.connection.collection('notice_events').deleteOne({ _id: 3 as never });
    const page = await log.page(0, 100);
    expect([page.events.map(({ _id }) => _id), page.hasMore]).toEqual([[1, 2], false]);
  });

  it('is numbered by one process at a time', async () => {
    const [one, two] = ['a', 'a'].map(() => new Lease(server.connection, 'sequencer:one', 60_000));
    expect([await one?.take(), await two?.take(), await one?.take()]).toEqual([true, false, true]);
    await one?.release();
    expect(await two?.take()).toBe(true);
  });
});

describe('two writers of one notice', () => {
  it('both get their way, one after the other', async () => {
    await insert('n1');
    await Promise.all(
      ['ecology', 'transport'].map((department) =>
        store.change('n1', { name: department }, (change) => sign(change, `n1.1.${department}`, HEARING)),
      ),
    );
    const notice = await store.get('n1');
    expect(notice.deliveries.map(({ state }) => state)).toEqual(['SIGNED', 'SIGNED']);
    expect(notice.state).toBe('SIGNED');
  });

  it('and very many of them, too', async () => {
    await insert('n1');
    const other = new NoticeStore(server.connection);
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        (index % 2 === 0 ? store : other).change('n1', { name: 'hub' }, (change) => {
          change.emit('SEEN', { detail: String(index) });
        }),
      ),
    );
    const { pendingEvents } = await store.get('n1');
    expect(pendingEvents.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 206 }, (_, index) => index + 1));
    expect(new Set(pendingEvents.map(({ detail }) => detail)).size).toBe(201);
  });

  it('cannot take one number or one idempotency key twice', async () => {
    await insert('n1');
    expect(await store.insert(publishedNotice('n1'))).toBe(false);
    expect(await store.insert({ ...publishedNotice('n2'), idempotencyKey: 'key-of-n1' })).toBe(false);
    expect(await store.insert({ ...publishedNotice('n3'), number: publishedNotice('n1').number })).toBe(false);
  });
});

describe('the messages of one institution to one department', () => {
  const ACCEPTED: ChannelReply = {
    ...{ outcome: 'ACCEPTED', httpStatus: 200, detail: null },
    ...{ receiptNumber: null, replyDigest: null, retryAfterMs: null },
  };
  const reference = (id: string, messageId: string) => ({ topic: 'notice', aggregateId: id, messageId });
  const first = reference('n1', 'n1.1.ecology.NOTICE');
  const second = reference('n2', 'n2.1.ecology.NOTICE');
  const isBlocked = async (of: typeof first): Promise<boolean | null> => {
    const held = await noticeMessages(store).find(of);
    return held === null ? null : await noticeMessages(store).isBlocked(held);
  };

  beforeEach(async () => {
    await insert('n1');
    await insert('n2');
  });

  it('wait for their place, then leave one after the other', async () => {
    expect(await noticeMessages(store).begin(first, 'webhook', 60_000)).toBeNull();
    await sequencer().run();
    expect([await isBlocked(first), await isBlocked(second)]).toEqual([false, true]);
    expect((await noticeMessages(store).begin(first, 'webhook', 60_000))?.message.attempts).toHaveLength(1);
    await noticeMessages(store).end(first, ACCEPTED);
    expect(await isBlocked(second)).toBe(false);
  });

  it('are claimed by one process at a time', async () => {
    await sequencer().run();
    const claims = await Promise.all([1, 2, 3].map(() => noticeMessages(store).begin(first, 'webhook', 60_000)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  it('do not arrive after the end: a lift comes behind the notice, which is cancelled if it has not left', async () => {
    await store.change('n1', { name: 'clerk' }, (change) => lift(change, ending('LIFTED')));
    await sequencer().run();
    expect(await noticeMessages(store).begin(first, 'webhook', 60_000)).toBeNull();
    expect(await isBlocked(second)).toBe(false);
  });

  it('are found by whoever looks for what the queue forgot, page by page', async () => {
    await store.change('n1', { name: 'clerk' }, (change) => steps.revise(change, version(2), 'x'));
    await sequencer().run();
    const found: string[] = [];
    for (let after: string | null = null, pages = 0; pages < 10; pages += 1) {
      const page = await noticeMessages(store).openAfter(after, 1);
      found.push(...page.messages.map(({ reference: { messageId } }) => messageId));
      after = page.next;
      if (after === null) break;
    }
    expect(found.sort()).toEqual([
      ...['n1.2.ecology.NOTICE', 'n1.2.transport.NOTICE', 'n2.1.ecology.NOTICE', 'n2.1.transport.NOTICE'],
    ]);
  });

  it('go out with the same bytes every time', async () => {
    await sequencer().run();
    const before = (await noticeMessages(store).find(first))?.envelope;
    await noticeMessages(store).begin(first, 'webhook', 60_000);
    await store.change('n1', { name: 'transport' }, (change) => sign(change, 'n1.1.transport', HEARING));
    const after = (await noticeMessages(store).find(first))?.envelope;
    expect(after).toEqual(before);
    expect(before?.id).toBe('n1.1.ecology.NOTICE');
    expect(JSON.parse(before?.body ?? '')).toMatchObject({ type: 'notice.issued', recipient: 'ecology' });
  });
});
