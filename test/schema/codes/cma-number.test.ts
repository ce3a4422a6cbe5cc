import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseCmaNumber, readCmaNumber, splitCmaNumbers } from '../../../schema/codes/cma-number.ts';
import { HubError } from '../../../schema/errors.ts';

const twoDigits = (max: number) => fc.nat(max).map((value) => String(value).padStart(2, '0'));

describe('a CMA certificate number', () => {
  it.each([
    ['232405340017', 2023, '05', '机动车安检', '34', '其他'],
    ['222412050021', 2022, '12', '环境与环保', '05', '环境保护'],
    ['212415140003', 2021, '15', '医疗器械', '14', '食品药品'],
    ['242400340102', 2024, '00', '食品', '34', '其他'],
  ])('is read digit by digit: %s', (number, year, field, fieldName, sector, sectorName) => {
    expect(readCmaNumber(number)).toEqual({
      number,
      year,
      authority: { code: '24', name: '贵州' },
      field: { code: field, name: fieldName },
      sector: { code: sector, name: sectorName },
    });
    expect(parseCmaNumber(number)).toBe(number);
  });

  it.each([
    ['180000000001', '国家'],
    ['180100000001', '北京'],
    ['181100000001', '浙江'],
    ['182200000001', '重庆'],
    ['182300000001', '四川'],
    ['183100000001', '新疆'],
  ])('names the authority of %s, which is no division code', (number, name) => {
    expect(readCmaNumber(number)?.authority.name).toBe(name);
  });

  it('names the last field and keeps every sector in its place', () => {
    expect(readCmaNumber('232421000001')?.field.name).toBe('其他');
    expect(readCmaNumber('232400150001')?.sector.name).toBe('林业');
    expect(readCmaNumber('232400250001')?.sector.name).toBe('电力');
    expect(readCmaNumber('232400330001')?.sector.name).toBe('军队');
  });

  it('reads full-width digits and ignores blanks around it', () => {
    expect(readCmaNumber(' ２３２４０５３４００１７\u3000')?.number).toBe('232405340017');
  });

  it.each([
    ['', 'nothing'],
    ['23240534001', '11 digits'],
    ['2324053400170', '13 digits'],
    ['235205340017', 'a division code as authority'],
    ['233205340017', 'authority 32'],
    ['232422340017', 'field 22'],
    ['232405350017', 'sector 35'],
    ['232405340000', 'serial 0000'],
    ['23240534001A', 'a letter'],
    ['2324 0534 0017', 'blanks inside'],
  ])('is not %j: %s', (text) => {
    expect(readCmaNumber(text)).toBeNull();
    expect(() => parseCmaNumber(text)).toThrow(HubError);
    expect(() => parseCmaNumber(text)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('has a name for every code of the rule', () => {
    fc.assert(
      fc.property(
        fc.tuple(twoDigits(99), twoDigits(31), twoDigits(21), twoDigits(34), fc.integer({ min: 1, max: 9999 })),
        ([year, authority, field, sector, serial]) => {
          const reading = readCmaNumber(`${year}${authority}${field}${sector}${String(serial).padStart(4, '0')}`);
          expect(reading?.year).toBe(2000 + Number(year));
          expect(reading?.authority.name).toMatch(/^\p{Script=Han}+$/u);
          expect(reading?.field.name).toMatch(/^\p{Script=Han}+$/u);
          expect(reading?.sector.name).toMatch(/^\p{Script=Han}+$/u);
        },
      ),
    );
  });
});

describe('a field with several CMA numbers', () => {
  it('is taken apart at every separator in use', () => {
    expect(
      splitCmaNumbers('232405340017、222412050021,212415140003，242400340102; 232405340018；232405340019'),
    ).toEqual({
      numbers: ['232405340017', '222412050021', '212415140003', '242400340102', '232405340018', '232405340019'],
      unreadable: [],
    });
  });

  it('keeps what it cannot read and names a number once', () => {
    expect(splitCmaNumbers('232405340017、贵2015-003 232405340017,')).toEqual({
      numbers: ['232405340017'],
      unreadable: ['贵2015-003'],
    });
  });

  it('is empty when the field is', () => {
    expect(splitCmaNumbers('  ')).toEqual({ numbers: [], unreadable: [] });
  });
});
