/** Emission tests, monitoring tasks, process data and the register of their reports. */
import type { EmissionMethod, World, WorldInstitution, WorldLaboratoryTest, WorldVisit } from '../../world/types.ts';
import { columnTime, compactTime, hashOf, judge } from './format.ts';
import { methodRow } from './method-fields.ts';
import { textIn, type OutgoingRecord, type Row } from './rows.ts';

type Emission = NonNullable<WorldVisit['emission']>;

const METHODS: Readonly<Record<EmissionMethod, { testType: string; standard: string; label: string }>> = {
  DOUBLE_IDLE: { testType: '2', standard: 'GB 18285-2018', label: '双怠速法' },
  OPACITY: { testType: '4', standard: 'GB 3847-2018', label: '自由加速法' },
  ASM: { testType: '5', standard: 'GB 18285-2018', label: '稳态工况法' },
  VMAS: { testType: '6', standard: 'GB 18285-2018', label: '简易瞬态工况法' },
  LUGDOWN: { testType: '7', standard: 'GB 3847-2018', label: '加载减速法' },
};
/** 车牌颜色 by plate category: 1 blue, 2 yellow, 5 green, 0 unknown. */
const COLOURS: Readonly<Record<string, string>> = { '01': '2', '02': '1', '51': '5', '52': '5' };

/** A test or task with what it is filtered and ordered by; its record is written when it is sent. */
export interface TestOnRecord {
  readonly id: string;
  /** yyyyMMddHHmmss on the platform's clock. */
  readonly startedAt: string;
  /** null for a monitoring task. */
  readonly vin: string | null;
  /** true pass, false fail, null not judged. */
  readonly passed: boolean | null;
  record(): OutgoingRecord;
}

export function testsOf(world: World, institution: WorldInstitution): TestOnRecord[] {
  const tests = world.visitsOf(institution).flatMap((visit): TestOnRecord[] => {
    const { emission, vehicle } = visit;
    if (emission === null) return [];
    return [
      {
        id: emission.id,
        startedAt: compactTime(emission.startedAt, visit.clockOffsetSeconds.ecology),
        vin: vehicle.vin,
        passed: emission.passed,
        record: () => ({ element: 'insp', row: emissionRow(institution, visit, emission) }),
      },
    ];
  });
  const reportDateOf = reportDates(world, institution);
  const tasks = world.laboratoryTestsOf(institution).map((test): TestOnRecord => ({
    id: test.id,
    startedAt: compactTime(test.startedAt),
    vin: null,
    passed: test.passed,
    record: () => ({ element: 'task', row: taskRow(institution, test, reportDateOf(test)) }),
  }));
  return [...tests, ...tasks];
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Latest start first; what began in the same second by id. */
export function newestFirst(left: TestOnRecord, right: TestOnRecord): number {
  return compare(right.startedAt, left.startedAt) || compare(left.id, right.id);
}

/** Latest day first; the numbers of one day from the last to the first. */
export function latestReportFirst({ row: left }: OutgoingRecord, { row: right }: OutgoingRecord): number {
  const dayOf = (row: Row): string => textIn(row, 'ReportDate').slice(0, 10);
  const numberOf = (row: Row): string => textIn(row, 'InspectionReportNo');
  return (
    compare(dayOf(right), dayOf(left)) ||
    compare(numberOf(right), numberOf(left)) ||
    compare(textIn(left, 'Id'), textIn(right, 'Id'))
  );
}

function emissionRow(institution: WorldInstitution, visit: WorldVisit, test: Emission): Row {
  const { vehicle } = visit;
  const offset = visit.clockOffsetSeconds.ecology;
  const { testType, standard } = METHODS[test.method];
  return {
    Id: test.id,
    inspregid: test.registrationId,
    TsNo: institution.localNumbers.ecology,
    InspectionReportNo: test.reportNumber,
    ReportDate: columnTime(test.endedAt, offset),
    TestStandard: standard,
    License: vehicle.plate,
    LicenseType: COLOURS[vehicle.plateCategory] ?? '0',
    LicenseCode: vehicle.plateCategory,
    VIN: vehicle.vin,
    EngineNo: vehicle.engineNumber,
    FuelType: vehicle.fuel,
    TestLineNo: visit.lineNumber,
    TestTimes: String(visit.pass),
    OperatorName: institution.legalRepresentative,
    DriverName: institution.legalRepresentative,
    Teststime: compactTime(test.startedAt, offset),
    Testetime: compactTime(test.endedAt, offset),
    DetectEndTime: columnTime(test.endedAt, offset),
    TestType: testType,
    TestJudge: judge(test.passed, test.id),
    Temperature: test.temperatureCelsius.toFixed(1),
    Humidity: test.humidityPercent.toFixed(1),
    Atpressure: test.pressureKilopascal.toFixed(1),
    calid1: test.obd.calibrationId,
    cvn1: test.obd.calibrationVerification,
    ...methodRow(test.method, test.measurements),
  };
}

/** Monitoring reports are written days after the work; the body tells the platform the day that it tells the register. */
function reportDates(world: World, institution: WorldInstitution): (test: WorldLaboratoryTest) => string {
  let issuedOn: ReadonlyMap<string, string> | null = null;
  return ({ reportNumber, endedAt }) => {
    issuedOn ??= new Map(world.reportsOf(institution).map((report) => [report.number, report.issuedOn]));
    const day = issuedOn.get(reportNumber);
    return day === undefined ? columnTime(endedAt) : `${day} 00:00:00`;
  };
}

function taskRow(institution: WorldInstitution, test: WorldLaboratoryTest, reportDate: string): Row {
  return {
    Id: test.id,
    TsNo: institution.localNumbers.ecology,
    SampleObject: test.object,
    Samplingtime: columnTime(test.sampledAt),
    SamplerName: test.sampling.sampler,
    SamplingPlace: test.sampling.place,
    Longitude: String(test.sampling.longitude),
    Latitude: String(test.sampling.latitude),
    Teststime: columnTime(test.startedAt),
    Testetime: columnTime(test.endedAt),
    TestJudge: judge(test.passed, test.id),
    InspectionReportNo: test.reportNumber,
    ReportDate: reportDate,
    Items: test.items.map(({ parameter, standard, passed }) => ({
      ItemName: parameter,
      ItemStandard: standard,
      ItemJudge: passed ? '1' : '0',
    })),
  };
}

export function processRecords(world: World, id: string): OutgoingRecord[] {
  const found = world.visitByEmissionId(id);
  if (found === undefined) return [];
  const Samples = world.processSeriesOf(found.visit).map((sample) => ({
    SampleSequence: String(sample.second),
    Velocity: sample.speedKmh.toFixed(1),
    RPM: String(sample.rpm),
    HC: String(sample.hcPpm),
    CO: sample.coPercent.toFixed(3),
    CO2: sample.co2Percent.toFixed(2),
    NO: String(sample.noPpm),
    O2: sample.o2Percent.toFixed(2),
    Lambda: sample.lambda.toFixed(3),
    DATASIGN: '0',
  }));
  return Samples.length === 0 ? [] : [{ element: 'process', row: { Id: id, Samples } }];
}

/** Reports of one station. The register is the province platform's: its judgement is 1, 0 or null. */
export function reportRecords(world: World, institution: WorldInstitution): OutgoingRecord[] {
  const header = {
    TsNo: institution.localNumbers.ecology,
    tyshxydm: institution.kinds.includes('ENV_MONITORING_BODY') ? institution.creditCode : '',
    ReportVersion: '1',
  };
  const emission = world.visitsOf(institution).flatMap(({ emission: test, clockOffsetSeconds }): Row[] => {
    if (test === null) return [];
    const { label, standard } = METHODS[test.method];
    return [
      {
        ...header,
        Id: registerId(test.id),
        InspectionReportNo: test.reportNumber,
        VDCT: verdict(test.passed),
        ReportDate: columnTime(test.endedAt, clockOffsetSeconds.ecology),
        Items: [{ ItemObject: '机动车排放检验', ItemName: label, ItemStandard: standard }],
      },
    ];
  });
  const reportDateOf = reportDates(world, institution);
  const monitoring = world.laboratoryTestsOf(institution).map((test): Row => ({
    ...header,
    Id: registerId(test.id),
    InspectionReportNo: test.reportNumber,
    VDCT: verdict(test.passed),
    ReportDate: reportDateOf(test),
    Items: test.items.map(({ parameter, standard }) => ({
      ItemObject: test.object,
      ItemName: parameter,
      ItemStandard: standard,
    })),
  }));
  return [...emission, ...monitoring].map((row) => ({ element: 'report', row }));
}

const verdict = (passed: boolean | null): string | null => (passed === null ? null : passed ? '1' : '0');

/** The register numbers its rows itself. */
const registerId = (testId: string): string => `BG${String(hashOf(testId)).padStart(10, '0')}${testId.slice(-8)}`;
