/** Serious thresholds (domain reference 3.2): what is counted, in which window, and from when it is reached. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countThresholds, windowStart, withEmptyThresholds } from '../../schema/credit/count-thresholds.ts';
import type { CreditInputs } from '../../schema/credit/credit-inputs.ts';
import { inOneOrder } from '../../schema/credit/credit-inputs.ts';
import { THRESHOLD_RULES, type ThresholdRule } from '../../schema/credit/threshold-rules.ts';
import type { PenaltyRecord } from '../../schema/records.ts';
import { addDays, type CalendarDate } from '../../schema/time/calendar-date.ts';
import { day, institution, provenance } from '../schema/support/records.ts';
import { confirmed, decided, emission, factsOf, falseReport } from './facts.ts';

function count(name: string, facts: Partial<CreditInputs>, on = '2026-03-31') {
  const all = withEmptyThresholds(countThresholds(inOneOrder(factsOf(facts)), day(on)), day(on));
  return all.find(({ ruleId, criterion }) => `${ruleId} ${criterion}` === name);
}
const reached = (facts: Partial<CreditInputs>, on = '2026-03-31'): string[] =>
  countThresholds(inOneOrder(factsOf(facts)), day(on))
    .filter((each) => each.reached)
    .map(({ ruleId, criterion }) => `${ruleId} ${criterion}`);

describe('SER-ENV', () => {
  it.each([
    ['2024-01-20', true],
    ['2024-01-19', false],
  ])('counts a second penalty within two years of one of %s', (first, expected) => {
    const penalties = [emission(first), emission('2026-01-20')];
    expect(reached({ penalties }).includes('SER-ENV AGAIN')).toBe(expected);
  });

  it('does not count what is not the same, or another department’s matter', () => {
    const penalties = [
      emission('2026-01-20'),
      emission('2025-01-20', { reason: '未按规范开展机动车排放检验' }),
      emission('2025-02-20', { basis: '《道路运输车辆技术管理规定》第三十一条' }),
    ];
    expect(count('SER-ENV AGAIN', { penalties })).toMatchObject({ counted: 1, reached: false });
  });

  it.each([
    ['9', false],
    ['10', true],
  ])('counts %s vehicles that a decision names', (vehicles, expected) => {
    const penalties = [emission('2026-01-20', { facts: `为${vehicles}辆机动车出具虚假排放检验报告。` })];
    expect(count('SER-ENV VEHICLES', { penalties })).toMatchObject({ counted: Number(vehicles), reached: expected });
  });

  it('adds confirmed reports, each vehicle once, unless a decision has them', () => {
    const penalties = [emission('2026-01-20', { documentNumber: '1', facts: '为8辆机动车出具虚假报告' })];
    const falseReports = [
      confirmed('R1', '2026-02-01', { vehicle: 'v1' }),
      confirmed('R2', '2026-02-02', { vehicle: 'v1' }),
      confirmed('R3', '2026-02-03', { vehicle: 'v2' }),
      confirmed('R4', '2026-02-03', { vehicle: 'v3', documentNumber: '1' }),
    ];
    expect(count('SER-ENV VEHICLES', { penalties, falseReports })).toMatchObject({ counted: 10, reached: true });
  });

  it('names the window and the rows, and lapses two years after the last of them', () => {
    const penalties = [
      emission('2024-09-12', { documentNumber: '1' }),
      emission('2026-01-20', { documentNumber: '2' }),
    ];
    expect(count('SER-ENV AGAIN', { penalties }, '2028-01-20')).toMatchObject({
      ...{ counted: 2, threshold: 2, windowFrom: '2024-01-20', windowTo: '2026-01-20', reached: true },
      rows: [{ number: '1' }, { number: '2' }],
    });
    expect(count('SER-ENV AGAIN', { penalties }, '2028-01-21')).toMatchObject({
      ...{ counted: 0, windowFrom: '2026-01-21', windowTo: '2028-01-21', rows: [] },
    });
  });

  it('does not apply to a row decided before the rule was in force', () => {
    const [rule] = THRESHOLD_RULES;
    if (rule === undefined) throw new Error('no rules');
    const since = { ...rule, validFrom: day('2026-01-20') };
    const on = (last: string) =>
      countThresholds(factsOf({ penalties: [emission('2025-06-01'), emission(last)] }), day('2026-03-31'), [since])[0]
        ?.counted ?? 0;
    expect(on('2026-01-19')).toBe(0);
    expect(on('2026-01-20')).toBe(2);
  });
});

describe('SER-PQ', () => {
  it.each([
    ['为幼儿园出具儿童玩具虚假报告1份', '为企业出具虚假儿童用品检验报告1份', true],
    ['为企业出具虚假报告1份', '为企业出具虚假儿童用品检验报告1份', false],
  ])('counts two reports in key areas: %s; %s', (one, other, expected) => {
    const penalties = [falseReport('2025-09-26', { facts: one }), falseReport('2026-01-30', { facts: other })];
    expect(reached({ penalties }).includes('SER-PQ KEY_REPORTS')).toBe(expected);
  });

  it('takes every report of an institution for one of a key area that works in nothing else', () => {
    const penalties = [falseReport('2025-09-26'), falseReport('2026-01-30')];
    const description = institution('market-regulation', { kinds: ['VEHICLE_INSPECTION_BODY'] });
    expect(count('SER-PQ KEY_REPORTS', { penalties })).toMatchObject({ counted: 0 });
    expect(count('SER-PQ KEY_REPORTS', { penalties, description })).toMatchObject({ counted: 2, reached: true });
  });

  it.each([
    [9, false],
    [10, true],
  ])('counts %i reports in any area', (reports, expected) => {
    const penalties = [falseReport('2026-01-30', { facts: `未经检测出具检验报告${reports}份。` })];
    expect(count('SER-PQ REPORTS', { penalties })).toMatchObject({ counted: reports, reached: expected });
  });
});

describe('CARB', () => {
  it.each([
    ['2024-04-30', false],
    ['2024-05-01', true],
  ])('is for decisions since the order is in force: %s', (on, expected) => {
    const basis = '《碳排放权交易管理暂行条例》第二十六条';
    const penalties = [emission(on, { basis, reason: '出具虚假碳排放检验检测报告' })];
    expect(reached({ penalties }, '2024-06-01').includes('CARB ANY')).toBe(expected);
  });
});

describe('CRIM', () => {
  it.each([
    [29_999_999, ['CRIM GAINS']],
    [30_000_000, ['CRIM GAINS_ENV', 'CRIM GAINS']],
    [9_999_999, []],
    [10_000_000, ['CRIM GAINS']],
  ])('is reached by gains of %i fen from monitoring', (confiscatedFen, expected) => {
    const penalties = [decided('2025-09-18', { reason: '篡改、伪造监测数据', confiscatedFen }, 'ecology')];
    expect(reached({ penalties })).toEqual(expected);
  });

  it('does not add up the gains of several decisions, and counts a third penalty', () => {
    const penalties = ['2025-01-01', '2025-06-01', '2026-01-01'].map((on) =>
      falseReport(on, { confiscatedFen: 9_000_000 }),
    );
    expect(count('CRIM GAINS', { penalties })).toMatchObject({ counted: 90_000, reached: false });
    expect(count('CRIM AGAIN', { penalties })).toMatchObject({ counted: 3, reached: true });
    expect(count('CRIM AGAIN', { penalties: penalties.slice(1) })).toMatchObject({ counted: 2, reached: false });
  });
});

/** A decision of a day that the rule is about. */
const meant = ({ match }: ThresholdRule, on: CalendarDate): PenaltyRecord =>
  decided(on, { reason: match.reason?.[0] ?? '', basis: match.basis?.[0] ?? null });

describe('a rule', () => {
  it.each(THRESHOLD_RULES.map((rule) => [rule.id, rule.validFrom, rule] as const))(
    '%s counts what was decided from %s on, and nothing before',
    (_id, validFrom, rule) => {
      const counted = (on: CalendarDate): number =>
        countThresholds(factsOf({ penalties: [meant(rule, on)] }), on, [rule]).length;
      expect(counted(addDays(validFrom, -1))).toBe(0);
      expect(counted(validFrom)).toBeGreaterThan(0);
    },
  );

  it.each(THRESHOLD_RULES.flatMap(({ id, basis }) => [[id, basis] as const]))(
    '%s names its article: %s',
    (_id, basis) => {
      expect(basis).toMatch(/第[一二三四五六七八九十百]+条/u);
    },
  );
});

describe('a window', () => {
  it.each([
    ['2026-01-20', '2024-01-20'],
    ['2028-02-29', '2026-03-01'],
    ['2026-02-28', '2024-02-28'],
  ])('of two years up to %s begins on %s', (last, expected) => {
    expect(windowStart(day(last), 24)).toBe(expected);
  });

  it('never counts less when a penalty is added, in whatever order they arrive', () => {
    const anyRow = fc.integer({ min: 0, max: 1_500 }).map((days) => {
      const on = addDays(day('2022-01-01'), days);
      return emission(on, { provenance: provenance('ecology', { sourceRecordId: on }) });
    });
    const rows = fc.uniqueArray(anyRow, { selector: ({ decidedOn }) => decidedOn, minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, ([added, ...penalties]) => {
        const all = added === undefined ? penalties : [added, ...penalties];
        const before = count('SER-ENV AGAIN', { penalties })?.counted ?? 0;
        const after = count('SER-ENV AGAIN', { penalties: all });
        expect(after?.counted).toBeGreaterThanOrEqual(before);
        expect(count('SER-ENV AGAIN', { penalties: all.toReversed() })).toEqual(after);
      }),
    );
  });
});
