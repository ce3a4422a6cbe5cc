/** The job that keeps the list of waiting numbers and finishes what decisions have left unfinished. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startAliasService } from '../../../jobs/identity/alias-service.ts';
import { openQueueBackend, type QueueBackend } from '../../../jobs/queue/queue-backend.ts';
import { AliasDesk } from '../../../schema/identity/alias-desk.ts';
import { openAliasStore } from '../../../schema/identity/alias-store.ts';
import { IdentityDirectory } from '../../../schema/identity/identity-directory.ts';
import { RegisterFollower } from '../../../schema/identity/register-follower.ts';
import { Replica } from '../../../schema/replica/replica.ts';
import { startEmbedded, type QueueServer } from '../../queue/servers.ts';
import { fakeDepartment, NOW, operation, registryOf } from '../../schema/support/fake-departments.ts';
import { A, at, B, institution, provenance, station } from '../../schema/support/records.ts';
import { confirm } from '../../schema/identity/support.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';

let store: StoreUnderTest;
let queue: QueueServer;
let backend: QueueBackend;
beforeAll(async () => {
  [store, queue] = await Promise.all([openStore(), startEmbedded()]);
  backend = openQueueBackend(queue.address);
}, 60_000);
afterAll(async () => {
  await backend.close();
  await Promise.all([store.close(), queue.close()]);
});

/** A register with two of one name, and one station of that name. */
async function openDesk() {
  const replica = new Replica(store.connection);
  await replica.open();
  const register = 'market-regulation';
  for (const [recordId, creditCode] of [['1', A] as const, ['2', B] as const]) {
    const record = institution(register, {
      creditCode,
      provenance: provenance(register, { sourceRecordId: recordId }),
    });
    const subjects = [`code:${creditCode}` as const];
    await replica.take(register, 'institutions', at('2026-03-01'), [{ recordId, updatedAt: null, subjects, record }]);
  }
  await replica.states.noteRead(`${register}|institutions`, at('2026-03-01'), null, true);
  const ecology = fakeDepartment('ecology', { directory: [station('7')] });
  const registry = registryOf([fakeDepartment(register, { register: true }), ecology]);
  const aliasStore = await openAliasStore(store.connection);
  const identity = new IdentityDirectory({ registry, decisions: aliasStore.decisions });
  await identity.indexOf(ecology, operation().scope);
  const follower = new RegisterFollower({ registry, replica, subjects: identity.subjects });
  await follower.refresh();
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  const clock = { now: () => NOW };
  const desk = new AliasDesk({ ...aliasStore, identity, register: follower, clock, onFailure });
  return { desk, ecology, failures };
}

it('finds what waits, and tells again what could not be told when it was decided', async () => {
  const { desk, ecology, failures } = await openDesk();
  const waiting = async () =>
    (await desk.candidates.page({ departmentId: null, kind: null, places: ['52'], after: null, limit: 10 })).map(
      ({ localId, since }) => ({ localId, since }),
    );
  const onRun = new Promise<object>((resolve) => {
    void startAliasService({
      desk,
      backend,
      everySeconds: 1,
      onRun: resolve,
      onFailure: (error) => failures.push(error),
    });
  });
  expect(await onRun).toEqual({ waiting: 1, written: 1, removed: 0 });
  expect(await waiting()).toEqual([{ localId: '7', since: NOW }]);

  let isAway = true;
  const told = new Promise<readonly string[]>((resolve) => {
    desk.follow((codes) => {
      if (isAway) return Promise.reject(new Error('the index is away'));
      resolve(codes);
      return Promise.resolve();
    });
  });
  await desk.decide(ecology, '7', confirm(A), operation().scope);
  expect(await waiting()).toEqual([]);
  expect(failures).toContainEqual(new Error('the index is away'));
  isAway = false;
  expect(await told).toEqual([A, B]);
}, 60_000);
