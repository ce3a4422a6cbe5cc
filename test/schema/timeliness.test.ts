import { describe, expect, it } from '@jest/globals';
import { publicityDueOn, timelinessOf, timelinessShare } from '../../schema/penalty/timeliness.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';
import { parseInstant } from '../../schema/time/instant.ts';

const decision = (decidedOn: string, arrivedAt: string) => ({
  decidedOn: parseCalendarDate(decidedOn),
  arrivedAt: parseInstant(arrivedAt),
});

describe('the timeliness of a penalty or a licence', () => {
  it('allows seven working days, the day of the decision not counted', () => {
    expect(publicityDueOn(parseCalendarDate('2026-03-02'))).toBe('2026-03-11');
  });

  it('counts the whole last day, as a day in China', () => {
    expect(timelinessOf(decision('2026-03-02', '2026-03-11T23:59:59.999+08:00'))).toBe('ON_TIME');
    expect(timelinessOf(decision('2026-03-02', '2026-03-11T16:00:00Z'))).toBe('LATE');
  });

  it('gives the time of a long holiday on top, and takes the exchanged Saturdays off', () => {
    // Sep 30, Oct 8, 9, 10 (a Saturday on which people work), 12, 13, 14
    expect(publicityDueOn(parseCalendarDate('2026-09-29'))).toBe('2026-10-14');
    expect(timelinessOf(decision('2026-09-29', '2026-10-14T09:00:00+08:00'))).toBe('ON_TIME');
    expect(timelinessOf(decision('2026-09-29', '2026-10-15T00:00:00+08:00'))).toBe('LATE');
  });

  it('is in time on the day of the decision, and where a clock ran ahead of it', () => {
    expect(timelinessOf(decision('2026-03-02', '2026-03-02T08:00:00+08:00'))).toBe('ON_TIME');
    expect(timelinessOf(decision('2026-03-02', '2026-03-01T23:00:00+08:00'))).toBe('ON_TIME');
  });

  it('cannot be told for an invalid instant', () => {
    const item = { decidedOn: parseCalendarDate('2026-03-02'), arrivedAt: new Date(Number.NaN) };
    expect(() => timelinessOf(item)).toThrow(RangeError);
  });
});

describe('the share of records that came in time', () => {
  const inTime = decision('2026-03-02', '2026-03-04T08:00:00+08:00');
  const late = decision('2026-03-02', '2026-03-12T08:00:00+08:00');

  it('is a number from 0 to 1', () => {
    expect(timelinessShare([inTime, late, inTime, inTime])).toBe(0.75);
    expect(timelinessShare([late])).toBe(0);
    expect(timelinessShare([inTime])).toBe(1);
  });

  it('is unknown without records', () => {
    expect(timelinessShare([])).toBeNull();
  });
});
