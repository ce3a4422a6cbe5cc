import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ecology from '../../../sources/ecology/index.ts';
import { calendarDateOf } from '../../../schema/time/calendar-date.ts';
import type { WorldInstitution, WorldVisit } from '../../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { PATIENT, at, inspectionsOf, recordsOf, reportDay, stationsIn, subjectKeyed, subjectOf } from './support.ts';

let hub: SourceUnderTest;
let vehicleStation: WorldInstitution;
let monitoringBody: WorldInstitution;

beforeAll(async () => {
  hub = await startSource(ecology, { worldSize: 60, environment: PATIENT });
  vehicleStation = subjectKeyed(hub.world, 'INST-A');
  monitoringBody = subjectKeyed(hub.world, 'INST-C');
});
afterAll(() => hub.close());

function plusOffset(instant: Date, visit: WorldVisit): Date {
  return new Date(instant.getTime() + visit.clockOffsetSeconds.ecology * 1000);
}

describe('emission tests of ecology', () => {
  it('say what happened, on the clock of ecology, newest first', async () => {
    const [records = []] = recordsOf(
      await hub.source.read('inspections', [inspectionsOf(subjectOf(vehicleStation))], callScope()),
    );
    const visits = hub.world.visitsOf(vehicleStation).filter(({ emission }) => emission !== null);
    expect(records).toHaveLength(visits.length);
    const starts = records.map(({ startedAt }) => startedAt.getTime());
    expect(starts).toEqual(starts.toSorted((left, right) => right - left));
    for (const visit of visits) {
      const { emission, vehicle } = visit;
      if (emission === null) continue;
      const record = records.find(({ id }) => id === `ecology~${emission.id}`);
      const result = emission.passed === null ? 'NOT_INSPECTED' : emission.passed ? 'PASS' : 'FAIL';
      const endedAt = plusOffset(emission.endedAt, visit);
      expect(record).toMatchObject({
        kind: 'VehicleEmissionTest',
        method: emission.method,
        startedAt: plusOffset(emission.startedAt, visit),
        endedAt,
        result,
        vehicle: {
          vin: vehicle.vin,
          plate: vehicle.plate,
          plateCategory: vehicle.plateCategory,
          fuel: vehicle.fuel,
        },
        lineNumber: visit.lineNumber,
        pass: visit.pass,
        temperatureCelsius: emission.temperatureCelsius,
        humidityPercent: emission.humidityPercent,
        pressureKilopascal: emission.pressureKilopascal,
        report: { number: emission.reportNumber, conclusion: result, issuedOn: calendarDateOf(endedAt) },
        provenance: { sourceRecordId: emission.id, asOf: endedAt },
      });
      expect(record).toHaveProperty(
        'measurements',
        emission.measurements.map(({ passed, ...measurement }) => ({
          ...measurement,
          result: passed ? 'PASS' : 'FAIL',
        })),
      );
    }
  });

  it('cover all five methods over the world, each with its measurements', async () => {
    const stations = stationsIn(hub.world);
    const sets = recordsOf(
      await hub.source.read(
        'inspections',
        stations.map((station) => inspectionsOf(subjectOf(station))),
        callScope(20_000),
      ),
    );
    const methods = new Set<string>();
    for (const record of sets.flat()) {
      if (record.kind !== 'VehicleEmissionTest') continue;
      methods.add(record.method);
      if (record.result !== 'NOT_INSPECTED') expect(record.measurements.length).toBeGreaterThan(0);
    }
    expect([...methods].sort()).toEqual(['ASM', 'DOUBLE_IDLE', 'LUGDOWN', 'OPACITY', 'VMAS']);
  });

  it('are bounded by start, end, vehicle and number exactly, each request by its own', async () => {
    const subject = subjectOf(vehicleStation);
    const [all = []] = recordsOf(await hub.source.read('inspections', [inspectionsOf(subject)], callScope()));
    const newer = at(all, 3);
    const older = at(all, 8);
    const oneMs = 1;
    const requests = [
      inspectionsOf(subject, { from: older.startedAt, to: newer.startedAt }),
      inspectionsOf(subject, {
        from: new Date(older.startedAt.getTime() + oneMs),
        to: new Date(newer.startedAt.getTime() - oneMs),
      }),
      inspectionsOf(subject, { limit: 2 }),
      inspectionsOf(subject, { vin: newer.vehicle?.vin?.toLowerCase() ?? '' }),
      inspectionsOf(subject, { limit: 0 }),
      inspectionsOf(subject, { from: new Date('2031-01-01T00:00:00Z') }),
    ];
    const [within, inside, two, ofVehicle, none, future] = recordsOf(
      await hub.source.read('inspections', requests, callScope()),
    );
    expect(within?.map(({ id }) => id)).toEqual(all.slice(3, 9).map(({ id }) => id));
    expect(inside?.map(({ id }) => id)).toEqual(all.slice(4, 8).map(({ id }) => id));
    expect(two?.map(({ id }) => id)).toEqual(all.slice(0, 2).map(({ id }) => id));
    expect(ofVehicle?.map(({ id }) => id)).toEqual(
      all.filter(({ vehicle }) => vehicle?.vin === newer.vehicle?.vin).map(({ id }) => id),
    );
    expect(none).toEqual([]);
    expect(future).toEqual([]);
  });

  it('of an institution with two station numbers come together, limited together', async () => {
    const [one, other] = stationsIn(hub.world).filter(({ kinds }) => kinds.includes('VEHICLE_INSPECTION_BODY'));
    const both = {
      ...subjectOf(vehicleStation),
      localIds: [one, other].map((each) => each?.localNumbers.ecology ?? ''),
    };
    const [all = [], three = []] = recordsOf(
      await hub.source.read('inspections', [inspectionsOf(both), inspectionsOf(both, { limit: 3 })], callScope()),
    );
    const starts = all.map(({ startedAt }) => startedAt.getTime());
    expect(starts).toEqual(starts.toSorted((left, right) => right - left));
    expect(three.map(({ id }) => id)).toEqual(all.slice(0, 3).map(({ id }) => id));
  });

  it('have their process data second by second, several tests in one call', async () => {
    const visits = hub.world
      .visitsOf(vehicleStation)
      .filter(({ emission }) => emission !== null)
      .slice(0, 3);
    const ids = visits.map(({ emission }) => emission?.id ?? '');
    const answer = recordsOf(await hub.source.read('processSeries', [...ids, '0'.repeat(32)], callScope()));
    visits.forEach((visit, index) => {
      expect(at(answer, index)).toHaveLength(1);
      expect(at(answer, index)[0]?.samples).toEqual(hub.world.processSeriesOf(visit));
      expect(at(answer, index)[0]?.provenance.sourceRecordId).toBe(ids[index]);
    });
    expect(at(answer, visits.length)).toEqual([]);
  });
});

describe('monitoring tasks of ecology', () => {
  it('come as laboratory tests with sampling and items, by the same call as emission tests', async () => {
    hub.upstream.resetCalls();
    const [records = []] = recordsOf(
      await hub.source.read('inspections', [inspectionsOf(subjectOf(monitoringBody))], callScope()),
    );
    expect(hub.upstream.calls()).toEqual({ downInspTestingResultInfo: 1 });
    const tests = hub.world.laboratoryTestsOf(monitoringBody);
    expect(tests.length).toBeGreaterThan(0);
    expect(records).toHaveLength(tests.length);
    for (const test of tests) {
      const verdict = (passed: boolean | null) => (passed === null ? 'NOT_INSPECTED' : passed ? 'PASS' : 'FAIL');
      expect(records.find(({ id }) => id === `ecology~${test.id}`)).toMatchObject({
        kind: 'LaboratoryTest',
        object: test.object,
        sampledAt: test.sampledAt,
        startedAt: test.startedAt,
        endedAt: test.endedAt,
        result: verdict(test.passed),
        vehicle: null,
        items: test.items.map(({ parameter, standard, passed }) => ({ parameter, standard, result: verdict(passed) })),
        report: { number: test.reportNumber, issuedOn: reportDay(hub.world, monitoringBody, test) },
      });
    }
  });

  it('are no answer to a question for a vehicle', async () => {
    const request = inspectionsOf(subjectOf(monitoringBody), { vin: 'LDMHCV3B7P0000101' });
    expect(recordsOf(await hub.source.read('inspections', [request], callScope()))).toEqual([[]]);
  });
});
