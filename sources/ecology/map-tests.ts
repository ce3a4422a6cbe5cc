/** Emission tests, monitoring tasks, process data and reports: the platform's words to the hub's. Pure. */
import type {
  CapabilityItem,
  InspectionReport,
  LaboratoryTestRecord,
  Measurement,
  ProcessSeriesRecord,
  ReportRecord,
  VehicleEmissionTestRecord,
  VehicleRecord,
} from '../../schema/records.ts';
import type { Draft } from '../kit/adapter.ts';
import { field, MalformedField } from '../kit/read-rows.ts';
import { EMISSION_OBJECT, fuelOf, methodOf, resultOf, type MethodCode } from './codes.ts';
import { MEASUREMENTS_OF, type MeasurementFields } from './measurements.ts';
import {
  creditCodeOrNull,
  date,
  decimal,
  decimalOrNull,
  instant,
  instantOrNull,
  vinOrNull,
  wholeNumberOrNull,
} from './values.ts';
import type { EmissionTestWire, ProcessWire, ReportWire, TaskWire } from './wire.ts';

const capability = (object: string, parameter: string, standard: string): CapabilityItem => ({
  object,
  parameter,
  standard,
  restriction: null,
  site: null,
});

export function toEmissionTest(wire: EmissionTestWire): Draft<VehicleEmissionTestRecord> {
  const code = methodOf(wire.TestType);
  return {
    sourceRecordId: wire.Id,
    asOf: field('DetectEndTime', () => instantOrNull(wire.DetectEndTime)),
    kind: 'VehicleEmissionTest',
    startedAt: field('Teststime', () => instant(wire.Teststime)),
    endedAt: field('Testetime', () => instantOrNull(wire.Testetime)),
    result: resultOf(wire.TestJudge),
    rawResult: wire.TestJudge,
    vehicle: vehicleOf(wire),
    report: emissionReport(wire, code),
    lineNumber: wire.TestLineNo,
    pass: field('TestTimes', () => wholeNumberOrNull(wire.TestTimes)),
    method: code.method,
    temperatureCelsius: field('Temperature', () => decimalOrNull(wire.Temperature)),
    humidityPercent: field('Humidity', () => decimalOrNull(wire.Humidity)),
    pressureKilopascal: field('Atpressure', () => decimalOrNull(wire.Atpressure)),
    measurements: MEASUREMENTS_OF[code.method].flatMap((fields) => measurementOf(wire, fields) ?? []),
  };
}

function vehicleOf(wire: EmissionTestWire): VehicleRecord {
  return {
    vin: vinOrNull(wire.VIN),
    plate: wire.License,
    plateCategory: wire.LicenseCode,
    fuel: fuelOf(wire.FuelType),
  };
}

/** @returns null where this one was not measured (empty value) */
function measurementOf(wire: EmissionTestWire, fields: MeasurementFields): Measurement | null {
  const value = methodField(wire, fields.value);
  const limit = fields.limit === null ? null : methodField(wire, fields.limit);
  const judge = methodField(wire, fields.judge);
  if (value === null) return null;
  return {
    name: fields.name,
    value: field(fields.value, () => decimal(value)),
    limit: fields.limit === null ? null : field(fields.limit, () => decimalOrNull(limit)),
    unit: fields.unit,
    result: resultOf(judge),
  };
}

/** A field of the method part: it may be empty, but a test of this method always has it. */
function methodField(wire: EmissionTestWire, name: string): string | null {
  const value = wire[name];
  if (value === undefined) throw new MalformedField(name, 'is missing');
  return value;
}

function emissionReport(wire: EmissionTestWire, { label }: MethodCode): InspectionReport | null {
  return reportOf(wire, () =>
    wire.TestStandard === null ? [] : [capability(EMISSION_OBJECT, label, wire.TestStandard)],
  );
}

/** A test without report number has no report (yet). */
function reportOf(
  wire: Pick<EmissionTestWire, 'InspectionReportNo' | 'ReportDate' | 'TestJudge'>,
  parameters: () => readonly CapabilityItem[],
): InspectionReport | null {
  const { InspectionReportNo: number, ReportDate: issued } = wire;
  if (number === null) return null;
  return {
    number,
    issuedOn: field('ReportDate', () => date(issued ?? '')),
    parameters: parameters(),
    signatory: null,
    conclusion: resultOf(wire.TestJudge),
    digest: null,
  };
}

export function toLaboratoryTest(wire: TaskWire): Draft<LaboratoryTestRecord> {
  const endedAt = field('Testetime', () => instantOrNull(wire.Testetime));
  return {
    sourceRecordId: wire.Id,
    asOf: endedAt,
    kind: 'LaboratoryTest',
    startedAt: field('Teststime', () => instant(wire.Teststime)),
    endedAt,
    result: resultOf(wire.TestJudge),
    rawResult: wire.TestJudge,
    vehicle: null,
    report: reportOf(wire, () =>
      wire.Items.map(({ ItemName, ItemStandard }) => capability(wire.SampleObject ?? '', ItemName, ItemStandard)),
    ),
    lineNumber: null,
    pass: null,
    object: wire.SampleObject,
    sampledAt: field('Samplingtime', () => instantOrNull(wire.Samplingtime)),
    items: wire.Items.map(({ ItemName, ItemStandard, ItemJudge }) => ({
      parameter: ItemName,
      standard: ItemStandard,
      result: resultOf(ItemJudge),
    })),
  };
}

/** In order of time, each second once. One unreadable second makes the series unreadable: a gap must not look like data. */
export function toProcessSeries(wire: ProcessWire): Draft<ProcessSeriesRecord> {
  const samples = wire.Samples.map((sample, index) => {
    const number = (name: Exclude<keyof typeof sample, 'SampleSequence'>) =>
      field(`Samples.${index}.${name}`, () => decimalOrNull(sample[name]));
    return {
      second: field(`Samples.${index}.SampleSequence`, () => wholeNumberOrNull(sample.SampleSequence) ?? 0),
      speedKmh: number('Velocity'),
      rpm: number('RPM'),
      hcPpm: number('HC'),
      coPercent: number('CO'),
      co2Percent: number('CO2'),
      noPpm: number('NO'),
      o2Percent: number('O2'),
      lambda: number('Lambda'),
    };
  }).sort((left, right) => left.second - right.second);
  return {
    sourceRecordId: wire.Id,
    asOf: null,
    samples: samples.filter(({ second }, index) => second !== samples[index - 1]?.second),
  };
}

export function toReport(wire: ReportWire): Draft<ReportRecord> {
  const issuedOn = field('ReportDate', () => date(wire.ReportDate));
  return {
    sourceRecordId: wire.Id,
    asOf: null,
    number: wire.InspectionReportNo,
    issuedOn,
    parameters: wire.Items.map(({ ItemObject, ItemName, ItemStandard }) =>
      capability(ItemObject, ItemName, ItemStandard),
    ),
    signatory: null,
    conclusion: resultOf(wire.VDCT),
    digest: null,
    issuerCode: field('tyshxydm', () => creditCodeOrNull(wire.tyshxydm)),
    issuerLocalId: wire.TsNo,
    version: field('ReportVersion', () => wholeNumberOrNull(wire.ReportVersion) ?? 1),
    samplingKind: null,
  };
}
