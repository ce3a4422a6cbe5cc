import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runClock } from '../../jobs/notice/run-clock.ts';
import type { Notice } from '../../schema/notice/notice.ts';
import { NoticeNumbers } from '../../schema/notice/notice-number.ts';
import { NoticeService } from '../../schema/notice/notice-service.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { registryOf } from '../schema/support/fake-departments.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { at, blankNotice, changed, content, kindsOf } from './cases.ts';
import { takeTo } from '../../schema/notice/case.ts';

let opened: StoreUnderTest;
let folder: string;
beforeAll(async () => {
  [opened, folder] = await Promise.all([openStore(), mkdtemp(join(tmpdir(), 'hub-keys-'))]);
});
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

const published = (id: string, determinerId: string): Notice =>
  changed({ ...blankNotice(content(), id), determinerId }, (change) => takeTo(change, 'PUBLISHED'));

it('one department without a signing key does not keep the others’ notices from ending', async () => {
  const { connection } = opened;
  const afterLastDay = at('2029-03-02');
  const clock = { now: () => afterLastDay };
  const store = new NoticeStore(connection, { now: clock.now });
  await store.open();
  const signer = await openKeyRing({ connection, folder });
  await signer.ensureKeys(['market-regulation']);
  const service = new NoticeService({
    ...{ store, numbers: new NoticeNumbers(connection), signer, registry: registryOf([]), clock },
  });
  for (const notice of [published('n1', 'ecology'), published('n2', 'market-regulation')]) await store.insert(notice);

  const failure: unknown = await runClock(service, afterLastDay).catch((error: unknown) => error);
  expect(failure).toMatchObject({ errors: [{ code: 'SIGNING_UNAVAILABLE' }] });
  const [keyless, other] = [await store.get('n1'), await store.get('n2')];
  expect([keyless.state, other.state]).toEqual(['PUBLISHED', 'LIFTED']);
  // What needs no signature is done for both.
  for (const each of [keyless, other]) expect(kindsOf(each.pendingEvents)).toContain('SIGN_OVERDUE');

  await signer.create('ecology');
  expect(await runClock(service, afterLastDay)).toEqual({ expired: 1, ticked: 1 });
  expect((await store.get('n1')).state).toBe('LIFTED');
});
