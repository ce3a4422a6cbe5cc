/** How long things are public and from when they may be repaired, at the borders of each edition. */
import { describe, expect, it } from '@jest/globals';
import { publicityOf, isPublicOn, standingOf } from '../../schema/credit/publicity.ts';
import { penaltyRuleFor } from '../../schema/credit/publicity-rules.ts';
import { eligibilityOf } from '../../schema/credit/repair-eligibility.ts';
import { listEntryTarget, penaltyTarget } from '../../schema/credit/repaired.ts';
import type { PenaltyRecord } from '../../schema/records.ts';
import { day, type DepartmentId } from '../schema/support/records.ts';
import { decided, entry } from './facts.ts';

const MINOR = ['警告'];
const GENERAL = ['没收违法所得'];
const SERIOUS = ['吊销许可证件'];
const TODAY = day('2026-07-01');

function ruled(
  on: string,
  categories: readonly string[],
  departmentId: DepartmentId,
  facts: Partial<PenaltyRecord> = {},
) {
  const penalty = decided(on, { categories, ...facts }, departmentId);
  const onRecord = { penalties: [penalty], listEntries: [], repairs: [] };
  return {
    edition: penaltyRuleFor(penalty).edition,
    until: publicityOf(penalty, []).until,
    from: eligibilityOf(penaltyTarget(penalty), onRecord, day(on))?.from,
  };
}

describe('a penalty', () => {
  it.each<[string, readonly string[], DepartmentId, string, string, string]>([
    ['2026-03-31', GENERAL, 'ecology', 'NDRC-58', '2026-06-30', '2029-04-01'],
    ['2026-04-01', MINOR, 'ecology', 'NDRC-36', '2026-04-01', '2026-07-02'],
    ['2026-04-01', GENERAL, 'ecology', 'NDRC-36', '2026-07-01', '2027-04-02'],
    ['2026-04-01', SERIOUS, 'transport', 'NDRC-36', '2027-04-01', '2029-04-02'],
    ['2026-04-01', GENERAL, 'market-regulation', 'SAMR-2021-3', '2026-10-01', '2029-04-02'],
    ['2026-04-01', MINOR, 'market-regulation', 'SAMR-2021-3', '2026-07-01', '2026-07-02'],
    ['2019-01-31', GENERAL, 'ecology', 'NDRC-58', '2019-04-30', '2022-02-01'],
  ])('of %s, %j, by %s: rule, repair from, public until', (on, categories, departmentId, edition, from, until) => {
    expect(ruled(on, categories, departmentId)).toEqual({ edition, from, until });
  });

  it.each<[string, DepartmentId, string]>([
    ['2026-01-10', 'ecology', '2027-01-10'],
    ['2026-04-01', 'ecology', '2026-07-01'],
    ['2026-04-01', 'market-regulation', '2027-04-01'],
  ])('of %s by %s in a special area may be repaired from %s', (on, departmentId, from) => {
    expect(ruled(on, GENERAL, departmentId, { reason: '食品检验、消防检测未按规定' }).from).toBe(from);
  });

  it('ends with the department’s own last day when that is sooner, never later', () => {
    expect(ruled('2026-04-01', GENERAL, 'ecology', { publishedTo: day('2026-05-31') }).until).toBe('2026-06-01');
    expect(ruled('2026-04-01', GENERAL, 'ecology', { publishedTo: day('2099-12-31') }).until).toBe('2027-04-02');
  });

  it('is public from its first day to its last, and on the day of its repair no more', () => {
    const penalty = decided('2026-04-01', { categories: GENERAL, publishedFrom: day('2026-04-08') }, 'ecology');
    const repairs = [{ repairId: '1', target: penaltyTarget(penalty), approvedOn: day('2026-07-01') }];
    const isPublic = (on: string, own = repairs) => isPublicOn(publicityOf(penalty, own), day(on));
    expect(['2026-04-07', '2026-04-08', '2026-06-30', '2026-07-01'].map((on) => isPublic(on))).toEqual([
      ...[false, true, true, false],
    ]);
    expect([isPublic('2027-04-01', []), isPublic('2027-04-02', [])]).toEqual([true, false]);
    expect(publicityOf(penalty, repairs).endsBy).toBe('REPAIR');
  });
});

describe('an entry of', () => {
  it.each<[string, 'SERIOUS_MR' | 'ABNORMAL' | 'SERIOUS_OTHER' | 'QUAL_CANCELLED', string | null, string]>([
    ['the serious list: three years, early after one', 'SERIOUS_MR', '2029-02-03', '2027-02-03'],
    ['another serious list likewise', 'SERIOUS_OTHER', '2029-02-03', '2027-02-03'],
    ['the abnormal list: until its cause is removed', 'ABNORMAL', null, '2026-02-03'],
  ])('%s', (_name, listType, until, from) => {
    const listed = entry('2026-02-03', { listType });
    const onRecord = { penalties: [], listEntries: [listed], repairs: [] };
    expect(standingOf(listed, []).until).toBe(until);
    expect(eligibilityOf(listEntryTarget(listed), onRecord, TODAY)).toMatchObject({ from, obstacle: null });
  });

  it.each<[string, string, readonly string[], string, string]>([
    ['stays while a serious penalty decided since is public', '2026-02-04', SERIOUS, '2026-06-30', '2026-07-01'],
    ['is not kept by a general one', '2026-02-04', GENERAL, '2026-06-30', '2026-02-03'],
    ['is not kept by what it was listed for', '2025-02-03', SERIOUS, '2026-06-30', '2026-02-03'],
  ])('the serious list %s', (_name, on, categories, publishedTo, from) => {
    const listed = entry('2025-02-03', { listType: 'SERIOUS_MR' });
    const penalty = decided(on, { categories, publishedTo: day(publishedTo) });
    const onRecord = { penalties: [penalty], listEntries: [listed], repairs: [] };
    expect(eligibilityOf(listEntryTarget(listed), onRecord, day('2026-06-30'))).toMatchObject({ from, obstacle: null });
    expect(eligibilityOf(listEntryTarget(listed), onRecord, TODAY)).toMatchObject({ from: '2026-02-03' });
  });

  it('cancelled qualifications is not for credit repair', () => {
    const listed = entry('2026-02-03', { listType: 'QUAL_CANCELLED' });
    const onRecord = { penalties: [], listEntries: [listed], repairs: [] };
    expect(eligibilityOf(listEntryTarget(listed), onRecord, TODAY)?.obstacle).toContain('not ended by credit repair');
  });

  it('the serious list stands again when it is listed again', () => {
    const first = entry('2023-02-03', { listType: 'SERIOUS_MR', removedOn: day('2024-03-01') });
    const again = entry('2026-02-03', { listType: 'SERIOUS_MR' });
    const onRecord = { penalties: [], listEntries: [first, again], repairs: [] };
    expect([first, again].map((each) => isPublicOn(standingOf(each, []), TODAY))).toEqual([false, true]);
    expect(eligibilityOf(listEntryTarget(first), onRecord, TODAY)?.obstacle).toContain('has ended');
    expect(eligibilityOf(listEntryTarget(again), onRecord, TODAY)?.obstacle).toBeNull();
  });
});
