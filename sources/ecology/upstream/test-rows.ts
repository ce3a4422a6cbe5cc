/** Emission tests, monitoring tasks and process data. */
import type { World, WorldInstitution, WorldLaboratoryTest, WorldVisit } from '../../world/types.ts';
import { columnTime, compactTime, judge } from './format.ts';
import { METHOD_CODES, methodRow } from './method-fields.ts';
import { reportDates } from './report-rows.ts';
import type { OnRecord, OutgoingRecord, Row } from './rows.ts';
import { takenOver, whenReported } from './upload-times.ts';

type Emission = NonNullable<WorldVisit['emission']>;

/** 车牌颜色 by plate category: 1 blue, 2 yellow, 5 green, 0 unknown. */
const COLOURS: Readonly<Record<string, string>> = { '01': '2', '02': '1', '51': '5', '52': '5' };

/** A test or task with what it is filtered and ordered by. */
export interface TestOnRecord extends OnRecord {
  /** yyyyMMddHHmmss on the platform's clock. */
  readonly startedAt: string;
  /** null for a monitoring task. */
  readonly vin: string | null;
  /** true pass, false fail, null not judged. */
  readonly passed: boolean | null;
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
        uploadedAt: () => takenOver(compactTime(emission.endedAt, visit.clockOffsetSeconds.ecology), institution),
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
    uploadedAt: () => takenOver(whenReported(reportDateOf(test)), institution),
    record: () => ({ element: 'task', row: taskRow(institution, test, reportDateOf(test)) }),
  }));
  return [...tests, ...tasks];
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Latest start first; what began in the same second by id. */
export function newestFirst(left: TestOnRecord, right: TestOnRecord): number {
  return compare(right.startedAt, left.startedAt) || compare(left.id, right.id);
}

function emissionRow(institution: WorldInstitution, visit: WorldVisit, test: Emission): Row {
  const { vehicle } = visit;
  const offset = visit.clockOffsetSeconds.ecology;
  const { testType, standard } = METHOD_CODES[test.method];
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
