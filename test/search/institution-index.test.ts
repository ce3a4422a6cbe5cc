/** The search index says what the replica holds, whatever happened on the way. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import { matchStations } from '../../schema/identity/match-stations.ts';
import { NO_DECISIONS } from '../../schema/identity/station-decisions.ts';
import { StationIndex } from '../../schema/identity/station-index.ts';
import { SubjectMemory } from '../../schema/identity/subject-memory.ts';
import type { InstitutionRecord, QualificationRecord, ListEntryRecord } from '../../schema/records.ts';
import type { ChangeConsumer } from '../../schema/replica/projector.ts';
import { entryOf } from '../../schema/search/entry-of.ts';
import type { InstitutionEntry } from '../../schema/search/institution-entry.model.ts';
import { A, at, B, codeOf, day, NAME_OF_A, provenance } from '../schema/support/records.ts';
import {
  certified,
  filed,
  listed,
  openIndex,
  punished,
  registered,
  stationAt,
  type IndexUnderTest,
  type Word,
} from './held-records.ts';

const NOW = at('2026-03-05T12:00');
/** Each makes dozens of changes in a store. */
const RUNS = process.env['HUB_TEST_SCALE'] === undefined ? 8 : 100;

let opened: IndexUnderTest;
beforeAll(async () => {
  opened = await openIndex(NOW);
});
afterAll(() => opened.close());
beforeEach(async () => {
  opened.now = NOW;
  await opened.forgetAll();
});

const entry = async (code: CreditCode): Promise<InstitutionEntry | null> =>
  (await opened.search.entriesOf([code]))[0] ?? null;

describe('an entry', () => {
  it('is made of the register’s description and of what every department holds under the institution', async () => {
    await opened.hear(
      registered(A, { cmaNumbers: ['232405340017'], kinds: ['VEHICLE_INSPECTION_BODY'] }),
      stationAt('5200000117', { cmaNumbers: ['232405340017'], name: '别名' }),
      certified(A, '232405340017'),
      filed('5200000117', { status: 'SUSPENDED' }),
      listed(A, '1'),
      punished(A, '2'),
    );
    await opened.projector().run();
    expect(await entry(A)).toEqual({
      creditCode: A,
      name: NAME_OF_A,
      regionCode: '520115',
      kinds: ['VEHICLE_INSPECTION_BODY'],
      status: 'ACTIVE',
      listed: true,
      qualificationStatuses: ['SUSPENDED', 'VALID'],
      cmaNumbers: ['232405340017'],
      riskClass: null,
      riskScore: null,
      updatedAt: at('2026-03-02'),
      changesAt: at('2029-03-15'),
    });
  });

  it('is not there for what the register does not hold, and goes with the register’s record', async () => {
    await opened.hear(stationAt('5200000117'), punished(A, '1'), certified(B, '1'));
    await opened.projector().run();
    expect([await entry(A), await entry(B)]).toEqual([null, null]);
    await opened.hear(registered(A));
    await opened.projector().run();
    expect(await entry(A)).not.toBeNull();
    await opened.hear(registered(A, null));
    await opened.projector().run();
    expect(await entry(A)).toBeNull();
    await opened.hear(registered(A));
    await opened.projector().run();
    expect(await entry(A)).not.toBeNull();
  });

  it('is in the division of its code where the register names none, as the institution is shown', async () => {
    await opened.hear(registered(A, { regionCode: null }), registered(B, { regionCode: 'nonsense' }));
    await opened.projector().run();
    expect([await entry(A), await entry(B)]).toMatchObject([{ regionCode: '520115' }, { regionCode: '520115' }]);
  });

  it('is of the time at which any record changed last, by the departments’ own word', async () => {
    const stamped = (text: string) => ({ ...provenance('transport'), sourceRecordId: '1', asOf: at(text) });
    await opened.hear(registered(A));
    await opened.projector().run();
    expect((await entry(A))?.updatedAt).toEqual(at('2026-03-02'));
    await opened.hear(punished(A, '1', { provenance: stamped('2026-03-02T23:00') }));
    await opened.projector().run();
    expect((await entry(A))?.updatedAt).toEqual(at('2026-03-02T23:00'));
    // Handed over anew, under another stamp, with the same facts: nothing has changed.
    await opened.hear(punished(A, '1', { provenance: stamped('2026-03-02T23:30') }));
    await opened.projector().run();
    expect((await entry(A))?.updatedAt).toEqual(at('2026-03-02T23:00'));
    // The same facts under an earlier stamp: that is when they changed.
    await opened.hear(punished(A, '1', { provenance: stamped('2026-03-02T21:00') }));
    await opened.projector().run();
    expect((await entry(A))?.updatedAt).toEqual(at('2026-03-02T21:00'));
  });

  describe('follows what a change elsewhere says about whose a station is', () => {
    const statuses = async (code: CreditCode) => (await entry(code))?.qualificationStatuses;

    it('when another institution gives up the name', async () => {
      await opened.hear(registered(A), registered(B));
      await opened.hear(stationAt('1', { name: NAME_OF_A }), filed('1', { status: 'SUSPENDED' }));
      await opened.projector().run();
      expect([await statuses(A), await statuses(B)]).toEqual([[], []]);
      await opened.hear(registered(B, { name: '示例改名检测有限公司' }));
      await opened.projector().run();
      expect([await statuses(A), await statuses(B)]).toEqual([['SUSPENDED'], []]);
    });

    it('when the station is entered under another name', async () => {
      await opened.hear(registered(A), registered(B, { name: '示例乙检测有限公司' }));
      await opened.hear(stationAt('1', { name: NAME_OF_A }), filed('1', { status: 'SUSPENDED' }));
      await opened.projector().run();
      expect([await statuses(A), await statuses(B)]).toEqual([['SUSPENDED'], []]);
      await opened.hear(stationAt('1', { name: '示例乙检测' }));
      await opened.projector().run();
      expect([await statuses(A), await statuses(B)]).toEqual([[], ['SUSPENDED']]);
    });

    it('when a certificate turns out to be somebody else’s', async () => {
      await opened.hear(registered(A), stationAt('1', { cmaNumbers: ['232405340018'] }), filed('1'));
      await opened.projector().run();
      expect(await statuses(A)).toEqual(['VALID']);
      await opened.hear(registered(B, { name: '示例乙检测有限公司', cmaNumbers: ['232405340018'] }));
      await opened.projector().run();
      expect([await statuses(A), await statuses(B)]).toEqual([[], ['VALID']]);
    });
  });

  it('changes by itself on the day on which a qualification runs out or a list entry ends', async () => {
    await opened.hear(
      registered(A),
      certified(A, '1', { validTo: day('2026-03-05') }),
      listed(A, '2', { listedOn: day('2026-03-06'), removedOn: day('2026-03-08') }),
    );
    const seenAt = async (text: string) => {
      opened.now = at(text);
      await opened.projector().run();
      const seen = await entry(A);
      return [seen?.qualificationStatuses, seen?.listed, seen?.changesAt];
    };
    expect(await seenAt('2026-03-05T12:00')).toEqual([['VALID'], false, at('2026-03-06')]);
    expect(await seenAt('2026-03-05T23:59')).toEqual([['VALID'], false, at('2026-03-06')]);
    expect(await seenAt('2026-03-06')).toEqual([['EXPIRED'], true, at('2026-03-08')]);
    expect(await seenAt('2026-03-08T00:01')).toEqual([['EXPIRED'], false, null]);
  });
});

describe('whoever computes something per institution', () => {
  const consumer = (layout: number) => {
    const told: CreditCode[] = [];
    const refresh = (codes: readonly CreditCode[]): Promise<void> => Promise.resolve(void told.push(...codes));
    return { told, name: 'test', layout, refresh };
  };
  const run = async (layout = 1): Promise<readonly CreditCode[]> => {
    const own = consumer(layout);
    await opened.projector([own]).run();
    return own.told.toSorted();
  };

  it('is told of every institution once, and then of those that have changed', async () => {
    await opened.hear(registered(A), registered(B, { name: '示例乙检测有限公司' }));
    expect(await run()).toEqual([A, B]);
    expect(await run()).toEqual([]);
    await opened.hear(listed(B, '1'), certified(codeOf(3), '2'));
    expect(await run()).toEqual([B]);
    // Heard again, with nothing new in it.
    await opened.hear(listed(B, '1'));
    expect(await run()).toEqual([]);
    await opened.hear(listed(B, '1', null));
    expect(await run()).toEqual([B]);
  });

  it('is told of every institution again when it computes otherwise than before, and an older one is not', async () => {
    await opened.hear(registered(A));
    await run(1);
    expect(await run(2)).toEqual([A]);
    expect(await run(1)).toEqual([]);
    expect(await run(2)).toEqual([]);
  });

  it('is told again of what it failed with', async () => {
    await opened.hear(registered(A));
    const failing = { ...consumer(1), refresh: () => Promise.reject(new Error('failed')) };
    await expect(opened.projector([failing]).run()).rejects.toThrow('failed');
    expect(await opened.states.of('test')).toMatchObject({ complete: 0 });
    expect(await run()).toEqual([A]);
  });

  it('is told of what was held before anybody took note of changes, by whom it is matched with too', async () => {
    await opened.hear(registered(A), stationAt('1'), filed('1', { status: 'SUSPENDED' }), punished(A, '2'));
    await opened.replica.models.records.collection.updateMany(
      {},
      { $unset: { pending: '', formerly: '', matchKeys: '', changedAt: '' } },
    );
    expect(await opened.replica.pending.count()).toBe(0);
    await opened.projector().run();
    expect(await entry(A)).toMatchObject({ qualificationStatuses: ['SUSPENDED'] });
    await opened.hear(registered(A), stationAt('1'), filed('1'));
    await opened.projector().run();
    expect(await entry(A)).toMatchObject({ qualificationStatuses: ['VALID'] });
  });

  it('is up to date as of the times that were noted before its run', async () => {
    const beganAt = at('2026-03-05T08:00');
    await opened.replica.states.noteRead('market-regulation|institutions', beganAt, null, true);
    await opened.replica.states.noteRead('market-regulation|penalties', beganAt, null, false);
    await run();
    expect((await opened.states.of('test')).heldAt).toEqual(new Map([['market-regulation|institutions', beganAt]]));
    await opened.replica.states.noteRead('market-regulation|institutions', at('2026-03-05T09:00'), null, false);
    expect((await opened.states.of('test')).heldAt.get('market-regulation|institutions')).toEqual(beganAt);
  });
});

/** Everything that is held now, and the entries that follow from it by looking at all of it. */
class PlainIndex {
  readonly #held = new Map<string, Word>();

  hear(word: Word): void {
    this.#held.set(`${word.departmentId} ${word.read} ${word.recordId}`, word);
  }

  #records<R>(departmentId: string, read: Word['read'], isFiledUnder: (word: Word) => boolean = () => true): R[] {
    const own = [...this.#held.values()].filter((word) => word.departmentId === departmentId && word.read === read);
    return own.flatMap((word) => (word.record !== null && isFiledUnder(word) ? [word.record as R] : []));
  }

  /** Without the times of change. */
  entries(codes: readonly CreditCode[]): (object | null)[] {
    const institutions = this.#records<InstitutionRecord>('market-regulation', 'institutions');
    const memory = new SubjectMemory();
    for (const record of institutions) memory.remember(record);
    const stations = this.#records<InstitutionRecord>('public-security', 'institutions');
    const directory = new StationIndex(
      stations.map(({ localId, ...record }) => ({ ...record, localId: localId ?? '' })),
      NOW,
    );
    return codes.map((creditCode) => {
      const description = institutions.find((record) => record.creditCode === creditCode);
      if (description === undefined) return null;
      const facts = { ...description, creditCode };
      const decided = NO_DECISIONS.of('public-security');
      const numbers = matchStations(facts, { index: directory, subjects: memory, decided }).matches.map(
        (match) => `local:${match.entry.localId}`,
      );
      const isOwn = ({ subjects }: Word): boolean =>
        subjects.some((key) => key === `code:${creditCode}` || numbers.includes(key));
      const plain = entryOf(
        {
          creditCode,
          description,
          qualifications: [
            ...this.#records<QualificationRecord>('market-regulation', 'qualifications', isOwn),
            ...this.#records<QualificationRecord>('public-security', 'qualifications', isOwn),
          ],
          listEntries: this.#records<ListEntryRecord>('market-regulation', 'listEntries', isOwn),
          changedAt: NOW,
        },
        NOW,
      );
      return { ...plain, updatedAt: undefined };
    });
  }
}

const CODES = [1, 2].map(codeOf);
const NAMES = ['示例甲检测有限公司', '示例甲检测', '示例乙检测有限公司'];
const CMA = CODES.map((_, index) => `23240534001${index}`);
const someCode = fc.constantFrom(...CODES);
const someNumber = fc.constantFrom('5200000001', '5200000002');
const somewhere = fc.record({
  name: fc.constantFrom(...NAMES),
  regionCode: fc.constantFrom('520115', '520115', '520115', '520201', null),
});
const orGone = <T>(facts: fc.Arbitrary<T>) => fc.option(facts, { freq: 5 });
const someWord: fc.Arbitrary<Word> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(CODES.length - 1), orGone(fc.tuple(somewhere, fc.boolean())))
      .map(([index, facts]) =>
        registered(CODES[index] ?? A, facts && { ...facts[0], cmaNumbers: facts[1] ? [CMA[index] ?? ''] : [] }),
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        someNumber,
        orGone(fc.tuple(somewhere, fc.option(fc.constantFrom(...CMA)), fc.option(someCode, { freq: 1 }))),
      )
      .map(([number, facts]) =>
        stationAt(
          number,
          facts && { ...facts[0], cmaNumbers: facts[1] === null ? [] : [facts[1]], creditCode: facts[2] },
        ),
      ),
  },
  fc
    .tuple(someNumber, orGone(fc.constantFrom('VALID' as const, 'SUSPENDED' as const)))
    .map(([number, status]) => filed(number, status && { status })),
  fc
    .tuple(someCode, fc.constantFrom('1', '2'), orGone(fc.constantFrom('2026-03-04', '2026-03-05', '2027-01-01')))
    .map(([code, id, validTo]) => certified(code, `${code}-${id}`, validTo && { validTo: day(validTo) })),
  fc
    .tuple(someCode, orGone(fc.option(fc.constantFrom('2026-03-05', '2026-03-06'))))
    .map(([code, removedOn]) => listed(code, `${code}-1`, { removedOn: removedOn && day(removedOn) })),
  someCode.map((code) => punished(code, `${code}-1`)),
);

type Step =
  | { readonly kind: 'HEAR'; readonly word: Word }
  | { readonly kind: 'PROJECT' | 'TWO_AT_ONCE' }
  /** Killed after so many of the institutions of a batch. */
  | { readonly kind: 'KILLED'; readonly after: number };

const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: someWord.map((word) => ({ kind: 'HEAR' as const, word })) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ kind: 'PROJECT' }, { kind: 'TWO_AT_ONCE' }) },
  { weight: 1, arbitrary: fc.nat(2).map((after) => ({ kind: 'KILLED' as const, after })) },
);

class Killed extends Error {}

/** Does a part of its work, and then nothing more: as if its process were killed. */
const killedAfter = (count: number): ChangeConsumer => ({
  ...opened.index,
  async refresh(codes) {
    await opened.index.refresh(codes.slice(0, count));
    throw new Killed();
  },
});

describe('the index', () => {
  it('says what the replica holds after any changes, with processes that are killed or run at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someStep, { minLength: 1, maxLength: 40, size: 'max' }), async (steps) => {
        await opened.forgetAll();
        const plain = new PlainIndex();
        let meanwhile: Promise<unknown>[] = [];
        for (const step of steps) {
          switch (step.kind) {
            case 'HEAR':
              plain.hear(step.word);
              await opened.hear(step.word);
              break;
            case 'PROJECT':
              await opened.projector().run();
              break;
            case 'TWO_AT_ONCE':
              meanwhile = [...meanwhile, opened.projector().run(), opened.projector().run()];
              break;
            case 'KILLED':
              await opened
                .projector([killedAfter(step.after)])
                .run()
                .catch((error: unknown) => {
                  if (!(error instanceof Killed)) throw error;
                });
          }
        }
        await Promise.all(meanwhile);
        await opened.projector().run();
        const followed = await opened.search.entriesOf(CODES);
        expect(followed.map((each) => each && { ...each, updatedAt: undefined })).toEqual(plain.entries(CODES));

        await opened.forgetIndex();
        await opened.projector().run();
        expect(await opened.search.entriesOf(CODES)).toEqual(followed);
        expect(await opened.replica.pending.count()).toBe(0);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 180_000);
});
