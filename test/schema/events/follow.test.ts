/** Following a log: from a place on, then live, whatever the doorbell does. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { localDoorbell, type Doorbell } from '../../../schema/events/doorbell.ts';
import { eventCursors } from '../../../schema/events/event-cursor.ts';
import { EventLog, type LogEvent, type Numbered } from '../../../schema/events/event-log.ts';
import { follow, placeToFollow } from '../../../schema/events/follow.ts';
import type { StreamItem } from '../../../schema/events/stream-item.ts';
import { EventTail } from '../../../schema/events/tail.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';

interface Sighting extends LogEvent {
  readonly place: string;
}

const cursors = eventCursors('sightings');
let store: StoreUnderTest;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

interface Setting {
  readonly log: EventLog<Sighting>;
  readonly collection: string;
  readonly tail: EventTail<Sighting>;
  readonly doorbell: Doorbell;
  readonly failures: unknown[];
  /** Logs events seen at these places. */
  readonly see: (...places: string[]) => Promise<void>;
}

async function setting({ kept = 100, pollMs = 50, isRung = true } = {}): Promise<Setting> {
  const collection = `sightings-${randomUUID()}`;
  const log = new EventLog<Sighting>(store.connection, collection);
  await log.open();
  const doorbell = localDoorbell();
  const failures: unknown[] = [];
  const tail = new EventTail(log, { doorbell, kept, pollMs, onFailure: (error) => failures.push(error) });
  return {
    log,
    collection,
    tail,
    doorbell,
    failures,
    async see(...places) {
      await log.append(places.map((place) => ({ eventId: randomUUID(), place })));
      if (isRung) doorbell.ring('logged');
    },
  };
}

const everywhere = { matches: () => true, maySee: () => true };

/** Takes items until so many events have come. */
async function take(
  source: AsyncGenerator<StreamItem<Sighting & Numbered>, void, void>,
  count: number,
): Promise<{ readonly places: string[]; readonly cursors: (string | null)[] }> {
  const places: string[] = [];
  const seen: (string | null)[] = [];
  while (places.length < count) {
    const { done, value } = await source.next();
    if (done === true) break;
    seen.push(value.cursor);
    if (value.event !== null) places.push(value.event.place);
  }
  return { places, cursors: seen };
}

describe('Who follows a log', () => {
  it('gets everything after its place, then what comes', async () => {
    const { tail, see } = await setting();
    await see('a', 'b', 'c');
    const { signal } = new AbortController();
    const source = follow(tail, { cursors, after: 1, signal, ...everywhere });
    expect(await take(source, 2)).toEqual({
      places: ['b', 'c'],
      cursors: [cursors.write(1), cursors.write(2), cursors.write(3)],
    });
    const next = take(source, 1);
    await see('d');
    expect((await next).places).toEqual(['d']);
    await source.return();
  });

  it('starts with what comes after now when it has no place', async () => {
    const { tail, see } = await setting();
    await see('a', 'b');
    expect(await placeToFollow(tail, cursors, null)).toBe(2);
    expect(await placeToFollow(tail, cursors, cursors.write(1))).toBe(1);
  });

  it.each([
    ['a place that the log has not reached', cursors.write(3), 'This cursor is ahead of the log'],
    ['a place of another log', eventCursors('others').write(1), 'This cursor does not belong to this list'],
    ['no cursor at all', 'cursor', 'This cursor does not belong to this list'],
  ])('is refused for %s', async (_, after, words) => {
    const { tail, see } = await setting();
    await see('a', 'b');
    await expect(placeToFollow(tail, cursors, after)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(words) as unknown,
    });
  });

  it('needs no doorbell, only a little longer', async () => {
    const { tail, see } = await setting({ isRung: false });
    const source = follow(tail, { cursors, after: 0, signal: new AbortController().signal, ...everywhere });
    const first = take(source, 1);
    await see('a');
    expect((await first).places).toEqual(['a']);
    await source.return();
  });

  it('passes over what is not meant for it, and its place moves on', async () => {
    const { tail, see } = await setting();
    await see('a', 'b', 'secret', 'b');
    const asked: string[] = [];
    const source = follow(tail, {
      cursors,
      after: 0,
      signal: new AbortController().signal,
      matches: ({ place }) => place !== 'b',
      maySee: ({ place }) => {
        asked.push(place);
        return Promise.resolve(place !== 'secret');
      },
    });
    expect((await take(source, 1)).places).toEqual(['a']);
    expect(await source.next()).toEqual({ done: false, value: { cursor: cursors.write(4), event: null } });
    expect(asked).toEqual(['a', 'secret']);
    await source.return();
  });

  it('ends at once when its signal fires, and nobody reads for it any more', async () => {
    const { tail, log } = await setting();
    const ending = new AbortController();
    const source = follow(tail, { cursors, after: 0, signal: ending.signal, ...everywhere });
    await source.next();
    const waiting = source.next();
    ending.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await log.append([{ eventId: 'late', place: 'late' }]);
    const { looks } = tail;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(tail.looks - looks).toBeLessThanOrEqual(1);
  });

  it('waits for an event whose writer is not done, rather than leave it out', async () => {
    const { tail, log, collection } = await setting();
    await log.append([{ eventId: 'first', place: 'first' }]);
    const written = store.connection.collection<Sighting & Numbered>(collection);
    await written.insertOne({ _id: 3, eventId: 'third', place: 'third' });
    const source = follow(tail, { cursors, after: 0, signal: new AbortController().signal, ...everywhere });
    expect((await take(source, 1)).places).toEqual(['first']);
    const rest = take(source, 2);
    await written.insertOne({ _id: 2, eventId: 'second', place: 'second' });
    expect((await rest).places).toEqual(['second', 'third']);
    await source.return();
  });
});

describe('Many who follow a log', () => {
  it('share one reader, and each gets everything in order, however far back it begins', async () => {
    const { tail, log, see } = await setting({ kept: 50 });
    const total = 600;
    await see(...Array.from({ length: 300 }, (_, index) => String(index + 1)));
    let pages = 0;
    const page = log.page.bind(log);
    log.page = (after, limit) => {
      pages += 1;
      return page(after, limit);
    };
    const { signal } = new AbortController();
    const starts = [0, 100, 299, 300, 300, 300, 300, 300, 300, 300];
    const sources = starts.map((after) => follow(tail, { cursors, after, signal, ...everywhere }));
    const taken = sources.map((source, index) => take(source, total - (starts[index] ?? 0)));
    for (let number = 301; number <= total; number += 10) {
      await see(...Array.from({ length: 10 }, (_, index) => String(number + index)));
    }
    for (const [index, { places }] of (await Promise.all(taken)).entries()) {
      const start = starts[index] ?? 0;
      expect(places).toEqual(Array.from({ length: total - start }, (_, each) => String(start + each + 1)));
    }
    // At the head ten of them cost one; each alone would have read thirty times and more.
    expect(pages).toBeLessThan(150);
    await Promise.all(sources.map((source) => source.return()));
  });

  it('go on when the log could not be read for a while', async () => {
    const { tail, log, see, failures } = await setting();
    await see('a');
    const page = log.page.bind(log);
    log.page = () => Promise.reject(new Error('the store is away'));
    const source = follow(tail, { cursors, after: 0, signal: new AbortController().signal, ...everywhere });
    const first = take(source, 1);
    while (failures.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    log.page = page;
    expect((await first).places).toEqual(['a']);
    await source.return();
  });
});
