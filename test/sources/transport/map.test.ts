import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { parseCreditCode } from '../../../schema/codes/credit-code.ts';
import { parseCalendarDate } from '../../../schema/time/calendar-date.ts';
import { readRow } from '../../../sources/kit/read-rows.ts';
import { conclusionsMeaning } from '../../../sources/transport/codes.ts';
import { TransportConfig } from '../../../sources/transport/config.ts';
import { recordIdOf } from '../../../sources/transport/envelope.ts';
import { toFiling, toInstitution, toPenalty, toReport, toRoadTest } from '../../../sources/transport/map.ts';
import { readText } from '../../../sources/transport/text.ts';
import { PenaltyWire, StationWire, TestWire } from '../../../sources/transport/wire.ts';

const CODE = parseCreditCode('91520115MAYDM00198');
const TODAY = parseCalendarDate('2026-03-31');

const STATION = {
  ID: 'J00000',
  TYSHXYDM: '91520115MAYDM00198',
  JCJGBH: '5201150007      ',
  JCJGMC: '贵州示例甲机动车检测有限公司    ',
  DZ: '贵州省贵阳市观山湖区示例路1号',
  XZQHDM: '520115',
  ZZRDZSBH: '232405340017、黔量认字第01号',
  ZZRDYXQZ: '2029/03/14',
  BABH: '黔交检备0007',
  BAJG: '示例省交通运输厅',
  BARQ: '20190719',
  BAYXQZ: '99990909',
  BAZT: '1 ',
  GXSJ: '2026-03-02 09:15:00',
};
const TEST = {
  ID: 'T0001',
  TYSHXYDM: '91520115MAYDM00198',
  JCJGBH: '5201150007      ',
  BGBH: 'ZJ2026030200021                         ',
  CPHM: '贵H0T207    ',
  VINHM: 'LDMPKA2C6R0000207',
  DLYSZH: '522601000207',
  JCXB: 'A',
  JCRQ: '2026-03-02 10:20:00',
  ZJCS: '1',
  LC: '84210.0',
  JCJL: '1       ',
  JSDJ: '1       ',
  YXQZ: '2027-03-31',
  QZR: '示例某',
  GXSJ: '2026-03-02 10:58:11',
};
const PENALTY = {
  ID: 'CF1',
  CF_XDR_LB: '法人及非法人组织',
  CF_WSH: '示交罚[2026]17号',
  CF_WFXW: '不按技术规范检测',
  CF_SY: '一辆货车',
  CF_YJ: '第三十一条',
  CF_CFLB: '警告；罚款',
  CF_NR_FK: '1.500000',
  CF_NR_WFFF: null,
  CF_JDRQ: '2026/01/20',
  CF_GSRQ: '2026/01/22',
  CF_GSJZQ: '2099/12/31',
  CF_CFJG: '示例省交通运输厅',
  GXSJ: '2026-01-22 10:00:00',
};

const read = <D>(wire: { toDraft: (row: never) => D | null; wire: unknown }, row: object) =>
  readRow(row, { ...wire, recordIdOf } as never) as { draft?: D; malformed?: { field: string; problem: string } };
const station = (change: object = {}) =>
  read({ wire: StationWire, toDraft: (row: StationWire) => toInstitution(row, CODE) }, { ...STATION, ...change });
const filing = (change: object = {}) =>
  read({ wire: StationWire, toDraft: (row: StationWire) => toFiling(row, TODAY) }, { ...STATION, ...change });
const test = (change: object = {}) => read({ wire: TestWire, toDraft: toRoadTest }, { ...TEST, ...change });
const report = (change: object = {}) =>
  read({ wire: TestWire, toDraft: (row: TestWire) => toReport(row, null) }, { ...TEST, ...change });
const penalty = (change: object = {}) => read({ wire: PenaltyWire, toDraft: toPenalty }, { ...PENALTY, ...change });

describe('a station', () => {
  it('loses its padding and keeps the readable certificate numbers', () => {
    expect(station().draft).toMatchObject({
      creditCode: CODE,
      localId: '5201150007',
      name: '贵州示例甲机动车检测有限公司',
      status: 'ACTIVE',
      cmaNumbers: ['232405340017'],
      cmaValidTo: '2029-03-14',
      asOf: new Date('2026-03-02T01:15:00Z'),
    });
  });

  it.each([
    ['2', 'SUSPENDED'],
    ['3', 'DEREGISTERED'],
    ['4', 'REVOKED'],
    ['6', 'SUSPENDED'],
    ['', 'UNKNOWN'],
    [null, 'UNKNOWN'],
  ])('with the filing state %p is %s', (BAZT, status) => {
    expect(station({ BAZT }).draft).toMatchObject({ status });
  });

  it('without a credit code has none; with a wrong one the field is named', () => {
    expect(station({ TYSHXYDM: null }).draft).toMatchObject({ creditCode: null });
    expect(station({ TYSHXYDM: '                  ' }).draft).toMatchObject({ creditCode: null });
    expect(station({ TYSHXYDM: '91520115MAYDM00199' }).malformed).toMatchObject({ field: 'TYSHXYDM' });
  });

  it.each([
    ['XZQHDM', '5201'],
    ['ZZRDYXQZ', '2029-02-30'],
    ['GXSJ', '10:15'],
    ['JCJGMC', '   '],
    ['BAZT', '9'],
    ['DZ', '\ufffd\ufffd'],
    ['DZ', 'Ã\u00ff\u0080'],
  ])('with %s = %j is malformed and the field is named', (field, value) => {
    expect(station({ [field]: value }).malformed).toMatchObject({ recordId: 'J00000', field });
  });
});

describe('a filing', () => {
  it.each(['99990909', '2099/12/31', '长期', '9999-12-31', '0000-00-00', '', '——', null])(
    'ends never: %j',
    (BAYXQZ) => {
      expect(filing({ BAYXQZ }).draft).toMatchObject({ validTo: null, status: 'VALID', validFrom: '2019-07-19' });
    },
  );

  it('whose period is over is expired, also while its state is normal', () => {
    expect(filing({ BAYXQZ: '20260330' }).draft).toMatchObject({ validTo: '2026-03-30', status: 'EXPIRED' });
    expect(filing({ BAYXQZ: '20260331' }).draft).toMatchObject({ validTo: '2026-03-31', status: 'VALID' });
    expect(filing({ BAYXQZ: '20260330', BAZT: '4' }).draft).toMatchObject({ status: 'REVOKED' });
  });

  it('is numbered by the station where it has no number, and malformed where there is neither', () => {
    expect(filing({ BABH: null }).draft).toMatchObject({ number: '5201150007' });
    expect(filing({ BABH: null, JCJGBH: null }).malformed).toMatchObject({ field: 'BABH' });
    expect(filing({ BAZT: null }).malformed).toMatchObject({ field: 'BAZT' });
  });
});

describe('a test', () => {
  it.each([
    ['1', '1', 'PASS', '1'],
    ['1', '2', 'PASS', '2'],
    ['合格', '一级', 'PASS', '1'],
    ['二级', '', 'PASS', '2'],
    ['一级', null, 'PASS', '1'],
    ['○', '——', 'PASS', null],
    ['2', '2', 'FAIL', null],
    ['不合格', '——', 'FAIL', null],
    ['×', '', 'FAIL', null],
    ['—', '', 'NOT_INSPECTED', null],
    [null, null, 'NOT_INSPECTED', null],
  ])('with conclusion %p and grade %p: %s, %p', (JCJL, JSDJ, result, technicalGrade) => {
    expect(test({ JCJL, JSDJ }).draft).toMatchObject({ result, technicalGrade, rawResult: JCJL });
  });

  it('knows all ways to write a verdict, and none for one it cannot give', () => {
    expect(conclusionsMeaning('FAIL')).toEqual(['2', '不合格', '×']);
    expect(conclusionsMeaning('UNKNOWN')).toEqual([]);
  });

  it.each(['0000-00-00', '9999-09-09', null])('whose grade ends %j has no end', (YXQZ) => {
    expect(test({ YXQZ }).draft).toMatchObject({ gradeValidTo: null });
  });

  it('without plate and identification number has no vehicle, without a number no report', () => {
    expect(test({ CPHM: ' ', VINHM: null }).draft).toMatchObject({ vehicle: null });
    expect(test({ BGBH: ' ' }).draft).toMatchObject({ report: null });
    expect(report({ BGBH: ' ' }).draft).toBeNull();
    expect(test({ LC: null, ZJCS: null, DLYSZH: '' }).draft).toMatchObject({
      odometerKm: null,
      pass: null,
      transportPermit: null,
    });
  });

  it.each([
    ['JCRQ', '0000-00-00 00:00:00'],
    ['JCRQ', null],
    ['JCJL', 'X?'],
    ['JSDJ', '3'],
    ['YXQZ', '2027-13-01'],
    ['LC', '84 210'],
    ['ZJCS', '0'],
    ['ID', ''],
  ])('with %s = %j is malformed and the field is named', (field, value) => {
    expect(test({ [field]: value }).malformed).toMatchObject({ field });
  });

  it('is dated by the wall clock of China', () => {
    expect(test().draft).toMatchObject({ startedAt: new Date('2026-03-02T02:20:00Z') });
    expect(report({ JCRQ: '2026-03-02 00:00:01' }).draft).toMatchObject({ issuedOn: '2026-03-02' });
  });
});

describe('a penalty', () => {
  it('comes in 万元 and goes in fen', () => {
    expect(penalty().draft).toMatchObject({
      documentNumber: '示交罚〔2026〕17号',
      categories: ['警告', '罚款'],
      reason: '不按技术规范检测',
      fineFen: 1_500_000,
      confiscatedFen: null,
      decidedOn: '2026-01-20',
      publishedTo: null,
    });
    expect(penalty({ CF_WFXW: '', CF_NR_WFFF: '0.000001' }).draft).toMatchObject({
      reason: '一辆货车',
      confiscatedFen: 1,
    });
  });

  it('against a person is not for the hub', () => {
    expect(penalty({ CF_XDR_LB: '自然人  ' }).draft).toBeNull();
    expect(penalty({ CF_XDR_LB: '01' }).draft).toBeNull();
  });

  it.each([
    ['CF_JDRQ', '2026/13/45'],
    ['CF_JDRQ', '——'],
    ['CF_NR_FK', '1,5'],
    ['CF_NR_FK', '0.0000001'],
    ['CF_WSH', null],
    ['CF_CFJG', ' '],
  ])('with %s = %j is malformed and the field is named', (field, value) => {
    expect(penalty({ [field]: value }).malformed).toMatchObject({ field });
  });
});

describe('a text', () => {
  const misread = (text: string): string => iconv.encode(text, 'gb18030').toString('latin1');

  it.each(['贵州示例甲机动车检测有限公司', '○', '不合格', '贵A·12345', '示例（一）号'])(
    'taken for Latin-1 is repaired: %s',
    (text) => {
      expect(readText(misread(text))).toBe(text);
    },
  );

  it.each(['×', 'A·1', '贵州×', 'ZJ20260302', '', '20℃'])('that was never wrong stays: %j', (text) => {
    expect(readText(text)).toBe(text);
  });

  it('that lost its characters is refused', () => {
    expect(() => readText('贵\ufffd')).toThrow('lost');
    expect(() => readText('\u00ff\u0080')).toThrow('no known charset');
  });
});

describe('the settings', () => {
  it('take the four schemes and nothing else', () => {
    const parsed = TransportConfig.parse({ TRANSPORT_DATABASE_URL: 'mariadb://u:p@h/d' });
    expect(parsed).toMatchObject({ TRANSPORT_TIMEOUT_MS: 1_500, TRANSPORT_CONCURRENCY: 8 });
    for (const url of ['http://h/d', 'postgres://h', '', undefined]) {
      expect(TransportConfig.safeParse({ TRANSPORT_DATABASE_URL: url }).success).toBe(false);
    }
  });

  it('are described, because the table of the README is printed from them', () => {
    for (const setting of Object.values(TransportConfig.shape)) expect(setting.description).toMatch(/\w/);
  });
});
