/**
 * The exam of every department's change feed: what the replica follows must be what the reads would give.
 * Nothing here knows a department.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import {
  REPLICATED_READS,
  type ChangesPage,
  type InspectionRequest,
  type ReplicatedRead,
  type ReportRequest,
  type SourceChange,
  type SubjectKey,
  type SubjectReference,
} from '../../schema/ports.ts';
import type { ProvenanceRecord } from '../../schema/records.ts';
import { discoverSources } from '../../sources/kit/registry.ts';
import { callScope, startSource, type SourceUnderTest } from '../support/source-under-test.ts';

type AnyRecord = { readonly provenance: ProvenanceRecord };
type AnyChange = SourceChange<AnyRecord>;
type Upsert = Extract<AnyChange, { kind: 'UPSERT' }>;

const definitions = await discoverSources();
const FEED_MS = 30_000;
const later = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

/** A record less what differs from one reply to the next. */
function facts(record: AnyRecord): object {
  const { provenance, ...rest } = record;
  return { ...rest, recordId: provenance.sourceRecordId, departmentId: provenance.departmentId };
}

describe.each(definitions.map((definition) => [definition.department.id, definition] as const))(
  '%s reports its changes',
  (id, definition) => {
    let stand: SourceUnderTest;

    beforeAll(async () => {
      stand = await startSource(definition, { worldSize: 25, guard: { failuresToOpen: 1_000 } });
    });
    afterAll(() => stand.close());

    const feeds = (): ReplicatedRead[] => [...stand.source.changeFeeds];

    const pagesOf = async (read: ReplicatedRead, since: Date | null, limit = 1_000) => {
      const pages: ChangesPage<AnyRecord>[] = [];
      for (let after: string | null = null; ;) {
        const page: ChangesPage<AnyRecord> = await stand.source.changes(
          read,
          { since, after, limit },
          callScope(FEED_MS),
        );
        expect(page.changes.length + page.malformed.length).toBeLessThanOrEqual(limit);
        pages.push(page);
        if (page.next === null) return pages;
        after = page.next;
      }
    };
    const changesOf = async (read: ReplicatedRead, since: Date | null, limit?: number): Promise<AnyChange[]> =>
      (await pagesOf(read, since, limit)).flatMap((page) => [...page.changes]);
    const upsertsOf = async (read: ReplicatedRead, since: Date | null = null): Promise<Upsert[]> =>
      (await changesOf(read, since)).filter((change) => change.kind === 'UPSERT');

    /** A record that can be changed, of the read. */
    const firstOf = async (read: ReplicatedRead): Promise<Upsert> => {
      const [first] = await upsertsOf(read);
      if (first === undefined) throw new Error(`${id} has no ${read}`);
      return first;
    };

    it('for every kind of record that it offers and that the replica keeps', () => {
      const offered = REPLICATED_READS.filter((read) => stand.source.reads.has(read));
      expect([...stand.source.changeFeeds].sort()).toEqual([...offered].sort());
    });

    it('with the same facts, under the same ids, as its reads give', async () => {
      const { source, world } = stand;
      const directory = await source.directory?.(callScope(FEED_MS));
      const listed = new Set(directory?.entries.map((entry) => entry.localId));
      const subjects = world.institutions.map((institution): SubjectReference => ({
        creditCode: institution.creditCode,
        localIds: Object.values(institution.localNumbers).flatMap((number) =>
          number !== null && listed.has(number) ? [number] : [],
        ),
      }));
      const open = { from: null, to: null, vin: null, result: null, number: null, limit: 10_000 };
      let compared = 0;
      for (const read of feeds().filter((name) => name !== 'certificates')) {
        const followed = new Map((await upsertsOf(read)).map((change) => [change.recordId, change]));
        for (const subject of subjects) {
          const asked = { ...subject, ...open } as SubjectReference & InspectionRequest & ReportRequest;
          const answer = await source.read(read, [asked], callScope(FEED_MS));
          if (answer.status !== 'LIVE') throw new Error(`${read} did not answer`);
          const keys: SubjectKey[] = [
            `code:${subject.creditCode}`,
            `org:${subject.creditCode.slice(8, 17)}`,
            ...subject.localIds.map((localId): SubjectKey => `local:${localId}`),
          ];
          for (const record of answer.sets.flatMap((set): readonly AnyRecord[] => set.records)) {
            const followedRecord = followed.get(record.provenance.sourceRecordId);
            if (followedRecord === undefined) throw new Error(`${read} ${record.provenance.sourceRecordId} is missing`);
            expect(facts(followedRecord.record)).toEqual(facts(record));
            if (definition.department.keyedBy === 'LOCAL_NUMBER' || read === 'institutions')
              expect(keys.some((key) => followedRecord.subjects.includes(key))).toBe(true);
            compared++;
          }
        }
      }
      expect(compared).toBeGreaterThan(20);
    });

    it('under ids that are unique within their kind', async () => {
      for (const read of feeds()) {
        const ids = (await upsertsOf(read)).map(
          (change) => `${change.recordId} ${JSON.stringify(facts(change.record))}`,
        );
        const distinct = new Set(ids);
        expect({ read, facts: distinct.size }).toEqual({
          read,
          facts: new Set(ids.map((text) => text.split(' ')[0])).size,
        });
      }
    });

    it('page by page, in order of update time, the same whatever the size of the page', async () => {
      for (const read of feeds()) {
        const inOne = await changesOf(read, null);
        const inMany = await changesOf(read, null, Math.max(1, Math.ceil(inOne.length / 5)));
        expect({ read, ids: inMany.map((change) => change.recordId) }).toEqual({
          read,
          ids: inOne.map((change) => change.recordId),
        });
        const times = inOne.flatMap(({ updatedAt }) => (updatedAt === null ? [] : [updatedAt.getTime()]));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }
    });

    it('with one upstream call a page', async () => {
      for (const read of feeds()) {
        stand.upstream.resetCalls();
        await stand.source.changes(read, { since: null, after: null, limit: 5 }, callScope(FEED_MS));
        const calls = Object.values(stand.upstream.calls()).reduce((sum, count) => sum + count, 0);
        expect({ read, calls }).toEqual({ read, calls: 1 });
      }
    });

    it('from a time on: what was changed since then, and nothing that was not', async () => {
      for (const [index, read] of feeds().entries()) {
        const at = later(10 + index * 10);
        expect(await changesOf(read, later(5 + index * 10))).toEqual([]);
        const before = await firstOf(read);
        await stand.upstream.amend({ read, recordId: before.recordId, kind: 'CHANGE', at });
        const changes = await changesOf(read, later(5 + index * 10));
        const own = changes.find((change) => change.recordId === before.recordId);
        if (own?.kind !== 'UPSERT') throw new Error(`${read}: the change is not reported`);
        expect(facts(own.record)).not.toEqual(facts(before.record));
        expect(Math.abs((own.updatedAt?.getTime() ?? 0) - at.getTime())).toBeLessThan(1_000);
      }
    });

    it('with a word when a record is withdrawn, and again when it comes back', async () => {
      for (const [index, read] of feeds().entries()) {
        const { recordId } = await firstOf(read);
        const since = later(200 + index * 20);
        await stand.upstream.amend({ read, recordId, kind: 'WITHDRAW', at: later(205 + index * 20) });
        expect(await changesOf(read, since)).toContainEqual(expect.objectContaining({ kind: 'DELETE', recordId }));
        await stand.upstream.amend({ read, recordId, kind: 'RESTORE', at: later(210 + index * 20) });
        const last = (await changesOf(read, since)).findLast((change) => change.recordId === recordId);
        expect(last).toMatchObject({ kind: 'UPSERT', recordId });
      }
    });

    it('without a word when a record vanishes silently, so that only a full reading finds it gone', async () => {
      for (const [index, read] of feeds().entries()) {
        const { recordId } = await firstOf(read);
        const since = later(600 + index * 20);
        await stand.upstream.amend({ read, recordId, kind: 'WITHDRAW', at: later(605 + index * 20), silently: true });
        expect((await changesOf(read, since)).filter((change) => change.recordId === recordId)).toEqual([]);
        expect((await upsertsOf(read)).filter((change) => change.recordId === recordId)).toEqual([]);
        await stand.upstream.amend({ read, recordId, kind: 'RESTORE', at: later(610 + index * 20) });
      }
    });

    it('with the field named when a record cannot be read, and all others there', async () => {
      for (const [index, read] of feeds().entries()) {
        const all = await upsertsOf(read);
        const recordId = all[0]?.recordId ?? '';
        await stand.upstream.amend({ read, recordId, kind: 'SPOIL', at: later(1_000 + index * 20) });
        const pages = await pagesOf(read, null);
        const malformed = pages.flatMap((page) => [...page.malformed]).filter((each) => each.recordId === recordId);
        expect(malformed.length).toBeGreaterThan(0);
        expect(malformed[0]?.field).toMatch(/\S/);
        const left = pages.flatMap((page) => [...page.changes]).filter((change) => change.kind === 'UPSERT');
        expect(new Set(left.map((change) => change.recordId))).toEqual(
          new Set(all.map((change) => change.recordId).filter((each) => each !== recordId)),
        );
        await stand.upstream.amend({ read, recordId, kind: 'RESTORE', at: later(1_010 + index * 20) });
      }
    });

    it('and takes a receipt for them, twice if need be', async () => {
      for (const read of feeds()) {
        const { recordId, updatedAt } = await firstOf(read);
        const receipt = {
          batch: 'exam-1',
          taken: [{ recordId, updatedAt }],
          refused: [{ recordId: 'no-such-record', field: 'NAME', problem: 'is empty' }],
        };
        await stand.source.acknowledge(read, receipt, callScope(FEED_MS));
        await stand.source.acknowledge(read, receipt, callScope(FEED_MS));
      }
    });

    it('or says which error stopped it', async () => {
      const [read] = feeds();
      if (read === undefined) return;
      for (const kind of ['down', 'garbage', 'refused', 'truncated'] as const) {
        await stand.upstream.setFault({ kind, delayMs: 0, scope: 'all' });
        const failed = stand.source.changes(read, { since: null, after: null, limit: 10 }, callScope(FEED_MS));
        await expect(failed).rejects.toBeInstanceOf(HubError);
        await stand.upstream.setFault(null);
      }
    });
  },
);
