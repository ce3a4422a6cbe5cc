/**
 * Result, limit and judgement fields of each emission method (wire-formats B.2). Sampling depth and the two lambda limits
 * are constants of the client software and no measurements (B.6): they are not read at all.
 */
import type { EmissionMethod } from '../../schema/records.ts';

export interface MeasurementFields {
  /** The hub's name of what is measured. */
  readonly name: string;
  readonly unit: string;
  readonly value: string;
  /** null where the interface has no limit that depends on the vehicle. */
  readonly limit: string | null;
  readonly judge: string;
}

/** `LSCO` -> LSCOResult, LSCOLimit, LSCOJudge. */
const withSuffixes = (name: string, unit: string, stem: string): MeasurementFields => ({
  name,
  unit,
  value: `${stem}Result`,
  limit: `${stem}Limit`,
  judge: `${stem}Judge`,
});
/** `CO` -> CO, COLimit, COJudge; `K100`, `SmokeK100` -> K100, SmokeK100Limit, SmokeK100Judge. */
const withLimit = (name: string, unit: string, value: string, stem = value): MeasurementFields => ({
  name,
  unit,
  value,
  limit: `${stem}Limit`,
  judge: `${stem}Judge`,
});
const LAMBDA: MeasurementFields = { name: 'Lambda', unit: '1', value: 'Lambda', limit: null, judge: 'LambdaJudge' };

export const MEASUREMENTS_OF: Readonly<Record<EmissionMethod, readonly MeasurementFields[]>> = {
  DOUBLE_IDLE: [
    withSuffixes('LowIdleCO', '%', 'LSCO'),
    withSuffixes('LowIdleHC', 'ppm', 'LSHC'),
    withSuffixes('HighIdleCO', '%', 'HSCO'),
    withSuffixes('HighIdleHC', 'ppm', 'HSHC'),
    LAMBDA,
  ],
  ASM: [
    withLimit('HC5025', 'ppm', 'HC5025'),
    withLimit('CO5025', '%', 'CO5025'),
    withLimit('NO5025', 'ppm', 'NO5025'),
    withLimit('HC2540', 'ppm', 'HC2540'),
    withLimit('CO2540', '%', 'CO2540'),
    withLimit('NO2540', 'ppm', 'NO2540'),
  ],
  VMAS: [
    withLimit('HC', 'g/km', 'HC'),
    withLimit('CO', 'g/km', 'CO'),
    withLimit('NOx', 'g/km', 'NOx'),
    withLimit('HCNOx', 'g/km', 'HCNOx'),
  ],
  LUGDOWN: [
    withLimit('K100', '1/m', 'K100', 'SmokeK100'),
    withLimit('K80', '1/m', 'K80', 'SmokeK80'),
    withLimit('NOx80', 'ppm', 'NOx80'),
    withLimit('MaxPower', 'kW', 'CorMaxhp', 'Maxhp'),
  ],
  OPACITY: [withLimit('SmokeAvg', '1/m', 'SmokeAvg', 'SmokeK')],
  OTHER: [],
};

/** Every key of the method parts. */
export const MEASUREMENT_KEYS: readonly string[] = [
  ...new Set(
    Object.values(MEASUREMENTS_OF).flatMap((fields) =>
      fields.flatMap(({ value, limit, judge }) => (limit === null ? [value, judge] : [value, limit, judge])),
    ),
  ),
];
