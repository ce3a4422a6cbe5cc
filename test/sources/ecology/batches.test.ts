import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ecology from '../../../sources/ecology/index.ts';
import { calendarDateOf, startOfDay } from '../../../schema/time/calendar-date.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import {
  PATIENT,
  NOBODY,
  at,
  inspectionsOf,
  recordsOf,
  reportDay,
  reportsOf,
  setsOf,
  stationsIn,
  subjectKeyed,
  subjectOf,
} from './support.ts';

let hub: SourceUnderTest;
let vehicleStation: WorldInstitution;
let monitoringBody: WorldInstitution;

beforeAll(async () => {
  hub = await startSource(ecology, { worldSize: 60, environment: PATIENT });
  vehicleStation = subjectKeyed(hub.world, 'INST-A');
  monitoringBody = subjectKeyed(hub.world, 'INST-C');
});
afterAll(() => hub.close());

const numberOf = ({ localNumbers }: WorldInstitution): string => localNumbers.ecology ?? '';

describe('reports of ecology', () => {
  it('are registered for emission tests and monitoring tasks, newest first', async () => {
    const [emission = [], monitoring = []] = recordsOf(
      await hub.source.read(
        'reports',
        [reportsOf(subjectOf(vehicleStation)), reportsOf(subjectOf(monitoringBody))],
        callScope(),
      ),
    );
    const tests = hub.world.visitsOf(vehicleStation).filter(({ emission: test }) => test !== null);
    expect(emission.map(({ number }) => number).sort()).toEqual(
      tests.map(({ emission: test }) => test?.reportNumber).sort(),
    );
    expect(emission.map(({ issuedOn }) => issuedOn)).toEqual(
      emission.map(({ issuedOn }) => issuedOn).toSorted((left, right) => (left < right ? 1 : left > right ? -1 : 0)),
    );
    expect(emission[0]?.issuerLocalId).toBe(numberOf(vehicleStation));
    const [task] = hub.world.laboratoryTestsOf(monitoringBody);
    expect(monitoring.find(({ number }) => number === task?.reportNumber)).toMatchObject({
      issuerCode: monitoringBody.creditCode,
      issuedOn: task && reportDay(hub.world, monitoringBody, task),
      version: 1,
      parameters: task?.items.map(({ parameter, standard }) => ({
        object: task.object,
        parameter,
        standard,
        restriction: null,
        site: null,
      })),
    });
  });

  it('are bounded by day, number and limit exactly', async () => {
    const subject = subjectOf(vehicleStation);
    const [all = []] = recordsOf(await hub.source.read('reports', [reportsOf(subject)], callScope()));
    const middle = at(all, 5);
    const [ofDay, ofNumber, three] = recordsOf(
      await hub.source.read(
        'reports',
        [
          reportsOf(subject, { from: middle.issuedOn, to: middle.issuedOn }),
          reportsOf(subject, { number: middle.number }),
          reportsOf(subject, { limit: 3 }),
        ],
        callScope(),
      ),
    );
    expect(ofDay).toEqual(
      all
        .filter(({ issuedOn }) => issuedOn === middle.issuedOn)
        .map((report) => expect.objectContaining({ number: report.number })),
    );
    expect(ofNumber?.map(({ number }) => number)).toEqual([middle.number]);
    expect(three?.map(({ number }) => number)).toEqual(all.slice(0, 3).map(({ number }) => number));
  });

  it('are found by their numbers alone, in one call', async () => {
    const test = hub.world.visitsOf(vehicleStation).find(({ emission }) => emission !== null)?.emission;
    const task = at(hub.world.laboratoryTestsOf(monitoringBody), 0);
    const numbers = [test?.reportNumber ?? '', 'NO-SUCH-REPORT', task.reportNumber];
    const [ofTest, ofNothing, ofTask] = recordsOf(await hub.source.read('reportsByNumber', numbers, callScope()));
    expect(ofTest).toMatchObject([{ number: numbers[0], issuerLocalId: numberOf(vehicleStation) }]);
    expect(ofNothing).toEqual([]);
    expect(ofTask?.map(({ number }) => number)).toContain(task.reportNumber);
  });
});

describe('a batch of ecology', () => {
  it('is answered in the order asked, unknown bodies and bodies without number with nothing', async () => {
    const stations = stationsIn(hub.world).slice(0, 6);
    const asked = [NOBODY, ...stations.map(subjectOf), { ...NOBODY, localIds: [] }].toReversed();
    const answer = recordsOf(await hub.source.read('institutions', asked, callScope()));
    expect(answer.map((records) => records[0]?.localId ?? null)).toEqual([
      null,
      ...stations.map(numberOf).toReversed(),
      null,
    ]);
  });

  it.each(['institutions', 'qualifications', 'facilities', 'inspections', 'reports', 'penalties'] as const)(
    'of %s has nothing on record for an unknown station',
    async (read) => {
      const request = { ...inspectionsOf(NOBODY), number: null, from: null, to: null };
      expect(setsOf(await hub.source.read(read, [request], callScope()))).toEqual([{ records: [], malformed: [] }]);
    },
  );

  it('that asks for nobody makes no call', async () => {
    hub.upstream.resetCalls();
    expect(recordsOf(await hub.source.read('institutions', [{ ...NOBODY, localIds: [] }], callScope()))).toEqual([[]]);
    expect(recordsOf(await hub.source.read('processSeries', [], callScope()))).toEqual([]);
    expect(hub.upstream.calls()).toEqual({});
  });

  it.each([1, 20, 100])('of %i makes exactly one call per read', async (size) => {
    const stations = stationsIn(hub.world);
    const subjects = Array.from({ length: size }, (_, index) => subjectOf(at(stations, index % stations.length)));
    const from = startOfDay(calendarDateOf(new Date('2026-01-01T00:00:00Z')));
    const scope = () => callScope(20_000);
    const expectOne = async (operation: string, read: () => Promise<{ status: string }>) => {
      hub.upstream.resetCalls();
      expect((await read()).status).toBe('LIVE');
      expect(hub.upstream.calls()).toEqual({ [operation]: 1 });
    };
    const visits = hub.world.visitsOf(vehicleStation).filter(({ emission }) => emission !== null);
    const ids = subjects.map((_, index) => at(visits, index % visits.length).emission?.id ?? '');
    await expectOne('downStationInfo', () => hub.source.read('institutions', subjects, scope()));
    await expectOne('downStationInfo', () => hub.source.read('qualifications', subjects, scope()));
    await expectOne('downInspStmDevice', () => hub.source.read('facilities', subjects, scope()));
    await expectOne('downInspTestingResultInfo', () =>
      hub.source.read(
        'inspections',
        subjects.map((subject) => inspectionsOf(subject, { from, limit: 20 })),
        scope(),
      ),
    );
    await expectOne('downInspProcess', () => hub.source.read('processSeries', ids, scope()));
    await expectOne('downInspReportInfo', () =>
      hub.source.read(
        'reports',
        subjects.map((subject) => reportsOf(subject, { limit: 20 })),
        scope(),
      ),
    );
    await expectOne('downInspReportInfo', () => hub.source.read('reportsByNumber', ids, scope()));
    await expectOne('downPunishInfo', () => hub.source.read('penalties', subjects, scope()));
  });
});
