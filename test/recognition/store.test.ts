/** How very many recognitions are read and written at once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HUB_ACTOR } from '../../schema/aggregate/aggregate.ts';
import { HubError } from '../../schema/errors.ts';
import type { Recognition } from '../../schema/recognition/recognition.ts';
import { recognitionOutbox, RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { at, NOW, numbered, recognised } from './cases.ts';

let server: StoreUnderTest;
let store: RecognitionStore;
let rung = 0;
beforeAll(async () => {
  server = await openStore();
  store = new RecognitionStore(server.connection, { now: () => NOW, onPending: () => (rung += 1) });
  await store.open();
});
afterAll(() => server.close());
beforeEach(() => store.model.deleteMany({}));

const idsOf = (recognitions: readonly Recognition[]): string[] => recognitions.map(({ _id }) => _id);
const insert = async (...ids: readonly string[]): Promise<readonly Recognition[]> => {
  for (const id of ids) await store.insert(numbered(recognised(id)));
  return await store.where({});
};
/** Something that a recognition would not say by itself. */
const markOverdue = (change: { set(part: Partial<Recognition>): void }): void =>
  change.set({ isDecisionOverdue: true });

describe('what is due', () => {
  it('comes page by page, the longest due first, each once, also when very many are due since the same moment', async () => {
    const due = (id: string, nextClockAt: Date): Recognition => ({ ...numbered(recognised(id)), nextClockAt });
    const [early, noon, late] = [at('2026-03-30'), at('2026-03-31'), at('2026-04-02')];
    for (const id of ['d', 'b', 'a', 'c']) await store.insert(due(id, noon));
    await store.insert(due('z', early));
    await store.insert(due('y', at('2026-04-01')));
    await store.insert(due('later', late));
    const pages: string[][] = [];
    for (let after: Recognition | null = null; ;) {
      const page: readonly Recognition[] = await store.due(at('2026-04-01'), after, 2);
      after = page.at(-1) ?? null;
      if (after === null) break;
      pages.push(idsOf(page));
    }
    expect(pages).toEqual([
      ['z', 'a'],
      ['b', 'c'],
      ['d', 'y'],
    ]);
  });
});

describe('many that are changed together', () => {
  it('are written together; one that somebody else has written meanwhile is decided anew on what that one wrote', async () => {
    const read = await insert('a', 'b', 'c');
    await store.markChanged([recognised().institution.creditCode], NOW);
    await store.change('b', HUB_ACTOR, (change) => change.set({ validTo: null }));
    const other = numbered(recognised('c'));
    await store.model.deleteOne({ _id: 'c' });
    await store.insert(other);
    expect(await store.changeMany(read, HUB_ACTOR, markOverdue)).toEqual([]);
    for (const each of await store.where({})) expect(each.isDecisionOverdue).toBe(true);
    expect(await store.get('b')).toMatchObject({ validTo: null, changeCount: 1 });
  });

  it('do not keep each other from being written when one is refused or has gone', async () => {
    const read = await insert('a', 'b', 'c');
    await store.model.deleteOne({ _id: 'c' });
    const refused = new HubError('CONFLICT', 'not this one');
    const failures = await store.changeMany(read, HUB_ACTOR, (change, { _id }) => {
      if (_id === 'a') throw refused;
      markOverdue(change);
    });
    expect(failures).toEqual([refused, expect.objectContaining({ code: 'INPUT_INVALID' })]);
    expect((await store.where({})).map(({ isDecisionOverdue }) => isDecisionOverdue)).toEqual([false, true]);
  });

  it('wake the sequencer once when they leave events, and not when nothing is changed', async () => {
    const read = await insert('a', 'b');
    rung = 0;
    await store.changeMany(read, HUB_ACTOR, () => undefined);
    expect(rung).toBe(0);
    await store.changeMany(read, HUB_ACTOR, (change) => change.emit('DECISION_OVERDUE'));
    expect(rung).toBe(1);
    expect((await store.where({})).map(({ revision }) => revision)).toEqual(read.map(({ revision }) => revision + 1));
  });
});

it('numbers are written down in many at once, in those that others write to at the same time, too', async () => {
  for (const id of ['a', 'b', 'c']) await store.insert(recognised(id));
  const waiting = await recognitionOutbox(store).waiting(10);
  const events = waiting.flatMap((each) => each.events);
  const numbers = new Map(events.map(({ eventId }, index) => [eventId, index + 1]));
  await Promise.all([
    recognitionOutbox(store).settle(['a', 'b', 'c', 'nobody'], numbers),
    ...['a', 'b', 'c'].map((id) => store.change(id, HUB_ACTOR, markOverdue)),
  ]);
  for (const { pendingEvents, hasPending, isDecisionOverdue, targets } of await store.where({})) {
    expect([pendingEvents, hasPending, isDecisionOverdue]).toEqual([[], false, true]);
    expect(targets.flatMap(({ messages }) => messages).every(({ position }) => position !== null)).toBe(true);
  }
});
