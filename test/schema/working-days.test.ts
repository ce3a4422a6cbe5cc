import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { projectRoot } from '../../schema/project-root.ts';
import { addDays, calendarDateOfParts, parseCalendarDate, type CalendarDate } from '../../schema/time/calendar-date.ts';
import { addWorkingDays, calendarBasis, isWorkingDay, workingDaysBetween } from '../../schema/time/working-days.ts';

const date = parseCalendarDate;
const anyDate = fc.integer({ min: 0, max: 4 * 365 }).map((days) => addDays(date('2024-01-01'), days));

const daysOfYear = (year: number): CalendarDate[] => {
  const days: CalendarDate[] = [];
  for (let day = calendarDateOfParts(year, 1, 1); day.startsWith(`${year}`); day = addDays(day, 1)) days.push(day);
  return days;
};

describe('a working day', () => {
  it.each([
    ['2024-02-09', '2024-02-18', 8],
    ['2025-01-27', '2025-02-05', 8],
    ['2026-02-14', '2026-02-24', 9],
    ['2024-09-30', '2024-10-08', 7],
    ['2025-09-30', '2025-10-09', 8],
    ['2026-09-30', '2026-10-08', 7],
    ['2024-04-30', '2024-05-06', 5],
    ['2025-04-30', '2025-05-06', 5],
    ['2026-04-30', '2026-05-06', 5],
    ['2025-12-31', '2026-01-04', 3],
  ])('is %s and again %s, with %i days of rest between', (last, next, rest) => {
    expect(isWorkingDay(date(last))).toBe(true);
    expect(isWorkingDay(date(next))).toBe(true);
    const between = Array.from({ length: rest }, (_, index) => addDays(date(last), index + 1));
    expect(between.filter(isWorkingDay)).toEqual([]);
    expect(addDays(date(last), rest + 1)).toBe(next);
  });

  it.each([
    '2024-02-04',
    '2024-02-18',
    '2024-04-07',
    '2024-04-28',
    '2024-05-11',
    '2024-09-14',
    '2024-09-29',
    '2024-10-12',
    '2025-01-26',
    '2025-02-08',
    '2025-04-27',
    '2025-09-28',
    '2025-10-11',
    '2026-01-04',
    '2026-02-14',
    '2026-02-28',
    '2026-05-09',
    '2026-09-20',
    '2026-10-10',
  ])('is also the exchanged weekend day %s', (day) => {
    expect(isWorkingDay(date(day))).toBe(true);
    expect([0, 6]).toContain(new Date(day).getUTCDay());
  });

  it('is no holiday of a single day', () => {
    expect(
      ['2024-01-01', '2024-06-10', '2025-01-01', '2026-06-19', '2026-09-25'].map(date).filter(isWorkingDay),
    ).toEqual([]);
  });

  it('is no ordinary Saturday or Sunday, but any ordinary Monday to Friday', () => {
    expect(isWorkingDay(date('2026-03-07'))).toBe(false);
    expect(isWorkingDay(date('2026-03-08'))).toBe(false);
    expect(['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06'].map(date).every(isWorkingDay)).toBe(
      true,
    );
  });

  // 365 days less 52 weekends and the statutory 13 days (11 until 2024), which fall on days that people would work.
  it.each([
    [2024, 251],
    [2025, 248],
    [2026, 248],
  ])('exists so many times in %i as weekdays less the statutory holidays', (year, count) => {
    expect(daysOfYear(year).filter(isWorkingDay)).toHaveLength(count);
  });
});

describe('a period of working days', () => {
  it('begins on the working day after the event', () => {
    expect(addWorkingDays(date('2026-03-02'), 1)).toBe('2026-03-03');
    expect(addWorkingDays(date('2026-03-06'), 1)).toBe('2026-03-09');
    expect(addWorkingDays(date('2026-03-07'), 1)).toBe('2026-03-09');
  });

  it('runs over the Spring Festival and takes the exchanged Saturday with it', () => {
    expect(addWorkingDays(date('2026-02-13'), 1)).toBe('2026-02-14');
    expect(addWorkingDays(date('2026-02-13'), 2)).toBe('2026-02-24');
    expect(addWorkingDays(date('2026-02-13'), 7)).toBe('2026-03-02');
  });

  it('crosses the end of the year', () => {
    expect(addWorkingDays(date('2025-12-31'), 1)).toBe('2026-01-04');
    expect(workingDaysBetween(date('2025-12-31'), date('2026-01-05'))).toBe(2);
  });

  it('of no days is the day itself, even a day of rest', () => {
    expect(addWorkingDays(date('2026-10-01'), 0)).toBe('2026-10-01');
    expect(workingDaysBetween(date('2026-10-01'), date('2026-10-01'))).toBe(0);
  });

  it('runs backwards for a negative count', () => {
    expect(addWorkingDays(date('2026-10-08'), -1)).toBe('2026-09-30');
    expect(workingDaysBetween(date('2026-10-08'), date('2026-09-30'))).toBe(-1);
  });

  it('is refused when its length is not whole or leads out of the calendar', () => {
    expect(() => addWorkingDays(date('2026-03-02'), 1.5)).toThrow(RangeError);
    expect(() => addWorkingDays(date('2026-03-02'), Number.NaN)).toThrow(RangeError);
    expect(() => addWorkingDays(date('9999-12-31'), 1)).toThrow(RangeError);
  });

  it('ends on a working day from which the same number counts back', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -60, max: 60 }), (start, count) => {
        const end = addWorkingDays(start, count);
        expect(workingDaysBetween(start, end)).toBe(count);
        if (count !== 0) expect(isWorkingDay(end)).toBe(true);
      }),
    );
  });

  it('has as many working days as its days have', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 90 }), (start, days) => {
        const all = Array.from({ length: days }, (_, index) => addDays(start, index + 1));
        expect(workingDaysBetween(start, addDays(start, days))).toBe(all.filter(isWorkingDay).length);
      }),
    );
  });
});

describe('what the calendar rests on', () => {
  it('is the notice of the State Council from 2024 to 2026', () => {
    expect(calendarBasis(date('2024-01-01'), date('2026-12-31'))).toBe('PUBLISHED');
  });

  it('is provisional for 2027: statutory holidays rest, and no weekend day is exchanged', () => {
    expect(calendarBasis(date('2027-01-01'))).toBe('PROVISIONAL');
    expect(['2027-02-05', '2027-02-08', '2027-04-05', '2027-10-01'].map(date).filter(isWorkingDay)).toEqual([]);
    const weekends = daysOfYear(2027).filter((day) => [0, 6].includes(new Date(day).getUTCDay()));
    expect(weekends.filter(isWorkingDay)).toEqual([]);
  });

  it('is the weekends alone where the hub has no data, which callers can see', () => {
    expect(calendarBasis(date('2023-12-31'))).toBe('WEEKENDS_ONLY');
    expect(calendarBasis(date('2028-01-01'))).toBe('WEEKENDS_ONLY');
    expect(isWorkingDay(date('2023-10-02'))).toBe(true);
    expect(isWorkingDay(date('2023-12-31'))).toBe(false);
  });

  it('is as weak as the weakest year of a period, whichever end comes first', () => {
    expect(calendarBasis(date('2026-12-30'), date('2027-01-04'))).toBe('PROVISIONAL');
    expect(calendarBasis(date('2027-01-04'), date('2026-12-30'))).toBe('PROVISIONAL');
    expect(calendarBasis(date('2026-12-30'), date('2028-01-04'))).toBe('WEEKENDS_ONLY');
    expect(calendarBasis(date('2023-12-29'), date('2024-01-02'))).toBe('WEEKENDS_ONLY');
  });

  it('names its document for every year', () => {
    const text = readFileSync(join(projectRoot, 'schema/time/holidays.json'), 'utf8');
    for (const number of ['国办发明电〔2023〕7号', '国办发明电〔2024〕12号', '国办发明电〔2025〕7号']) {
      expect(text).toContain(number);
    }
  });
});
