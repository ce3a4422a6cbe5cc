/** What the replica holds of the register, in memory. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RegisterFollower } from '../../../schema/identity/register-follower.ts';
import { SubjectMemory } from '../../../schema/identity/subject-memory.ts';
import { Replica } from '../../../schema/replica/replica.ts';
import type { InstitutionRecord } from '../../../schema/records.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';
import { fakeDepartment, registryOf } from '../support/fake-departments.ts';
import { A, at, B, codeOf, institution, provenance } from '../support/records.ts';

let store: StoreUnderTest;
let replica: Replica;
beforeAll(async () => {
  store = await openStore();
  replica = new Replica(store.connection);
  await replica.open();
});
afterEach(async () => {
  await replica.models.records.deleteMany({});
  await replica.models.states.deleteMany({});
});
afterAll(() => store.close());

const REGISTER = 'market-regulation';
const FEED = `${REGISTER}|institutions` as const;
let minute = 0;

function followed() {
  const subjects = new SubjectMemory();
  const registry = registryOf([fakeDepartment(REGISTER, { register: true }), fakeDepartment('ecology')]);
  return { subjects, follower: new RegisterFollower({ registry, replica, subjects }) };
}

/** The register says these things of a record; null: it is gone. */
async function says(recordId: string, facts: Partial<InstitutionRecord> | null): Promise<void> {
  minute += 1;
  const observedAt = new Date(at('2026-03-01').getTime() + minute * 60_000);
  const record =
    facts && institution(REGISTER, { provenance: provenance(REGISTER, { sourceRecordId: recordId }), ...facts });
  const subjects = record === null ? null : [`code:${record.creditCode ?? ''}` as const];
  await replica.take(REGISTER, 'institutions', observedAt, [{ recordId, updatedAt: observedAt, subjects, record }]);
}
const isReadOnce = () => replica.states.noteRead(FEED, at('2026-03-01'), null, true);

describe('the register in memory', () => {
  it('is not there before the replica has read it once', async () => {
    const { subjects, follower } = followed();
    await says('1', {});
    expect([await follower.refresh(), follower.isComplete()]).toEqual([false, false]);
    expect(subjects.factsOf(A)).toBeUndefined();
    await isReadOnce();
    expect([await follower.refresh(), follower.isComplete()]).toEqual([true, true]);
    expect(subjects.factsOf(A)).toMatchObject({ creditCode: A, regionCode: '520115' });
  });

  it('holds rivals of a name that nobody has asked for', async () => {
    const { subjects, follower } = followed();
    await says('1', { creditCode: A });
    await says('2', { creditCode: B });
    await isReadOnce();
    await follower.refresh();
    const own = subjects.factsOf(A);
    expect(own && subjects.sharedBy(own).name).toBe(true);
  });

  it('follows what is changed, added and withdrawn, and what a record no longer speaks for', async () => {
    const { subjects, follower } = followed();
    await says('1', { creditCode: A });
    await says('2', { creditCode: B });
    await says('3', { creditCode: codeOf(3) });
    await isReadOnce();
    await follower.refresh();
    await says('1', { creditCode: A, name: '新名' });
    await says('2', { creditCode: codeOf(22) });
    await says('3', null);
    await says('4', { creditCode: codeOf(4) });
    await follower.refresh();
    const known = [A, B, codeOf(22), codeOf(3), codeOf(4)].map((code) => subjects.factsOf(code)?.name ?? null);
    expect(known).toEqual(['新名', null, institution(REGISTER).name, null, institution(REGISTER).name]);
  });

  it('does not forget an institution for which another record still speaks', async () => {
    const { subjects, follower } = followed();
    await says('1', { creditCode: A });
    await says('2', { creditCode: A });
    await isReadOnce();
    await follower.refresh();
    await says('2', null);
    await follower.refresh();
    expect(subjects.factsOf(A)).toBeDefined();
  });

  it('learns nothing where nothing has changed', async () => {
    const { subjects, follower } = followed();
    await says('1', {});
    await isReadOnce();
    await follower.refresh();
    const { version } = subjects;
    await says('1', {});
    await follower.refresh();
    expect(subjects.version).toBe(version);
  });

  it('is nobody’s where no department keeps a register', async () => {
    const subjects = new SubjectMemory();
    const registry = registryOf([fakeDepartment('ecology')]);
    expect(await new RegisterFollower({ registry, replica, subjects }).refresh()).toBe(false);
  });
});
