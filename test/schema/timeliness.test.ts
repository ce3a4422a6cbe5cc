import { describe, expect, it } from '@jest/globals';
import { arrivalOf, publicityDueOn, timelinessOf } from '../../schema/penalty/timeliness.ts';
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

describe('the arrival of a penalty', () => {
  const appearedAt = parseInstant('2026-03-20T08:00:00+08:00');

  it('is the first day of publicity where the department names it', () => {
    const publishedFrom = parseCalendarDate('2026-03-04');
    expect(arrivalOf({ publishedFrom }, appearedAt)).toEqual(parseInstant('2026-03-04T00:00:00+08:00'));
  });

  it('is when the record appeared where it names none', () => {
    expect(arrivalOf({ publishedFrom: null }, appearedAt)).toEqual(appearedAt);
  });

  it('cannot be told of a record that nobody saw come', () => {
    expect(arrivalOf({ publishedFrom: null }, null)).toBeNull();
  });
});
