/** What weighs in a credit score, from the first day of its window to the last. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestOf, inOneOrder, type CreditInputs } from '../../schema/credit/credit-inputs.ts';
import { nextTurn } from '../../schema/credit/next-turn.ts';
import { classOfScore, modelOn, MODELS } from '../../schema/credit/risk-model.ts';
import { scoreOf } from '../../schema/credit/score.ts';
import { revokedResults, type RevokedResult, type SeenRecognition } from '../../schema/credit/recognition-history.ts';
import type { PenaltyRecord } from '../../schema/records.ts';
import { addDays, startOfDay } from '../../schema/time/calendar-date.ts';
import { AUTHORITIES } from '../../sources/world/authorities.ts';
import { at, day, institution, provenance, qualification } from '../schema/support/records.ts';
import { confirmed, decided, emission, entry, factsOf, falseReport, notice } from './facts.ts';

const NOW = '2026-03-05';
const MODEL = modelOn(day(NOW));
const scored = (facts: Partial<CreditInputs>, on = NOW) => scoreOf(inOneOrder(factsOf(facts)), at(on), MODEL);
/** "ENFORCEMENT-MINOR 20" of every factor that weighs. */
const weights = (facts: Partial<CreditInputs>, on = NOW): string[] =>
  scored(facts, on).factors.map(({ id, points }) => `${id} ${points}`);

describe('basic information', () => {
  it('weighs by status and by the riskiest kind', () => {
    const described = (facts: object) => ({ description: institution('market-regulation', facts) });
    expect(weights(described({ status: 'ACTIVE', kinds: ['OTHER'] }))).toEqual([]);
    expect(weights(described({ status: 'REVOKED' }))).toEqual(['BASIC-STATUS 300']);
    const kinds = ['FOOD_AGRI_TESTING_BODY', 'VEHICLE_INSPECTION_BODY'];
    expect(weights(described({ kinds }))).toEqual(['BASIC-KIND 40']);
  });
});

describe('a penalty', () => {
  const grave = { categories: ['罚款', '没收违法所得'], publishedTo: day('2099-12-31') };

  it.each([
    ['the last day of its window', '2026-03-05', ['ENFORCEMENT-GENERAL 80']],
    ['the day after', '2026-03-06', []],
    ['the day before its decision', '2024-03-04', []],
    ['the day of its decision', '2024-03-05', ['ENFORCEMENT-GENERAL 80']],
  ])('weighs on %s', (_name, on, expected) => {
    expect(weights({ penalties: [decided('2024-03-05', grave)] }, on)).toEqual(expected);
  });

  it('weighs no longer when its publicity has ended, by the department’s word or by the longest time', () => {
    const own = decided('2025-10-01', { ...grave, publishedTo: day('2026-03-05') });
    expect(weights({ penalties: [own] }, '2026-03-05')).toEqual(['ENFORCEMENT-GENERAL 80']);
    expect(weights({ penalties: [own] }, '2026-03-06')).toEqual([]);
    const warning = decided('2025-12-05', { categories: ['警告'] });
    expect(weights({ penalties: [warning] }, '2026-03-05')).toEqual(['ENFORCEMENT-MINOR 20']);
    expect(weights({ penalties: [warning] }, '2026-03-06')).toEqual([]);
  });

  it('weighs no longer from the day on which it has been repaired', () => {
    const target = { kind: 'PENALTY', documentNumber: '示罚[2025]7号' } as const;
    const repaired = {
      penalties: [decided('2025-06-01', { ...grave, documentNumber: '示罚〔2025〕7号' })],
      repairs: [{ repairId: '1', target, approvedOn: day('2026-03-05') }],
    };
    expect(weights(repaired, '2026-03-04')).toEqual(['ENFORCEMENT-GENERAL 80']);
    expect(weights(repaired, '2026-03-05')).toEqual([]);
  });

  it('weighs more when it is not the first, and when it is for a false report', () => {
    const penalties = [decided('2025-09-01', grave), falseReport('2026-01-01', { publishedTo: day('2027-01-01') })];
    expect(weights({ penalties })).toEqual([
      ...['ENFORCEMENT-MINOR 20', 'ENFORCEMENT-GENERAL 80', 'ENFORCEMENT-REPEATED 60', 'ENFORCEMENT-FALSE 200'],
    ]);
  });

  it('counts once when two departments publish it', () => {
    const own = decided('2026-02-01', { fineFen: 5 });
    const { authority } = own;
    const both = [own, decided('2026-02-01', { fineFen: 5, authority }, 'transport')];
    expect(weights({ penalties: both })).toEqual(['ENFORCEMENT-MINOR 20']);
  });

  it('rests on the rows it names', () => {
    const [factor] = scored({ penalties: [decided('2026-02-01', { documentNumber: '示罚〔2026〕7号' })] }).factors;
    expect(factor?.evidence).toMatchObject([{ departmentId: 'market-regulation', sourceRecordId: '示罚〔2026〕7号' }]);
  });
});

describe('a list entry', () => {
  it.each([
    ['2026-01-04', []],
    ['2026-01-05', ['OPERATION-ABNORMAL 100']],
    ['2026-02-09', ['OPERATION-ABNORMAL 100']],
    ['2026-02-10', ['OPERATION-ABNORMAL 30']],
    ['2027-02-10', ['OPERATION-ABNORMAL 30']],
    ['2027-02-11', []],
  ])('on %s: from listing to removal, then as history', (on, expected) => {
    expect(weights({ listEntries: [entry('2026-01-05', { removedOn: day('2026-02-10') })] }, on)).toEqual(expected);
  });

  it('of the serious list ends after three years without anybody’s act', () => {
    const listEntries = [entry('2023-03-05', { listType: 'SERIOUS_MR' })];
    expect(weights({ listEntries }, '2026-03-04')).toEqual(['ENFORCEMENT-LISTED 600']);
    expect(weights({ listEntries }, '2026-03-05')).toEqual(['ENFORCEMENT-LISTED 100']);
  });

  it('that has been repaired is not history either', () => {
    const target = { kind: 'LIST_ENTRY', listType: 'ABNORMAL', listedOn: day('2026-01-05') } as const;
    const repairs = [{ repairId: '1', target, approvedOn: day('2026-03-01') }];
    expect(weights({ listEntries: [entry('2026-01-05')], repairs }, '2026-02-28')).toEqual(['OPERATION-ABNORMAL 100']);
    expect(weights({ listEntries: [entry('2026-01-05')], repairs }, '2026-03-01')).toEqual([]);
  });
});

describe('a qualification', () => {
  it('weighs by its status of the day, and not beside its successor', () => {
    const old = qualification({ number: '1', validFrom: day('2016-01-01'), validTo: day('2022-01-01') });
    const present = qualification({ number: '2', validFrom: day('2022-01-02'), validTo: day('2026-03-05') });
    expect(weights({ qualifications: [old, present] }, '2026-03-05')).toEqual([]);
    expect(weights({ qualifications: [old, present] }, '2026-03-06')).toEqual(['CAPABILITY-QUALIFICATION 80']);
    expect(weights({ qualifications: [{ ...present, status: 'RECTIFYING' }] })).toEqual([
      'CAPABILITY-QUALIFICATION 120',
    ]);
  });

  it('of another department’s filing says nothing of the institution', () => {
    const filing = qualification({ scheme: 'POLICE_FILING', validTo: day('2022-06-19') }, 'public-security');
    expect(weights({ qualifications: [filing] })).toEqual([]);
  });
});

describe('a notice', () => {
  it('weighs while its measures stand, then a little for a year', () => {
    const notices = [notice('2026-01-05', '2026-12-31', { endedOn: day('2026-03-05') })];
    expect(weights({ notices }, '2026-01-04')).toEqual([]);
    expect(weights({ notices }, '2026-03-04')).toEqual(['HISTORY-NOTICES 80']);
    expect(weights({ notices }, '2026-03-05')).toEqual(['HISTORY-NOTICES 20']);
    expect(weights({ notices }, '2027-03-06')).toEqual([]);
  });
});

describe('a recognition', () => {
  const revoked = (codes: RevokedResult['codes'], number = 'BG-1'): RevokedResult => ({
    ...{ number, codes, revokedOn: day('2026-01-16') },
    provenance: provenance('transport', { sourceRecordId: number }),
  });

  it('that was revoked for what the institution did weighs for two years, and for nothing else', () => {
    const recognitions = [revoked(['RJ09'])];
    expect(weights({ recognitions }, '2028-01-16')).toEqual(['HISTORY-RECOGNITION 30']);
    expect(weights({ recognitions }, '2028-01-17')).toEqual([]);
    expect(weights({ recognitions: [revoked(['RJ08'])] })).toEqual([]);
  });

  it('counts once for each result, however many departments had recognised it, and not when a person revoked it', () => {
    const hold = { code: 'RJ09', cause: 'CONFIRMED_CLUE', consequence: 'REVOKE', detail: '' } as const;
    const seen = (over: Partial<SeenRecognition>): SeenRecognition => ({
      ...{ _id: 'r1', number: 'BG-1', holds: [hold], revokedAt: at('2026-01-16'), requesterId: 'transport', ...over },
    });
    const recognitions = [seen({}), seen({ _id: 'r2' }), seen({ _id: 'r3', number: 'BG-2', holds: [] })];
    expect(revokedResults(recognitions).map(({ number, codes }) => [number, codes])).toEqual([['BG-1', ['RJ09']]]);
    expect(revokedResults(recognitions.toReversed())).toEqual(revokedResults(recognitions));
    const many = Array.from({ length: 5_000 }, (_, index) => seen({ _id: `r${index}`, number: `BG-${index}` }));
    expect(revokedResults(many)).toHaveLength(20);
  });
});

describe('a proficiency test', () => {
  it('weighs by its grade while the matter is open', () => {
    const result = { parameter: '水分', evaluatedOn: day('2026-02-01'), closedOn: day('2026-05-01') };
    const proficiency = (['UNSATISFACTORY', 'QUESTIONABLE', 'SATISFACTORY'] as const).map((grade) => ({
      ...{ ...result, grade, provenance: provenance('market-regulation', { sourceRecordId: grade }) },
    }));
    expect(weights({ proficiency }, '2026-01-31')).toEqual([]);
    expect(weights({ proficiency }, '2026-04-30')).toEqual(['CAPABILITY-PROFICIENCY 80']);
    expect(weights({ proficiency }, '2026-05-01')).toEqual([]);
  });
});

describe('the model', () => {
  it.each([
    [0, 'A'],
    [149, 'A'],
    [150, 'B'],
    [299, 'B'],
    [300, 'C'],
    [599, 'C'],
    [600, 'D'],
    [1_000, 'D'],
  ])('gives %i the class %s', (score, expected) => {
    expect(classOfScore(score, MODEL)).toBe(expected);
  });

  it('is the edition of the day', () => {
    const [first] = MODELS;
    if (first === undefined) throw new Error('no edition');
    const second = { ...first, edition: 'next', validFrom: day('2026-07-01') };
    expect(modelOn(day('2026-06-30'), [second, first]).edition).toBe(first.edition);
    expect(modelOn(day('2026-07-01'), [second, first]).edition).toBe('next');
    expect(modelOn(day('2020-01-01'), [second, first])).toBeDefined();
  });

  it('weighs no factor above its cap, and nobody above 1000', () => {
    const penalties = Array.from({ length: 30 }, (_, index) =>
      falseReport(addDays(day('2025-12-01'), index), {
        ...{ documentNumber: `${index}`, categories: ['吊销许可证件'], publishedTo: day('2028-01-01') },
        provenance: provenance('market-regulation', { sourceRecordId: `${index}` }),
      }),
    );
    const { riskScore, factors } = scored({
      penalties,
      listEntries: [entry('2026-01-01', { listType: 'SERIOUS_MR' })],
    });
    expect(riskScore).toBe(1_000);
    for (const { id, points } of factors) {
      expect(points).toBeLessThanOrEqual(MODEL.factors.find((each) => each.id === id)?.cap ?? 0);
    }
  });
});

const anyDay = fc.integer({ min: 0, max: 2_000 }).map((days) => addDays(day('2021-01-01'), days));
const anyPenalty: fc.Arbitrary<PenaltyRecord> = fc
  .record({
    number: fc.uuid(),
    decidedOn: anyDay,
    categories: fc.subarray(['警告', '罚款', '没收违法所得', '吊销许可证件']),
    fineFen: fc.option(fc.integer({ min: 0, max: 50_000_000 })),
    isFalse: fc.boolean(),
    publishedTo: fc.option(anyDay),
    departmentId: fc.constantFrom('market-regulation', 'ecology', 'transport'),
  })
  .map(({ number, isFalse, departmentId, ...facts }) => ({
    ...decided(facts.decidedOn, { ...facts, documentNumber: number }),
    reason: isFalse ? '出具虚假报告' : '未按规定检测',
    authority: AUTHORITIES[departmentId].name,
    provenance: provenance(departmentId, { sourceRecordId: number }),
  }));
const anyFacts = fc.record({
  penalties: fc.uniqueArray(anyPenalty, { selector: ({ documentNumber }) => documentNumber, maxLength: 8 }),
  listEntries: fc.array(
    anyDay.map((on) => entry(on)),
    { maxLength: 3 },
  ),
  falseReports: fc.array(
    anyDay.map((on) => confirmed(on, on)),
    { maxLength: 3 },
  ),
});

describe('whatever is on record', () => {
  it('one more penalty never lowers the score', () => {
    fc.assert(
      fc.property(anyFacts, anyPenalty, anyDay, (facts, added, on) => {
        const { riskScore } = scored(facts, on);
        expect(scored({ ...facts, penalties: [...facts.penalties, added] }, on).riskScore).toBeGreaterThanOrEqual(
          riskScore,
        );
      }),
    );
  });

  it('the order and the time of arrival leave no trace', () => {
    const shuffled = anyFacts.chain((facts) =>
      fc.record({
        facts: fc.constant(facts),
        penalties: fc.shuffledSubarray(facts.penalties, { minLength: facts.penalties.length }),
        listEntries: fc.shuffledSubarray(facts.listEntries, { minLength: facts.listEntries.length }),
        falseReports: fc.shuffledSubarray(facts.falseReports, { minLength: facts.falseReports.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ facts, ...other }) => {
        expect(scored(other)).toEqual(scored(facts));
        const later = other.penalties.map((own) => ({
          ...own,
          provenance: { ...own.provenance, fetchedAt: at('2026-11-11'), receipt: 'f'.repeat(64) },
        }));
        const digest = digestOf(inOneOrder(factsOf(facts)));
        expect(digestOf(inOneOrder(factsOf({ ...other, penalties: later })))).toBe(digest);
      }),
    );
  });

  it('nothing changes by itself before the turn that is named, at the latest when the month ends', () => {
    fc.assert(
      fc.property(anyFacts, anyDay, (facts, on) => {
        const inputs = inOneOrder(factsOf(facts));
        const turn = nextTurn(inputs, at(on), MODEL);
        const { riskScore, factors } = scoreOf(inputs, at(on), MODEL);
        expect(scoreOf(inputs, new Date(turn.getTime() - 1), MODEL)).toMatchObject({ riskScore, factors });
        expect(turn <= startOfDay(addDays(on, 31))).toBe(true);
      }),
    );
  });

  it('an emission case weighs as every false report does', () => {
    expect(weights({ penalties: [emission('2026-01-20', { publishedTo: day('2029-01-20') })] })).toContain(
      'ENFORCEMENT-FALSE 200',
    );
  });
});
