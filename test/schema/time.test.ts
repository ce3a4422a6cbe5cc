import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HubError } from '../../schema/errors.ts';
import {
  addDays,
  addMonths,
  calendarDateOf,
  calendarDateOfParts,
  compareCalendarDates,
  endOfDay,
  isWithin,
  parseCalendarDate,
  startOfDay,
} from '../../schema/time/calendar-date.ts';
import { formatInstant, parseInstant } from '../../schema/time/instant.ts';

const date = parseCalendarDate;
const anyInstant = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
});
const anyDate = anyInstant.map(calendarDateOf);

describe('a calendar date', () => {
  it.each(['2026-03-02', '2024-02-29', '2000-02-29', '9999-12-31', '0001-01-01', '0099-07-15'])(
    'is read: %s',
    (text) => {
      expect(parseCalendarDate(text)).toBe(text);
    },
  );

  it.each([
    ['2026-02-29', 'no day 29 in month 2 of 2026'],
    ['1900-02-29', 'no day 29 in month 2 of 1900'],
    ['2026-04-31', 'no day 31 in month 4 of 2026'],
    ['2026-13-01', 'no month 13'],
    ['2026-00-10', 'no month 0'],
    ['2026-01-00', 'no day 0'],
    ['0000-01-01', 'no year 0'],
    ['2026-3-2', 'yyyy-MM-dd'],
    ['20260302', 'yyyy-MM-dd'],
    ['2026-03-02 ', 'yyyy-MM-dd'],
    ['2026-03-02T00:00:00', 'yyyy-MM-dd'],
    ['', 'yyyy-MM-dd'],
  ])('is refused when it does not exist or is written otherwise: %j', (text, reason) => {
    const attempt = () => parseCalendarDate(text);
    expect(attempt).toThrow(HubError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(attempt).toThrow(reason);
  });

  it('survives a round trip through the beginning and the end of its day', () => {
    fc.assert(
      fc.property(anyDate, (day) => {
        expect(parseCalendarDate(day)).toBe(day);
        expect(calendarDateOf(startOfDay(day))).toBe(day);
        expect(calendarDateOf(endOfDay(day))).toBe(day);
        expect(endOfDay(day).getTime() - startOfDay(day).getTime()).toBe(86_399_999);
      }),
    );
  });

  it('is the day in China, whatever day it is elsewhere', () => {
    expect(calendarDateOf(new Date('2026-03-01T15:59:59.999Z'))).toBe('2026-03-01');
    expect(calendarDateOf(new Date('2026-03-01T16:00:00Z'))).toBe('2026-03-02');
    expect(startOfDay(date('2026-03-02')).toISOString()).toBe('2026-03-01T16:00:00.000Z');
    expect(endOfDay(date('2026-03-02')).toISOString()).toBe('2026-03-02T15:59:59.999Z');
  });

  it('cannot be taken from an invalid instant', () => {
    expect(() => calendarDateOf(new Date(Number.NaN))).toThrow(RangeError);
    expect(() => calendarDateOf(new Date('+010000-01-01T00:00:00Z'))).toThrow(RangeError);
  });

  it('is built from parts only when they are whole and possible', () => {
    expect(calendarDateOfParts(2026, 3, 2)).toBe('2026-03-02');
    for (const [year, month, day] of [
      [2026, 3, 2.5],
      [2026, Number.NaN, 1],
      [10_000, 1, 1],
    ] as const) {
      expect(() => calendarDateOfParts(year, month, day)).toThrow(RangeError);
    }
  });

  it('sorts from earliest to latest', () => {
    const days = ['2026-03-10', '2025-12-31', '2026-03-02'].map(date);
    expect(days.sort(compareCalendarDates)).toEqual(['2025-12-31', '2026-03-02', '2026-03-10']);
    expect(compareCalendarDates(date('2026-03-02'), date('2026-03-02'))).toBe(0);
    fc.assert(
      fc.property(anyDate, anyDate, (left, right) => {
        const difference = startOfDay(left).getTime() - startOfDay(right).getTime();
        expect(compareCalendarDates(left, right)).toBe(Math.sign(difference));
      }),
    );
  });

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-12-15', 0, '2026-12-15'],
    ['2021-05-01', 72, '2027-05-01'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(addMonths(date(from), months)).toBe(to);
  });

  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-03-02', 365, '2027-03-02'],
    ['0001-01-02', -1, '0001-01-01'],
  ])('%s and %i days is %s', (from, days, to) => {
    expect(addDays(date(from), days)).toBe(to);
  });

  it('comes back when days are added and taken away', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }).map(calendarDateOf),
        fc.integer({ min: -40_000, max: 40_000 }),
        (day, days) => expect(addDays(addDays(day, days), -days)).toBe(day),
      ),
    );
  });

  it('moves by whole months and days only, within four-digit years', () => {
    expect(() => addMonths(date('2026-03-02'), 0.5)).toThrow(RangeError);
    expect(() => addDays(date('2026-03-02'), Number.NaN)).toThrow(RangeError);
    expect(() => addDays(date('9999-12-31'), 1)).toThrow(RangeError);
    expect(() => addMonths(date('0001-01-31'), -1)).toThrow(RangeError);
  });

  it('lies within a period with both its ends, and an open end sets no limit', () => {
    const [from, day, to] = [date('2026-01-01'), date('2026-03-02'), date('2026-12-31')];
    expect(isWithin(day, from, to)).toBe(true);
    expect(isWithin(from, from, to)).toBe(true);
    expect(isWithin(to, from, to)).toBe(true);
    expect(isWithin(addDays(to, 1), from, to)).toBe(false);
    expect(isWithin(addDays(from, -1), from, to)).toBe(false);
    expect(isWithin(day, null, null)).toBe(true);
    expect(isWithin(day, from, null)).toBe(true);
    expect(isWithin(day, null, from)).toBe(false);
  });
});

describe('an instant', () => {
  it('is written in the time of China, with milliseconds only when there are any', () => {
    expect(formatInstant(new Date('2026-03-02T02:05:00Z'))).toBe('2026-03-02T10:05:00+08:00');
    expect(formatInstant(new Date('2026-03-02T02:05:00.070Z'))).toBe('2026-03-02T10:05:00.070+08:00');
    expect(formatInstant(new Date('2025-12-31T16:00:00Z'))).toBe('2026-01-01T00:00:00+08:00');
  });

  it('cannot be written when it is invalid or too far away', () => {
    expect(() => formatInstant(new Date(Number.NaN))).toThrow(RangeError);
    expect(() => formatInstant(new Date('+010000-01-01T00:00:00Z'))).toThrow(RangeError);
  });

  it.each([
    ['2026-03-02T10:05:00+08:00', '2026-03-02T02:05:00.000Z'],
    ['2026-03-02T10:05:00+0800', '2026-03-02T02:05:00.000Z'],
    ['2026-03-02T10:05+08:00', '2026-03-02T02:05:00.000Z'],
    ['2026-03-02T02:05:00Z', '2026-03-02T02:05:00.000Z'],
    ['2026-03-01T20:35:00-05:30', '2026-03-02T02:05:00.000Z'],
    ['2026-03-02T10:05:00.5+08:00', '2026-03-02T02:05:00.500Z'],
    ['2026-03-02T10:05:00.123999+08:00', '2026-03-02T02:05:00.123Z'],
    ['2024-02-29T00:00:00+08:00', '2024-02-28T16:00:00.000Z'],
  ])('is read: %s', (text, utc) => {
    expect(parseInstant(text).toISOString()).toBe(utc);
  });

  it.each([
    ['2026-03-02T10:05:00', 'offset'],
    ['2026-03-02', 'offset'],
    ['2026-03-02 10:05:00+08:00', 'ISO 8601'],
    ['2026-02-30T10:05:00+08:00', 'no day 30'],
    ['2026-03-02T24:00:00+08:00', 'no hour 24'],
    ['2026-03-02T10:60:00+08:00', 'no minute 60'],
    ['2026-03-02T10:05:60+08:00', 'no second 60'],
    ['2026-03-02T10:05:00+25:00', 'no offset hour 25'],
    ['2026-03-02T10:05:00+08:75', 'no offset minute 75'],
    ['', 'ISO 8601'],
  ])('is refused: %j', (text, reason) => {
    const attempt = () => parseInstant(text);
    expect(attempt).toThrow(HubError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(attempt).toThrow(reason);
  });

  it('survives a round trip', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        expect(parseInstant(formatInstant(instant)).getTime()).toBe(instant.getTime());
        expect(parseInstant(instant.toISOString()).getTime()).toBe(instant.getTime());
      }),
    );
  });
});
