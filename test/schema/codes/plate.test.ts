import { describe, expect, it } from '@jest/globals';
import {
  colourForPlateCategory,
  PLATE_CATEGORY_NAMES,
  plateCategoryForColour,
  readPlate,
  withProvince,
} from '../../../schema/codes/plate.ts';

describe('a number plate', () => {
  it.each([
    ['贵A0T101', '贵', 'A0T101', 'ORDINARY'],
    ['贵J12345', '贵', 'J12345', 'ORDINARY'],
    ['贵B1234挂', '贵', 'B1234挂', 'ORDINARY'],
    ['贵C1234学', '贵', 'C1234学', 'ORDINARY'],
    ['贵A1234警', '贵', 'A1234警', 'ORDINARY'],
    ['云A12345', '云', 'A12345', 'ORDINARY'],
    ['贵AD12345', '贵', 'AD12345', 'NEW_ENERGY_SMALL'],
    ['贵AFZ1234', '贵', 'AFZ1234', 'NEW_ENERGY_SMALL'],
    ['贵A12345D', '贵', 'A12345D', 'NEW_ENERGY_LARGE'],
    ['粤Z1234港', '粤', 'Z1234港', 'OTHER'],
    ['使012345', '使', '012345', 'OTHER'],
    ['虚A00017', '虚', 'A00017', 'OTHER'],
    ['贵AO2345', '贵', 'AO2345', 'OTHER'],
    ['贵A1I345', '贵', 'A1I345', 'OTHER'],
    ['贵AI12345', '贵', 'AI12345', 'OTHER'],
  ])('%s has the province %s, the rest %s and is %s', (text, province, rest, kind) => {
    expect(readPlate(text)).toEqual({ province, rest, kind });
  });

  it.each(['贵A·0T101', '贵A-0T101', ' 贵a 0t101 ', '贵Ａ０Ｔ１０１', '贵A・0T101'])(
    'is read however it is written: %s',
    (text) => {
      expect(readPlate(text)).toEqual({ province: '贵', rest: 'A0T101', kind: 'ORDINARY' });
    },
  );

  it.each(['', 'A0T101', '贵', '贵A1', '无牌', '贵A1234567890', '贵贵12345'])('is not %j', (text) => {
    expect(readPlate(text)).toBeNull();
  });

  it('gets back the province that the police leave off', () => {
    expect(withProvince('A0T101')).toBe('贵A0T101');
    expect(withProvince('a·0t101', '云')).toBe('云A0T101');
  });

  it('keeps the province it has, and nothing stays nothing', () => {
    expect(withProvince('云A0T101')).toBe('云A0T101');
    expect(withProvince('  ')).toBe('');
  });
});

describe('plate categories', () => {
  it.each([
    ['01', 'YELLOW'],
    ['02', 'BLUE'],
    ['51', 'YELLOW_GREEN'],
    ['52', 'GRADIENT_GREEN'],
  ] as const)('%s goes with %s both ways', (hpzl, colour) => {
    expect(colourForPlateCategory(hpzl)).toBe(colour);
    expect(plateCategoryForColour(colour)).toBe(hpzl);
  });

  it('says nothing about the colour of other categories', () => {
    expect(colourForPlateCategory('15')).toBeNull();
    expect(colourForPlateCategory('2')).toBeNull();
  });

  it('have their official names', () => {
    expect(PLATE_CATEGORY_NAMES['02']).toBe('小型汽车');
    expect(PLATE_CATEGORY_NAMES['51']).toBe('大型新能源汽车');
    expect(Object.keys(PLATE_CATEGORY_NAMES)).toHaveLength(35);
    expect(Object.keys(PLATE_CATEGORY_NAMES).every((code) => /^\d{2}$/.test(code))).toBe(true);
  });
});
