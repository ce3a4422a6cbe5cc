import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calendarDateOf } from '../../../schema/time/calendar-date.ts';
import { readNativeDate, readNativeEndDate, readNativeInstant } from '../../../sources/kit/native-dates.ts';

const anyInstant = fc.date({ min: new Date('1900-01-02'), max: new Date('9998-12-30'), noInvalidDate: true });

describe('a date in a native style', () => {
  it.each([
    '20260302',
    '2026-03-02',
    '2026/03/02',
    '2026/3/2',
    '2026-3-2',
    '20260302100511',
    '20260302100511.123',
    '2026-03-02 10:05:11',
    '2026-03-02 10:05:11.0',
    '2026-03-02  9:05',
    '2026/03/02 10:05:11',
    '2026-03-02T10:05:11',
    '2026-03-02T10:05:11+08:00',
    '2026-03-01T20:05:11Z',
    '  20260302  ',
    '2026-03-02\u3000\n',
  ])('is read: %j', (text) => {
    expect(readNativeDate(text)).toBe('2026-03-02');
    expect(readNativeEndDate(text)).toBe('2026-03-02');
  });

  it.each(['', '   ', '—', '——', '--', 'null', 'NULL'])('is absent: %j', (text) => {
    expect(readNativeDate(text)).toBeNull();
    expect(readNativeInstant(text)).toBeNull();
    expect(readNativeEndDate(text)).toBeNull();
  });

  it.each([
    ['20260230', 'no day 30 in month 2 of 2026'],
    ['2026/13/01', 'no month 13'],
    ['2026-03-02 25:00:00', 'no hour 25'],
    ['20260302106011', 'no minute 60'],
    ['20260302100560', 'no second 60'],
    ['2026-03/02', 'not a date'],
    ['202603021005', 'not a date'],
    ['1772417111000', 'not a date'],
    ['26-03-02', 'not a date'],
    ['2026-03-02+08:00', 'not a date'],
    ['合格', 'not a date'],
  ])('is refused with a plain RangeError: %j', (text, reason) => {
    for (const read of [readNativeDate, readNativeInstant, readNativeEndDate]) {
      expect(() => read(text)).toThrow(RangeError);
      expect(() => read(text)).toThrow(reason);
    }
  });

  it('of zeros only is no date, except as the end of a period', () => {
    expect(() => readNativeDate('0000-00-00')).toThrow(RangeError);
    expect(() => readNativeInstant('00000000')).toThrow(RangeError);
  });
});

describe('a point in time in a native style', () => {
  it.each([
    ['20260302', '2026-03-01T16:00:00.000Z'],
    ['20260302100511', '2026-03-02T02:05:11.000Z'],
    ['20260302100511.123', '2026-03-02T02:05:11.123Z'],
    ['20260302100511.5', '2026-03-02T02:05:11.500Z'],
    ['2026-03-02 10:05:11', '2026-03-02T02:05:11.000Z'],
    ['2026-03-02 10:05:11.123456', '2026-03-02T02:05:11.123Z'],
    ['2026/3/2 9:05', '2026-03-02T01:05:00.000Z'],
    ['2026-03-02T10:05:11', '2026-03-02T02:05:11.000Z'],
    ['2026-03-02T10:05:11+00:00', '2026-03-02T10:05:11.000Z'],
    ['2026-03-02T10:05:11Z', '2026-03-02T10:05:11.000Z'],
    ['2026-03-02T10:05:11-0500', '2026-03-02T15:05:11.000Z'],
  ])('is the time of China unless it says otherwise: %s', (text, utc) => {
    expect(readNativeInstant(text)?.toISOString()).toBe(utc);
  });

  it('survives a round trip in every style', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const [day = '', clock = ''] = new Date(instant.getTime() + 8 * 3_600_000).toISOString().split(/[TZ]/);
        const compact = `${day}${clock}`.replace(/[-:]/g, '');
        for (const text of [
          compact,
          `${day} ${clock}`,
          `${day.replaceAll('-', '/')} ${clock}`,
          `${day}T${clock}+08:00`,
        ]) {
          expect(readNativeInstant(text)?.getTime()).toBe(instant.getTime());
          expect(readNativeDate(text)).toBe(calendarDateOf(instant));
        }
      }),
    );
  });
});

describe('the end of a period', () => {
  it.each([
    '',
    '99990909',
    '2099/12/31',
    '2099-12-31',
    '20991231',
    '2099-12-31 00:00:00',
    '9999-12-31',
    '9999-12-31 23:59:59',
    '0000-00-00',
    '0000-00-00 00:00:00',
    '00000000',
    ' 99990909 ',
    '长期',
  ])('is open: %j', (text) => {
    expect(readNativeEndDate(text)).toBeNull();
  });

  it('is a day when it names one', () => {
    expect(readNativeEndDate('2099/12/30')).toBe('2099-12-30');
    expect(readNativeDate('99990909')).toBe('9999-09-09');
  });
});
