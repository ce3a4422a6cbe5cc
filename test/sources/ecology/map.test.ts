import { describe, expect, it } from '@jest/globals';
import { toLaboratoryTest, toProcessSeries, toReport } from '../../../sources/ecology/map-tests.ts';
import { toDevice, toDirectoryEntry, toFiling, toInstitution, toPenalty } from '../../../sources/ecology/map.ts';
import {
  DeviceWire,
  PenaltyWire,
  ProcessWire,
  ReportWire,
  StationWire,
  TaskWire,
} from '../../../sources/ecology/wire.ts';
import { draftOf, malformedField, type Row } from './read-draft.ts';

const STATION: Row = {
  TsNo: '520115-0007',
  StationName: '贵州示例甲机动车检测有限公司',
  StationType: '1',
  AreaCode: '520115',
  Address: '示例路1号',
  LegalPerson: '示例某',
  Status: '1',
  CMANo: '232405340017',
  CMAvaliddate: '20290314',
  tyshxydm: '',
  filingdate: '20190520',
  filingorg: '',
  Optime: '20260302091500',
};

const without = (row: Row, key: string): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== key));

describe('a station of ecology', () => {
  it('keeps the region as received and the certificates that are well formed', () => {
    const row = {
      ...STATION,
      AreaCode: '520221',
      CMANo: '232405340017、补办中 242405340018',
      CMAvaliddate: '99991231',
    };
    expect(draftOf(StationWire, toInstitution, row)).toMatchObject({
      regionCode: '520221',
      cmaNumbers: ['232405340017', '242405340018'],
      cmaValidTo: null,
      kinds: ['VEHICLE_INSPECTION_BODY'],
      creditCode: null,
      asOf: new Date('2026-03-02T01:15:00Z'),
    });
  });

  it.each([
    ['1', 'ACTIVE', 'VALID'],
    ['2', 'SUSPENDED', 'SUSPENDED'],
    ['3', 'DEREGISTERED', 'CANCELLED'],
    ['4', 'REVOKED', 'REVOKED'],
  ])('takes status %s for %s and its filing for %s', (Status, status, filing) => {
    expect(draftOf(StationWire, toInstitution, { ...STATION, Status }).status).toBe(status);
    expect(draftOf(StationWire, toFiling, { ...STATION, Status }).status).toBe(filing);
  });

  it('has an unknown status as an institution, and no readable filing, when the code is new', () => {
    expect(draftOf(StationWire, toInstitution, { ...STATION, Status: '7' }).status).toBe('UNKNOWN');
    expect(malformedField(StationWire, toFiling, { ...STATION, Status: '7' })).toBe('Status');
  });

  it('passes on a good credit code, holds back one with a wrong check, refuses what is no code', () => {
    const coded = (tyshxydm: string) => ({ ...STATION, StationType: '2,9', tyshxydm });
    expect(draftOf(StationWire, toDirectoryEntry, coded('91520303MAYDM0035U')).creditCode).toBe('91520303MAYDM0035U');
    expect(draftOf(StationWire, toDirectoryEntry, coded('91520303MAYDM00350')).creditCode).toBeNull();
    expect(malformedField(StationWire, toDirectoryEntry, coded('520303000012345'))).toBe('tyshxydm');
    expect(draftOf(StationWire, toInstitution, coded('')).kinds).toEqual(['ENV_MONITORING_BODY', 'OTHER']);
  });

  it('names a region that is no code', () => {
    expect(malformedField(StationWire, toInstitution, { ...STATION, AreaCode: '贵阳' })).toBe('AreaCode');
  });
});

describe('other records of ecology', () => {
  const DEVICE: Row = { Id: 'D1', TsNo: 'T', TestLineNo: '1', name: '五气分析仪', model: 'FX5', validdate: '20261231' };

  it.each([
    ['1', 'DYNAMOMETER'],
    ['2', 'GAS_ANALYSER'],
    ['3', 'OPACIMETER'],
    ['4', 'WEATHER_STATION'],
    ['5', 'TACHOMETER'],
    ['6', 'FLOW_METER'],
    ['7', 'FILTER_SMOKE_METER'],
    ['8', 'CONTROL_COMPUTER'],
    ['12', 'OTHER'],
  ])('takes device type %s for %s', (testdevicetype, kind) => {
    expect(draftOf(DeviceWire, toDevice, { ...DEVICE, testdevicetype })).toMatchObject({
      kind,
      name: '五气分析仪 FX5',
      calibrationValidTo: '2026-12-31',
    });
  });

  const PENALTY: Row = {
    Id: 'P1',
    TsNo: 'T',
    tyshxydm: '',
    PunishNo: '示环罚[2026]12号',
    PunishOrg: '示例省生态环境厅',
    PunishType: '罚款;没收违法所得、没收非法财物；警告',
    IllegalAct: '伪造排放检验结果',
    PunishBasis: '',
    FineAmount: '100000.29',
    ForfeitAmount: '',
    DecideDate: '2026-01-05 00:00:00',
    PublishDate: '20260108',
    PublishEndDate: '2099-12-31',
  };

  it('reads amounts in yuan exactly and dates in every style', () => {
    expect(draftOf(PenaltyWire, toPenalty, PENALTY)).toMatchObject({
      documentNumber: '示环罚〔2026〕12号',
      categories: ['罚款', '没收违法所得、没收非法财物', '警告'],
      fineFen: 10_000_029,
      confiscatedFen: null,
      decidedOn: '2026-01-05',
      publishedFrom: '2026-01-08',
      publishedTo: null,
      severity: null,
    });
  });

  it.each([
    ['FineAmount', '10万'],
    ['FineAmount', '0.001'],
    ['DecideDate', '2026-02-30'],
    ['PublishDate', 'soon'],
  ])('names %s when a penalty says %j', (key, value) => {
    expect(malformedField(PenaltyWire, toPenalty, { ...PENALTY, [key]: value })).toBe(key);
  });

  it('does not take a fine that is missing for no fine', () => {
    expect(malformedField(PenaltyWire, toPenalty, without(PENALTY, 'FineAmount'))).toBe('FineAmount');
  });

  const SAMPLE: Row = {
    SampleSequence: '1',
    Velocity: '',
    RPM: '780',
    HC: '20',
    CO: '0.1',
    CO2: '14',
    NO: '5',
    O2: '0.3',
    Lambda: '1.001',
  };

  it('orders process data by time, keeps each second once, and leaves gaps of the analyser empty', () => {
    const Samples = [
      { ...SAMPLE, samplesequence: '3', SampleSequence: undefined },
      { ...SAMPLE, SampleSequence: '2' },
      { ...SAMPLE, SampleSequence: '2' },
      SAMPLE,
    ];
    const clean = Samples.map((sample) =>
      Object.fromEntries(Object.entries(sample).filter(([, value]) => value !== undefined)),
    );
    const series = draftOf(ProcessWire, toProcessSeries, { Id: 'S', Samples: clean });
    expect(series.samples.map(({ second }) => second)).toEqual([1, 2, 3]);
    expect(series.samples[0]).toEqual({
      second: 1,
      speedKmh: null,
      rpm: 780,
      hcPpm: 20,
      coPercent: 0.1,
      co2Percent: 14,
      noPpm: 5,
      o2Percent: 0.3,
      lambda: 1.001,
    });
  });

  it('refuses a whole series for one unreadable second, naming it', () => {
    const Samples = [SAMPLE, { ...SAMPLE, SampleSequence: '2', HC: 'x' }];
    expect(malformedField(ProcessWire, toProcessSeries, { Id: 'S', Samples })).toBe('Samples.1.HC');
    expect(malformedField(ProcessWire, toProcessSeries, { Id: 'S', Samples: JSON.stringify(Samples) })).toBe('Samples');
  });

  it('reads a monitoring task whose times make no sense as they stand, because that is evidence', () => {
    const draft = draftOf(TaskWire, toLaboratoryTest, {
      Id: 'L',
      TsNo: 'T',
      SampleObject: '地表水',
      Samplingtime: '2026-03-03 10:00:00',
      Teststime: '2026-03-02 09:00:00',
      Testetime: '',
      TestJudge: '',
      InspectionReportNo: 'R',
      ReportDate: '2026-03-02 18:00:00',
      Items: [{ itemname: '氨氮', ITEMSTANDARD: 'HJ 535-2009', ItemJudge: '0' }],
    });
    expect(draft).toMatchObject({
      kind: 'LaboratoryTest',
      result: 'NOT_INSPECTED',
      endedAt: null,
      sampledAt: new Date('2026-03-03T02:00:00Z'),
      items: [{ parameter: '氨氮', standard: 'HJ 535-2009', result: 'FAIL' }],
      report: { number: 'R', issuedOn: '2026-03-02', conclusion: 'NOT_INSPECTED' },
    });
  });

  it('reads a register row with the judgement null as not inspected', () => {
    const row = {
      Id: 'B',
      InspectionReportNo: 'R',
      TsNo: 'T',
      tyshxydm: '',
      VDCT: null,
      ReportDate: '2026-03-02 18:00:00',
      Items: [],
    };
    expect(draftOf(ReportWire, toReport, row)).toMatchObject({
      conclusion: 'NOT_INSPECTED',
      version: 1,
      issuerLocalId: 'T',
      issuerCode: null,
    });
  });
});
