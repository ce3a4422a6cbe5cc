import { describe, expect, it } from '@jest/globals';
import { checkVin } from '../../../schema/codes/vin.ts';
import { readPlate } from '../../../schema/codes/plate.ts';
import { calendarDateOf } from '../../../schema/time/calendar-date.ts';
import { buildWorld } from '../../../sources/world/build-world.ts';
import type { WorldInstitution, WorldVisit } from '../../../sources/world/types.ts';
import { present, subjectOf, visitsOfVehicle, wallTime } from './support.ts';

const world = buildWorld({ size: 90 });
const bodies = world.institutions.filter(({ kinds }) => kinds.includes('VEHICLE_INSPECTION_BODY'));
const drawn = bodies.filter(({ key }) => key === null);
const allVisits = bodies.flatMap((body) => world.visitsOf(body).map((visit) => [body, visit] as const));
const drawnVisits = allVisits.filter(([{ key }]) => key === null);

function beganAt({ safety, emission, road }: WorldVisit): Date {
  return present(safety?.startedAt ?? emission?.startedAt ?? road?.testedAt);
}

describe('the sample records of the domain reference', () => {
  it('are one visit of the demo car to INST-A with its police and ecology records', () => {
    const [visit] = visitsOfVehicle(world, 'INST-A', 'LDMHCV3B7P0000101');
    const { safety, emission, road, vehicle, lineNumber, pass, clockOffsetSeconds } = present(visit);
    expect(clockOffsetSeconds).toEqual({ ecology: 0, transport: 0, publicSecurity: 0 });
    expect(vehicle).toMatchObject({ plate: '贵A0T101', plateCategory: '02', fuel: 'A', engineNumber: 'DM000101' });
    expect([lineNumber, pass, road]).toEqual(['2', 1, null]);
    expect(present(safety)).toEqual({
      serial: '5200000117260302000031',
      startedAt: new Date('2026-03-02T10:02:11+08:00'),
      endedAt: new Date('2026-03-02T10:31:40+08:00'),
      passed: true,
    });
    expect(present(emission)).toMatchObject({
      registrationId: '52010020260302000117',
      method: 'VMAS',
      startedAt: new Date('2026-03-02T10:05:00+08:00'),
      endedAt: new Date('2026-03-02T10:08:32+08:00'),
      passed: true,
      temperatureCelsius: 14.2,
      humidityPercent: 61,
      pressureKilopascal: 88.6,
      measurements: [
        { name: 'HC', value: 0.41, limit: 1.6, unit: 'g/km', passed: true },
        { name: 'CO', value: 2.1, limit: 8, unit: 'g/km', passed: true },
        { name: 'NOx', value: 0.38, limit: 1.3, unit: 'g/km', passed: true },
      ],
    });
    expect(present(emission).id).toMatch(/^9f0c[0-9a-f]{28}$/);
  });

  it('are the road test T0001 of the demo truck at INST-A', () => {
    const [visit] = visitsOfVehicle(world, 'INST-A', 'LDMPKA2C6R0000207');
    const { road, vehicle, lineNumber, pass } = present(visit);
    expect(vehicle).toMatchObject({
      plate: '贵H0T207',
      plateCategory: '01',
      transportPermit: '522601000207',
      operatorName: '黔东南示例壬运输有限公司',
      odometerKm: 84_210,
    });
    expect([lineNumber, pass]).toEqual(['1', 1]);
    expect(road).toEqual({
      id: 'T0001',
      serial: '520115000720260302A0021',
      reportNumber: 'ZJ2026030200021',
      testedAt: new Date('2026-03-02T10:20:00+08:00'),
      passed: true,
      grade: 1,
      validTo: '2027-03-31',
      signatory: '示例某',
    });
  });

  it('name INST-A as the reference does', () => {
    const a = subjectOf(world, 'INST-A');
    expect(a).toMatchObject({
      creditCode: '91520115MAYDM00198',
      name: '贵州示例甲机动车检测有限公司',
      establishedOn: '2019-05-20',
      region: '520115',
      localNumbers: { ecology: '520115-0007', transport: '5201150007', publicSecurity: '5200000117' },
    });
    expect(world.cmaNumberOf(a)).toBe('232405340017');
  });
});

describe('visits', () => {
  it('number 20 to 60 at generated vehicle inspection bodies and none elsewhere, newest first', () => {
    for (const body of drawn) {
      const visits = world.visitsOf(body);
      expect(visits.length).toBeGreaterThanOrEqual(20);
      expect(visits.length).toBeLessThanOrEqual(60);
      expect(visits.map(({ sequence }) => sequence)).toEqual(visits.map((_, place) => visits.length - 1 - place));
      const times = visits.map((visit) => beganAt(visit).getTime());
      expect(times).toEqual([...times].sort((one, other) => other - one));
    }
    expect(world.visitsOf(subjectOf(world, 'INST-C'))).toEqual([]);
  });

  it('are of vehicles with valid identification numbers, plates and permits', () => {
    for (const [, { vehicle }] of allVisits) {
      expect(checkVin(vehicle.vin).verdict).toBe('OK');
      expect(readPlate(vehicle.plate)?.kind).toBe(
        { '01': 'ORDINARY', '02': 'ORDINARY', '51': 'NEW_ENERGY_LARGE', '52': 'NEW_ENERGY_SMALL' }[
          vehicle.plateCategory
        ],
      );
      if (vehicle.transportPermit !== null) expect(vehicle.transportPermit).toMatch(/^52\d{10}$/);
    }
  });

  it('belong to one vehicle each: one identification number, one plate, at one place at one time', () => {
    const plates = new Map<string, string>();
    for (const [, visit] of allVisits) {
      const { vin, plate } = visit.vehicle;
      expect(plates.get(vin) ?? plate).toBe(plate);
      plates.set(vin, plate);
      const days = [visit.safety?.startedAt, visit.emission?.startedAt, visit.road?.testedAt]
        .filter((instant) => instant !== undefined)
        .map(calendarDateOf);
      expect(new Set(days).size).toBe(1);
    }
    expect(new Set(plates.values()).size).toBe(plates.size);
  });

  it('have keys of their own at each department', () => {
    const unique = (keys: readonly string[]) => expect(new Set(keys).size).toBe(keys.length);
    unique(allVisits.flatMap(([, { safety }]) => safety?.serial ?? []));
    unique(allVisits.flatMap(([, { emission }]) => emission?.id ?? []));
    unique(allVisits.flatMap(([, { emission }]) => emission?.registrationId ?? []));
    unique(allVisits.flatMap(([, { emission }]) => emission?.reportNumber ?? []));
    unique(allVisits.flatMap(([, { road }]) => road?.id ?? []));
    unique(allVisits.flatMap(([, { road }]) => road?.serial ?? []));
    unique(allVisits.flatMap(([, { road }]) => road?.reportNumber ?? []));
  });

  it('carry numbers in the form of the departments', () => {
    for (const [body, { safety, emission, road }] of drawnVisits) {
      const { publicSecurity, transport } = body.localNumbers;
      if (safety !== null) {
        const compact = wallTime(safety.startedAt).slice(2, 10).replaceAll('-', '');
        expect(safety.serial).toMatch(new RegExp(`^${publicSecurity ?? ''}${compact}\\d{6}$`));
      }
      if (emission !== null) {
        expect(emission.id).toMatch(/^[0-9a-f]{32}$/);
        expect(emission.reportNumber.startsWith(body.region)).toBe(true);
      }
      if (road !== null) {
        const compact = wallTime(road.testedAt).slice(0, 10).replaceAll('-', '');
        expect(road.serial).toMatch(new RegExp(`^${transport ?? ''}${compact}[A-Z]\\d{4}$`));
        expect(road.reportNumber).toMatch(new RegExp(`^ZJ${compact}\\d{8}$`));
      }
    }
  });

  it('are held only by departments that know the body, and road tests only of commercial vehicles', () => {
    for (const [{ localNumbers }, { safety, emission, road, vehicle }] of allVisits) {
      if (localNumbers.publicSecurity === null) expect(safety).toBeNull();
      if (localNumbers.ecology === null) expect(emission).toBeNull();
      if (localNumbers.transport === null || vehicle.transportPermit === null) expect(road).toBeNull();
    }
  });

  it('are seen by all three departments when a commercial vehicle with an engine comes', () => {
    const complete = drawnVisits.filter(
      ([, { safety, emission, road }]) => safety !== null && emission !== null && road !== null,
    );
    expect(complete.length).toBeGreaterThan(60);
  });

  it('use emission methods that suit the fuel', () => {
    const allowed: Record<string, readonly string[]> = { B: ['LUGDOWN', 'OPACITY'], C: [] };
    for (const [, { emission, vehicle }] of drawnVisits) {
      const methods = allowed[vehicle.fuel] ?? ['VMAS', 'ASM', 'DOUBLE_IDLE'];
      if (emission !== null) expect(methods).toContain(emission.method);
    }
  });

  it('have measurements within plausible limits that agree with the verdict', () => {
    for (const [, { emission }] of allVisits) {
      if (emission === null) continue;
      for (const { value, limit, passed } of emission.measurements) {
        expect(value).toBeGreaterThan(0);
        expect(passed).toBe(value <= limit);
      }
      if (emission.passed === null) expect(emission.measurements).toEqual([]);
      else expect(emission.measurements.every(({ passed }) => passed)).toBe(emission.passed);
    }
    expect(drawnVisits.some(([, { emission }]) => emission?.passed === null)).toBe(true);
  });

  it('never pass the safety inspection on a failed or missing emission test, at generated bodies', () => {
    for (const [body, { safety, emission, vehicle }] of drawnVisits) {
      if (safety?.passed !== true || vehicle.fuel === 'C' || body.localNumbers.ecology === null) continue;
      expect(emission?.passed).toBe(true);
      expect(present(emission).endedAt < safety.endedAt).toBe(true);
    }
  });

  it('follow a failure with a repeat on the same or the next day', () => {
    for (const body of drawn) {
      const visits = [...world.visitsOf(body)].reverse();
      const failed = visits.filter(
        ({ pass, safety, emission, road }) =>
          pass === 1 && (safety?.passed === false || emission?.passed === false || road?.passed === false),
      );
      for (const first of failed) {
        const repeat = visits.find(({ vehicle, pass }) => vehicle.vin === first.vehicle.vin && pass === 2);
        const hours = (beganAt(present(repeat)).getTime() - beganAt(first).getTime()) / 3_600_000;
        expect(hours).toBeGreaterThan(1);
        expect(hours).toBeLessThan(36);
      }
    }
  });

  it('grade a passed road test 1 or 2 to the end of the month one year later', () => {
    for (const [, { road }] of drawnVisits) {
      if (road === null) continue;
      expect(road.grade === null).toBe(!road.passed);
      expect(road.validTo === null).toBe(!road.passed);
      if (road.validTo !== null) {
        const month = wallTime(road.testedAt).slice(0, 7);
        expect(road.validTo.slice(0, 7)).toBe(`${Number(month.slice(0, 4)) + 1}${month.slice(4)}`);
        expect(Number(road.validTo.slice(8))).toBeGreaterThanOrEqual(28);
      }
    }
  });

  it('are sent by clocks that are wrong by a constant per body and department', () => {
    const offsets = (body: WorldInstitution) =>
      new Set(world.visitsOf(body).map((visit) => JSON.stringify(visit.clockOffsetSeconds)));
    for (const body of bodies) expect(offsets(body).size).toBe(1);
    for (const [, { clockOffsetSeconds: offset }] of drawnVisits) {
      expect(Math.abs(offset.ecology)).toBeLessThanOrEqual(120);
      expect(Math.abs(offset.transport)).toBeLessThanOrEqual(600);
      expect(Math.abs(offset.publicSecurity)).toBeLessThanOrEqual(30);
    }
  });

  it('take place on lines that exist', () => {
    for (const [body, { lineNumber }] of allVisits) {
      const line = world.linesOf(body).find((each) => each.lineNumber === lineNumber);
      expect(line?.kind).toBe('CAR');
      expect(line?.equipment).toHaveLength(8);
    }
  });

  it('have one sample of process data per second of the test', () => {
    for (const [, visit] of allVisits.slice(0, 400)) {
      const series = world.processSeriesOf(visit);
      expect(series.map(({ second }) => second)).toEqual(
        Array.from({ length: visit.emission?.processSeconds ?? 0 }, (_, place) => place + 1),
      );
      const least = series.flatMap(({ speedKmh, rpm, hcPpm, coPercent, noPpm }) => [
        speedKmh,
        rpm,
        hcPpm,
        coPercent,
        noPpm,
      ]);
      expect(Math.min(0, ...least)).toBe(0);
    }
  });

  it('fail at the first pass about one time in five and at repeats about one time in three', () => {
    const rate = (pass: number) => {
      const tests = drawnVisits.filter(([, visit]) => visit.pass === pass && visit.safety !== null);
      return tests.filter(([, { safety }]) => safety?.passed === false).length / tests.length;
    };
    expect(rate(1)).toBeGreaterThan(0.12);
    expect(rate(1)).toBeLessThan(0.24);
    expect(rate(2)).toBeGreaterThan(0.2);
    expect(rate(2)).toBeLessThan(0.4);
  });
});
