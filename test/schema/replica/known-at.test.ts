/** What the replica knew at a time, within the bounds of a question. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InspectionRequest, SubjectKey } from '../../../schema/ports.ts';
import type { InspectionResult } from '../../../schema/records.ts';
import type { Observation } from '../../../schema/replica/merge.ts';
import { Replica } from '../../../schema/replica/replica.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';
import { A, inspection } from '../support/records.ts';
import { at } from './records.ts';

const KEY: SubjectKey = `code:${A}`;
const ANY: InspectionRequest = { creditCode: A, localIds: [], from: null, to: null, vin: null, limit: 100 };

let store: StoreUnderTest;
let replica: Replica;

/** An inspection that began in that minute. */
const holds = (recordId: string, minute: number, result: InspectionResult = 'PASS'): Observation => ({
  recordId,
  updatedAt: null,
  subjects: [KEY],
  record: { ...inspection(recordId, at(minute)), result },
});
const take = (minute: number, ...seen: Observation[]) => replica.take('ecology', 'inspections', at(minute), seen);
const known = async (minute: number, terms: Partial<InspectionRequest> = {}): Promise<string[]> => {
  const [set] = await replica.answerKnownAt('ecology', 'inspections', [{ ...ANY, ...terms }], at(minute));
  return (set?.records ?? []).map(({ id, startedAt, result }) => `${id} ${startedAt.getUTCMinutes()} ${result}`);
};

beforeAll(async () => {
  store = await openStore();
  replica = new Replica(store.connection);
  await replica.open();
  await take(100, holds('a', 1), holds('b', 2), holds('c', 3));
  // The department corrects a beginning and a verdict, and withdraws a test.
  await take(200, holds('a', 9), holds('b', 2, 'FAIL'));
  await take(300, { recordId: 'c', updatedAt: null, subjects: null, record: null }, holds('d', 4));
});
afterAll(() => store.close());

describe('inspections as they were known', () => {
  it('come newest first, by what was believed of their beginning', async () => {
    expect(await known(99)).toEqual([]);
    expect(await known(150)).toEqual(['c 3 PASS', 'b 2 PASS', 'a 1 PASS']);
    expect(await known(250)).toEqual(['a 9 PASS', 'c 3 PASS', 'b 2 FAIL']);
    expect(await known(300)).toEqual(['a 9 PASS', 'd 4 PASS', 'b 2 FAIL']);
  });

  it('are limited after the versions of then have been put in order', async () => {
    expect(await known(150, { limit: 2 })).toEqual(['c 3 PASS', 'b 2 PASS']);
    expect(await known(250, { limit: 2 })).toEqual(['a 9 PASS', 'c 3 PASS']);
  });

  it('are chosen by the facts of then', async () => {
    expect(await known(150, { result: 'FAIL' })).toEqual([]);
    expect(await known(250, { result: 'FAIL' })).toEqual(['b 2 FAIL']);
    expect(await known(150, { from: at(2), to: at(8) })).toEqual(['c 3 PASS', 'b 2 PASS']);
    expect(await known(250, { from: at(2), to: at(8) })).toEqual(['c 3 PASS', 'b 2 FAIL']);
  });

  it('are known from when a file was read, not from when it was exported', async () => {
    const fromFile = { ...holds('e', 5), isFromFile: true };
    await replica.take('ecology', 'inspections', at(350), [fromFile], [], at(400));
    expect(await known(399)).not.toContain('e 5 PASS');
    expect(await known(400)).toContain('e 5 PASS');
  });

  it('are not complete where something could not be read already then', async () => {
    const nameless = { recordId: null, field: 'TsNo', problem: 'is missing' };
    const unheld = { recordId: 'f', field: 'JCRQ', problem: 'is no date' };
    await replica.take('ecology', 'inspections', at(500), [], [nameless, unheld]);
    const [before] = await replica.answerKnownAt('ecology', 'inspections', [ANY], at(499));
    const [after] = await replica.answerKnownAt('ecology', 'inspections', [ANY], at(500));
    expect(before?.unattributed).toBeUndefined();
    expect(after).toMatchObject({ unattributed: 2, malformed: [] });
  });
});
