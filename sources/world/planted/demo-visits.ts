/** The sample records of the domain reference (6.2, 6.3, 6.4) at INST-A on 2026-03-02, exactly as printed there. */
import { day, instantAt } from '../clock.ts';
import { recordId } from '../numbers.ts';
import { Dice } from '../random.ts';
import { DEMO_VEHICLES } from '../vehicles.ts';
import { draftVisit, obdOf } from '../visit-draft.ts';
import type { VisitDraft } from '../visit-draft.ts';
import { REPORTS } from './keys.ts';

/** The sample's id is printed as 9f0c...; the rest is our own. */
const SAMPLE_SALT = 0x9f0c_3a51;
/** Part of the id only; the record is found by the whole id. */
const SAMPLE_SEQUENCE = 117;

export const SAMPLE_EMISSION_ID = recordId(0, SAMPLE_SEQUENCE, SAMPLE_SALT);

/** The car with its safety and emission records, and the truck with its road test. */
export function demoVisits(): readonly VisitDraft[] {
  return [carVisit(), truckVisit()];
}

function carVisit(): VisitDraft {
  return {
    vehicle: DEMO_VEHICLES.petrol,
    lineNumber: '2',
    pass: 1,
    safety: {
      serial: '5200000117260302000031',
      startedAt: instantAt('2026-03-02 10:02:11'),
      endedAt: instantAt('2026-03-02 10:31:40'),
      passed: true,
    },
    emission: {
      id: SAMPLE_EMISSION_ID,
      registrationId: '52010020260302000117',
      reportNumber: REPORTS.authentic,
      method: 'VMAS',
      startedAt: instantAt('2026-03-02 10:05:00'),
      endedAt: instantAt('2026-03-02 10:08:32'),
      passed: true,
      temperatureCelsius: 14.2,
      humidityPercent: 61,
      pressureKilopascal: 88.6,
      measurements: [
        { name: 'HC', value: 0.41, limit: 1.6, unit: 'g/km', passed: true },
        { name: 'CO', value: 2.1, limit: 8, unit: 'g/km', passed: true },
        { name: 'NOx', value: 0.38, limit: 1.3, unit: 'g/km', passed: true },
      ],
      processSeconds: 212,
      processSeed: 26_030_201,
      obd: obdOf(DEMO_VEHICLES.petrol),
    },
    road: null,
  };
}

function truckVisit(): VisitDraft {
  const draft = draftVisit(new Dice(0, 0, 'demo-truck'), {
    vehicle: DEMO_VEHICLES.truck,
    lineNumber: '1',
    pass: 1,
    startedAt: instantAt('2026-03-02 10:01:30'),
    region: '520115',
    safetyPassed: true,
    emission: { method: 'LUGDOWN', passed: true, delaySeconds: 420, seconds: 150 },
    road: { passed: true, signatory: '示例某' },
  });
  return {
    ...draft,
    emission: draft.emission && { ...draft.emission, reportNumber: REPORTS.borrowed },
    safety: {
      serial: '5200000117260302000032',
      startedAt: instantAt('2026-03-02 10:01:30'),
      endedAt: instantAt('2026-03-02 10:33:05'),
      passed: true,
    },
    road: {
      id: 'T0001',
      serial: '520115000720260302A0021',
      reportNumber: 'ZJ2026030200021',
      testedAt: instantAt('2026-03-02 10:20:00'),
      passed: true,
      grade: 1,
      validTo: day('2027-03-31'),
      signatory: '示例某',
    },
  };
}
