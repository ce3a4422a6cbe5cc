import { describe, expect, it } from '@jest/globals';
import { parseRuleset, PURPOSES, rulesOfIds, rulesOn, STEPS } from '../../schema/recognition/rules.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';

const today = rulesOn(parseCalendarDate('2026-03-31'));
const rule = {
  id: 'FRESH-X-1',
  kind: 'FRESHNESS',
  purpose: 'LICENCE',
  months: 12,
  validFrom: '2020-01-01',
  validTo: null,
  basis: 'proposed',
  proposed: true,
};

describe('the rules of recognition', () => {
  it('say for every purpose how old a report may be and what serves it', () => {
    for (const purpose of PURPOSES) {
      expect(today.freshnessFor(purpose)?.months).toBeGreaterThan(0);
      expect(today.suitabilityFor(purpose)?.samplingKinds).toContain('WHOLE_OBJECT');
    }
    expect(today.of('TIME_LIMIT').map(({ step }) => step)).toEqual([...STEPS]);
  });

  it('let a sent sample speak for a bid and for nothing else', () => {
    const serving = PURPOSES.filter((purpose) => today.suitabilityFor(purpose)?.samplingKinds.includes('SENT_SAMPLE'));
    expect(serving).toEqual(['BIDDING']);
  });

  it('hold from their first day to their last', () => {
    const replaced = (day: string) => rulesOn(parseCalendarDate(day)).obsoleteAmong(['GB5009.12－2017']);
    expect(replaced('2024-03-05')).toEqual([]);
    expect(replaced('2024-03-06').map(({ successor }) => successor)).toEqual(['GB 5009.12-2023']);
  });

  it('are found again by their ids, and their loss is no silence', () => {
    expect(rulesOfIds('2026-1', ['FRESH-LI-1']).freshnessFor('LICENCE')?.months).toBe(12);
    expect(() => rulesOfIds('2026-1', ['FRESH-GONE-1'])).toThrow(
      'there is no rule FRESH-GONE-1 of recognition any more',
    );
  });

  it.each<[string, unknown]>([
    ['two rules of one id', [rule, { ...rule, months: 6 }]],
    ['a kind that does not exist', [{ ...rule, kind: 'FRESHNES' }]],
    ['a purpose that does not exist', [{ ...rule, purpose: 'PLEASURE' }]],
    ['a period of no time', [{ ...rule, months: 0 }]],
    ['a day that does not exist', [{ ...rule, validFrom: '2026-02-30' }]],
    ['no basis', [{ ...rule, basis: '' }]],
    ['a misspelt part', [{ ...rule, month: 6 }]],
  ])('are refused with %s', (_, rules) => {
    expect(() => parseRuleset({ edition: 'x', rules })).toThrow();
  });
});
