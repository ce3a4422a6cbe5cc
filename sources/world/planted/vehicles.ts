/** Vehicles of planted cases. Their numbers lie beyond those of all generated vehicles. */
import { Dice } from '../random.ts';
import type { WorldVehicle } from '../types.ts';
import { createVehicle, FIRST_PLANTED_NUMBER, VEHICLE_CLASSES } from '../vehicles.ts';
import type { VehicleClass } from '../vehicles.ts';

export const PLANTED_VEHICLES = {
  /** F03, SER-ENV: tested at INST-B with one and the same process data. */
  cloned: fleet(100, 12, '520201'),
  /** F04: different models, one OBD identity, at INST-B. */
  oneObd: fleet(200, 6, '520201').map((car, place) => ({ ...car, model: modelOf(place) })),
  /** F05, F14: failed and passed again at INST-B, in an air that never changes. */
  retested: fleet(300, 60, '520201'),
  registersDisagree: vehicle(400, VEHICLE_CLASSES.petrolCar, '520201'),
  /** F08: tested while INST-B was under rectification. */
  whileRectifying: fleet(410, 2, '520201'),
  /** F11: on both lines of INST-B at one time. */
  twoLines: vehicle(420, VEHICLE_CLASSES.petrolCar, '520201'),
  /** F11: on the safety line of INST-H and at the road test of INST-B at one time; a truck of the carrier. */
  twoStations: { ...vehicle(430, VEHICLE_CLASSES.dieselTruck, '522601'), operatorName: '黔东南示例壬运输有限公司' },
  /** F06: failed at INST-A, passed at INST-H days later. */
  travellers: fleet(500, 6, '520115'),
  /** F02: a transient cycle of 92 seconds at INST-H. */
  shortCycle: vehicle(600, VEHICLE_CLASSES.petrolCar, '520402'),
  /** F12: diesel vehicles tested like petrol cars at INST-H. */
  wrongMethod: [
    vehicle(610, VEHICLE_CLASSES.dieselTruck, '520402'),
    vehicle(611, VEHICLE_CLASSES.dieselPickup, '520402'),
  ],
  /** F10: passed at INST-H without an emission test. */
  noEmission: vehicle(620, VEHICLE_CLASSES.petrolCar, '520402'),
  /** F10: passed at INST-H before the emission test. */
  lateEmission: vehicle(621, VEHICLE_CLASSES.petrolCar, '520402'),
  /** SER-PQ: their reports were found to be false. */
  foundFalse: fleet(630, 2, '520402'),
  /** F08, F16: tested by INST-H after it had lost its certificate and was on the serious list. */
  afterRevocation: fleet(640, 3, '520402'),
  /** F13: all on one day and one line of INST-H. */
  crowd: fleet(700, 100, '520402'),
} as const;

function fleet(first: number, count: number, region: string): readonly WorldVehicle[] {
  return Array.from({ length: count }, (_, place) => vehicle(first + place, VEHICLE_CLASSES.petrolCar, region));
}

function vehicle(number: number, type: VehicleClass, region: string): WorldVehicle {
  return createVehicle(new Dice(0, number, 'planted'), type, FIRST_PLANTED_NUMBER + number, region);
}

function modelOf(place: number): string {
  const { models } = VEHICLE_CLASSES.petrolCar;
  return models[place % models.length] ?? '';
}
