import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { splitCmaNumbers } from '../../../schema/codes/cma-number.ts';
import { calendarDateOf } from '../../../schema/time/calendar-date.ts';
import publicSecurity from '../../../sources/public-security/index.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { inspectionsOf, live, numberOf, stationAt, stationsOf, subject } from './support.ts';

let hub: SourceUnderTest;
let stations: WorldInstitution[];

beforeAll(async () => {
  hub = await startSource(publicSecurity, { worldSize: 400 });
  stations = stationsOf(hub.world);
});
afterAll(() => hub.close());
beforeEach(() => hub.upstream.resetCalls());

const station = (index: number): WorldInstitution => stationAt(stations, index);

describe('what public security offers', () => {
  it('reads four facets and has a directory, because it knows local numbers only', () => {
    expect([...hub.source.reads].sort()).toEqual(['facilities', 'inspections', 'institutions', 'qualifications']);
    expect(hub.source).toHaveProperty('directory');
    expect(hub.source.department).toMatchObject({ id: 'public-security', code: '04', keyedBy: 'LOCAL_NUMBER' });
  });

  it('is alive when it tells its time', async () => {
    await hub.source.ping(callScope());
    expect(hub.upstream.calls()).toEqual({ '18C50': 1 });
  });
});

describe('one call answers a whole batch', () => {
  const batch = (size: number) => Array.from({ length: size }, (_, index) => station(index % stations.length));

  it.each([1, 20, 100])('of %i stations, per read', async (size) => {
    const requests = batch(size).map(subject);
    for (const read of ['institutions', 'qualifications', 'facilities'] as const)
      expect(live(await hub.source.read(read, requests, callScope()))).toHaveLength(size);
    const inspections = await hub.source.read(
      'inspections',
      batch(size).map((each) => inspectionsOf(each, { limit: 3 })),
      callScope(),
    );
    expect(live(inspections)).toHaveLength(size);
    expect(hub.upstream.calls()).toEqual({ '18C01': 2, '18C02': 1, '18Q90': 1 });
  });

  it('in the order of the requests, with repeated and unknown stations in between', async () => {
    const unknown = { creditCode: station(0).creditCode, localIds: ['5299999999'] };
    const requests = [subject(station(7)), unknown, subject(station(2)), subject(station(7))];
    for (const read of ['institutions', 'qualifications'] as const) {
      const sets = live(await hub.source.read(read, requests, callScope()));
      expect(sets.map(({ records }) => records[0]?.provenance.sourceRecordId ?? null)).toEqual(
        [station(7), null, station(2), station(7)].map((each) => each && numberOf(each)),
      );
      expect(sets.flatMap(({ malformed }) => malformed)).toEqual([]);
    }
    const lines = live(await hub.source.read('facilities', requests, callScope()));
    expect(lines[1]?.records).toEqual([]);
    expect(lines[0]).toEqual(lines[3]);
  });

  it('with nothing on record for institutions without a local number, without any call', async () => {
    const nobody = { creditCode: station(0).creditCode, localIds: [] };
    const set = { records: [], malformed: [] };
    expect(live(await hub.source.read('institutions', [nobody], callScope()))).toEqual([set]);
    expect(live(await hub.source.read('facilities', [nobody], callScope()))).toEqual([set]);
    const request = { ...nobody, from: null, to: null, vin: null, limit: 5 };
    expect(live(await hub.source.read('inspections', [request], callScope()))).toEqual([set]);
    expect(hub.upstream.calls()).toEqual({});
  });

  it('joins what an institution has under several numbers', async () => {
    const both = { creditCode: station(0).creditCode, localIds: [numberOf(station(0)), numberOf(station(1))] };
    const [set] = live(await hub.source.read('institutions', [both], callScope()));
    expect(set?.records.map(({ localId }) => localId)).toEqual(both.localIds);
  });
});

describe('stations', () => {
  it('are described as public security has filed them', async () => {
    const sets = live(await hub.source.read('institutions', stations.map(subject), callScope()));
    stations.forEach((institution, index) => {
      const filing = hub.world.policeFilingOf(institution);
      const [record] = sets[index]?.records ?? [];
      expect(record).toMatchObject({
        id: `public-security~${numberOf(institution)}`,
        creditCode: null,
        localId: numberOf(institution),
        name: institution.nameAt['public-security'] ?? institution.name,
        kinds: ['VEHICLE_INSPECTION_BODY'],
        status: institution.statusAt['public-security'] ?? institution.status,
        regionCode: institution.regionAt['public-security'] ?? institution.region,
        address: institution.addressAt['public-security'] ?? institution.address,
        cmaNumbers: filing === null ? [] : splitCmaNumbers(filing.cmaNumber).numbers,
        cmaValidTo: filing?.validTo ?? null,
      });
      expect(record?.provenance).toMatchObject({
        departmentId: 'public-security',
        sourceRecordId: numberOf(institution),
        adapterVersion: '1.2.0',
        receipt: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(record?.provenance.asOf.getTime()).toBe(Math.floor(institution.updatedAt.getTime() / 1000) * 1000);
    });
  });

  it('have a filing with its own period and state', async () => {
    const today = calendarDateOf(new Date());
    const sets = live(await hub.source.read('qualifications', stations.map(subject), callScope()));
    const seen = new Set<string>();
    stations.forEach((institution, index) => {
      const filing = hub.world.policeFilingOf(institution);
      const [record] = sets[index]?.records ?? [];
      if (filing === null || filing.status === '3') return;
      const stated = { '0': 'REVOKED', '1': 'VALID', '2': 'SUSPENDED', '4': 'EXPIRED' }[filing.status];
      const status = stated === 'VALID' && filing.validTo < today ? 'EXPIRED' : stated;
      seen.add(status);
      expect(record).toMatchObject({
        scheme: 'POLICE_FILING',
        number: numberOf(institution),
        status,
        validFrom: filing.validFrom,
        validTo: filing.validTo,
      });
      expect(record?.scope.length).toBeGreaterThan(0);
    });
    expect(seen.size).toBeGreaterThan(1);
  });

  it('have lines with the five kinds of equipment that the police record', async () => {
    const sets = live(await hub.source.read('facilities', stations.map(subject), callScope()));
    const kinds = {
      BRAKE: 'BRAKE_TESTER',
      LAMP: 'HEADLAMP_TESTER',
      SPEED: 'SPEEDOMETER_TESTER',
      SIDESLIP: 'SIDE_SLIP_TESTER',
      WEIGHT: 'AXLE_LOAD_SCALE',
    };
    const kindOf = new Map<string, string>(Object.entries(kinds));
    stations.forEach((institution, index) => {
      const expected = hub.world.linesOf(institution).flatMap((line) => [
        ['LINE', line.name, null],
        ...line.equipment.flatMap(({ kind, name, model, calibrationValidTo }) => {
          const known = kindOf.get(kind);
          return known === undefined ? [] : [[known, `${name} ${model}`, calibrationValidTo]];
        }),
      ]);
      const facts = sets[index]?.records.map(({ kind, name, calibrationValidTo }) => [kind, name, calibrationValidTo]);
      expect(facts?.toSorted()).toEqual(expected.toSorted());
      expect(sets[index]?.malformed).toEqual([]);
    });
    const ids = sets.flatMap(({ records }) => records.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the directory', () => {
  it('lists every station once, office by office, within one reading', async () => {
    const directory = await hub.source.directory?.(callScope(30_000));
    expect(directory?.malformed).toEqual([]);
    const expected = stations.map((institution) => ({
      localId: numberOf(institution),
      name: institution.nameAt['public-security'] ?? institution.name,
      regionCode: institution.regionAt['public-security'] ?? institution.region,
      cmaNumbers: splitCmaNumbers(hub.world.policeFilingOf(institution)?.cmaNumber ?? '').numbers,
      creditCode: null,
    }));
    const byId = <T extends { localId: string }>(entries: readonly T[] = []): T[] =>
      entries.toSorted((left, right) => (left.localId < right.localId ? -1 : 1));
    expect(byId(directory?.entries)).toEqual(byId(expected));
    expect(hub.upstream.calls()).toEqual({ '18C01': 9 });
  });
});
