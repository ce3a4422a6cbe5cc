/**
 * Every job of notices, ended between what it did outside and its own record of that, and run again. What dies here is one
 * call of the job; whole processes are killed in test/chaos.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deliverMessage, type DeliveryParts } from '../../jobs/delivery/deliver-message.ts';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import { hearWords } from '../../jobs/notice/hear-words.ts';
import { runClock } from '../../jobs/notice/run-clock.ts';
import { RunAgainAt } from '../../jobs/queue/queue-backend.ts';
import type { DeliveryChannel, Envelope, MessageKeeper } from '../../schema/delivery/ports.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import { redeliver } from '../../schema/notice/dispatch.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { noticeMessages } from '../../schema/notice/notice-messages.ts';
import { NoticeNumbers } from '../../schema/notice/notice-number.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import { NoticeService } from '../../schema/notice/notice-service.ts';
import { HUB_ACTOR, NoticeStore } from '../../schema/notice/notice-store.ts';
import { takeTo } from '../../schema/notice/case.ts';
import type { DepartmentSource } from '../../schema/ports.ts';
import { openKeyRing, type KeyRing } from '../../schema/signing/key-ring.ts';
import { discoverSources, createRegistry } from '../../sources/kit/registry.ts';
import type { DeskControl } from '../../sources/kit/upstream/notice-desk.ts';
import { callScope, startSource, type SourceUnderTest } from '../support/source-under-test.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { at, blankNotice, changed, MONDAY } from './cases.ts';

let server: StoreUnderTest;
let folder: string;
let store: NoticeStore;
let keeper: MessageKeeper;
let signer: KeyRing;
let service: NoticeService;
let now: Date;
beforeAll(async () => {
  server = await openStore();
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.connection.dropDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hub-keys-'));
  now = MONDAY;
  const clock = { now: () => now };
  store = new NoticeStore(server.connection, clock);
  keeper = noticeMessages(store);
  signer = await openKeyRing({ connection: server.connection, folder, ...clock });
  const numbers = new NoticeNumbers(server.connection);
  service = new NoticeService({ store, numbers, signer, registry: createRegistry([]), clock });
  await Promise.all([store.open(), noticeLog(server.connection).open()]);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The process dies: what comes next is not run. */
const dies = (): Promise<never> => Promise.reject(new Error('the process is no more'));

async function publish(id: string, recipients = ['ecology']): Promise<void> {
  const blank = blankNotice({ recipients: recipients.map((departmentId) => ({ departmentId, mandatory: true })) }, id);
  await store.insert(
    changed(
      blank,
      (change) => {
        change.emit('DRAFT');
        takeTo(change, 'PUBLISHED');
      },
      now,
    ),
  );
}

async function number(): Promise<void> {
  const sequencer = new Sequencer({
    outbox: noticeOutbox(store),
    log: noticeLog(server.connection),
    lease: new Lease(server.connection, 'sequencer:test', 5_000),
    doorbell: localDoorbell(),
    onNumbered: () => Promise.resolve(),
    onFailure: (error) => {
      throw error;
    },
  });
  await sequencer.run();
  await sequencer.close();
}

async function told(kind: string): Promise<number> {
  await number();
  const { events } = await noticeLog(server.connection).page(0, 10_000);
  return events.filter((event) => event.kind === kind).length;
}

const reference = (id: string) => ({ topic: 'notice', aggregateId: id, messageId: `${id}.1.ecology.NOTICE` });
const messageOf = async (id: string) => (await keeper.find(reference(id)))?.message;

describe('a delivery', () => {
  let sent: Envelope[];
  let settled: string[];
  const channel: DeliveryChannel = {
    name: 'webhook',
    admit: () => Promise.resolve({ admitted: true, leave: () => undefined }),
    deliver: (_departmentId, envelope) => {
      sent.push(envelope);
      return Promise.resolve({
        ...{ outcome: 'ACCEPTED', httpStatus: 200, detail: null },
        ...{ receiptNumber: null, replyDigest: null, retryAfterMs: null },
      });
    },
  };
  const run = (over: { keeper?: MessageKeeper; parts?: Partial<DeliveryParts> } = {}) =>
    deliverMessage(over.keeper ?? keeper, reference('n1'), {
      channelOf: () => Promise.resolve(channel),
      signal: new AbortController().signal,
      onSettled: ({ message }) => Promise.resolve(void settled.push(message.id)),
      now: () => now,
      ...over.parts,
    });

  beforeEach(async () => {
    [sent, settled] = [[], []];
    await publish('n1');
    await number();
  });

  it('that was accepted, but died before that was recorded, is made again under the same key when its lease is over', async () => {
    await expect(run({ keeper: { ...keeper, end: dies } })).rejects.toThrow('no more');
    await expect(run()).rejects.toEqual(new RunAgainAt(new Date(MONDAY.getTime() + 20_000)));
    expect(sent).toHaveLength(1);
    now = new Date(MONDAY.getTime() + 20_000);
    expect(await run()).toBe('ACCEPTED');
    expect(await run()).toBe('settled before');
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect((await messageOf('n1'))?.attempts.map(({ outcome }) => outcome)).toEqual(['BROKEN', 'ACCEPTED']);
    expect(await told('DELIVERY_SENT')).toBe(1);
  });

  it('that died after its record was written is not made again, and the next of its lane is free', async () => {
    await publish('n2');
    await number();
    await expect(run({ parts: { onSettled: dies } })).rejects.toThrow('no more');
    expect(await run()).toBe('settled before');
    const next = await keeper.find(reference('n2'));
    expect(next !== null && (await keeper.isBlocked(next))).toBe(false);
    expect(sent).toHaveLength(1);
    expect(await told('DELIVERY_SENT')).toBe(1);
  });

  it('that died before its call has called nobody, and is made when its lease is over', async () => {
    const begin: MessageKeeper['begin'] = async (...call) => {
      await keeper.begin(...call);
      return await dies();
    };
    await expect(run({ keeper: { ...keeper, begin } })).rejects.toThrow('no more');
    expect(sent).toHaveLength(0);
    now = new Date(MONDAY.getTime() + 20_000);
    expect(await run()).toBe('ACCEPTED');
    expect(sent).toHaveLength(1);
  });

  it('does not begin in a process that is stopping', async () => {
    await expect(run({ parts: { signal: AbortSignal.abort() } })).rejects.toBeInstanceOf(RunAgainAt);
    expect((await messageOf('n1'))?.attempts).toEqual([]);
  });

  it('behind one that waits for its department looks again when that one is due, and within a minute', async () => {
    await publish('n2');
    await number();
    const dueIn = async (ms: number): Promise<number> => {
      await store.change('n1', HUB_ACTOR, (change) => {
        const { id, messages } = change.deliveryOf('n1.1.ecology');
        const nextAttemptAt = new Date(now.getTime() + ms);
        change.setDelivery(id, { messages: messages.map((each) => ({ ...each, nextAttemptAt })) });
      });
      const parts = { channelOf: () => Promise.resolve(channel), signal: new AbortController().signal };
      const again = await deliverMessage(keeper, reference('n2'), {
        ...{ ...parts, onSettled: () => Promise.resolve(), now: () => now },
      }).catch((error: unknown) => error);
      return again instanceof RunAgainAt ? again.at.getTime() - now.getTime() : Number.NaN;
    };
    expect([await dueIn(0), await dueIn(30_000), await dueIn(3_600_000)]).toEqual([2_000, 30_000, 60_000]);
  });
});

describe('the numbering of events', () => {
  it('that died when it had given only the later of two messages its place lets the later one wait', async () => {
    await publish('n1');
    await publish('n2');
    await publish('n3');
    const outbox = noticeOutbox(store);
    const waiting = await outbox.waiting(2);
    const numbers = await noticeLog(server.connection).append(waiting.flatMap(({ events }) => [...events]));
    await outbox.settle(['n2'], numbers);
    const later = await keeper.find(reference('n2'));
    expect(later !== null && (await keeper.isBlocked(later))).toBe(true);
    await outbox.settle(['n1'], numbers);
    const first = await keeper.find(reference('n1'));
    // The third one is not numbered at all, and comes later whatever happens.
    expect(first !== null && (await keeper.isBlocked(first))).toBe(false);
  });

  it('takes those first that have waited longest, whatever their names', async () => {
    for (const id of ['n9', 'n5', 'n1']) {
      now = new Date(now.getTime() + 1_000);
      await publish(id);
    }
    const outbox = noticeOutbox(store);
    expect((await outbox.waiting(2)).map(({ aggregateId }) => aggregateId)).toEqual(['n9', 'n5']);
  });
});

describe('the hearing of words', () => {
  let stand: SourceUnderTest & { readonly desk: DeskControl };
  beforeAll(async () => {
    const transport = (await discoverSources()).find(({ department }) => department.id === 'transport');
    if (transport === undefined) throw new Error('there is no transport department');
    const started = await startSource(transport, { worldSize: 5 });
    const { desk } = started.upstream;
    if (desk === undefined) throw new Error('transport takes no notices');
    stand = { ...started, desk };
  });
  afterAll(() => stand.close());
  beforeEach(async () => {
    await stand.desk.forget();
    stand.desk.behave({});
  });

  const theDoor = () => {
    if (stand.source.notices === undefined) throw new Error('transport takes no notices');
    return stand.source.notices;
  };
  const hear = (source: DepartmentSource = stand.source) => hearWords(source, service, callScope());
  /** Whatever it hears, its mark does not reach the department. */
  const withoutMark = (): DepartmentSource => ({ ...stand.source, notices: { ...theDoor(), noteHeard: dies } });
  const deliver = async (messageId: string): Promise<void> => {
    const held = await keeper.begin({ topic: 'notice', aggregateId: 'n1', messageId }, 'exchange-row', 20_000);
    if (held === null) throw new Error(`${messageId} cannot be sent`);
    const reply = await theDoor().deliver(held.envelope, callScope());
    await keeper.end({ topic: 'notice', aggregateId: 'n1', messageId }, reply);
  };
  const words = async (count: number): Promise<void> => {
    while ((await theDoor().words(null, 100, callScope())).words.length < count) await delay(20);
  };
  const theDelivery = async () => (await store.get('n1')).deliveries[0];

  beforeEach(async () => {
    await publish('n1', ['transport']);
    await number();
  });

  it('that died before it marked them hears them again, and takes each once', async () => {
    await deliver('n1.1.transport.NOTICE');
    await words(2);
    await expect(hear(withoutMark())).rejects.toThrow('no more');
    await expect(hear(withoutMark())).rejects.toThrow('no more');
    expect(await hear()).toMatchObject({ taken: 2, refused: 0 });
    expect(await hear()).toMatchObject({ taken: 0 });
    expect((await theDelivery())?.acts.map(({ kind }) => kind)).toEqual(['SIGNED', 'FED_BACK']);
    expect([await told('DELIVERY_SIGNED'), await told('DELIVERY_FED_BACK')]).toEqual([1, 1]);
    expect(stand.desk.refusals()).toEqual([]);
  });

  it('does not take an old return for a new one when the notice has been delivered again meanwhile', async () => {
    stand.desk.behave({ returnsWith: '不属于本部门职责' });
    await deliver('n1.1.transport.NOTICE');
    await words(1);
    await expect(hear(withoutMark())).rejects.toThrow('no more');
    expect((await theDelivery())?.state).toBe('RETURNED');
    await store.change('n1', HUB_ACTOR, (change) => redeliver(change, 'n1.1.transport', 'it is theirs'));
    expect(await hear()).toMatchObject({ taken: 1, refused: 0 });
    expect((await theDelivery())?.state).toBe('PENDING');
    expect(await told('DELIVERY_RETURNED')).toBe(1);
  });

  it('takes a return once when the notice has ended meanwhile', async () => {
    await signer.ensureKeys(['market-regulation']);
    stand.desk.behave({ returnsWith: '不属于本部门职责' });
    await deliver('n1.1.transport.NOTICE');
    await words(1);
    await expect(hear(withoutMark())).rejects.toThrow('no more');
    await service.expire('n1');
    expect(await hear()).toMatchObject({ taken: 1, refused: 0 });
    expect(stand.desk.refusals()).toEqual([]);
  });
});

describe('the clock', () => {
  beforeEach(async () => {
    await publish('n1');
    await publish('n2');
    now = at('2026-03-30');
  });

  it('that runs twice at once, and again, raises each alert once', async () => {
    await Promise.all([runClock(service, now), runClock(service, now)]);
    await runClock(service, now);
    expect([await told('SIGN_REMINDER'), await told('SIGN_OVERDUE'), await told('SIGN_ESCALATED')]).toEqual([2, 2, 2]);
  });

  it('that died between two notices goes on with the second, and does not repeat the first', async () => {
    const change = store.change.bind(store);
    let changes = 0;
    store.change = async (...call) => {
      changes += 1;
      return changes > 1 ? await dies() : await change(...call);
    };
    await expect(runClock(service, now)).rejects.toThrow(AggregateError);
    expect(await told('SIGN_OVERDUE')).toBe(1);
    store.change = change;
    await runClock(service, now);
    expect(await told('SIGN_OVERDUE')).toBe(2);
  });

  it('runs for all others when one notice cannot be ended, and ends that one once it can be signed', async () => {
    now = at('2029-03-05');
    await expect(runClock(service, now)).rejects.toThrow('the clocks of 2 notices could not run');
    expect(await told('SIGN_OVERDUE')).toBe(2);
    await signer.ensureKeys(['market-regulation']);
    expect(await runClock(service, now)).toMatchObject({ expired: 2 });
    expect(await runClock(service, now)).toMatchObject({ expired: 0 });
    expect([await told('LIFTED'), await told('SIGN_OVERDUE')]).toEqual([2, 2]);
  });
});
