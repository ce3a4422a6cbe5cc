import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReplicatedRead } from '../../../schema/ports.ts';
import ecology from '../../../sources/ecology/index.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { FEEDS, Follower, patientScope } from './follow.ts';
import { PATIENT, at, facts, inspectionsOf, recordsOf, reportsOf, setsOf, subjectKeyed, subjectOf } from './support.ts';

let hub: SourceUnderTest;
let follow: Follower;
let vehicleStation: WorldInstitution;

beforeAll(async () => {
  hub = await startSource(ecology, { worldSize: 40, environment: PATIENT });
  follow = new Follower(hub);
  vehicleStation = subjectKeyed(hub.world, 'INST-A');
});
afterAll(() => hub.close());

/** What the reads answer for one station. */
async function readOf(read: ReplicatedRead, station: WorldInstitution) {
  const request = { ...inspectionsOf(subjectOf(station)), ...reportsOf(subjectOf(station)) };
  return at(setsOf(await hub.source.read(read, [request], patientScope())), 0);
}
const idsIn = (records: readonly { readonly provenance: { readonly sourceRecordId: string } }[]): string[] =>
  records.map(({ provenance }) => provenance.sourceRecordId);

describe('an amended record of ecology', () => {
  const changed: readonly [ReplicatedRead, (facts: Record<string, unknown>) => unknown][] = [
    ['institutions', ({ address }) => address],
    ['qualifications', ({ issuer }) => issuer],
    ['facilities', ({ name }) => name],
    ['inspections', ({ lineNumber, object }) => lineNumber ?? object],
    ['reports', ({ version }) => version],
    ['penalties', ({ reason }) => reason],
  ];
  const MAY_DIFFER = new Set('provenance address issuer name lineNumber object version reason recordedAt'.split(' '));
  const withoutField = (record: object) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !MAY_DIFFER.has(name)));

  it.each(changed)('of %s has one other field, and another again after the next change', async (read, fieldOf) => {
    const { recordId, record } = at(await follow.upsertsOf(read), 0);
    const seen = [fieldOf(record as never)];
    for (let round = 0; round < 2; round += 1) {
      const since = await follow.amend(read, recordId, { kind: 'CHANGE' });
      const own = at(await follow.upsertsOf(read, since), 0);
      expect(own).toMatchObject({ recordId, updatedAt: since });
      expect(withoutField(own.record)).toEqual(withoutField(record));
      seen.push(fieldOf(own.record as never));
    }
    expect(new Set(seen).size).toBe(3);
    await follow.amend(read, recordId, { kind: 'RESTORE' });
    const restored = (await follow.upsertsOf(read)).find((change) => change.recordId === recordId);
    expect(fieldOf(restored?.record as never)).toEqual(seen[0]);
  });

  it.each(FEEDS)('of %s is the same in the answers of the reads', async (read) => {
    const station =
      read === 'penalties'
        ? hub.world.institutions.find(
            (each) =>
              each.localNumbers.ecology !== null &&
              hub.world.penaltiesOf(each).some(({ heldBy }) => heldBy === 'ecology'),
          )
        : vehicleStation;
    if (station === undefined) throw new Error('nobody was punished');
    const own = (await readOf(read, station)).records;
    const recordId = at(idsIn(own), own.length - 1);
    const followed = async () => (await follow.upsertsOf(read)).filter((change) => change.recordId === recordId);
    const read1 = async () => {
      const set = await readOf(read, station);
      return { ...set, records: set.records.filter(({ provenance }) => provenance.sourceRecordId === recordId) };
    };
    await follow.amend(read, recordId, { kind: 'CHANGE' });
    const records = (await followed()).map(({ record }) => record);
    expect(records).toHaveLength(1);
    expect(facts([await read1()])).toEqual(facts([{ records, malformed: [] }]));
    await follow.amend(read, recordId, { kind: 'SPOIL' });
    const spoiled = await read1();
    expect(spoiled.records).toEqual([]);
    expect(spoiled.malformed).toMatchObject([{ recordId, field: expect.stringMatching(/^[A-Za-z]+$/) }]);
    for (const silently of [false, true]) {
      await follow.amend(read, recordId, { kind: 'WITHDRAW', silently });
      expect(await read1()).toEqual({ records: [], malformed: [] });
      expect(await followed()).toEqual([]);
    }
    await follow.amend(read, recordId, { kind: 'RESTORE' });
    const before = own.filter(({ provenance }) => provenance.sourceRecordId === recordId);
    const after = (await read1()).records;
    expect(after.map(withoutField)).toEqual(before.map(withoutField));
  });

  it('is as old as its last change where the record names it', async () => {
    for (const [read, recordId] of [
      ['institutions', vehicleStation.localNumbers.ecology ?? ''],
      [
        'inspections',
        at(
          hub.world.visitsOf(vehicleStation).flatMap(({ emission }) => emission?.id ?? []),
          0,
        ),
      ],
    ] as const) {
      const when = await follow.amend(read, recordId, { kind: 'CHANGE' });
      const { records } = await readOf(read, vehicleStation);
      expect(records.find(({ provenance }) => provenance.sourceRecordId === recordId)?.provenance.asOf).toEqual(when);
      await follow.amend(read, recordId, { kind: 'RESTORE' });
    }
  });

  it('that is withdrawn takes what hangs on it along', async () => {
    const test = at(
      hub.world.visitsOf(vehicleStation).flatMap(({ emission }) => emission ?? []),
      0,
    );
    const series = async () => recordsOf(await hub.source.read('processSeries', [test.id], patientScope()));
    const byNumber = async () =>
      recordsOf(await hub.source.read('reportsByNumber', [test.reportNumber], patientScope()));
    const [report] = at(await byNumber(), 0);
    expect(await series()).toEqual([[expect.objectContaining({ samples: expect.anything() })]]);
    await follow.amend('inspections', test.id, { kind: 'WITHDRAW' });
    await follow.amend('reports', report?.provenance.sourceRecordId ?? '', { kind: 'WITHDRAW' });
    expect(await series()).toEqual([[]]);
    expect(await byNumber()).toEqual([[]]);
    await follow.amend('inspections', test.id, { kind: 'RESTORE' });
    await follow.amend('reports', report?.provenance.sourceRecordId ?? '', { kind: 'RESTORE' });

    const number = vehicleStation.localNumbers.ecology ?? '';
    const listed = async () => (await hub.source.directory?.(patientScope()))?.entries.map(({ localId }) => localId);
    expect(await listed()).toContain(number);
    await follow.amend('institutions', number, { kind: 'WITHDRAW' });
    expect(await listed()).not.toContain(number);
    const recent = (await follow.changesOf('qualifications')).filter((change) => change.recordId === number);
    expect(recent).toMatchObject([{ kind: 'DELETE' }]);
    await follow.amend('institutions', number, { kind: 'RESTORE' });
  });

  it('that was changed silently has its old time and its new facts', async () => {
    const before = at(await follow.upsertsOf('reports'), 3);
    const when = await follow.amend('reports', before.recordId, { kind: 'CHANGE', silently: true });
    expect(await follow.changesOf('reports', when)).toEqual([]);
    const after = (await follow.upsertsOf('reports')).find(({ recordId }) => recordId === before.recordId);
    expect(after?.updatedAt).toEqual(before.updatedAt);
    expect(after?.record.version).toBe(before.record.version + 1);
    await follow.amend('reports', before.recordId, { kind: 'RESTORE', silently: true });
    expect(await follow.changesOf('reports', when)).toEqual([]);
    const total = (await follow.changesOf('reports')).length;
    await follow.amend('reports', before.recordId, { kind: 'WITHDRAW', silently: true });
    expect(await follow.pageOf('reports', { limit: 1 })).toMatchObject({ total: total - 1 });
    await follow.amend('reports', before.recordId, { kind: 'RESTORE' });
    expect(await follow.pageOf('reports', { limit: 1 })).toMatchObject({ total });
  });

  it('must exist', async () => {
    const at = follow.nextDay();
    await expect(
      hub.upstream.amend({ read: 'reports', recordId: 'no-such-report', kind: 'CHANGE', at }),
    ).rejects.toThrow(/no-such-report/);
    await expect(hub.upstream.amend({ read: 'listEntries', recordId: 'any', kind: 'CHANGE', at })).rejects.toThrow(
      /listEntries/,
    );
  });
});
