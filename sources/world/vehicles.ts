/** Fictional vehicles. */
import { completeVin } from '../../schema/codes/vin.ts';
import { digits } from './codes.ts';
import { at } from './random.ts';
import type { Dice } from './random.ts';
import { prefectureOf } from './regions.ts';
import type { WorldVehicle } from './types.ts';

/** A class of vehicles with one fuel and one plate category. */
export interface VehicleClass {
  readonly fuel: string;
  readonly plateCategory: '01' | '02' | '51' | '52';
  /** Road transport vehicles have a permit, an operator and a technical grade. */
  readonly commercial: boolean;
  /** Positions 4 to 8 of the VIN. */
  readonly descriptor: string;
  readonly brand: string;
  readonly models: readonly string[];
  readonly weight: number;
}

export const VEHICLE_CLASSES = {
  petrolCar: vehicleClass('A', '02', false, 'HCV3B', '示例牌', 'SL7151A SL7152B SL7181C SL6460D SL7201E SL6481F', 50),
  hybridCar: vehicleClass('O', '52', false, 'HHV5E', '示例牌', 'SL7151HEV SL6480HEV', 6),
  electricCar: vehicleClass('C', '52', false, 'TGX8D', '示例牌', 'SL7000BEV SL6470BEV', 8),
  dieselPickup: vehicleClass('B', '02', false, 'DPU2F', '范例牌', 'FL1031D FL1032D', 7),
  gasTaxi: vehicleClass('AE', '02', true, 'HCT3G', '示例牌', 'SL7160T SL7161T', 4),
  dieselTruck: vehicleClass('B', '01', true, 'PKA2C', '范例牌', 'FL1160P FL3250Q FL4180R FL1250S', 20),
  dieselBus: vehicleClass('B', '01', true, 'PBB4A', '范例牌', 'FL6900K FL6120L', 3),
  electricBus: vehicleClass('C', '51', true, 'TGB8K', '范例牌', 'FL6100BEV', 2),
} as const satisfies Record<string, VehicleClass>;

const CLASSES: readonly VehicleClass[] = Object.values(VEHICLE_CLASSES);
const MODEL_YEARS = 'BCDEFGHJKLMNPRS';
/** Serials of plates never use I or O. */
const PLATE_CHARACTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const PLATE_STRIDE = 7_368_787;
const PLATES = PLATE_CHARACTERS.length ** 5;
const BATTERY_LETTERS = 'DABCE';
const OTHER_ENERGY_LETTERS = 'FGHJK';

/** Numbers that vehicles of generated visits may have: apart from the demo numbers and from planted vehicles. */
const FIRST_NUMBER = 10_000;
const VEHICLES_PER_INSTITUTION = 100;
/** Vehicles of planted cases count from here; beyond what 20,000 institutions use. */
export const FIRST_PLANTED_NUMBER = 9_000_000;

/** A class by dice, as often as it is met on the road. */
export function drawVehicleClass(dice: Dice): VehicleClass {
  return dice.pickWeighted(CLASSES);
}

/** The n-th vehicle (below 100) that the institution at this index meets in generated visits. */
export function vehicleNumber(institutionIndex: number, ordinal: number): number {
  return FIRST_NUMBER + institutionIndex * VEHICLES_PER_INSTITUTION + ordinal;
}

/**
 * A vehicle registered in a county.
 * @param number seven digits that no other vehicle of the world has; VIN, plate and permit are made from it.
 */
export function createVehicle(dice: Dice, type: VehicleClass, number: number, region: string): WorldVehicle {
  const year = MODEL_YEARS.charAt(dice.int(0, MODEL_YEARS.length - 1));
  const { shortName, plateLetter } = prefectureOf(region);
  return {
    vin: completeVin(`LDM${type.descriptor}0${year}${digits(number, 7)}`),
    plate: `贵${plateLetter}${plateSerial(type, number)}`,
    plateCategory: type.plateCategory,
    fuel: type.fuel,
    engineNumber: type.fuel === 'C' ? `TZ${digits(number, 7)}` : `DM${digits(number, 7)}`,
    brand: type.brand,
    model: dice.pick(type.models),
    transportPermit: type.commercial ? region + digits(number % 1_000_000, 6) : null,
    operatorName: type.commercial ? `${shortName}示例${dice.pick(['顺', '达', '通', '远'])}运输有限公司` : null,
    odometerKm: type.commercial ? dice.int(20_000, 480_000) : dice.int(5_000, 160_000),
  };
}

function plateSerial({ fuel, plateCategory }: VehicleClass, number: number): string {
  if (plateCategory === '52') {
    const letters = fuel === 'C' ? BATTERY_LETTERS : OTHER_ENERGY_LETTERS;
    const second = PLATE_CHARACTERS.charAt(Math.floor(number / 50_000) % PLATE_CHARACTERS.length);
    return letters.charAt(Math.floor(number / 10_000) % 5) + second + digits(number % 10_000, 4);
  }
  if (plateCategory === '51') {
    return digits(number % 100_000, 5) + BATTERY_LETTERS.charAt(Math.floor(number / 100_000) % 5);
  }
  let rest = (number * PLATE_STRIDE) % PLATES;
  let serial = '';
  for (let place = 0; place < 5; place += 1) {
    serial += PLATE_CHARACTERS.charAt(rest % PLATE_CHARACTERS.length);
    rest = Math.floor(rest / PLATE_CHARACTERS.length);
  }
  return serial;
}

function vehicleClass(
  fuel: string,
  plateCategory: VehicleClass['plateCategory'],
  commercial: boolean,
  descriptor: string,
  brand: string,
  models: string,
  weight: number,
): VehicleClass {
  return { fuel, plateCategory, commercial, descriptor, brand, models: models.split(' '), weight };
}

/** The vehicles of the domain reference (1.7). */
export const DEMO_VEHICLES = {
  petrol: {
    vin: 'LDMHCV3B7P0000101',
    plate: '贵A0T101',
    plateCategory: '02',
    fuel: 'A',
    engineNumber: 'DM000101',
    brand: '示例牌',
    model: at(VEHICLE_CLASSES.petrolCar.models, 0),
    transportPermit: null,
    operatorName: null,
    odometerKm: 36_420,
  },
  truck: {
    vin: 'LDMPKA2C6R0000207',
    plate: '贵H0T207',
    plateCategory: '01',
    fuel: 'B',
    engineNumber: 'DM000207',
    brand: '范例牌',
    model: at(VEHICLE_CLASSES.dieselTruck.models, 0),
    transportPermit: '522601000207',
    operatorName: '黔东南示例壬运输有限公司',
    odometerKm: 84_210,
  },
} as const satisfies Record<string, WorldVehicle>;
