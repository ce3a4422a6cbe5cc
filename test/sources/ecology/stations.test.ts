import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ecology from '../../../sources/ecology/index.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { PATIENT, at, recordsOf, setsOf, stationsIn, subjectKeyed, subjectOf } from './support.ts';

let hub: SourceUnderTest;
let vehicleStation: WorldInstitution;

beforeAll(async () => {
  hub = await startSource(ecology, { worldSize: 60, environment: PATIENT });
  vehicleStation = subjectKeyed(hub.world, 'INST-A');
});
afterAll(() => hub.close());

const numberOf = ({ localNumbers }: WorldInstitution): string => localNumbers.ecology ?? '';

describe('what ecology offers', () => {
  it('is every read but lists and certificates, with a directory of station numbers', () => {
    expect([...hub.source.reads].sort()).toEqual([
      'facilities',
      'inspections',
      'institutions',
      'penalties',
      'processSeries',
      'qualifications',
      'reports',
      'reportsByNumber',
    ]);
    expect('directory' in hub.source).toBe(true);
    expect(hub.source.department).toMatchObject({ id: 'ecology', code: '02', keyedBy: 'LOCAL_NUMBER' });
  });

  it('answers a ping', async () => {
    await expect(hub.source.ping(callScope())).resolves.toBeUndefined();
  });
});

describe('the directory of ecology', () => {
  it('lists each station once with what numbers are matched by', async () => {
    const directory = await hub.source.directory?.(callScope());
    const stations = stationsIn(hub.world);
    expect(directory?.malformed).toEqual([]);
    expect(directory?.entries.map(({ localId }) => localId).sort()).toEqual(stations.map(numberOf).sort());
    for (const station of stations) {
      const entry = directory?.entries.find(({ localId }) => localId === numberOf(station));
      expect(entry).toMatchObject({
        name: station.nameAt.ecology ?? station.name,
        regionCode: station.regionAt.ecology ?? station.region,
        creditCode: station.kinds.includes('ENV_MONITORING_BODY') ? station.creditCode : null,
      });
      const filed = hub.world.qualificationsOf(station).filter(({ scheme }) => scheme === 'CMA');
      for (const number of entry?.cmaNumbers ?? []) expect(filed.map((each) => each.number)).toContain(number);
    }
    const withCma = directory?.entries.filter(({ cmaNumbers }) => cmaNumbers.length > 0).length ?? 0;
    expect(withCma).toBeLessThan(stations.length);
    expect(withCma).toBeGreaterThan(stations.length * 0.7);
  });
});

describe('stations of ecology', () => {
  it('are described in the words of ecology', async () => {
    const stations = stationsIn(hub.world);
    const answer = recordsOf(await hub.source.read('institutions', stations.map(subjectOf), callScope()));
    stations.forEach((station, index) => {
      expect(at(answer, index)).toHaveLength(1);
      expect(at(answer, index)[0]).toMatchObject({
        localId: numberOf(station),
        name: station.nameAt.ecology ?? station.name,
        regionCode: station.regionAt.ecology ?? station.region,
        address: station.addressAt.ecology ?? station.address,
        status: station.statusAt.ecology ?? station.status,
        provenance: { departmentId: 'ecology', sourceRecordId: numberOf(station), asOf: station.updatedAt },
      });
    });
  });

  it('hold a filing under their own number', async () => {
    const [[filing] = []] = recordsOf(
      await hub.source.read('qualifications', [subjectOf(vehicleStation)], callScope()),
    );
    expect(filing).toMatchObject({
      scheme: 'ECOLOGY_FILING',
      number: numberOf(vehicleStation),
      status: 'VALID',
      validFrom: vehicleStation.establishedOn,
      validTo: null,
      recordedAt: vehicleStation.updatedAt,
      supersededAt: null,
    });
    expect(filing?.issuer).toMatch(/生态环境局$/);
  });

  it('have lines and the devices of emission tests with the end of their calibration', async () => {
    const [records = []] = recordsOf(await hub.source.read('facilities', [subjectOf(vehicleStation)], callScope()));
    const lines = hub.world.linesOf(vehicleStation);
    const devices = lines
      .flatMap(({ equipment }) => equipment)
      .filter(({ kind }) => ['GAS_ANALYSER', 'OPACIMETER', 'DYNAMOMETER'].includes(kind));
    expect(records.filter(({ kind }) => kind === 'LINE').map(({ name }) => name)).toEqual(
      lines.map(({ name }) => name),
    );
    expect(records).toHaveLength(lines.length + devices.length);
    for (const device of devices) {
      expect(records).toContainEqual(
        expect.objectContaining({
          id: `ecology~${device.serial}`,
          kind: device.kind,
          name: `${device.name} ${device.model}`,
          calibrationValidTo: device.calibrationValidTo,
        }),
      );
    }
  });
});

describe('penalties of ecology', () => {
  it('are those that ecology decided, amounts in fen, latest first', async () => {
    const punished = hub.world.institutions.filter((each) =>
      hub.world.penaltiesOf(each).some(({ heldBy }) => heldBy === 'ecology'),
    );
    expect(punished.length).toBeGreaterThan(0);
    const answer = recordsOf(await hub.source.read('penalties', punished.map(subjectOf), callScope()));
    punished.forEach((institution, index) => {
      const own = hub.world
        .penaltiesOf(institution)
        .filter(({ heldBy }) => heldBy === 'ecology')
        .toSorted((left, right) => (left.decidedOn < right.decidedOn ? 1 : -1));
      expect(at(answer, index)).toMatchObject(
        own.map((penalty) => ({
          documentNumber: penalty.documentNumber,
          authority: penalty.authority,
          categories: penalty.categories,
          reason: penalty.violation,
          basis: penalty.basis,
          fineFen: penalty.fineFen,
          confiscatedFen: penalty.confiscatedFen,
          decidedOn: penalty.decidedOn,
          publishedFrom: penalty.publishedFrom,
          publishedTo: penalty.publishedTo,
          severity: null,
        })),
      );
    });
  });

  it('are found by the credit code alone where the platform holds it, which it does for monitoring bodies', async () => {
    const withoutNumber = (institution: WorldInstitution) => ({ ...subjectOf(institution), localIds: [] });
    const isPunished = (institution: WorldInstitution) =>
      hub.world.penaltiesOf(institution).some(({ heldBy }) => heldBy === 'ecology');
    const monitoring = stationsIn(hub.world).find(
      (each) => each.kinds.includes('ENV_MONITORING_BODY') && isPunished(each),
    );
    const vehicles = stationsIn(hub.world).find(
      (each) => !each.kinds.includes('ENV_MONITORING_BODY') && isPunished(each),
    );
    if (monitoring === undefined || vehicles === undefined) throw new Error('the world has too few penalties');
    const [byCode, byNumber, notHeld] = recordsOf(
      await hub.source.read(
        'penalties',
        [withoutNumber(monitoring), subjectOf(monitoring), withoutNumber(vehicles)],
        callScope(),
      ),
    );
    expect(byCode?.length).toBeGreaterThan(0);
    expect(byCode?.map(({ id }) => id)).toEqual(byNumber?.map(({ id }) => id));
    expect(notHeld).toEqual([]);
  });

  it('are asked for even where there is no station number', async () => {
    const certifier = subjectKeyed(hub.world, 'INST-D');
    hub.upstream.resetCalls();
    const [set] = setsOf(await hub.source.read('penalties', [subjectOf(certifier)], callScope()));
    expect(set).toEqual({ records: [], malformed: [] });
    expect(hub.upstream.calls()).toEqual({ downPunishInfo: 1 });
  });
});
