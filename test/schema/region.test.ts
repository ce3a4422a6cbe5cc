import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HubError } from '../../schema/errors.ts';
import { projectRoot } from '../../schema/project-root.ts';
import {
  currentRegionCode,
  parseRegionCode,
  parseRegionPrefix,
  regionOf,
  regionWithin,
} from '../../schema/region/region.ts';

const region = (code: string) => regionOf(parseRegionCode(code));

describe('a division code', () => {
  it('has exactly six digits', () => {
    expect(parseRegionCode('520115')).toBe('520115');
    for (const text of ['', '52', '5201', '5201155', '52011A', ' 520115', '020000', '５２０１１５']) {
      expect(() => parseRegionCode(text)).toThrow(HubError);
    }
  });

  it('may belong to no known division', () => {
    expect(parseRegionCode('529999')).toBe('529999');
  });
});

describe('a division', () => {
  it('has a name and a path from the province to itself', () => {
    expect(region('520115')).toEqual({ code: '520115', name: '观山湖区', path: ['贵州省', '贵阳市', '观山湖区'] });
    expect(region('522600')).toEqual({
      code: '522600',
      name: '黔东南苗族侗族自治州',
      path: ['贵州省', '黔东南苗族侗族自治州'],
    });
    expect(region('520000')).toEqual({ code: '520000', name: '贵州省', path: ['贵州省'] });
  });

  it('is found for every prefecture of Guizhou', () => {
    const prefectures = ['520100', '520200', '520300', '520400', '520500', '520600', '522300', '522600', '522700'];
    for (const code of prefectures) expect(region(code).path).toHaveLength(2);
  });

  it('shows the code and the known levels above when it is unknown', () => {
    expect(region('520199')).toEqual({ code: '520199', name: '520199', path: ['贵州省', '贵阳市'] });
    expect(region('529999')).toEqual({ code: '529999', name: '529999', path: ['贵州省'] });
    expect(region('990101')).toEqual({ code: '990101', name: '990101', path: [] });
  });

  it.each([
    ['520221', '520204', '水城区'],
    ['520522', '520581', '黔西市'],
    ['520114', '520111', '花溪区'],
    ['522200', '520600', '铜仁市'],
    ['522400', '520500', '毕节市'],
    ['522322', '522302', '兴仁市'],
    ['520222', '520281', '盘州市'],
  ])('that was replaced, %s, answers as its successor %s', (old, current, name) => {
    expect(currentRegionCode(parseRegionCode(old))).toBe(current);
    expect(region(old)).toMatchObject({ code: current, name });
  });

  it('that was not replaced keeps its code', () => {
    expect(currentRegionCode(parseRegionCode('520115'))).toBe('520115');
    expect(currentRegionCode(parseRegionCode('529999'))).toBe('529999');
  });
});

describe('a division as a filter', () => {
  it.each([
    ['52', '52'],
    ['5200', '52'],
    ['520000', '52'],
    ['5201', '5201'],
    ['520100', '5201'],
    ['520115', '520115'],
    ['522400', '5205'],
    ['5224', '5205'],
    ['520221', '520204'],
    ['110000', '11'],
    ['429000', '4290'],
  ])('%s means %s', (text, prefix) => {
    expect(parseRegionPrefix(text)).toBe(prefix);
  });

  it.each(['', '5', '520', '52010', '5201155', '00', '000000', 'GZ', '52 '])('is not %j', (text) => {
    const attempt = () => parseRegionPrefix(text);
    expect(attempt).toThrow(HubError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('holds what lies in it and nothing else', () => {
    const within = (code: string, prefix: string) => regionWithin(parseRegionCode(code), parseRegionPrefix(prefix));
    expect(within('520115', '52')).toBe(true);
    expect(within('520115', '520000')).toBe(true);
    expect(within('520115', '520100')).toBe(true);
    expect(within('520115', '520115')).toBe(true);
    expect(within('520100', '520100')).toBe(true);
    expect(within('520115', '5202')).toBe(false);
    expect(within('520100', '520115')).toBe(false);
    expect(within('430100', '52')).toBe(false);
  });

  it('counts a replaced division where its successor lies', () => {
    expect(regionWithin(parseRegionCode('522400'), parseRegionPrefix('5205'))).toBe(true);
    expect(regionWithin(parseRegionCode('520204'), parseRegionPrefix('520221'))).toBe(true);
  });
});

describe('the project root', () => {
  it('holds package.json and the data files', () => {
    expect(existsSync(join(projectRoot, 'package.json'))).toBe(true);
    expect(existsSync(join(projectRoot, 'schema/region/divisions.json'))).toBe(true);
  });
});
