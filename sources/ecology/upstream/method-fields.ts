/** The method part of an emission test as the stations' software fills it. */
import type { EmissionMethod, WorldMeasurement } from '../../world/types.ts';
import type { Row } from './rows.ts';

/** TestType, standard and name of each method. */
export const METHOD_CODES: Readonly<Record<EmissionMethod, { testType: string; standard: string; label: string }>> = {
  DOUBLE_IDLE: { testType: '2', standard: 'GB 18285-2018', label: '双怠速法' },
  OPACITY: { testType: '4', standard: 'GB 3847-2018', label: '自由加速法' },
  ASM: { testType: '5', standard: 'GB 18285-2018', label: '稳态工况法' },
  VMAS: { testType: '6', standard: 'GB 18285-2018', label: '简易瞬态工况法' },
  LUGDOWN: { testType: '7', standard: 'GB 3847-2018', label: '加载减速法' },
};

/** Neutral name of what is measured; keys of value, limit and judgement. */
type Triple = readonly [name: string, value: string, limit: string, judge: string];

const TRIPLES: Readonly<Record<EmissionMethod, readonly Triple[]>> = {
  DOUBLE_IDLE: [
    ['LowIdleCO', 'LSCOResult', 'LSCOLimit', 'LSCOJudge'],
    ['LowIdleHC', 'LSHCResult', 'LSHCLimit', 'LSHCJudge'],
    ['HighIdleCO', 'HSCOResult', 'HSCOLimit', 'HSCOJudge'],
    ['HighIdleHC', 'HSHCResult', 'HSHCLimit', 'HSHCJudge'],
  ],
  ASM: [
    ['HC5025', 'HC5025', 'HC5025Limit', 'HC5025Judge'],
    ['CO5025', 'CO5025', 'CO5025Limit', 'CO5025Judge'],
    ['NO5025', 'NO5025', 'NO5025Limit', 'NO5025Judge'],
    ['HC2540', 'HC2540', 'HC2540Limit', 'HC2540Judge'],
    ['CO2540', 'CO2540', 'CO2540Limit', 'CO2540Judge'],
    ['NO2540', 'NO2540', 'NO2540Limit', 'NO2540Judge'],
  ],
  VMAS: [
    ['HC', 'HC', 'HCLimit', 'HCJudge'],
    ['CO', 'CO', 'COLimit', 'COJudge'],
    ['NOx', 'NOx', 'NOxLimit', 'NOxJudge'],
    ['HCNOx', 'HCNOx', 'HCNOxLimit', 'HCNOxJudge'],
  ],
  LUGDOWN: [
    ['K100', 'K100', 'SmokeK100Limit', 'SmokeK100Judge'],
    ['K80', 'K80', 'SmokeK80Limit', 'SmokeK80Judge'],
    ['NOx80', 'NOx80', 'NOx80Limit', 'NOx80Judge'],
    ['MaxPower', 'CorMaxhp', 'MaxhpLimit', 'MaxhpJudge'],
  ],
  OPACITY: [['SmokeAvg', 'SmokeAvg', 'SmokeKLimit', 'SmokeKJudge']],
};

/** Constants of the client software, sent with every test whatever was measured. */
const CONSTANTS: Readonly<Record<EmissionMethod, Row>> = {
  DOUBLE_IDLE: {
    Samplingdepth: '400',
    LambdaUp: '1.05',
    LambdaDown: '0.95',
    Lambda: '',
    LambdaJudge: '',
    Gdszs: '2500',
    Dszs: '780',
  },
  ASM: { Samplingdepth: '400' },
  VMAS: { Samplingdepth: '400', LambdaUp: '1.05', LambdaDown: '0.95', Lambda: '' },
  LUGDOWN: { RPM: '', MaxRPM: '', ActVelMaxhp: '', pcf: '1.0000' },
  OPACITY: { SmokeK4: '', IdleRev: '' },
};

/** All keys of the method, empty where nothing was measured. */
export function methodRow(method: EmissionMethod, measurements: readonly WorldMeasurement[]): Row {
  const measured = new Map(measurements.map((each) => [each.name, each]));
  const row: Record<string, string> = {};
  for (const [name, valueKey, limitKey, judgeKey] of TRIPLES[method]) {
    const found = measured.get(name);
    row[valueKey] = found === undefined ? '' : String(found.value);
    row[limitKey] = found === undefined ? '' : String(found.limit);
    row[judgeKey] = found === undefined ? '' : found.passed ? '1' : '0';
  }
  return { ...CONSTANTS[method], ...row };
}
