/** Visits of planted cases, by subject. Wall times are those of China. */
import { instantAt, plusSeconds } from '../clock.ts';
import { Dice } from '../random.ts';
import type { WorldVehicle, WorldVisit } from '../types.ts';
import { DEMO_VEHICLES } from '../vehicles.ts';
import { draftVisit } from '../visit-draft.ts';
import type { Environment, VisitDraft, VisitPlan } from '../visit-draft.ts';
import { REPORTS } from './keys.ts';
import { demoVisits } from './demo-visits.ts';
import { PLANTED_VEHICLES } from './vehicles.ts';

const A = { region: '520115', signatory: '示例某' };
const B = { region: '520201', signatory: '示例乙' };
const H = { region: '520402', signatory: '示例辛' };

/** F14: the hall of INST-B in the last weeks of 2025. */
export const CONSTANT_AIR: Environment = { temperatureCelsius: 15, humidityPercent: 60, pressureKilopascal: 82 };
const CLONED_SEED = 20_251_013;
const ONE_OBD = { calibrationId: 'SL-CALID-0001', calibrationVerification: '00C0FFEE' };
const DAY_SECONDS = 86_400;

/** The planted visits of a subject, in any order; none for subjects that inspect no vehicles. */
export function plantedVisits(key: string): readonly VisitDraft[] {
  switch (key) {
    case 'INST-A':
      return [...demoVisits(), ...travellersFail()];
    case 'INST-B':
      return [
        ...overlapping(),
        ...cloned(),
        ...sameObd(),
        ...retested(),
        ...disagreeing(),
        ...rectifying(),
        ...onTwoLines(),
      ];
    case 'INST-H':
      return [
        ...travellersPass(),
        ...implausible(),
        ...crowd(),
        ...withoutEmission(),
        ...found(),
        ...afterRevocation(),
      ];
    default:
      return [];
  }
}

/** Clocks of the subjects' systems. Those of INST-A are right, so that the samples of the reference come out exactly. */
export const SUBJECT_CLOCKS: Readonly<Record<string, WorldVisit['clockOffsetSeconds']>> = {
  'INST-A': { ecology: 0, transport: 0, publicSecurity: 0 },
  'INST-B': { ecology: 0, transport: 240, publicSecurity: -15 },
  'INST-H': { ecology: 45, transport: -300, publicSecurity: 10 },
};

/** F01: the demo car, which INST-A has on its line from 10:02 to 10:31, is tested at INST-B from 10:10 to 10:20. */
function overlapping(): VisitDraft[] {
  const draft = visit(B, DEMO_VEHICLES.petrol, '2026-03-02 10:10:00', {
    safetyPassed: null,
    delaySeconds: 0,
    seconds: 600,
  });
  return [draft];
}

/** F03: twelve cars with one process seed; each also counts for SER-ENV. */
function cloned(): VisitDraft[] {
  return PLANTED_VEHICLES.cloned.map((car, place) =>
    visit(B, car, nthDay('2025-10-13 09:00:00', place), { seconds: 210, processSeed: CLONED_SEED }),
  );
}

/** F04 */
function sameObd(): VisitDraft[] {
  return PLANTED_VEHICLES.oneObd.map((car, place) =>
    visit(B, car, nthDay('2025-11-03 10:30:00', place), { obd: ONE_OBD }),
  );
}

/** F05 and F14: two cars a day, every repeat passes, and the air in the hall is always the same. */
function retested(): VisitDraft[] {
  return PLANTED_VEHICLES.retested.flatMap((car, place) => {
    const first = nthDay(place % 2 === 0 ? '2025-11-12 09:10:00' : '2025-11-12 13:40:00', Math.floor(place / 2));
    const again = plusSeconds(first, 2 * 3600);
    return [
      visit(B, car, first, { passed: false, safetyPassed: false, environment: CONSTANT_AIR }),
      visit(B, car, again, { pass: 2, line: '2', environment: CONSTANT_AIR }),
    ];
  });
}

function disagreeing(): VisitDraft[] {
  const draft = visit(B, PLANTED_VEHICLES.registersDisagree, '2026-02-10 14:00:00', {
    passed: false,
    safetyPassed: false,
  });
  return [withReportNumber(draft, REPORTS.registersDisagree)];
}

/** F08 */
function rectifying(): VisitDraft[] {
  return PLANTED_VEHICLES.whileRectifying.map((car, place) => visit(B, car, nthDay('2026-03-12 09:40:00', place * 4)));
}

/** F11: on two lines at once; and a road test while the same truck stands at INST-H. */
function onTwoLines(): VisitDraft[] {
  const { twoLines, twoStations } = PLANTED_VEHICLES;
  return [
    visit(B, twoLines, '2025-12-22 09:30:00', { line: '1' }),
    visit(B, twoLines, '2025-12-22 09:38:00', { line: '2' }),
    visit(B, twoStations, '2025-12-09 09:25:00', { method: null, safetyPassed: null, road: true }),
  ];
}

/** F06, first half */
function travellersFail(): VisitDraft[] {
  return PLANTED_VEHICLES.travellers.map((car, place) =>
    visit(A, car, nthDay('2025-11-24 14:20:00', place * 9), { passed: false, safetyPassed: false }),
  );
}

/** F06, second half: one to five days later in another prefecture. */
function travellersPass(): VisitDraft[] {
  return PLANTED_VEHICLES.travellers.map((car, place) =>
    visit(H, car, nthDay('2025-11-24 10:00:00', place * 9 + 1 + (place % 5))),
  );
}

/** F02 and F12, and the station's half of F11 */
function implausible(): VisitDraft[] {
  const [truck, pickup] = PLANTED_VEHICLES.wrongMethod;
  return [
    visit(H, PLANTED_VEHICLES.shortCycle, '2025-10-14 11:05:00', { seconds: 92 }),
    visit(H, truck, '2025-10-21 09:15:00', { road: true }),
    visit(H, pickup, '2025-10-21 15:30:00', { method: 'DOUBLE_IDLE' }),
    withVerdictAt(
      visit(H, PLANTED_VEHICLES.twoStations, '2025-12-09 09:20:00', { method: 'LUGDOWN' }),
      instantAt('2025-12-09 09:58:00'),
    ),
  ];
}

/** F13: a hundred cars from eight o'clock, five minutes apart, on the only line. */
function crowd(): VisitDraft[] {
  const opening = instantAt('2025-11-18 08:00:00');
  return PLANTED_VEHICLES.crowd.map((car, place) =>
    visit(H, car, plusSeconds(opening, place * 300), { delaySeconds: 120 }),
  );
}

/** F10: no emission test at all; and one that began after the verdict. */
function withoutEmission(): VisitDraft[] {
  const { noEmission, lateEmission } = PLANTED_VEHICLES;
  const late = visit(H, lateEmission, '2025-12-04 10:00:00', { delaySeconds: 3600 });
  return [
    visit(H, noEmission, '2025-12-03 10:00:00', { method: null }),
    withVerdictAt(late, instantAt('2025-12-04 10:25:00')),
  ];
}

/** SER-PQ: the two tests whose reports market regulation found to be false. */
function found(): VisitDraft[] {
  return PLANTED_VEHICLES.foundFalse.map((car, place) =>
    withReportNumber(visit(H, car, nthDay('2025-08-19 16:00:00', place)), REPORTS.foundFalse[place] ?? ''),
  );
}

/** F08 and F16 */
function afterRevocation(): VisitDraft[] {
  return PLANTED_VEHICLES.afterRevocation.map((car, place) => visit(H, car, nthDay('2026-02-20 09:00:00', place * 9)));
}

interface Wanted {
  readonly method?: NonNullable<VisitPlan['emission']>['method'] | null;
  readonly passed?: boolean;
  readonly safetyPassed?: boolean | null;
  readonly pass?: number;
  readonly line?: string;
  readonly road?: boolean;
  readonly seconds?: number;
  readonly delaySeconds?: number;
  readonly environment?: Environment;
  readonly processSeed?: number;
  readonly obd?: typeof ONE_OBD;
}

/** A passed visit with a VMAS test on line 1, unless the case wants otherwise. */
function visit(
  station: { region: string; signatory: string },
  vehicle: WorldVehicle,
  when: string | Date,
  wanted: Wanted = {},
): VisitDraft {
  const startedAt = typeof when === 'string' ? instantAt(when) : when;
  const {
    method = 'VMAS',
    passed = true,
    safetyPassed = true,
    pass = 1,
    line = '1',
    road = false,
    ...details
  } = wanted;
  return draftVisit(new Dice(0, startedAt.getTime() / 1000, vehicle.vin), {
    vehicle,
    lineNumber: line,
    pass,
    startedAt,
    region: station.region,
    safetyPassed,
    emission: method === null ? null : { method, passed, ...details },
    road: road ? { passed: true, signatory: station.signatory } : null,
  });
}

function nthDay(first: string, days: number): Date {
  return plusSeconds(instantAt(first), days * DAY_SECONDS);
}

function withVerdictAt(draft: VisitDraft, endedAt: Date): VisitDraft {
  return draft.safety === null ? draft : { ...draft, safety: { ...draft.safety, endedAt } };
}

function withReportNumber(draft: VisitDraft, reportNumber: string): VisitDraft {
  return draft.emission === null ? draft : { ...draft, emission: { ...draft.emission, reportNumber } };
}
