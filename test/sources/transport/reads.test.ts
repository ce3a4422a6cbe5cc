import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { splitCmaNumbers } from '../../../schema/codes/cma-number.ts';
import { addDays, calendarDateOf } from '../../../schema/time/calendar-date.ts';
import type { RoadVehicleTestRecord } from '../../../schema/records.ts';
import { filedOn, filingEndOf, nameOf } from '../../../sources/transport/upstream/station-rows.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope } from '../../support/source-under-test.ts';
import {
  at,
  ENGINES,
  inspectionsOf,
  live,
  reportsOf,
  stationsOf,
  subject,
  testsOf,
  type Department,
} from './support.ts';

/** A subject of the domain reference that has nothing to do with transport. */
const INST_D = 3;

describe.each(ENGINES)('the exchange database on %s', (_engine, start) => {
  let hub: Department;
  let stations: WorldInstitution[];

  beforeAll(async () => {
    hub = await start();
    stations = stationsOf(hub.world);
  }, 60_000);
  afterAll(() => hub.close());

  const read: Department['source']['read'] = (name, requests, scope) => hub.source.read(name, requests, scope);
  const codeKnown = ({ codeMissingAt }: WorldInstitution): boolean => !codeMissingAt.includes('transport');

  it('has stations whose rows lack the credit code, and others', () => {
    expect(stations.filter(codeKnown).length).toBeGreaterThan(10);
    expect(stations.some((station) => !codeKnown(station))).toBe(true);
  });

  it('describes every station, also those whose rows lack the credit code', async () => {
    const sets = live(await read('institutions', stations.map(subject), callScope()));
    expect(sets).toHaveLength(stations.length);
    stations.forEach((station, index) => {
      const { records, malformed } = at(sets, index);
      expect(malformed).toEqual([]);
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({
        creditCode: codeKnown(station) ? station.creditCode : null,
        localId: station.localNumbers.transport,
        name: nameOf(station),
        kinds: ['VEHICLE_INSPECTION_BODY'],
        status: station.statusAt.transport ?? station.status,
        regionCode: station.regionAt.transport ?? station.region,
        address: station.addressAt.transport ?? station.address,
        cmaNumbers: splitCmaNumbers(hub.world.cmaNumberOf(station) ?? '').numbers,
        provenance: {
          departmentId: 'transport',
          asOf: new Date(Math.floor(station.updatedAt.getTime() / 1000) * 1000),
        },
      });
    });
  });

  it('gives the filing of a station, with no end where it is unlimited', async () => {
    const sets = live(await read('qualifications', stations.map(subject), callScope()));
    stations.forEach((station, index) => {
      expect(at(sets, index)).toMatchObject({
        malformed: [],
        records: [
          {
            scheme: 'TRANSPORT_FILING',
            number: `黔交检备${station.localNumbers.transport ?? ''}`,
            validFrom: filedOn(station),
            validTo: filingEndOf(station),
            issuer: '示例省交通运输厅',
          },
        ],
      });
    });
    expect(new Set(sets.map(({ records }) => records[0]?.status))).toContain('VALID');
    expect(sets.filter(({ records }) => records[0]?.validTo === null).length).toBeGreaterThan(3);
  });

  it('gives the tests of every station, newest first, as last corrected and without the withdrawn ones', async () => {
    const sets = live(
      await read(
        'inspections',
        stations.map((each) => inspectionsOf(each)),
        callScope(),
      ),
    );
    let seen = 0;
    stations.forEach((station, index) => {
      const { records, malformed } = at(sets, index);
      expect(malformed).toEqual([]);
      const truth = testsOf(hub.world, station).map(({ visit, road, startedAt }) => ({
        kind: 'RoadVehicleTest',
        id: `transport~${road.id}`,
        startedAt,
        endedAt: null,
        result: road.passed ? 'PASS' : 'FAIL',
        technicalGrade: road.grade === null ? null : String(road.grade),
        gradeValidTo: road.validTo,
        transportPermit: visit.vehicle.transportPermit,
        odometerKm: visit.vehicle.odometerKm,
        lineNumber: String.fromCharCode(64 + Number(visit.lineNumber)),
        pass: visit.pass,
        vehicle: { vin: visit.vehicle.vin, plate: visit.vehicle.plate, plateCategory: null, fuel: null },
        report: {
          number: road.reportNumber,
          issuedOn: calendarDateOf(startedAt),
          parameters: [],
          signatory: road.signatory,
          conclusion: road.passed ? 'PASS' : 'FAIL',
          digest: null,
        },
      }));
      seen += truth.length;
      expect(records).toMatchObject(truth);
      expect(records).toHaveLength(truth.length);
    });
    expect(seen).toBeGreaterThan(300);
  });

  it('keeps what the department wrote beside what it means', async () => {
    const sets = live(
      await read(
        'inspections',
        stations.map((each) => inspectionsOf(each)),
        callScope(),
      ),
    );
    const raw = new Set(sets.flatMap(({ records }) => records.map(({ rawResult }) => rawResult)));
    expect([...raw].sort()).toEqual(['1', '2', '一级', '不合格', '二级', '合格'].sort());
  });

  it('holds the bounds, vehicle, verdict and limit of each request of a batch', async () => {
    const station = at(stations, 0);
    const tests = testsOf(hub.world, station);
    const [newest, second, third] = [at(tests, 0), at(tests, 1), at(tests, 2)];
    const justAfter = (date: Date): Date => new Date(date.getTime() + 1);
    const requests = [
      inspectionsOf(station, { limit: 2 }),
      inspectionsOf(station, { from: second.startedAt }),
      inspectionsOf(station, { from: justAfter(second.startedAt) }),
      inspectionsOf(station, { from: third.startedAt, to: second.startedAt }),
      inspectionsOf(station, { to: new Date(second.startedAt.getTime() - 1), limit: 1 }),
      inspectionsOf(station, { vin: newest.visit.vehicle.vin }),
      inspectionsOf(station, { vin: 'LXX9A1B23R0000017' }),
      inspectionsOf(station, { vin: ' ' }),
      inspectionsOf(station, { result: 'FAIL' }),
      inspectionsOf(station, { result: 'PASS', limit: 3 }),
      inspectionsOf(station, { result: 'UNKNOWN' }),
      inspectionsOf(station, { result: 'NOT_INSPECTED' }),
    ];
    const ids = (list: readonly { readonly road: { readonly id: string } }[]) =>
      list.map(({ road }) => `transport~${road.id}`);
    const sets = live(await read('inspections', requests, callScope()));
    expect(sets.map(({ records }) => records.map(({ id }) => id))).toEqual([
      ids([newest, second]),
      ids([newest, second]),
      ids([newest]),
      ids([second, third]),
      ids([third]),
      ids(tests.filter(({ visit }) => visit.vehicle.vin === newest.visit.vehicle.vin)),
      [],
      [],
      ids(tests.filter(({ road }) => !road.passed)),
      ids(tests.filter(({ road }) => road.passed).slice(0, 3)),
      [],
      [],
    ]);
  });

  it('gives the reports of tests by station, day and number', async () => {
    const station = at(stations, 0);
    const tests = testsOf(hub.world, station);
    const second = at(tests, 1);
    const day = calendarDateOf(second.startedAt);
    const [all, ofTheDay, none, numbered] = live(
      await read(
        'reports',
        [
          reportsOf(station),
          reportsOf(station, { from: day, to: day }),
          reportsOf(station, { from: addDays(calendarDateOf(at(tests, 0).startedAt), 1) }),
          reportsOf(station, { number: second.road.reportNumber, limit: 1 }),
        ],
        callScope(),
      ),
    );
    expect(all?.records).toHaveLength(tests.length);
    expect(ofTheDay?.records.map(({ number }) => number)).toContain(second.road.reportNumber);
    expect(ofTheDay?.records.every(({ issuedOn }) => issuedOn === day)).toBe(true);
    expect(none?.records).toEqual([]);
    expect(numbered?.records).toMatchObject([
      {
        number: second.road.reportNumber,
        issuedOn: day,
        issuerCode: station.creditCode,
        issuerLocalId: station.localNumbers.transport,
        version: 1,
        conclusion: second.road.passed ? 'PASS' : 'FAIL',
        signatory: second.road.signatory,
      },
    ]);
  });

  it('finds reports by number alone', async () => {
    const wanted = stations.slice(0, 5).map((station) => at(testsOf(hub.world, station), 0));
    const numbers = [...wanted.map(({ road }) => road.reportNumber), 'ZJ0000', '', "' or 1=1 --", '\u0000', '😀', '€1'];
    const sets = live(await read('reportsByNumber', numbers, callScope()));
    // One of the first stations has a code that only the registry can confirm; its report is named, not lost.
    expect(sets.map(({ records }) => records.map(({ number }) => number)).slice(0, 3)).toEqual(
      wanted.slice(0, 3).map(({ road }) => [road.reportNumber]),
    );
    expect(sets.slice(5)).toEqual(Array.from({ length: 6 }, () => ({ records: [], malformed: [] })));
  });

  it('gives penalties in fen, not those of persons and not the withdrawn ones', async () => {
    const punished = hub.world.institutions.filter((institution) =>
      hub.world.penaltiesOf(institution).some(({ heldBy }) => heldBy === 'transport'),
    );
    expect(punished.length).toBeGreaterThan(0);
    const sets = live(await read('penalties', punished.map(subject), callScope()));
    punished.forEach((institution, index) => {
      const truth = hub.world
        .penaltiesOf(institution)
        .filter(({ heldBy }) => heldBy === 'transport')
        .sort((left, right) => (left.decidedOn < right.decidedOn ? 1 : -1))
        .map((penalty) => ({
          documentNumber: penalty.documentNumber,
          authority: penalty.authority,
          categories: penalty.categories,
          reason: penalty.violation,
          basis: penalty.basis,
          fineFen: penalty.fineFen,
          confiscatedFen: penalty.confiscatedFen,
          decidedOn: penalty.decidedOn,
          severity: null,
          publishedFrom: penalty.publishedFrom,
          publishedTo: penalty.publishedTo,
        }));
      const { records, malformed } = at(sets, index);
      expect(malformed).toEqual([]);
      expect(records).toMatchObject(truth);
      expect(records).toHaveLength(truth.length);
    });
  });

  it('answers in the order asked, with nothing for institutions it does not know', async () => {
    const unknown = at(hub.world.institutions, INST_D);
    const asked = [at(stations, 2), unknown, at(stations, 0), at(stations, 2)];
    for (const name of ['institutions', 'qualifications'] as const) {
      const sets = live(await read(name, asked.map(subject), callScope()));
      expect(sets.map(({ records }) => records.map(({ provenance }) => provenance.sourceRecordId))).toEqual(
        asked.map((each) => (each === unknown ? [] : [`J${String(each.index).padStart(5, '0')}`])),
      );
    }
    const tests = live(
      await read(
        'inspections',
        asked.map((each) => inspectionsOf(each, { limit: 1 })),
        callScope(),
      ),
    );
    expect(tests.map(({ records }) => records.length)).toEqual([1, 0, 1, 1]);
  });

  it('finds a station by its local number where the hub has been told one', async () => {
    const station = at(stations, 1);
    const stranger = at(hub.world.institutions, INST_D);
    const localIds = [station.localNumbers.transport ?? ''];
    const [found] = live(await read('institutions', [{ creditCode: stranger.creditCode, localIds }], callScope()));
    expect(found?.records).toMatchObject([{ localId: station.localNumbers.transport }]);
    const [tests] = live(await read('inspections', [inspectionsOf(stranger, { localIds, limit: 1 })], callScope()));
    expect(tests?.records).toHaveLength(1);
  });

  it('answers batches of 500', async () => {
    const asked = Array.from({ length: 500 }, (_, index) => at(stations, index % stations.length));
    const sets = live(
      await read(
        'inspections',
        asked.map((each) => inspectionsOf(each, { limit: 3 })),
        callScope(),
      ),
    );
    expect(sets.map(({ records }) => records.length)).toEqual(
      asked.map((each) => Math.min(3, testsOf(hub.world, each).length)),
    );
  });

  it('lets no personal data through but the names of signatories', async () => {
    const everybody = hub.world.institutions;
    const answers = [
      live(await read('institutions', everybody.map(subject), callScope())),
      live(await read('qualifications', everybody.map(subject), callScope())),
      live(await read('penalties', everybody.map(subject), callScope())),
      live(
        await read(
          'inspections',
          everybody.map((each) => inspectionsOf(each)),
          callScope(),
        ),
      ),
    ];
    const text = JSON.stringify(answers, (key, value: unknown) => (key === 'signatory' ? undefined : value));
    const names = everybody.map(({ legalRepresentative }) => `"${legalRepresentative}"`);
    const secrets = everybody.flatMap((institution) => [
      institution.contactPhone,
      ...testsOf(hub.world, institution).flatMap(({ visit }) => visit.vehicle.operatorName ?? []),
    ]);
    const found = [...new Set([...names, ...secrets, '529999199001010019'])].filter((secret) => text.includes(secret));
    expect(found).toEqual([]);
    expect(text).not.toMatch(/LXDH|FDDBR|YHMC|ZJHM/);
  });

  it('gives equal receipts for equal replies and others for others', async () => {
    const receiptOf = async (index: number): Promise<string | undefined> => {
      const [set] = live(await read('inspections', [inspectionsOf(at(stations, index))], callScope()));
      return (set?.records[0] as RoadVehicleTestRecord | undefined)?.provenance.receipt;
    };
    const first = await receiptOf(0);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await receiptOf(0)).toBe(first);
    expect(await receiptOf(1)).not.toBe(first);
  });

  it('is alive when it gives a row', async () => {
    await expect(hub.source.ping(callScope())).resolves.toBeUndefined();
  });
});
