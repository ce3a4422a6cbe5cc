/** Visits of vehicles to vehicle inspection bodies. */
import { addDays, calendarDateOf } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { compactDate, daysBetween, plusSeconds, secondsInto } from './clock.ts';
import { digits } from './codes.ts';
import { carLines } from './lines.ts';
import { recordId, reportNumber, roadReportNumber } from './numbers.ts';
import { Dice, hash32 } from './random.ts';
import type { EmissionMethod, WorldInstitution, WorldVehicle, WorldVisit } from './types.ts';
import { createVehicle, drawVehicleClass, vehicleNumber } from './vehicles.ts';
import { beganAt, draftVisit } from './visit-draft.ts';
import type { VisitDraft } from './visit-draft.ts';

/** When a body worked, first and last day included, and who may sign. */
export interface Activity {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly signatories: readonly string[];
}

const FEWEST_VISITS = 20;
/** A last vehicle may come three times. */
const MOST_VISITS = 58;
/** Of repeats after a failure; the first visits of a vehicle fail at a rate of each body's own. */
export const REPEAT_FAILURE_RATE = 0.3;
const NOT_JUDGED_RATE = 0.01;
const EMISSION_ONLY_RATE = 0.03;
const OPENING = 8.5 * 3600;
const LAST_START = 16.25 * 3600;

/** The visits that dice give to a body while it worked: 20 to 60, failed ones followed by a repeat. */
export function drawVisits(seed: number, institution: WorldInstitution, activity: Activity): VisitDraft[] {
  const dice = new Dice(seed, institution.index, 'visits');
  const wanted = dice.int(FEWEST_VISITS, MOST_VISITS);
  const failureRate = dice.decimal(0.12, 0.24, 3);
  const preferred = dice.chance(0.75) ? ('VMAS' as const) : ('ASM' as const);
  const lines = carLines(seed, institution);
  const drafts: VisitDraft[] = [];
  // Two repeats, each on the day after, must still lie in the time of activity.
  const days = Math.max(0, daysBetween(activity.from, activity.to) - 2);
  for (let ordinal = 0; drafts.length < wanted; ordinal += 1) {
    const type = drawVehicleClass(dice);
    const vehicle = createVehicle(dice, type, vehicleNumber(institution.index, ordinal), institution.region);
    if (!hasAnythingToInspect(institution, vehicle)) continue;
    const date = addDays(activity.from, dice.int(0, days));
    let startedAt = secondsInto(date, dice.int(OPENING, LAST_START));
    let passed = false;
    for (let pass = 1; pass <= 3 && !passed; pass += 1) {
      const draft = drawVisit(dice, institution, {
        vehicle,
        lineNumber: String(dice.int(1, lines)),
        pass,
        startedAt,
        failureRate: pass === 1 ? failureRate : REPEAT_FAILURE_RATE,
        method: methodFor(dice, vehicle, preferred),
        signatory: dice.pick(activity.signatories),
      });
      drafts.push(draft);
      passed = isPassed(draft);
      startedAt = nextAttempt(dice, startedAt);
    }
  }
  return drafts;
}

/** Orders drafts by time and gives sequences and numbers. @returns newest first. */
export function numberVisits(
  seed: number,
  institution: WorldInstitution,
  drafts: readonly VisitDraft[],
  clockOffsetSeconds = drawClockOffsets(seed, institution.index),
): readonly WorldVisit[] {
  const { index, region, localNumbers } = institution;
  const ordered = [...drafts].sort((one, other) => beganAt(one).getTime() - beganAt(other).getTime());
  return ordered
    .map((draft, sequence): WorldVisit => {
      const { lineNumber, safety, emission, road } = draft;
      const compact = compactDate(calendarDateOf(beganAt(draft)));
      return {
        sequence,
        vehicle: draft.vehicle,
        lineNumber,
        pass: draft.pass,
        // Lower serials of a day belong to the samples of the domain reference.
        safety: safety && {
          serial: `${localNumbers.publicSecurity ?? ''}${compact.slice(2)}${digits(sequence + 1000, 6)}`,
          ...safety,
        },
        emission: emission && {
          id: recordId(index, sequence, hash32(seed, index * 1000 + sequence, 'emission')),
          registrationId: `${region.slice(0, 4)}00${compact}${digits(index, 5)}${digits(sequence, 3)}`,
          reportNumber: reportNumber(region, 'PF', calendarDateOf(emission.startedAt), index, sequence),
          ...emission,
        },
        road: road && {
          id: `T${digits(index, 5)}${digits(sequence, 4)}`,
          serial: roadSerial(localNumbers.transport ?? '', compact, lineNumber, sequence),
          reportNumber: roadReportNumber(calendarDateOf(road.testedAt), index, sequence),
          ...road,
        },
        clockOffsetSeconds,
      };
    })
    .reverse();
}

/** Seconds by which the clocks of the departments' systems at one body are wrong. */
function drawClockOffsets(seed: number, index: number): WorldVisit['clockOffsetSeconds'] {
  const dice = new Dice(seed, index, 'clock');
  return { ecology: dice.int(-120, 120), transport: dice.int(-600, 600), publicSecurity: dice.int(-30, 30) };
}

/** Emission methods that suit a vehicle: diesel under load or free acceleration, petrol and gas on the roller bench. */
export function methodFor(dice: Dice, { fuel }: WorldVehicle, preferred: 'VMAS' | 'ASM'): EmissionMethod | null {
  if (fuel === 'C') return null;
  if (fuel === 'B') return dice.chance(0.8) ? 'LUGDOWN' : 'OPACITY';
  // All-wheel drives cannot go on the bench.
  return dice.chance(0.8) ? preferred : 'DOUBLE_IDLE';
}

interface Occasion {
  readonly vehicle: WorldVehicle;
  readonly lineNumber: string;
  readonly pass: number;
  readonly startedAt: Date;
  readonly failureRate: number;
  readonly method: EmissionMethod | null;
  readonly signatory: string;
}

/** A department that does not know the body holds no part of the visit. */
function drawVisit(dice: Dice, { localNumbers, region }: WorldInstitution, occasion: Occasion): VisitDraft {
  const { vehicle, method, signatory } = occasion;
  const failed = dice.chance(occasion.failureRate);
  const emissionFailed = failed && dice.chance(0.65);
  const resultsLost = dice.chance(NOT_JUDGED_RATE);
  const emissionOnly = dice.chance(EMISSION_ONLY_RATE);
  const hasEmission = method !== null && localNumbers.ecology !== null;
  const notJudged = hasEmission && resultsLost;
  const hasSafety = localNumbers.publicSecurity !== null && !notJudged && !(hasEmission && emissionOnly);
  const hasRoad = localNumbers.transport !== null && vehicle.transportPermit !== null && !notJudged;
  // Without a passed emission test there is no passed safety inspection.
  return draftVisit(dice, {
    ...occasion,
    region,
    safetyPassed: hasSafety ? !failed : null,
    emission: hasEmission ? { method, passed: notJudged ? null : !(emissionFailed || (failed && !hasSafety)) } : null,
    road: hasRoad ? { passed: !failed, signatory } : null,
  });
}

/** A body that public security does not know cannot do much for an electric car. */
function hasAnythingToInspect({ localNumbers }: WorldInstitution, { fuel, transportPermit }: WorldVehicle): boolean {
  return (
    localNumbers.publicSecurity !== null ||
    (localNumbers.ecology !== null && fuel !== 'C') ||
    (localNumbers.transport !== null && transportPermit !== null)
  );
}

function isPassed({ safety, emission, road }: VisitDraft): boolean {
  return safety?.passed !== false && emission?.passed !== false && emission?.passed !== null && road?.passed !== false;
}

/** Two or three hours later, or the next morning when the station closes before. */
function nextAttempt(dice: Dice, startedAt: Date): Date {
  const date = calendarDateOf(startedAt);
  const later = plusSeconds(startedAt, dice.int(5400, 10_800));
  const nextMorning = secondsInto(addDays(date, 1), dice.int(OPENING, 10 * 3600));
  return later > secondsInto(date, LAST_START) || dice.chance(0.3) ? nextMorning : later;
}

/** JCLSH: number of the station, day, letter of the line, serial. */
function roadSerial(transportNumber: string, compact: string, lineNumber: string, sequence: number): string {
  const letter = String.fromCharCode(64 + Number(lineNumber));
  return `${transportNumber}${compact}${letter}${digits(sequence + 1000, 4)}`;
}
