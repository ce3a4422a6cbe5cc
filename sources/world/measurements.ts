/** What emission tests measure, with the limits "a" of GB 18285-2018 and GB 3847-2018. */
import type { Dice } from './random.ts';
import type { EmissionMethod, WorldMeasurement } from './types.ts';

interface Quantity {
  readonly name: string;
  readonly limit: number;
  readonly unit: string;
  readonly decimals: number;
}

const QUANTITIES: Readonly<Record<EmissionMethod, readonly Quantity[]>> = {
  VMAS: [
    { name: 'HC', limit: 1.6, unit: 'g/km', decimals: 2 },
    { name: 'CO', limit: 8, unit: 'g/km', decimals: 2 },
    { name: 'NOx', limit: 1.3, unit: 'g/km', decimals: 2 },
  ],
  ASM: [
    { name: 'HC5025', limit: 90, unit: 'ppm', decimals: 0 },
    { name: 'CO5025', limit: 0.5, unit: '%', decimals: 2 },
    { name: 'NO5025', limit: 700, unit: 'ppm', decimals: 0 },
    { name: 'HC2540', limit: 80, unit: 'ppm', decimals: 0 },
    { name: 'CO2540', limit: 0.4, unit: '%', decimals: 2 },
    { name: 'NO2540', limit: 650, unit: 'ppm', decimals: 0 },
  ],
  DOUBLE_IDLE: [
    { name: 'LowIdleCO', limit: 0.6, unit: '%', decimals: 2 },
    { name: 'LowIdleHC', limit: 80, unit: 'ppm', decimals: 0 },
    { name: 'HighIdleCO', limit: 0.3, unit: '%', decimals: 2 },
    { name: 'HighIdleHC', limit: 50, unit: 'ppm', decimals: 0 },
  ],
  LUGDOWN: [
    { name: 'K100', limit: 1.2, unit: '1/m', decimals: 2 },
    { name: 'K80', limit: 1.2, unit: '1/m', decimals: 2 },
    { name: 'NOx80', limit: 1500, unit: 'ppm', decimals: 0 },
  ],
  OPACITY: [{ name: 'SmokeAvg', limit: 1.2, unit: '1/m', decimals: 2 }],
};

/**
 * Results of one test, in the order of the method.
 * @param passed null for a test that was not judged: its results were lost.
 */
export function measure(dice: Dice, method: EmissionMethod, passed: boolean | null): readonly WorldMeasurement[] {
  if (passed === null) return [];
  const quantities = QUANTITIES[method];
  const tooHigh = passed ? -1 : dice.int(0, quantities.length - 1);
  return quantities.map(({ name, limit, unit, decimals }, place) => {
    const exceeds = place === tooHigh;
    const share = exceeds ? dice.decimal(1.08, 2.2, 3) : dice.decimal(0.12, 0.92, 3);
    return { name, value: Number((limit * share).toFixed(decimals)), limit, unit, passed: !exceeds };
  });
}
