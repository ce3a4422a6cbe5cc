import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangesPage, ChangesQuery, ReplicatedRead } from '../../../schema/ports.ts';
import type { ProvenanceRecord } from '../../../schema/records.ts';
import { FaultCommand } from '../../../sources/kit/upstream/faults.ts';
import publicSecurity from '../../../sources/public-security/index.ts';
import type { WorldInstitution } from '../../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { inspectionsOf, live, numberOf, stationAt, stationsOf, subject } from './support.ts';

const NEVER_OPEN = { failuresToOpen: 1_000 };
const READS = ['institutions', 'qualifications', 'facilities', 'inspections'] as const;
const JKID = { institutions: '18Q91', qualifications: '18Q91', facilities: '18Q92', inspections: '18Q93' } as const;

let hub: SourceUnderTest;
let stations: WorldInstitution[];

beforeAll(async () => {
  hub = await startSource(publicSecurity, { worldSize: 60, guard: NEVER_OPEN });
  stations = stationsOf(hub.world);
});
afterAll(() => hub.close());
afterEach(() => hub.upstream.setFault(null));

type AnyPage = ChangesPage<{ readonly provenance: ProvenanceRecord }>;

const pageOf = (read: ReplicatedRead, query: Partial<ChangesQuery> = {}, from = hub): Promise<AnyPage> =>
  from.source.changes(read, { since: null, after: null, limit: 30, ...query }, callScope(30_000));
const setFault = (fault: { kind: FaultCommand['kind']; scope?: FaultCommand['scope'] }) =>
  hub.upstream.setFault(FaultCommand.parse(fault));
const later = (minutes: number): Date => new Date(Math.floor(Date.now() / 1_000) * 1_000 + minutes * 60_000);
const idsOf = ({ changes }: AnyPage) => changes.map(({ kind, recordId }) => `${kind} ${recordId}`);
/** A page without what differs from call to call. */
const facts = ({ changes, malformed, next }: AnyPage): unknown =>
  JSON.parse(JSON.stringify({ changes, malformed, next }), (key, value: unknown) =>
    key === 'provenance' ? undefined : value,
  );

describe.each(READS)('a page of %s', (read) => {
  it('is the same percent-encoded as a whole and value by value', async () => {
    const plain = await startSource(publicSecurity, {
      worldSize: 60,
      environment: { PUBLIC_SECURITY_VARIANT: 'plain' },
    });
    try {
      const whole = await pageOf(read, {}, plain);
      expect(whole.changes).toHaveLength(30);
      expect(facts(whole)).toEqual(facts(await pageOf(read)));
    } finally {
      await plain.close();
    }
  });

  it.each(['duplicate-rows', 'out-of-order', 'wrong-charset'] as const)(
    'is the same when the department sends %s',
    async (kind) => {
      const before = await pageOf(read);
      await setFault({ kind });
      expect(facts(await pageOf(read))).toEqual(facts(before));
    },
  );

  it('is one call of its own interface number', async () => {
    hub.upstream.resetCalls();
    const first = await pageOf(read, { limit: 3 });
    await pageOf(read, { limit: 3, after: first.next });
    expect(hub.upstream.calls()).toEqual({ [JKID[read]]: 2 });
  });

  it('counts as a system error, not as a refusal, when the answer is $E, and can be asked for again', async () => {
    const first = await pageOf(read, { limit: 5 });
    const second = await pageOf(read, { limit: 5, after: first.next });
    await setFault({ kind: 'refused', scope: 'first' });
    await expect(pageOf(read, { limit: 5, after: first.next })).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    await setFault({ kind: 'refused' });
    await expect(pageOf(read, { limit: 5, after: first.next })).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
    await hub.upstream.setFault(null);
    expect(facts(await pageOf(read, { limit: 5, after: first.next }))).toEqual(facts(second));
  });

  it('names the record whose field has another name and keeps all others', async () => {
    const before = await pageOf(read);
    await setFault({ kind: 'schema-drift', scope: 'first' });
    const page = await pageOf(read);
    const [lost] = before.changes;
    const field = read === 'inspections' ? 'jyjgpd' : 'jczbh';
    expect(page.malformed).toEqual([expect.objectContaining({ recordId: lost?.recordId, field })]);
    expect(idsOf(page)).toEqual(idsOf(before).slice(1));
    expect(page.next).toBe(before.next);
  });

  it('reports every record and still goes on when the field is gone from all', async () => {
    const before = await pageOf(read);
    await setFault({ kind: 'schema-drift' });
    const page = await pageOf(read);
    expect(page.changes).toEqual([]);
    expect(page.malformed.map(({ recordId }) => recordId)).toEqual(before.changes.map(({ recordId }) => recordId));
    expect(page).toMatchObject({ next: before.next, newestAt: before.newestAt });
  });

  it('files each record under its station’s number', async () => {
    const numbers = new Set(stations.map((each) => `local:${numberOf(each)}`));
    for (const change of (await pageOf(read)).changes) {
      if (change.kind !== 'UPSERT') throw new Error('nothing is withdrawn yet');
      expect(change.subjects).toEqual([`local:${change.recordId.slice(0, 10)}`]);
      expect(numbers).toContain(change.subjects[0]);
    }
  });

  it('names no person', async () => {
    const text = JSON.stringify(await pageOf(read, { limit: 1_000 }));
    const people = stations.flatMap(({ legalRepresentative, contactPhone }) => [legalRepresentative, contactPhone]);
    for (const secret of [...people, '529999', '示例检', '例检甲', '示检乙', '范例检'])
      expect(text).not.toContain(secret);
  });

  it('refuses to go on from a place that is none', async () => {
    await expect(pageOf(read, { after: 'somewhere' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('cannot change a record that does not exist', async () => {
    for (const recordId of ['5299999999', `${numberOf(stationAt(stations, 0))}-none`]) {
      const change = async () => hub.upstream.amend({ read, recordId, kind: 'CHANGE', at: later(1) });
      await expect(change()).rejects.toThrow(recordId);
    }
  });
});

describe('an amended record', () => {
  const amend = (read: ReplicatedRead, recordId: string, kind: 'CHANGE' | 'WITHDRAW' | 'RESTORE', minutes: number) =>
    hub.upstream.amend({ read, recordId, kind, at: later(minutes) });

  it('is the same in every answer, and comes back as it was', async () => {
    const institution = stationAt(stations, 3);
    const recordId = numberOf(institution);
    const read = async () => live(await hub.source.read('institutions', [subject(institution)], callScope()))[0];
    const listed = async () =>
      (await hub.source.directory?.(callScope(30_000)))?.entries.some(({ localId }) => localId === recordId);
    const [before] = (await read())?.records ?? [];

    await amend('institutions', recordId, 'CHANGE', 10);
    const [changed] = (await read())?.records ?? [];
    expect(changed?.address).toBe(`${before?.address}（变更1）`);
    expect(changed?.provenance.asOf).toEqual(later(10));
    await amend('institutions', recordId, 'CHANGE', 20);
    expect((await read())?.records[0]?.address).not.toBe(changed?.address);

    await amend('institutions', recordId, 'WITHDRAW', 30);
    expect(await read()).toEqual({ records: [], malformed: [] });
    expect(await listed()).toBe(false);

    await amend('institutions', recordId, 'RESTORE', 40);
    const [restored] = (await read())?.records ?? [];
    expect({ ...restored, provenance: null }).toEqual({ ...before, provenance: null });
    expect(await listed()).toBe(true);
  });

  it('that is a line takes its equipment along, and a piece of equipment leaves its line alone', async () => {
    const institution = stationAt(stations, 4);
    const held = async () =>
      live(await hub.source.read('facilities', [subject(institution)], callScope()))[0]?.records.map(
        ({ provenance }) => provenance.sourceRecordId,
      ) ?? [];
    const before = await held();
    const lineId = `${numberOf(institution)}-1`;
    const own = before.filter((id) => id === lineId || id.startsWith(`${lineId}-`));
    const brakes = own.find((id) => id.includes('-zdsb-')) ?? '';

    await amend('facilities', brakes, 'WITHDRAW', 110);
    expect(await held()).toEqual(before.filter((id) => id !== brakes));
    expect(idsOf(await pageOf('facilities', { since: later(105) }))).toEqual(
      own.toSorted().map((id) => `${id === brakes ? 'DELETE' : 'UPSERT'} ${id}`),
    );

    await amend('facilities', lineId, 'WITHDRAW', 120);
    expect(await held()).toEqual(before.filter((id) => !own.includes(id)));
    expect(idsOf(await pageOf('facilities', { since: later(115) }))).toEqual(
      own.toSorted().map((id) => `DELETE ${id}`),
    );

    await amend('facilities', lineId, 'RESTORE', 130);
    await amend('facilities', brakes, 'RESTORE', 130);
    expect(await held()).toEqual(before);
  });

  it('that is a verdict turns into the other one, silently only for who asks again', async () => {
    const institution = stations.find((each) => hub.world.visitsOf(each).some(({ safety }) => safety !== null));
    if (institution === undefined) throw new Error('the world has no verdict');
    const newest = async () =>
      live(await hub.source.read('inspections', [inspectionsOf(institution, { limit: 1 })], callScope()))[0]
        ?.records[0];
    const before = await newest();
    const recordId = before?.provenance.sourceRecordId ?? '';
    await hub.upstream.amend({ read: 'inspections', recordId, kind: 'CHANGE', at: later(200), silently: true });
    expect([before?.result, (await newest())?.result].toSorted()).toEqual(['FAIL', 'PASS']);
    expect(await pageOf('inspections', { since: later(195) })).toMatchObject({ changes: [], newestAt: null });
    const all = await pageOf('inspections', { limit: 1_000 });
    const own = all.changes.find((change) => change.recordId === recordId);
    expect(own).toMatchObject({ kind: 'UPSERT', record: { result: (await newest())?.result } });
    await amend('inspections', recordId, 'RESTORE', 210);
    expect((await newest())?.result).toBe(before?.result);
  });

  it('is found from its own second on, that second included', async () => {
    const recordId = numberOf(stationAt(stations, 5));
    const at = later(300);
    await amend('qualifications', recordId, 'CHANGE', 300);
    const from = async (milliseconds: number) =>
      idsOf(await pageOf('qualifications', { since: new Date(at.getTime() + milliseconds) }));
    expect(await from(0)).toEqual([`UPSERT ${recordId}`]);
    expect(await from(999)).toEqual([`UPSERT ${recordId}`]);
    expect(await from(1_000)).toEqual([]);
  });
});

it('a province of twenty thousand institutions is read page by page without drawing all of it', async () => {
  const large = await startSource(publicSecurity, { worldSize: 20_000 });
  try {
    for (const read of READS) {
      const before = process.cpuUsage();
      let after: string | null = null;
      for (let pages = 0; pages < 3; pages += 1) {
        const page: AnyPage = await pageOf(read, { limit: 300, after }, large);
        expect(page.changes).toHaveLength(300);
        after = page.next;
      }
      const { user, system } = process.cpuUsage(before);
      // The work of three pages, whatever else the machine does; the verdicts of all stations alone take longer.
      expect((user + system) / 1_000_000).toBeLessThan(6);
    }
  } finally {
    await large.close();
  }
}, 120_000);
