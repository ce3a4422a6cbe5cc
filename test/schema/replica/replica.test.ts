import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CreditCode } from '../../../schema/codes/credit-code.ts';
import type { SubjectKey, SubjectReference } from '../../../schema/ports.ts';
import type { PenaltyRecord } from '../../../schema/records.ts';
import { feedOf } from '../../../schema/replica/facts.ts';
import type { Observation } from '../../../schema/replica/merge.ts';
import { Replica } from '../../../schema/replica/replica.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';
import { inspection } from '../support/records.ts';
import { at, penalty } from './records.ts';

const SUBJECT = { creditCode: '91520115MAYDM00198' as CreditCode, localIds: [] };
const KEY: SubjectKey = `code:${SUBJECT.creditCode}`;

let store: StoreUnderTest;
let replica: Replica;
let departments = 0;
/** A department that nobody else writes to. */
const newDepartment = (): string => `department-${departments++}`;

const holds = (recordId: string, reason: string, updatedAt = at(0)): Observation => ({
  recordId,
  updatedAt,
  subjects: [KEY],
  record: penalty(recordId, reason, updatedAt),
});
const gone = (recordId: string, updatedAt: Date | null = null): Observation => ({
  recordId,
  updatedAt,
  subjects: null,
  record: null,
});
const held = async (department: string): Promise<Record<string, string>> => {
  const [set] = await replica.answer(department, 'penalties', [SUBJECT]);
  return Object.fromEntries((set?.records ?? []).map((record) => [record.provenance.sourceRecordId, record.reason]));
};

beforeAll(async () => {
  store = await openStore();
  replica = new Replica(store.connection);
  await replica.open();
});
afterAll(() => store.close());

describe('the replica', () => {
  it('gives back what it was given, instants and all', async () => {
    const department = newDepartment();
    await replica.take(department, 'penalties', at(1), [holds('1', 'overtime')]);
    const [set] = await replica.answer(department, 'penalties', [SUBJECT]);
    expect(set).toEqual({ records: [penalty('1', 'overtime')], malformed: [] });
  });

  it('counts what was new, changed, gone and the same', async () => {
    const department = newDepartment();
    const take = (minute: number, ...seen: Observation[]) => replica.take(department, 'penalties', at(minute), seen);
    expect(await take(1, holds('1', 'a'), holds('2', 'b'))).toMatchObject({ inserted: 2, updated: 0, unchanged: 0 });
    expect(await take(2, holds('1', 'a'), holds('2', 'c'))).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 });
    expect(await take(3, gone('2'))).toMatchObject({ removed: 1 });
    expect(await held(department)).toEqual({ 1: 'a' });
  });

  it('believes what was asked later, in whichever order it hears it', async () => {
    const department = newDepartment();
    await replica.take(department, 'penalties', at(5), [holds('1', 'later')]);
    await replica.take(department, 'penalties', at(4), [holds('1', 'earlier')]);
    await replica.take(department, 'penalties', at(3), [gone('1')]);
    expect(await held(department)).toEqual({ 1: 'later' });
  });

  it('keeps a tombstone, so that an older reading does not bring a record back', async () => {
    const department = newDepartment();
    await replica.take(department, 'penalties', at(1), [holds('1', 'a')]);
    await replica.take(department, 'penalties', at(3), [gone('1')]);
    await replica.take(department, 'penalties', at(2), [holds('1', 'a')]);
    expect(await held(department)).toEqual({});
    await replica.take(department, 'penalties', at(4), [holds('1', 'a')]);
    expect(await held(department)).toEqual({ 1: 'a' });
  });

  it('says what the hub believed at a time', async () => {
    const department = newDepartment();
    await replica.take(department, 'penalties', at(10), [holds('1', 'first')]);
    await replica.take(department, 'penalties', at(20), [holds('1', 'corrected')]);
    await replica.take(department, 'penalties', at(30), [gone('1')]);
    const believed = async (minute: number) => {
      const [set] = await replica.answerKnownAt(department, 'penalties', [SUBJECT], at(minute));
      return set?.records.map(({ reason }) => reason);
    };
    expect([await believed(5), await believed(10), await believed(25), await believed(30)]).toEqual([
      [],
      ['first'],
      ['corrected'],
      [],
    ]);
  });

  it('counts penalties that name no day of publicity as timely by when they appeared', async () => {
    const department = newDepartment();
    const feed = feedOf(department, 'penalties');
    // Decided on March 2, 2026; in time until March 11.
    const march = (day: number): Date => new Date(Date.UTC(2026, 2, day, 4));
    const counted = async (day: number) => {
      await replica.summarise(department, 'penalties', march(day), true);
      return (await replica.states.of(feed)).timeliness;
    };
    await replica.take(department, 'penalties', march(3), [holds('there before', 'a', march(3))]);
    await replica.states.noteRead(feed, march(3), null, true);
    expect(await counted(4)).toEqual({ countedOn: '2026-03-04', judged: 0, onTime: 0 });
    await replica.take(department, 'penalties', march(10), [holds('in time', 'a', march(9))]);
    await replica.take(department, 'penalties', march(20), [
      holds('late', 'a', march(20)),
      holds('in time', 'corrected', march(20)),
      // The hub had not asked for days; the department had it in time.
      holds('heard late', 'a', march(11)),
    ]);
    expect(await counted(21)).toEqual({ countedOn: '2026-03-21', judged: 3, onTime: 2 });
    await replica.take(department, 'penalties', march(22), [gone('late')]);
    expect(await counted(22)).toMatchObject({ judged: 2, onTime: 2 });
  });

  it('loses nothing when many write the same records at once', async () => {
    const department = newDepartment();
    const minutes = Array.from({ length: 12 }, (_, index) => index + 1);
    await Promise.all(
      minutes.map((minute) =>
        replica.take(department, 'penalties', at(minute), [
          holds('shared', `seen at ${minute}`),
          holds(`own-${minute}`, 'a'),
        ]),
      ),
    );
    expect(await held(department)).toMatchObject({ shared: 'seen at 12' });
    expect(Object.keys(await held(department))).toHaveLength(13);
  });

  it('learns from a whole live answer which records are gone, and from one with unreadable records not', async () => {
    const department = newDepartment();
    await replica.take(department, 'penalties', at(1), [holds('1', 'a'), holds('2', 'b')]);
    const answer = (malformed: { recordId: string; field: string; problem: string }[]) => [
      { records: [penalty('1', 'a')], malformed },
    ];
    const unreadable = [{ recordId: '2', field: 'CF_JDRQ', problem: 'is no date' }];
    await replica.takeAnswers(department, 'penalties', at(2), [SUBJECT], answer(unreadable));
    expect(await replica.answer(department, 'penalties', [SUBJECT])).toMatchObject([{ malformed: unreadable }]);
    await replica.takeAnswers(department, 'penalties', at(3), [SUBJECT], answer([]));
    expect(await held(department)).toEqual({ 1: 'a' });
  });

  it('gives a record that one of several numbers or the code has brought to nobody but who asks for all of them', async () => {
    const department = newDepartment();
    const other = '91520201MAYDM0027Y' as CreditCode;
    const [asOne, ofOther, ofNobody] = [
      { ...SUBJECT, localIds: ['7', '9'] },
      { creditCode: other, localIds: ['9'] },
      { ...SUBJECT, localIds: ['7'] },
    ];
    const reasons = async (request: SubjectReference) => {
      const [set] = await replica.answer(department, 'penalties', [request]);
      return (set?.records ?? []).map(({ reason }) => reason).sort();
    };
    const answers = (request: SubjectReference, minute: number, ...records: PenaltyRecord[]) =>
      replica.takeAnswers(department, 'penalties', at(minute), [request], [{ records, malformed: [] }]);
    await answers(asOne, 1, penalty('1', 'by the code'), penalty('2', 'by number 9'));
    expect(await reasons(asOne)).toEqual(['by number 9', 'by the code']);
    expect([await reasons(ofOther), await reasons(ofNobody), await reasons(SUBJECT)]).toEqual([[], [], []]);
    // The number was another institution's after all: each is asked for again.
    await answers(ofOther, 2, penalty('2', 'by number 9'));
    await answers(SUBJECT, 3, penalty('1', 'by the code'));
    expect([await reasons(ofOther), await reasons(SUBJECT)]).toEqual([['by number 9'], ['by the code']]);
  });

  it('files what it hears under what it knows to be meant, unless something newer has been heard', async () => {
    const department = newDepartment();
    const request = { ...SUBJECT, localIds: ['7'], limit: 10 };
    const window = { ...request, from: null, to: null, vin: null, result: null };
    const test = inspection('1', at(0));
    const answer = [{ records: [test], malformed: [] }];
    await replica.take(department, 'inspections', at(5), [
      { recordId: '1', updatedAt: null, subjects: ['local:9'], record: test },
    ]);
    await replica.takeAnswers(department, 'inspections', at(4), [window], answer);
    expect(await replica.answer(department, 'inspections', [window])).toMatchObject([{ records: [] }]);
    await replica.takeAnswers(department, 'inspections', at(6), [window], answer);
    expect(await replica.answer(department, 'inspections', [window])).toMatchObject([{ records: [{ id: '1' }] }]);
  });

  it('knows until when it held the answer to a question', async () => {
    const department = newDepartment();
    const heldAt = () => replica.heldAt(department, 'penalties', [SUBJECT]);
    expect(await heldAt()).toEqual([null]);
    await replica.takeAnswers(department, 'penalties', at(2), [SUBJECT], [{ records: [], malformed: [] }]);
    expect(await heldAt()).toEqual([at(2)]);
  });

  it('lets a record out of quarantine when it can be read again', async () => {
    const department = newDepartment();
    const malformed = [{ recordId: '1', field: 'CF_NR_FK', problem: 'is no amount' }];
    await replica.take(department, 'penalties', at(1), [], malformed);
    expect((await replica.quarantine.counts()).get(`${department}|penalties`)).toBe(1);
    await replica.take(department, 'penalties', at(2), [holds('1', 'a')]);
    expect((await replica.quarantine.counts()).has(`${department}|penalties`)).toBe(false);
  });

  it('comes to the same end whatever the order, the doublings and the skew of the department’s clock', async () => {
    const sighting = fc.record({
      recordId: fc.constantFrom('1', '2', '3'),
      reason: fc.constantFrom('a', 'b', null),
      stampedMinute: fc.integer({ min: -10, max: 10 }),
    });
    const reading = fc.array(sighting, { maxLength: 6 });
    const readings = fc.array(reading, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(readings, fc.infiniteStream(fc.nat()), async (truth, random) => {
        const observed = truth.map((rows, run) => ({
          minute: 60 + run * 60,
          rows: rows.map(({ recordId, reason, stampedMinute }) => {
            const stamp = at(60 + run * 60 + stampedMinute);
            return reason === null ? gone(recordId, stamp) : holds(recordId, reason, stamp);
          }),
        }));
        const inOrder = newDepartment();
        for (const { minute, rows } of observed) await replica.take(inOrder, 'penalties', at(minute), rows);
        const shuffled = newDepartment();
        const disorder = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, key: random.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        for (const { minute, rows } of disorder([...observed, ...observed])) {
          await replica.take(shuffled, 'penalties', at(minute), disorder([...rows, ...rows]));
        }
        expect(await held(shuffled)).toEqual(await held(inOrder));
      }),
      { numRuns: 60 },
    );
  });
});
