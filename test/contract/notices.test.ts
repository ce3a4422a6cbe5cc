/**
 * The exam of every department that takes notices by its own protocol: each message once, each word in order and until it
 * is marked, and every failure with its right name. Nothing here knows a department.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NoticeDoor, RecipientWord, WordsPage } from '../../schema/delivery/ports.ts';
import { HubError } from '../../schema/errors.ts';
import { discoverSources } from '../../sources/kit/registry.ts';
import { FaultCommand, type FaultKind } from '../../sources/kit/upstream/faults.ts';
import type { DeskControl } from '../../sources/kit/upstream/notice-desk.ts';
import { callScope, startSource, type SourceUnderTest } from '../support/source-under-test.ts';
import { testNotice, type TestNotice } from '../support/test-notice.ts';

interface Examined extends SourceUnderTest {
  readonly id: string;
  readonly door: NoticeDoor;
  readonly desk: DeskControl;
}

const started = await Promise.all(
  (await discoverSources()).map(async (definition) => {
    const stand = await startSource(definition, { worldSize: 5, guard: { failuresToOpen: 1_000 } });
    const { notices: door } = stand.source;
    const { desk } = stand.upstream;
    if (door !== undefined && desk !== undefined) return { ...stand, id: definition.department.id, door, desk };
    await stand.close();
    return null;
  }),
);
const examined = started.filter((each): each is Examined => each !== null);

/** Longer than those deliveries wait that are to find the department slow. */
const SLOW_MS = 800;

const total = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

describe('departments that take notices by their own protocol', () => {
  it('are there', () => expect(examined.length).toBeGreaterThanOrEqual(2));
});

describe.each(examined.map((each) => [each.id, each] as const))(
  '%s takes notices',
  (id, { upstream, door, desk, source, ...stand }) => {
    afterAll(() => stand.close());
    beforeEach(async () => {
      await upstream.setFault(null);
      await desk.forget();
      desk.behave({});
    });

    const setFault = (kind: FaultKind, rest: Partial<FaultCommand> = {}): Promise<void> =>
      upstream.setFault(FaultCommand.parse({ kind, ...rest }));
    const deliver = (notice: TestNotice, timeoutMs?: number) => door.deliver(notice.issued, callScope(timeoutMs));

    const everything = async (limit: number): Promise<WordsPage> => {
      const pages: WordsPage[] = [];
      for (let after: string | null = null; ;) {
        const page: WordsPage = await door.words(after, limit, callScope());
        expect(page.words.length + page.malformed.length).toBeLessThanOrEqual(limit);
        pages.push(page);
        if (page.next === null) break;
        after = page.next;
      }
      return {
        words: pages.flatMap(({ words }) => [...words]),
        malformed: pages.flatMap(({ malformed }) => [...malformed]),
        next: null,
      };
    };
    /** Reads until the desk has said so much; a notice that is signed and fed back with two measures makes three. */
    const heard = async (count: number, limit = 100): Promise<WordsPage> => {
      for (;;) {
        const page = await everything(limit);
        if (page.words.length + page.malformed.length >= count) return page;
        await delay(20);
      }
    };
    const taken = (words: readonly RecipientWord[]) => words.map(({ wordId }) => ({ wordId, refusal: null }));
    const arrived = async ({ issued }: TestNotice): Promise<void> => {
      while (!received().includes(issued.id)) await delay(20);
    };
    const received = (): string[] => desk.entries().map(({ message }) => message.id);

    it('over a channel that it names', () => {
      expect(door.channel).toMatch(/^[a-z-]+$/);
      expect(['EXCHANGE_ROW', 'SOAP_REPLY']).toContain(door.voice);
    });

    it('once: a copy is accepted and changes nothing', async () => {
      const notice = testNotice(id);
      const first = await deliver(notice);
      const copy = await deliver(notice);
      expect(first).toMatchObject({ outcome: 'ACCEPTED', detail: null, retryAfterMs: null });
      expect(first.replyDigest).toMatch(/^[0-9a-f]{64}$/);
      expect(copy).toMatchObject({ outcome: 'ACCEPTED', receiptNumber: first.receiptNumber });
      const { words } = await heard(3);
      expect(received()).toEqual([notice.issued.id]);
      expect(words.map(({ kind }) => kind)).toEqual(['SIGNED', 'FED_BACK', 'FED_BACK']);
    });

    it('with one call, and never a second, whatever becomes of it', async () => {
      for (const kind of ['refused', 'garbage', 'truncated', 'slow'] as const) {
        const notice = testNotice(id);
        await setFault(kind, { delayMs: SLOW_MS });
        upstream.resetCalls();
        await deliver(notice, 300);
        await upstream.setFault(null);
        if (kind === 'slow') await arrived(notice);
        expect({ kind, calls: total(upstream.calls()) <= 1 }).toEqual({ kind, calls: true });
      }
    });

    it('each with its delivery, its number, its measures and what was signed, to the byte', async () => {
      const notice = testNotice(id, ['M3-02']);
      await deliver(notice);
      await heard(2);
      expect(desk.entries()[0]?.message).toEqual({
        id: notice.issued.id,
        type: 'notice.issued',
        deliveryId: notice.deliveryId,
        number: notice.issued.fields['number'],
        measureIds: ['M3-02'],
        signedText: notice.issued.fields['signedText'],
        signature: notice.issued.fields['signature'],
      });
    });

    it('and says in order what it does with them, with who, what and when', async () => {
      const notice = testNotice(id);
      await deliver(notice);
      const { words, malformed } = await heard(3);
      expect(malformed).toEqual([]);
      const [signed, ...fedBack] = words;
      expect(signed).toMatchObject({ kind: 'SIGNED', deliveryId: notice.deliveryId, reason: null, feedback: [] });
      expect(signed?.by).toMatch(/^\S+$/);
      expect(signed?.receipt).toMatch(/^[0-9a-f]{64}$/);
      expect(fedBack.flatMap(({ feedback }) => feedback)).toEqual(
        notice.measureIds.map((measureId) => ({
          measureId,
          result: 'EXECUTED',
          caseCount: 1,
          executedAt: expect.any(Date),
          description: expect.stringMatching(/^\S+$/),
        })),
      );
    });

    it.each(['PARTLY', 'NOT_APPLICABLE', 'NO_OBJECT', 'FAILED'] as const)(
      'and reports a measure as %s',
      async (result) => {
        desk.behave({ feedsBack: result });
        await deliver(testNotice(id, ['M3-02']));
        const { words } = await heard(2);
        expect(words.at(-1)?.feedback).toMatchObject([{ measureId: 'M3-02', result }]);
      },
    );

    it('or returns them, with the reason', async () => {
      desk.behave({ returnsWith: '对象不在本地（示例）' });
      await deliver(testNotice(id));
      const { words } = await heard(1);
      expect(words).toMatchObject([{ kind: 'RETURNED', reason: '对象不在本地（示例）', feedback: [] }]);
    });

    it.each(['lifted', 'withdrawn'] as const)('and confirms that one is %s', async (end) => {
      desk.behave({ signs: false });
      const notice = testNotice(id);
      await deliver(notice);
      expect(await door.deliver(notice[end], callScope())).toMatchObject({ outcome: 'ACCEPTED' });
      const { words } = await heard(1);
      expect(words).toMatchObject([{ kind: 'LIFT_CONFIRMED', deliveryId: notice.deliveryId }]);
      expect(desk.entries().map(({ message }) => message.type)).toEqual(['notice.issued', `notice.${end}`]);
    });

    it('whose words come page by page in the same order, whatever the size of the page', async () => {
      for (const notice of [testNotice(id), testNotice(id)]) await deliver(notice);
      const { words } = await heard(6);
      for (const limit of [1, 2, 4]) {
        expect((await everything(limit)).words.map(({ wordId }) => wordId)).toEqual(words.map(({ wordId }) => wordId));
      }
    });

    it('whose words do not come again once they are marked, and marking twice does no harm', async () => {
      await deliver(testNotice(id));
      const { words } = await heard(3);
      expect(new Set(words.map(({ wordId }) => wordId)).size).toBe(3);
      const [first, ...others] = words;
      if (first === undefined) throw new Error('nothing was said');
      await door.noteHeard(taken([first]), callScope());
      await door.noteHeard(taken([first]), callScope());
      expect((await everything(100)).words).toMatchObject(others.map(({ wordId }) => ({ wordId })));
      await door.noteHeard(taken(others), callScope());
      expect(await everything(100)).toEqual({ words: [], malformed: [], next: null });
    });

    it('and is told which of its words were refused, and why', async () => {
      const notice = testNotice(id);
      await deliver(notice);
      const { words } = await heard(3);
      const refusal = 'Notice is ARCHIVED.';
      await door.noteHeard([{ wordId: words[0]?.wordId ?? '', refusal }, ...taken(words.slice(1))], callScope());
      expect((await everything(100)).words).toEqual([]);
      while (desk.refusals().length === 0) await delay(20);
      expect(desk.refusals()).toEqual([{ deliveryId: notice.deliveryId, reason: refusal }]);
    });

    it('and is not disturbed by a mark on a word that it never said', async () => {
      await door.noteHeard([{ wordId: 'no-such-word', refusal: null }], callScope());
      await door.noteHeard([], callScope());
      expect(await everything(100)).toEqual({ words: [], malformed: [], next: null });
    });

    it('and one word that cannot be read is named, keeps none of the others, and is done with once refused', async () => {
      await setFault('schema-drift', { scope: 'first' });
      await deliver(testNotice(id));
      const { words, malformed } = await heard(3);
      expect(malformed).toEqual([
        {
          recordId: expect.stringMatching(/\S/),
          field: expect.stringMatching(/\S/),
          problem: expect.stringMatching(/\S/),
        },
      ]);
      expect(words.map(({ kind }) => kind)).toEqual(['FED_BACK', 'FED_BACK']);
      const refused = malformed.flatMap(({ recordId, field, problem }) =>
        recordId === null ? [] : [{ wordId: recordId, refusal: `${field}: ${problem}` }],
      );
      await door.noteHeard([...refused, ...taken(words)], callScope());
      await upstream.setFault(null);
      expect(await everything(100)).toEqual({ words: [], malformed: [], next: null });
    });

    it.each(['duplicate-rows', 'out-of-order', 'wrong-charset'] as const)(
      'and is understood when it sends %s',
      async (kind) => {
        await setFault(kind);
        await deliver(testNotice(id));
        const { words, malformed } = await heard(3);
        expect(malformed).toEqual([]);
        expect(words.map((word) => [word.kind, word.feedback[0]?.description])).toEqual([
          ['SIGNED', undefined],
          ['FED_BACK', '已落实'],
          ['FED_BACK', '已落实'],
        ]);
      },
    );

    it.each([
      ['down', ['UNREACHABLE']],
      ['half-open', ['UNREACHABLE']],
      ['slow', ['UNREACHABLE']],
      ['truncated', ['UNREACHABLE', 'BROKEN']],
      ['garbage', ['BROKEN', 'UNREACHABLE']],
      ['refused', ['REFUSED']],
    ] as const)(
      'says the right thing of a delivery to a department that is %s; a copy then does no harm',
      async (kind, outcomes) => {
        const notice = testNotice(id);
        await setFault(kind, { delayMs: SLOW_MS });
        const reply = await deliver(notice, 300);
        await upstream.setFault(null);
        // Given up, and there in the end all the same.
        if (kind === 'slow') await arrived(notice);
        expect(outcomes).toContain(reply.outcome);
        expect(reply.detail).toMatch(/.{10}/);
        expect(await deliver(notice)).toMatchObject({ outcome: 'ACCEPTED' });
        const { words } = await heard(3);
        expect(received()).toEqual([notice.issued.id]);
        expect(words).toHaveLength(3);
      },
    );

    it('keeps the deadline, and does not call for a caller who has gone', async () => {
      await setFault('half-open');
      const begin = performance.now();
      expect(await deliver(testNotice(id), 300)).toMatchObject({ outcome: 'UNREACHABLE' });
      expect(performance.now() - begin).toBeLessThan(2_000);
      await upstream.setFault(null);
      upstream.resetCalls();
      const gone = { ...callScope(), signal: AbortSignal.abort() };
      expect(await door.deliver(testNotice(id).issued, gone)).toMatchObject({ outcome: 'UNREACHABLE' });
      expect(total(upstream.calls())).toBe(0);
    });

    it('does not take what is not about a notice, and says so without a call', async () => {
      upstream.resetCalls();
      const strange = { id: 'x', type: 'recognition.decided', body: '{}', fields: {} };
      expect(await door.deliver(strange, callScope())).toMatchObject({ outcome: 'BROKEN', replyDigest: null });
      expect(total(upstream.calls())).toBe(0);
    });

    it('says which error keeps its words from being read or marked', async () => {
      for (const kind of ['down', 'garbage', 'refused', 'truncated'] as const) {
        await setFault(kind);
        await expect(door.words(null, 10, callScope(1_000))).rejects.toBeInstanceOf(HubError);
        await expect(door.noteHeard([{ wordId: '1', refusal: null }], callScope(1_000))).rejects.toBeInstanceOf(
          HubError,
        );
        await upstream.setFault(null);
      }
      await expect(door.words('no place', 10, callScope())).rejects.toBeInstanceOf(HubError);
    });

    it('reads as before, whatever becomes of notices', async () => {
      const before = source.health();
      for (const kind of ['refused', 'garbage'] as const) {
        await setFault(kind);
        for (let attempt = 0; attempt < 6; attempt += 1) await deliver(testNotice(id));
        await upstream.setFault(null);
      }
      expect(source.health()).toEqual(before);
    });
  },
);
