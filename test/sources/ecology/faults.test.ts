import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import ecology from '../../../sources/ecology/index.ts';
import type { FaultKind } from '../../../sources/kit/upstream/faults.ts';
import type { ReadName, SourceAnswer } from '../../../schema/ports.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import {
  PATIENT,
  at,
  facts,
  inspectionsOf,
  reportsOf,
  setsOf,
  stationsIn,
  subjectKeyed,
  subjectOf,
} from './support.ts';

let hub: SourceUnderTest;
/** Every read with requests that have something on record, and the key that drifts away. */
let reads: Readonly<
  Record<string, { readonly driftsAway: string; run(timeoutMs?: number): Promise<SourceAnswer<RecordOf>> }>
>;
type RecordOf = { readonly provenance: { readonly sourceRecordId: string } };

beforeAll(async () => {
  hub = await startSource(ecology, { worldSize: 60, environment: PATIENT, guard: { failuresToOpen: 1_000 } });
  const { source, world } = hub;
  const vehicleStation = subjectKeyed(world, 'INST-A');
  const subjects = [vehicleStation, subjectKeyed(world, 'INST-C'), ...stationsIn(world).slice(3, 6)].map(subjectOf);
  const tests = world.visitsOf(vehicleStation).flatMap(({ emission }) => emission ?? []);
  const punished = world.institutions
    .filter((each) => world.penaltiesOf(each).some(({ heldBy }) => heldBy === 'ecology'))
    .map(subjectOf);
  reads = {
    institutions: { driftsAway: 'StationName', run: (ms) => source.read('institutions', subjects, callScope(ms)) },
    qualifications: { driftsAway: 'StationName', run: (ms) => source.read('qualifications', subjects, callScope(ms)) },
    facilities: { driftsAway: 'TestLineNo', run: (ms) => source.read('facilities', subjects, callScope(ms)) },
    inspections: {
      driftsAway: 'Teststime',
      run: (ms) =>
        source.read(
          'inspections',
          subjects.map((subject) => inspectionsOf(subject)),
          callScope(ms),
        ),
    },
    processSeries: {
      driftsAway: 'Samples',
      run: (ms) =>
        source.read(
          'processSeries',
          tests.slice(0, 3).map(({ id }) => id),
          callScope(ms),
        ),
    },
    reports: {
      driftsAway: 'ReportDate',
      run: (ms) =>
        source.read(
          'reports',
          subjects.map((subject) => reportsOf(subject)),
          callScope(ms),
        ),
    },
    reportsByNumber: {
      driftsAway: 'ReportDate',
      run: (ms) =>
        source.read(
          'reportsByNumber',
          tests.slice(0, 3).map(({ reportNumber }) => reportNumber),
          callScope(ms),
        ),
    },
    penalties: { driftsAway: 'DecideDate', run: (ms) => source.read('penalties', punished, callScope(ms)) },
  };
});
afterAll(() => hub.close());
beforeEach(() => hub.upstream.resetCalls());
afterEach(() => hub.upstream.setFault(null));

const READS: readonly ReadName[] = [
  'institutions',
  'qualifications',
  'facilities',
  'inspections',
  'processSeries',
  'reports',
  'reportsByNumber',
  'penalties',
];
const fault = (kind: FaultKind, scope: 'all' | 'first' = 'all') => hub.upstream.setFault({ kind, scope, delayMs: 900 });
const readOf = (name: string) => {
  const read = reads[name];
  if (read === undefined) throw new Error(name);
  return read;
};
const run = (name: string, timeoutMs?: number) => readOf(name).run(timeoutMs);

describe.each(READS)('ecology in trouble, asked for %s', (name) => {
  it('is late: the answer says so within the deadline', async () => {
    await fault('slow');
    const begun = Date.now();
    const answer = await run(name, 300);
    expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_TIMEOUT' });
    expect(Date.now() - begun).toBeLessThan(800);
  });

  it('accepts the call and says nothing: the answer says so within the deadline', async () => {
    await fault('half-open');
    const begun = Date.now();
    expect(await run(name, 300)).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_TIMEOUT' });
    expect(Date.now() - begun).toBeLessThan(800);
  });

  it('is down', async () => {
    await fault('down');
    expect(await run(name, 2_000)).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_UNAVAILABLE' });
  });

  it('answers what is not the protocol', async () => {
    await fault('garbage');
    expect(await run(name)).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_MALFORMED' });
  });

  it('breaks off in the middle of a reply', async () => {
    await fault('truncated');
    const answer = await run(name, 2_000);
    expect(answer.status).toBe('UNAVAILABLE');
    expect(['SOURCE_UNAVAILABLE', 'SOURCE_MALFORMED']).toContain('code' in answer ? answer.code : '');
  });

  it('renames a key in one record: that one is named, all others are there', async () => {
    const before = setsOf(await run(name));
    await fault('schema-drift', 'first');
    const after = setsOf(await run(name));
    const malformed = after.flatMap((set) => set.malformed);
    expect(malformed).toHaveLength(1);
    expect(malformed[0]).toMatchObject({ field: readOf(name).driftsAway, problem: 'is missing' });
    const lost = malformed[0]?.recordId;
    expect(lost).not.toBeNull();
    const idsOf = (sets: typeof before) =>
      sets.map(({ records }) => records.map(({ provenance }) => provenance.sourceRecordId));
    expect(idsOf(after)).toEqual(idsOf(before).map((ids) => ids.filter((id) => id !== lost)));
    expect(hub.source.health().state).toBe('DEGRADED');
  });

  it('renames a key in every record: every record is named, none is guessed', async () => {
    const before = setsOf(await run(name));
    await fault('schema-drift', 'all');
    const after = setsOf(await run(name));
    after.forEach((set, index) => {
      const known = at(before, index).records.length;
      expect(set.malformed.length + set.records.length).toBe(known);
      for (const { field } of set.malformed)
        expect(field).toMatch(new RegExp(`${readOf(name).driftsAway}|testdevicetype`));
      expect(set.records).toEqual([]);
    });
  });

  it('sends text in another charset than it declares: the words are right', async () => {
    const before = facts(setsOf(await run(name)));
    await fault('wrong-charset');
    expect(facts(setsOf(await run(name)))).toEqual(before);
  });

  it.each(['duplicate-rows', 'out-of-order'] as const)('has the trouble %s: the answer is the same', async (kind) => {
    const before = facts(setsOf(await run(name)));
    await fault(kind);
    expect(facts(setsOf(await run(name)))).toEqual(before);
  });

  it('refuses by its own code', async () => {
    await fault('refused');
    const answer = await run(name);
    expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_REFUSED' });
    expect(Object.values(hub.upstream.calls())).toEqual([1]);
  });
});

describe('the directory of ecology in trouble', () => {
  const directory = async () => {
    if (hub.source.directory === undefined) throw new Error('no directory');
    return await hub.source.directory(callScope());
  };

  it('has one unreadable station: it is named, the others are there', async () => {
    const before = await directory();
    await fault('schema-drift', 'first');
    const after = await directory();
    expect(after.malformed).toEqual([
      { recordId: before.entries[0]?.localId, field: 'StationName', problem: 'is missing' },
    ]);
    expect(after.entries).toHaveLength(before.entries.length - 1);
  });

  it('is refused, not empty', async () => {
    await fault('refused');
    await expect(directory()).rejects.toMatchObject({ name: 'HubError', code: 'SOURCE_REFUSED' });
  });

  it('does not list a station twice', async () => {
    const before = await directory();
    await fault('duplicate-rows');
    expect((await directory()).entries).toEqual(before.entries);
  });

  it('fails a ping when the platform refuses', async () => {
    await fault('refused');
    await expect(hub.source.ping(callScope())).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });
});
