import { describe, expect, it } from '@jest/globals';
import { toEmissionTest } from '../../../sources/ecology/map-tests.ts';
import { EmissionTestWire } from '../../../sources/ecology/wire.ts';
import { draftOf, malformedField, type Row } from './read-draft.ts';

/** The double-idle test of the interface's own documentation. */
const DOUBLE_IDLE: Row = {
  Id: '0f0e0d0c0b0a09080706050403020100',
  inspregid: '99010100000000000000000000000017',
  InspectionReportNo: '',
  ReportDate: '',
  License: '虚A00017',
  LicenseType: '1',
  LicenseCode: '02',
  VIN: 'LXX9A1B23R0000017',
  TsNo: '99010101',
  TestType: '2',
  FuelType: 'A',
  TestLineNo: '01',
  OperatorName: '某人',
  DriverName: '某人',
  Teststime: '20260112094000',
  Testetime: '20260112094530',
  DetectEndTime: '2026-01-12 09:45:31',
  TestJudge: '1',
  Samplingdepth: '400',
  Temperature: '18.5',
  Humidity: '52.0',
  Atpressure: '101.2',
  Gdszs: '2500',
  Dszs: '780',
  Lambda: '1.01',
  LSCOResult: '0.05',
  LSHCResult: '21',
  HSCOResult: '0.03',
  HSHCResult: '15',
  LambdaUp: '1.05',
  LambdaDown: '0.95',
  LSCOLimit: '0.6',
  LSHCLimit: '80',
  HSCOLimit: '0.3',
  HSHCLimit: '50',
  LambdaJudge: '1',
  LSCOJudge: '1',
  LSHCJudge: '1',
  HSCOJudge: '1',
  HSHCJudge: '0',
};
const test = (changes: Row = {}): Row => ({ ...DOUBLE_IDLE, ...changes });
const readTest = (changes: Row = {}) => draftOf(EmissionTestWire, toEmissionTest, test(changes));
const brokenTest = (changes: Row = {}) => malformedField(EmissionTestWire, toEmissionTest, test(changes));
const without = (row: Row, key: string): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== key));

describe('an emission test of ecology', () => {
  it('reads the documented double-idle message', () => {
    const draft = readTest();
    expect(draft).toMatchObject({
      sourceRecordId: '0f0e0d0c0b0a09080706050403020100',
      method: 'DOUBLE_IDLE',
      result: 'PASS',
      rawResult: '1',
      startedAt: new Date('2026-01-12T01:40:00Z'),
      endedAt: new Date('2026-01-12T01:45:30Z'),
      asOf: new Date('2026-01-12T01:45:31Z'),
      temperatureCelsius: 18.5,
      humidityPercent: 52,
      pressureKilopascal: 101.2,
      lineNumber: '01',
      pass: null,
      report: null,
      vehicle: { vin: 'LXX9A1B23R0000017', plate: '虚A00017', plateCategory: '02', fuel: 'A' },
    });
    expect(draft.measurements).toEqual([
      { name: 'LowIdleCO', value: 0.05, limit: 0.6, unit: '%', result: 'PASS' },
      { name: 'LowIdleHC', value: 21, limit: 80, unit: 'ppm', result: 'PASS' },
      { name: 'HighIdleCO', value: 0.03, limit: 0.3, unit: '%', result: 'PASS' },
      { name: 'HighIdleHC', value: 15, limit: 50, unit: 'ppm', result: 'FAIL' },
      { name: 'Lambda', value: 1.01, limit: null, unit: '1', result: 'PASS' },
    ]);
  });

  it('does not take the constants of client software for measurements', () => {
    const text = JSON.stringify(readTest({ Lambda: '' }));
    expect(text).not.toMatch(/400|1\.05|0\.95|Samplingdepth|Lambda/);
  });

  it.each([
    ['1', 'PASS', '1'],
    ['0', 'FAIL', '0'],
    ['9', 'NOT_INSPECTED', '9'],
    ['', 'NOT_INSPECTED', null],
    ['2', 'UNKNOWN', '2'],
    ['Y', 'UNKNOWN', 'Y'],
  ])('takes judgement "%s" for %s', (TestJudge, result, rawResult) => {
    expect(readTest({ TestJudge })).toMatchObject({ result, rawResult });
  });

  it.each([
    ['4', 'OPACITY', { SmokeAvg: '0.42', SmokeKLimit: '1.2', SmokeKJudge: '1' }],
    [
      '5',
      'ASM',
      Object.fromEntries(
        ['HC', 'CO', 'NO'].flatMap((gas) =>
          ['5025', '2540'].flatMap((mode) => ['', 'Limit', 'Judge'].map((part) => [gas + mode + part, '1'])),
        ),
      ),
    ],
    [
      '6',
      'VMAS',
      Object.fromEntries(
        ['HC', 'CO', 'NOx', 'HCNOx'].flatMap((gas) => ['', 'Limit', 'Judge'].map((part) => [gas + part, '1'])),
      ),
    ],
    [
      '7',
      'LUGDOWN',
      {
        K100: '0.8',
        SmokeK100Limit: '1.2',
        SmokeK100Judge: '1',
        K80: '1.3',
        SmokeK80Limit: '1.2',
        SmokeK80Judge: '0',
        NOx80: '900',
        NOx80Limit: '1500',
        NOx80Judge: '1',
        CorMaxhp: '',
        MaxhpLimit: '',
        MaxhpJudge: '',
      },
    ],
    ['3', 'OTHER', {}],
  ])('takes test type %s for %s', (TestType, method, fields) => {
    const draft = readTest({ TestType, ...fields });
    expect(draft.method).toBe(method);
    const counts: Record<string, number> = { OPACITY: 1, ASM: 6, VMAS: 4, LUGDOWN: 3, OTHER: 0 };
    expect(draft.measurements).toHaveLength(counts[method] ?? -1);
  });

  it('reads keys in any case, and numbers that come as numbers', () => {
    const shouted = Object.fromEntries(
      Object.entries(test({ Temperature: 18.5 })).map(([key, value]) => [key.toUpperCase(), value]),
    );
    expect(draftOf(EmissionTestWire, toEmissionTest, shouted)).toEqual(readTest());
  });

  it('refuses a key that comes twice with two values, and takes one that comes twice with the same', () => {
    expect(brokenTest({ vin: 'LXX9A1B23R0000018' })).toBe('VIN');
    expect(readTest({ vin: 'LXX9A1B23R0000017' })).toEqual(readTest());
  });

  it.each(['Teststime', 'TestJudge', 'InspectionReportNo', 'LSCOResult', 'HSHCJudge', 'VIN'])(
    'names %s when the key is missing: that is another interface and no empty value',
    (key) => {
      expect(malformedField(EmissionTestWire, toEmissionTest, without(test(), key))).toBe(key);
    },
  );

  it.each([
    ['Teststime', ''],
    ['Teststime', '20261312094000'],
    ['Testetime', '2026011209'],
    ['Temperature', '18,5'],
    ['LSCOResult', 'low'],
    ['LSCOLimit', '--'],
    ['TestTimes', 'first'],
    ['VIN', { nested: true }],
    ['TestType', null],
  ])('names %s when its value is %j', (key, value) => {
    expect(brokenTest({ [key]: value })).toBe(key);
  });

  it('reads times in the other style as well', () => {
    expect(readTest({ Teststime: '2026-01-12 09:40:00' }).startedAt).toEqual(new Date('2026-01-12T01:40:00Z'));
  });

  it('has a report when there is a number, and then needs its date', () => {
    const report = {
      InspectionReportNo: '520115PF2601120000017',
      ReportDate: '2026-01-12 23:30:00',
      TestStandard: 'GB 18285-2018',
    };
    expect(readTest(report).report).toEqual({
      number: '520115PF2601120000017',
      issuedOn: '2026-01-12',
      parameters: [
        { object: '机动车排放检验', parameter: '双怠速法', standard: 'GB 18285-2018', restriction: null, site: null },
      ],
      signatory: null,
      conclusion: 'PASS',
      digest: null,
    });
    expect(brokenTest({ ...report, ReportDate: '' })).toBe('ReportDate');
  });

  it('keeps vehicle numbers of any form, and leaves empty ones out', () => {
    expect(readTest({ VIN: ' lxx9a1b23r0000017 ' }).vehicle?.vin).toBe('LXX9A1B23R0000017');
    expect(readTest({ VIN: 'OLD-1987' }).vehicle?.vin).toBe('OLD1987');
    expect(readTest({ VIN: '', License: '', FuelType: 'X' }).vehicle).toMatchObject({
      vin: null,
      plate: null,
      fuel: 'P',
    });
  });

  it('is no record when it is no object', () => {
    for (const row of ['text', 7, null, [DOUBLE_IDLE]]) {
      expect(malformedField(EmissionTestWire, toEmissionTest, row)).toBe('(record)');
    }
  });
});
