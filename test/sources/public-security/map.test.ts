import { describe, expect, it } from '@jest/globals';
import { parseCalendarDate } from '../../../schema/time/calendar-date.ts';
import { UnreadableValue } from '../../../sources/kit/adapter.ts';
import { MalformedField, readRow } from '../../../sources/kit/read-rows.ts';
import { readLine } from '../../../sources/public-security/facilities.ts';
import { toDirectoryEntry, toFiling, toInspection, toInstitution } from '../../../sources/public-security/map.ts';
import { InspectionWire, StationWire } from '../../../sources/public-security/wire.ts';

const TODAY = parseCalendarDate('2026-03-31');

const station = (fields: Record<string, string> = {}) =>
  StationWire.parse({
    jczbh: '5200000117',
    jczmc: '贵州示例甲机动车检测有限公司',
    zt: '1',
    rdsbh: '232405340017',
    rdyxqs: '2023-03-15 00:00:00',
    rdyxqz: '2029-03-14 00:00:00',
    xkjyfw: '00,01',
    dwdz: '示例路1号',
    fzjg: '贵A',
    glbm: '520115000400',
    gxrq: '2026-01-12 09:30:00',
    ...fields,
  });
const inspection = (fields: Record<string, string> = {}) =>
  InspectionWire.parse({
    jylsh: '5200000117260302000031',
    jyjgbh: '5200000117',
    jcxdh: '2',
    jycs: '1',
    hpzl: '02',
    hphm: 'A0T101',
    clsbdh: 'LDMHCV3B7P0000101',
    jylb: '01',
    kssj: '2026-03-02 10:02:11',
    jssj: '2026-03-02 10:31:40',
    jyjgpd: '1',
    ...fields,
  });
const line = (fields: Record<string, string> = {}) => ({
  jczbh: '5200000117',
  jcxxh: '1',
  jcxmc: '1号汽车检测线',
  gxrq: '2026-01-12 09:30:00',
  zdsbmc: '滚筒反力式制动检验台',
  zdsbxh: 'SL-ZD13',
  zdsbbh: 'SL1',
  zdsbjdyxqz: '2026-12-31 00:00:00',
  ...fields,
});

/** Names the field that a conversion refuses. */
function refusedField(convert: () => unknown): string | null {
  try {
    convert();
    return null;
  } catch (error) {
    return error instanceof MalformedField ? error.field : String(error);
  }
}

describe('a station', () => {
  it('becomes an institution that is known by its number only', () => {
    expect(toInstitution(station())).toEqual({
      sourceRecordId: '5200000117',
      asOf: new Date('2026-01-12T01:30:00Z'),
      creditCode: null,
      localId: '5200000117',
      name: '贵州示例甲机动车检测有限公司',
      kinds: ['VEHICLE_INSPECTION_BODY'],
      status: 'ACTIVE',
      regionCode: '520115',
      address: '示例路1号',
      cmaNumbers: ['232405340017'],
      cmaValidTo: '2029-03-14',
    });
  });

  it('keeps well-formed certificate numbers of several and leaves the others out', () => {
    expect(toInstitution(station({ rdsbh: '232405340017、(黔)质检字12号；222405340018' })).cmaNumbers).toEqual([
      '232405340017',
      '222405340018',
    ]);
  });

  it('needs nothing but its number, its name and its state', () => {
    const bare = StationWire.parse({ jczbh: '5200000117', jczmc: '示例', zt: '' });
    expect(toInstitution(bare)).toMatchObject({
      asOf: null,
      status: 'UNKNOWN',
      regionCode: null,
      address: null,
      cmaNumbers: [],
      cmaValidTo: null,
    });
    for (const missing of ['jczbh', 'jczmc', 'zt'])
      expect(StationWire.safeParse({ ...station(), [missing]: undefined }).error?.issues[0]?.path).toEqual([missing]);
  });

  it.each([
    ['0', 'REVOKED', 'REVOKED'],
    ['1', 'ACTIVE', 'VALID'],
    ['2', 'SUSPENDED', 'SUSPENDED'],
    ['4', 'SUSPENDED', 'EXPIRED'],
  ])('in state %s is %s and its filing %s', (zt, status, filingStatus) => {
    expect(toInstitution(station({ zt })).status).toBe(status);
    expect(toFiling(station({ zt }), TODAY)?.status).toBe(filingStatus);
  });

  it('that applies for the first time has no filing yet', () => {
    expect(toInstitution(station({ zt: '3' })).status).toBe('ACTIVE');
    expect(toFiling(station({ zt: '3' }), TODAY)).toBeNull();
  });

  it('in an unknown state is UNKNOWN, and its filing is refused rather than guessed', () => {
    expect(toInstitution(station({ zt: '7' })).status).toBe('UNKNOWN');
    expect(refusedField(() => toFiling(station({ zt: '7' }), TODAY))).toBe('zt');
  });

  it('still called normal after the end of its period has an expired filing; the last day counts', () => {
    expect(toFiling(station({ rdyxqz: '2026-03-30' }), TODAY)?.status).toBe('EXPIRED');
    expect(toFiling(station({ rdyxqz: '2026-03-31' }), TODAY)?.status).toBe('VALID');
    expect(toFiling(station({ rdyxqz: '' }), TODAY)).toMatchObject({ status: 'VALID', validTo: null });
  });

  it('has a filing with its scope in words; unknown codes stay codes', () => {
    const filing = toFiling(station({ xkjyfw: '00, 02，09' }), TODAY);
    expect(filing).toMatchObject({
      scheme: 'POLICE_FILING',
      number: '5200000117',
      issuer: '贵A',
      validFrom: '2023-03-15',
    });
    expect(filing?.scope.map(({ object }) => object)).toEqual(['大型车', '许可路试超检验能力的车', '09']);
  });

  it.each(['rdyxqs', 'rdyxqz', 'gxrq'])('with an impossible date in %s names that field', (name) => {
    expect(refusedField(() => toFiling(station({ [name]: '2026-02-30 00:00:00' }), TODAY))).toBe(name);
  });

  it('becomes a directory entry with the division of its office', () => {
    expect(toDirectoryEntry(station({ glbm: '99010000' }))).toEqual({
      localId: '5200000117',
      name: '贵州示例甲机动车检测有限公司',
      regionCode: null,
      cmaNumbers: ['232405340017'],
      creditCode: null,
    });
  });

  it('loses every person on the way in', () => {
    const row = station({ frdb: '示例某', frdbsfzh: '529999199001010019', frdblxdh: '13900000000' });
    expect(JSON.stringify(row)).not.toMatch(/示例某|529999|139/);
  });
});

describe('a line', () => {
  it('becomes a line and the equipment that it has', () => {
    const { drafts, malformed } = readLine(line());
    expect(malformed).toEqual([]);
    expect(drafts).toEqual([
      expect.objectContaining({
        sourceRecordId: '5200000117-1',
        kind: 'LINE',
        name: '1号汽车检测线',
        calibrationValidTo: null,
      }),
      expect.objectContaining({
        sourceRecordId: '5200000117-1-zdsb-SL1',
        kind: 'BRAKE_TESTER',
        name: '滚筒反力式制动检验台 SL-ZD13',
        calibrationValidTo: '2026-12-31',
      }),
    ]);
  });

  it('keeps its other equipment when one calibration date cannot be read', () => {
    const { drafts, malformed } = readLine(line({ dgsbmc: '前照灯检测仪', dgsbjdyxqz: '2026-13-01' }));
    expect(drafts.map(({ kind }) => kind)).toEqual(['LINE', 'BRAKE_TESTER']);
    expect(malformed).toEqual([
      { recordId: '5200000117-1-dgsb', field: 'dgsbjdyxqz', problem: expect.stringContaining('month 13') },
    ]);
  });

  it('keeps its equipment when its own name cannot be read', () => {
    const { drafts, malformed } = readLine({ ...line(), jcxmc: new UnreadableValue('appears twice') });
    expect(drafts.map(({ sourceRecordId }) => sourceRecordId)).toEqual(['5200000117-1-zdsb-SL1']);
    expect(malformed).toEqual([expect.objectContaining({ recordId: '5200000117-1', field: 'jcxmc' })]);
  });

  it('names its own update time when that cannot be read, for itself and for each piece of equipment', () => {
    const { drafts, malformed } = readLine(line({ gxrq: '2026-02-30 00:00:00' }));
    expect(drafts).toEqual([]);
    expect(malformed.map(({ recordId, field }) => [recordId, field])).toEqual([
      ['5200000117-1', 'gxrq'],
      ['5200000117-1-zdsb-SL1', 'gxrq'],
    ]);
  });

  it('is reported once when its number is missing', () => {
    const { drafts, malformed } = readLine({ jczbh: '5200000117', zdsbmc: '制动台' });
    expect(drafts).toEqual([]);
    expect(malformed).toEqual([expect.objectContaining({ recordId: null, field: 'jcxxh' })]);
  });
});

describe('a verdict', () => {
  it('becomes a safety inspection with the province back on the plate', () => {
    expect(toInspection(inspection(), '贵')).toEqual({
      sourceRecordId: '5200000117260302000031',
      asOf: null,
      kind: 'VehicleSafetyInspection',
      startedAt: new Date('2026-03-02T02:02:11Z'),
      endedAt: new Date('2026-03-02T02:31:40Z'),
      result: 'PASS',
      rawResult: '1',
      vehicle: { vin: 'LDMHCV3B7P0000101', plate: '贵A0T101', plateCategory: '02', fuel: null },
      report: {
        number: '5200000117260302000031',
        issuedOn: '2026-03-02',
        parameters: [],
        signatory: null,
        conclusion: 'PASS',
        digest: null,
      },
      lineNumber: '2',
      pass: 1,
      category: '01',
    });
  });

  it.each([
    ['1', 'PASS'],
    ['2', 'FAIL'],
    ['0', 'NOT_INSPECTED'],
    ['9', 'UNKNOWN'],
  ] as const)('of %s is %s and keeps its code', (jyjgpd, result) => {
    expect(toInspection(inspection({ jyjgpd }), '贵')).toMatchObject({
      result,
      rawResult: jyjgpd,
      report: { conclusion: result },
    });
  });

  it.each([
    ['A1234', '15', '贵A1234挂'],
    ['A1234', '16', '贵A1234学'],
    ['A1234', '23', '贵A1234警'],
    ['A1234', '02', '贵A1234'],
    ['A1234挂', '15', '贵A1234挂'],
    ['贵A12345', '02', '贵A12345'],
    ['粤B12345', '02', '粤B12345'],
    ['AD12345', '52', '贵AD12345'],
    ['', '02', null],
  ])('for the plate %s of category %s is for %s', (hphm, hpzl, plate) => {
    expect(toInspection(inspection({ hphm, hpzl }), '贵').vehicle?.plate).toBe(plate);
  });

  it('belongs to its station and pass where the serial number alone does not tell', () => {
    const idOf = (fields: Record<string, string>) => toInspection(inspection(fields), '贵').sourceRecordId;
    expect(idOf({ jylsh: '00031' })).toBe('5200000117-00031');
    expect(idOf({ jylsh: '00031', jycs: '2' })).toBe('5200000117-00031-2');
    expect(idOf({ jycs: '' })).toBe('5200000117260302000031');
  });

  it('of an unfinished inspection has no end and no report; without a vehicle it has none', () => {
    const draft = toInspection(inspection({ jssj: '', clsbdh: '', hphm: '', jycs: '', jcxdh: '', jylb: '' }), '贵');
    expect(draft).toMatchObject({
      endedAt: null,
      report: null,
      vehicle: null,
      pass: null,
      lineNumber: null,
      category: null,
    });
  });

  it('that ended at midnight is issued on the day that it names in China', () => {
    expect(toInspection(inspection({ jssj: '2026-03-03 00:00:00' }), '贵').report?.issuedOn).toBe('2026-03-03');
  });

  it.each([
    ['kssj', '2026-03-02 25:00:00'],
    ['kssj', '--'],
    ['jssj', 'soon'],
    ['jycs', 'x'],
    ['jycs', '0'],
  ])('with an unreadable %s (%s) names that field', (name, value) => {
    expect(refusedField(() => toInspection(inspection({ [name]: value }), '贵'))).toBe(name);
  });

  it('without its verdict is malformed, not unknown', () => {
    const { jyjgpd, ...rest } = inspection();
    expect(jyjgpd).toBe('1');
    const read = readRow(rest, { wire: InspectionWire, toDraft: () => null, recordIdOf: () => null });
    expect(read).toMatchObject({ malformed: { field: 'jyjgpd' } });
  });
});
