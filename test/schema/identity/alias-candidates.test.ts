/** The list of numbers that wait, in MongoDB. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AliasCandidates,
  type CandidatePosition,
  type CandidateScope,
} from '../../../schema/identity/alias-candidates.ts';
import type { AliasDecision } from '../../../schema/identity/alias-decision.ts';
import { NearNames } from '../../../schema/identity/near-names.ts';
import { StationIndex } from '../../../schema/identity/station-index.ts';
import type { DirectoryEntry } from '../../../schema/ports.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';
import { A, at, B, station } from '../support/records.ts';
import { after, confirm, DIRECTORY_AT, grounds } from './support.ts';

const NAMESAKES = [{ creditCode: A }, { creditCode: B }];
const EVERYWHERE: CandidateScope = { departmentId: null, kind: null, places: ['52', ''] };

let store: StoreUnderTest;
let list: AliasCandidates;
beforeAll(async () => {
  store = await openStore();
  list = new AliasCandidates(store.connection);
  await list.open();
});
beforeEach(() => store.connection.collection('alias_candidates').deleteMany({}));
afterAll(() => store.close());

interface Found {
  readonly entries: readonly DirectoryEntry[];
  readonly decisions?: readonly AliasDecision[];
  readonly now?: Date;
  readonly directoryAt?: Date;
  readonly only?: readonly DirectoryEntry[] | null;
  readonly departmentId?: string;
}

function refresh(found: Found, into = list) {
  const { entries, decisions = [], now = at('2026-03-05'), directoryAt = DIRECTORY_AT, only = null } = found;
  const given = { ...grounds(NAMESAKES, entries, decisions), index: new StationIndex(entries, directoryAt) };
  const near = new NearNames(given.subjects.all());
  return into.refresh(found.departmentId ?? 'ecology', given, near, now, only);
}
const waiting = async (scope: Partial<CandidateScope> = {}, limit = 100, after_: CandidatePosition | null = null) =>
  (await list.page({ ...EVERYWHERE, ...scope, after: after_, limit })).map(({ localId }) => localId);

describe('the list', () => {
  it('holds each number with the directory’s entry, the institutions that come into question, and since when', async () => {
    const entry = station('7', { cmaNumbers: ['172405340001'] });
    expect(await refresh({ entries: [entry] })).toEqual({ waiting: 1, written: 1, removed: 0 });
    const [found] = await list.page({ ...EVERYWHERE, after: null, limit: 1 });
    expect(found).toMatchObject({
      departmentId: 'ecology',
      kind: 'UNCERTAIN',
      ...entry,
      since: at('2026-03-05'),
      candidates: [
        { creditCode: A, why: 'SHARED_NAME', confidence: 0.5 },
        { creditCode: B, why: 'SHARED_NAME', confidence: 0.5 },
      ],
    });
    expect(found?.candidates[0]?.evidence).toContainEqual({
      field: 'region',
      ours: '520115',
      theirs: '520115',
      agrees: true,
    });
  });

  it('keeps since when a number waits, while what is known of it changes', async () => {
    await refresh({ entries: [station('7')] });
    const entries = [station('7', { cmaNumbers: ['1'] })];
    expect(await refresh({ entries, now: at('2026-03-06') })).toEqual({ waiting: 1, written: 1, removed: 0 });
    expect(await refresh({ entries, now: at('2026-03-07') })).toEqual({ waiting: 1, written: 0, removed: 0 });
    const [found] = await list.page({ ...EVERYWHERE, after: null, limit: 1 });
    expect(found).toMatchObject({ since: at('2026-03-05'), cmaNumbers: ['1'] });
  });

  it('loses a number that was decided, or that the directory has no more', async () => {
    await refresh({ entries: [station('7'), station('8'), station('9')] });
    await refresh({ entries: [station('7'), station('8')], decisions: [after('7', confirm(A))] });
    expect(await waiting()).toEqual(['8']);
  });

  it('leaves alone what it was not told to look at, and other departments', async () => {
    await refresh({ entries: [station('5')], departmentId: 'public-security' });
    await refresh({ entries: [station('7'), station('8')] });
    const decided = [after('7', confirm(A)), after('8', confirm(B))];
    await refresh({ entries: [station('7'), station('8')], decisions: decided, only: [station('7')] });
    expect(await waiting()).toEqual(['8', '5']);
  });

  it('keeps what a newer directory has put on it', async () => {
    await refresh({ entries: [station('7')], directoryAt: at('2026-03-05') });
    await refresh({ entries: [], directoryAt: at('2026-03-04') });
    expect(await waiting()).toEqual(['7']);
    await refresh({ entries: [], directoryAt: at('2026-03-06') });
    expect(await waiting()).toEqual([]);
  });

  it('comes to the same when several bring it up to date at once', async () => {
    const entries = Array.from({ length: 30 }, (_, n) => station(String(n)));
    const lists = [list, new AliasCandidates(store.connection), new AliasCandidates(store.connection)];
    await Promise.all(lists.map((each) => refresh({ entries }, each)));
    expect(await waiting()).toHaveLength(30);
  });
});

describe('pages', () => {
  const entries = Array.from({ length: 5 }, (_, n) => station(String(n)));

  it('come in the order of waiting, and stay right while numbers come and go', async () => {
    await refresh({ entries: entries.slice(2), now: at('2026-03-01') });
    await refresh({ entries, now: at('2026-03-02') });
    const [first, second] = await list.page({ ...EVERYWHERE, after: null, limit: 2 });
    expect([first?.localId, second?.localId]).toEqual(['2', '3']);
    await refresh({ entries: entries.filter(({ localId }) => localId !== '3'), now: at('2026-03-03') });
    const position = { since: second?.since ?? at('2026-01-01'), id: second?._id ?? '' };
    expect(await waiting({}, 100, position)).toEqual(['4', '0', '1']);
  });

  it('are of one department, one kind or some divisions, and so is their count', async () => {
    const elsewhere = station('8', { name: '六盘水示例机构', regionCode: '520221' });
    const nowhere = station('9', { name: '无区划', regionCode: null });
    await refresh({ entries: [station('7'), elsewhere, nowhere] });
    await refresh({ entries: [station('5')], departmentId: 'public-security' });
    expect(await waiting({ departmentId: 'public-security' })).toEqual(['5']);
    expect((await waiting({ kind: 'UNMATCHED' })).sort()).toEqual(['8', '9']);
    expect((await waiting({ places: ['5201'] })).sort()).toEqual(['5', '7']);
    // 520221 is 520204 today.
    expect(await waiting({ places: ['520204'] })).toEqual(['8']);
    expect(await waiting({ places: ['5203'] })).toEqual([]);
    expect(await waiting({ places: [''] })).toEqual(['9']);
    expect(await list.count({ ...EVERYWHERE, places: ['5201'] })).toBe(2);
  });
});
