/** Inspection lines with their calibrated equipment. */
import { addDays } from '../../schema/time/calendar-date.ts';
import { WORLD_TODAY } from './clock.ts';
import { digits } from './codes.ts';
import { Dice } from './random.ts';
import type { WorldInstitution, WorldLine } from './types.ts';

type Equipment = WorldLine['equipment'][number];

const EQUIPMENT: readonly Pick<Equipment, 'kind' | 'name' | 'model'>[] = [
  { kind: 'BRAKE', name: '滚筒反力式制动检验台', model: 'SL-ZD13' },
  { kind: 'LAMP', name: '前照灯检测仪', model: 'SL-DG6' },
  { kind: 'SPEED', name: '车速表检验台', model: 'SL-SD10' },
  { kind: 'SIDESLIP', name: '侧滑检验台', model: 'SL-CH10' },
  { kind: 'WEIGHT', name: '轴重仪', model: 'SL-CZ13' },
  { kind: 'GAS_ANALYSER', name: '汽车排气分析仪', model: 'SL-FX5' },
  { kind: 'OPACIMETER', name: '不透光烟度计', model: 'SL-YD2' },
  { kind: 'DYNAMOMETER', name: '底盘测功机', model: 'SL-CG30' },
];

/** How often a calibration has run out and was not renewed. */
export const EXPIRED_CALIBRATION_RATE = 0.01;

/** Lines of the subjects; generated bodies have one to five, by dice. */
const LINES_OF_SUBJECTS: Readonly<Record<string, number>> = { 'INST-A': 2, 'INST-B': 2, 'INST-H': 1 };
/** INST-H goes on testing with a gas analyser whose calibration ended. */
const EXPIRED_AT_SUBJECT = { key: 'INST-H', kind: 'GAS_ANALYSER', daysAgo: 90 } as const;

/** The lines of a vehicle inspection body in order of their numbers ("1", "2" ...); none for other bodies. */
export function linesOf(seed: number, institution: WorldInstitution): readonly WorldLine[] {
  if (!institution.kinds.includes('VEHICLE_INSPECTION_BODY')) return [];
  const dice = new Dice(seed, institution.index, 'lines');
  const cars = carLines(seed, institution);
  const motorcycles = institution.key === null && dice.chance(0.1) ? 1 : 0;
  return Array.from({ length: cars + motorcycles }, (_, place) => {
    const kind = place < cars ? ('CAR' as const) : ('MOTORCYCLE' as const);
    return {
      lineNumber: String(place + 1),
      name: `${place + 1}号${kind === 'CAR' ? '汽车' : '摩托车'}检测线`,
      kind,
      equipment: EQUIPMENT.map((type, item) => equip(dice, institution, type, place * EQUIPMENT.length + item)),
    };
  });
}

/** How many lines for cars a vehicle inspection body has; their numbers come first. */
export function carLines(seed: number, { key, index }: WorldInstitution): number {
  const planted = key === null ? undefined : LINES_OF_SUBJECTS[key];
  return planted ?? new Dice(seed, index, 'line-count').int(1, 5);
}

function equip(
  dice: Dice,
  { index, key }: WorldInstitution,
  type: (typeof EQUIPMENT)[number],
  ordinal: number,
): Equipment {
  const lucky = key !== null || !dice.chance(EXPIRED_CALIBRATION_RATE);
  const planted = key === EXPIRED_AT_SUBJECT.key && type.kind === EXPIRED_AT_SUBJECT.kind;
  const days = dice.int(10, 360);
  return {
    ...type,
    serial: `SL${digits(index, 5)}${digits(ordinal, 3)}`,
    calibrationCertificate: `示检字第${digits(index, 5)}${digits(ordinal, 3)}号`,
    calibrationValidTo: addDays(WORLD_TODAY, planted ? -EXPIRED_AT_SUBJECT.daysAgo : lucky ? days : -days),
  };
}
