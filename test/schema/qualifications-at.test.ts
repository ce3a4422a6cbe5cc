import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { qualificationsAt } from '../../schema/qualification/qualifications-at.ts';
import type { QualificationRecord, QualificationStatus } from '../../schema/records.ts';
import { at, capability, day, qualification } from './support/records.ts';

const NOW = at('2026-03-05T12:00');
const statusesAt = (records: readonly QualificationRecord[], instant: Date, knownAt = NOW): QualificationStatus[] =>
  qualificationsAt(records, instant, knownAt).map(({ status }) => status);

/** INST-B: valid until the evening of 2026-03-04, under rectification from the next day on, entered at 14:20. */
const HISTORY = [
  qualification({
    status: 'VALID',
    effectiveFrom: at('2023-03-15'),
    effectiveTo: at('2026-03-05'),
    recordedAt: at('2023-03-15T14:20'),
  }),
  qualification({ status: 'RECTIFYING', effectiveFrom: at('2026-03-05'), recordedAt: at('2026-03-05T14:20') }),
];

describe('the version of a qualification that counts', () => {
  it.each([
    ['before the first', '2023-03-14T23:59', []],
    ['from the first moment of the first', '2023-03-15T00:00', ['VALID']],
    ['until the last moment of the first', '2026-03-04T23:59', ['VALID']],
    ['from the first moment of the next', '2026-03-05T00:00', ['RECTIFYING']],
  ])('%s', (_, instant, expected) => {
    expect(statusesAt(HISTORY, at(instant), at('2026-03-06'))).toEqual(expected);
  });

  it('is the one known at the time whose knowledge is asked for', () => {
    const question = at('2026-03-05T15:00');
    expect(statusesAt(HISTORY, question, at('2026-03-05T14:19'))).toEqual(['VALID']);
    expect(statusesAt(HISTORY, question, at('2026-03-05T14:20'))).toEqual(['RECTIFYING']);
  });

  it('does not depend on the order in which versions came', () => {
    expect(statusesAt([...HISTORY].reverse(), at('2026-03-05T15:00'), at('2026-03-06'))).toEqual(['RECTIFYING']);
  });

  it('is there without any times, as far as the first day of validity', () => {
    const plain = [qualification({ validFrom: day('2023-03-15') })];
    expect(statusesAt(plain, at('2023-03-14T23:59'))).toEqual([]);
    expect(statusesAt(plain, at('2023-03-15T00:00'))).toEqual(['VALID']);
    expect(statusesAt([qualification({ validFrom: null, validTo: null })], at('1999-01-01'))).toEqual(['VALID']);
  });

  it('is not yet one whose validity begins later, although it is already on file', () => {
    const renewal = qualification({ validFrom: day('2026-04-01'), effectiveFrom: at('2026-03-01') });
    const current = qualification({ status: 'SUSPENDED', effectiveFrom: at('2023-03-15') });
    expect(statusesAt([current, renewal], NOW)).toEqual(['SUSPENDED']);
  });
});

describe('a retroactive correction', () => {
  /** INST-G: renewed on 2024-02-10 with the old scope; corrected on 2026-02-20 with effect from the renewal. */
  const mistaken = qualification({
    effectiveFrom: at('2024-02-10'),
    recordedAt: at('2024-02-12'),
    supersededAt: at('2026-02-20'),
    scope: [capability(), capability({ parameter: '加载减速法' })],
  });
  const corrected = qualification({
    effectiveFrom: at('2024-02-10'),
    recordedAt: at('2026-02-20'),
    scope: [capability()],
  });
  const scopeSize = (knownAt: Date): number | undefined =>
    qualificationsAt([mistaken, corrected], at('2025-06-01'), knownAt)[0]?.scope.length;

  it('changes what is held true of the past from the moment it was recorded, not before', () => {
    expect(scopeSize(at('2026-02-19T23:59'))).toBe(2);
    expect(scopeSize(at('2026-02-20'))).toBe(1);
  });

  it('leaves nothing where nothing was known yet', () => {
    expect(scopeSize(at('2024-02-11'))).toBeUndefined();
  });

  it('wins over an older entry about the same time even if that was never closed', () => {
    const forgotten = { ...mistaken, supersededAt: null };
    expect(qualificationsAt([corrected, forgotten], NOW, NOW)[0]?.scope).toHaveLength(1);
    expect(qualificationsAt([forgotten, corrected], NOW, NOW)[0]?.scope).toHaveLength(1);
  });
});

describe('the end of validity', () => {
  const until = (status: QualificationStatus) => [qualification({ status, validTo: day('2026-03-14') })];

  it('is the end of its last day in China', () => {
    expect(statusesAt(until('VALID'), at('2026-03-14T23:59'))).toEqual(['VALID']);
    expect(statusesAt(until('VALID'), new Date('2026-03-14T15:59:59.999Z'))).toEqual(['VALID']);
    expect(statusesAt(until('VALID'), new Date('2026-03-14T16:00:00.000Z'))).toEqual(['EXPIRED']);
  });

  it.each<QualificationStatus>(['RECTIFYING', 'SUSPENDED', 'CANCELLED', 'REVOKED'])(
    'does not gloss over %s: what had ended stays with the status it ended in',
    (status) => {
      expect(statusesAt(until(status), at('2030-01-01'))).toEqual([status]);
    },
  );

  it('does not change the records themselves', () => {
    const records = until('VALID');
    qualificationsAt(records, at('2030-01-01'), NOW);
    expect(records[0]?.status).toBe('VALID');
  });
});

describe('several qualifications', () => {
  it('are told apart by department, scheme and number, and sorted by scheme and number', () => {
    const records = [
      qualification({ scheme: 'POLICE_FILING', number: '5200000117' }, 'public-security'),
      qualification({ number: '232405340017' }),
      qualification({ number: '172405340001', status: 'EXPIRED' }),
      qualification({ number: '232405340017', status: 'SUSPENDED' }, 'ecology'),
      qualification({ scheme: 'CNAS', number: 'L0001' }),
    ];
    const shown = qualificationsAt(records, NOW, NOW).map(({ scheme, number, provenance: { departmentId } }) =>
      [scheme, number, departmentId].join(' '),
    );
    expect(shown).toEqual([
      'CMA 172405340001 market-regulation',
      'CMA 232405340017 market-regulation',
      'CMA 232405340017 ecology',
      'CNAS L0001 market-regulation',
      'POLICE_FILING 5200000117 public-security',
    ]);
  });

  it('are shown once each, and only in versions that had begun and were believed', () => {
    const hour = fc.integer({ min: 0, max: 6 }).map((value) => new Date(NOW.getTime() + value * 3_600_000));
    const version = fc
      .record({
        number: fc.constantFrom('1', '2'),
        effectiveFrom: fc.option(hour),
        recordedAt: fc.option(hour),
        supersededAt: fc.option(hour),
      })
      .map((facts) => qualification(facts));
    fc.assert(
      fc.property(fc.array(version, { maxLength: 6 }), hour, hour, (records, instant, knownAt) => {
        const candidates = records.filter(
          ({ effectiveFrom, recordedAt, supersededAt }) =>
            (effectiveFrom === null || effectiveFrom <= instant) &&
            (recordedAt === null || recordedAt <= knownAt) &&
            (supersededAt === null || supersededAt > knownAt),
        );
        const shown = qualificationsAt(records, instant, knownAt);
        expect(shown.map(({ number }) => number)).toEqual([...new Set(candidates.map(({ number }) => number))].sort());
        for (const { number, effectiveFrom } of shown) {
          const begins = candidates.filter((each) => each.number === number).map((each) => Number(each.effectiveFrom));
          expect(Number(effectiveFrom)).toBe(Math.max(...begins));
        }
      }),
    );
  });
});
