import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordSet } from '../../../schema/ports.ts';
import type { InspectionRecord } from '../../../schema/records.ts';
import { calendarDateOf } from '../../../schema/time/calendar-date.ts';
import publicSecurity from '../../../sources/public-security/index.ts';
import type { WorldInstitution, WorldVisit } from '../../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { inspectionsOf, live, numberOf, stationAt, stationsOf } from './support.ts';

let hub: SourceUnderTest;
let stations: WorldInstitution[];

beforeAll(async () => {
  hub = await startSource(publicSecurity, { worldSize: 400 });
  stations = stationsOf(hub.world);
});
afterAll(() => hub.close());
beforeEach(() => hub.upstream.resetCalls());

const station = (index: number): WorldInstitution => stationAt(stations, index);

/** What the gateway's clock showed, to the second. */
const sent = (instant: Date, visit: WorldVisit): Date =>
  new Date(Math.floor(instant.getTime() / 1000 + visit.clockOffsetSeconds.publicSecurity) * 1000);
const safetyVisits = (institution: WorldInstitution) =>
  hub.world.visitsOf(institution).flatMap((visit) => {
    const { safety } = visit;
    return safety === null ? [] : [{ visit, safety, startedAt: sent(safety.startedAt, visit) }];
  });
const serialsOf = (set: RecordSet<InspectionRecord> | undefined) => set?.records.map(({ report }) => report?.number);

describe('verdicts', () => {
  it('are the safety inspections of the world by the gateway’s clock, newest first', async () => {
    const batch = stations.slice(0, 40);
    const sets = live(
      await hub.source.read(
        'inspections',
        batch.map((each) => inspectionsOf(each)),
        callScope(),
      ),
    );
    const results = new Set<string>();
    batch.forEach((institution, index) => {
      const visits = new Map(safetyVisits(institution).map((each) => [each.safety.serial, each]));
      const records = sets[index]?.records ?? [];
      expect(records).toHaveLength(visits.size);
      for (const record of records) {
        const truth = visits.get(record.report?.number ?? '');
        const endedAt = truth && sent(truth.safety.endedAt, truth.visit);
        const result = truth?.safety.passed === true ? 'PASS' : 'FAIL';
        results.add(record.result);
        expect(record).toMatchObject({
          kind: 'VehicleSafetyInspection',
          startedAt: truth?.startedAt,
          endedAt,
          result,
          rawResult: result === 'PASS' ? '1' : '2',
          vehicle: {
            vin: truth?.visit.vehicle.vin,
            plate: truth?.visit.vehicle.plate,
            plateCategory: truth?.visit.vehicle.plateCategory,
          },
          lineNumber: truth?.visit.lineNumber,
          pass: truth?.visit.pass,
          report: { conclusion: result, issuedOn: endedAt && calendarDateOf(endedAt), signatory: null, digest: null },
        });
      }
      const times = records.map(({ startedAt }) => startedAt.getTime());
      expect(times).toEqual(times.toSorted((left, right) => right - left));
    });
    expect(results).toEqual(new Set(['PASS', 'FAIL']));
    const ids = sets.flatMap(({ records }) => records.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('respect the window, both ends included, the vehicle and the limit of each request of a batch', async () => {
    const institution = stations.find((each) => safetyVisits(each).length >= 8) ?? station(0);
    const visits = safetyVisits(institution).toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
    const at = (index: number) => visits[index]?.startedAt ?? new Date(0);
    const vin = visits[3]?.visit.vehicle.vin ?? '';
    const requests = [
      inspectionsOf(institution, { limit: 3 }),
      inspectionsOf(institution, { from: at(6), to: at(2) }),
      inspectionsOf(institution, { from: at(6), to: at(2), limit: 2 }),
      inspectionsOf(institution, { vin: vin.toLowerCase() }),
      inspectionsOf(institution, { from: new Date(at(6).getTime() + 1), to: new Date(at(2).getTime() - 1) }),
      inspectionsOf(institution, { vin: 'LDMHCV3B7P9999999' }),
      inspectionsOf(institution, { from: new Date(at(0).getTime() + 60_000) }),
    ];
    const sets = live(await hub.source.read('inspections', requests, callScope()));
    const serials = (from: number, to: number) => visits.slice(from, to).map(({ safety }) => safety.serial);
    expect(serialsOf(sets[0])).toEqual(serials(0, 3));
    expect(serialsOf(sets[1])).toEqual(serials(2, 7));
    expect(serialsOf(sets[2])).toEqual(serials(2, 4));
    expect(serialsOf(sets[3])).toEqual(
      visits.filter(({ visit }) => visit.vehicle.vin === vin).map(({ safety }) => safety.serial),
    );
    expect(serialsOf(sets[4])).toEqual(serials(3, 6));
    expect(serialsOf(sets[5])).toEqual([]);
    expect(serialsOf(sets[6])).toEqual([]);
    expect(hub.upstream.calls()).toEqual({ '18Q90': 1 });
    // Alone, each request gets what it got in the batch.
    for (const [index, request] of requests.entries()) {
      const [alone] = live(await hub.source.read('inspections', [request], callScope()));
      expect(serialsOf(alone)).toEqual(serialsOf(sets[index]));
    }
  });

  it('take a hostile vehicle number as text', async () => {
    const vin = `]]></clsbdh></QueryCondition><QueryCondition><jyjgbh>${numberOf(station(1))}</jyjgbh> %41+&`;
    const [set] = live(await hub.source.read('inspections', [inspectionsOf(station(0), { vin })], callScope()));
    expect(set).toEqual({ records: [], malformed: [] });
  });
});
