/** One visit before it is numbered, and how its parts lie in time. */
import { addMonths, calendarDateOf, calendarDateOfParts } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { addDays } from '../../schema/time/calendar-date.ts';
import { daysBetween, plusSeconds } from './clock.ts';
import { measure } from './measurements.ts';
import { hash32, roundTo } from './random.ts';
import type { Dice } from './random.ts';
import { prefectureOf } from './regions.ts';
import type { EmissionMethod, WorldObd, WorldVehicle, WorldVisit } from './types.ts';

type Safety = NonNullable<WorldVisit['safety']>;
type Emission = NonNullable<WorldVisit['emission']>;
type Road = NonNullable<WorldVisit['road']>;
/** Numbers that are given when all visits of the institution are known, unless a planted case has its own. */
type Numbered<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

export interface VisitDraft {
  readonly vehicle: WorldVehicle;
  readonly lineNumber: string;
  readonly pass: number;
  readonly safety: Numbered<Safety, 'serial'> | null;
  readonly emission: Numbered<Emission, 'id' | 'registrationId' | 'reportNumber'> | null;
  readonly road: Numbered<Road, 'id' | 'serial' | 'reportNumber'> | null;
}

/** Temperature, humidity and pressure in the hall. */
export type Environment = Pick<Emission, 'temperatureCelsius' | 'humidityPercent' | 'pressureKilopascal'>;

/** What is to happen at a visit; everything not said is drawn. */
export interface VisitPlan {
  readonly vehicle: WorldVehicle;
  readonly lineNumber: string;
  readonly pass: number;
  readonly startedAt: Date;
  /** Where the station is. */
  readonly region: string;
  /** null: no such inspection. */
  readonly safetyPassed: boolean | null;
  readonly emission: {
    readonly method: EmissionMethod;
    readonly passed: boolean | null;
    readonly seconds?: number;
    /** Seconds after the visit began. */
    readonly delaySeconds?: number;
    readonly environment?: Environment;
    readonly processSeed?: number;
    readonly obd?: WorldObd;
  } | null;
  readonly road: { readonly passed: boolean; readonly signatory: string } | null;
}

/** Usual duration of a test from the first to the last second. A VMAS cycle takes 195 seconds. */
const SECONDS: Readonly<Record<EmissionMethod, readonly [number, number]>> = {
  VMAS: [198, 260],
  ASM: [120, 205],
  DOUBLE_IDLE: [105, 180],
  LUGDOWN: [110, 200],
  OPACITY: [60, 120],
};

/** The parts of a visit in their usual order: safety begins, emission, road, safety verdict. */
export function draftVisit(dice: Dice, plan: VisitPlan): VisitDraft {
  const { startedAt, vehicle, lineNumber, pass } = plan;
  const emission = plan.emission === null ? null : draftEmission(dice, plan, plan.emission);
  const emissionEnd = emission?.endedAt ?? plusSeconds(startedAt, dice.int(240, 600));
  const road = plan.road === null ? null : draftRoad(dice, plusSeconds(emissionEnd, dice.int(120, 480)), plan.road);
  const verdictAt = plusSeconds(road?.testedAt ?? emissionEnd, dice.int(300, 900));
  const safety = plan.safetyPassed === null ? null : { startedAt, endedAt: verdictAt, passed: plan.safetyPassed };
  return { vehicle, lineNumber, pass, safety, emission, road };
}

/** The instant by which visits are ordered. */
export function beganAt({ safety, emission, road }: VisitDraft): Date {
  const instant = safety?.startedAt ?? emission?.startedAt ?? road?.testedAt;
  if (instant === undefined) throw new RangeError('A visit has at least one inspection.');
  return instant;
}

function draftEmission(
  dice: Dice,
  plan: VisitPlan,
  wanted: NonNullable<VisitPlan['emission']>,
): NonNullable<VisitDraft['emission']> {
  const { method, passed } = wanted;
  const startedAt = plusSeconds(plan.startedAt, wanted.delaySeconds ?? dice.int(120, 600));
  const [shortest, longest] = SECONDS[method];
  const usual = dice.int(shortest, longest);
  const seconds = wanted.seconds ?? usual;
  const environment = environmentOn(dice, plan.region, calendarDateOf(startedAt));
  return {
    method,
    startedAt,
    endedAt: plusSeconds(startedAt, seconds),
    passed,
    ...(wanted.environment ?? environment),
    measurements: measure(dice, method, passed),
    processSeconds: seconds,
    processSeed: wanted.processSeed ?? dice.int(1, 0x7fff_ffff),
    obd: wanted.obd ?? obdOf(plan.vehicle),
  };
}

/** Cars of one model and software have equal identifiers; cars of different models never do. */
export function obdOf({ model, vin }: WorldVehicle): WorldObd {
  const software = Number(vin.slice(-2)) % 4;
  const verification = hash32(software, model.length, model).toString(16).toUpperCase().padStart(8, '0');
  return { calibrationId: `${model}-SW${software + 1}0`, calibrationVerification: verification };
}

function draftRoad(
  dice: Dice,
  testedAt: Date,
  { passed, signatory }: NonNullable<VisitPlan['road']>,
): NonNullable<VisitDraft['road']> {
  const grade = dice.chance(0.6) ? 1 : 2;
  return {
    testedAt,
    passed,
    grade: passed ? grade : null,
    validTo: passed ? endOfMonthAfterOneYear(calendarDateOf(testedAt)) : null,
    signatory,
  };
}

/** A technical grade holds to the end of the month one year later. */
function endOfMonthAfterOneYear(date: CalendarDate): CalendarDate {
  const next = addMonths(calendarDateOfParts(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 1), 13);
  return addDays(next, -1);
}

const DAYS_TO_COLDEST = 15;

function environmentOn(dice: Dice, region: string, date: CalendarDate): Environment {
  const dayOfYear = daysBetween(calendarDateOfParts(Number(date.slice(0, 4)), 1, 1), date);
  const season = Math.cos(((dayOfYear - DAYS_TO_COLDEST) / 365) * 2 * Math.PI);
  return {
    temperatureCelsius: roundTo(15 - 10 * season + dice.decimal(-4, 4, 1), 1),
    humidityPercent: dice.decimal(48, 92, 1),
    pressureKilopascal: roundTo(prefectureOf(region).pressureKilopascal + dice.decimal(-0.8, 0.8, 1), 1),
  };
}
