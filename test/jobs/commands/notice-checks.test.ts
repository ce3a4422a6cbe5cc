import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookAtNotices, lookAtSigningKeys } from '../../../jobs/commands/notice-checks.ts';
import { ApiKeys } from '../../../schema/access/api-keys.ts';
import type { Role } from '../../../schema/access/caller.ts';
import { disabled, newEndpoint } from '../../../schema/delivery/endpoint.ts';
import { EndpointStore } from '../../../schema/delivery/endpoint-store.ts';
import { begin, end } from '../../../schema/notice/dispatch.ts';
import { NoticeStore } from '../../../schema/notice/notice-store.ts';
import { openKeyRing, type KeyRing } from '../../../schema/signing/key-ring.ts';
import { at, atStage, changed, deliveryTo, MONDAY, numbered } from '../../notice/cases.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';

const DEPARTMENTS = ['market-regulation', 'ecology'];
const NOW = at('2026-03-03');

let opened: StoreUnderTest;
let folder: string;
let ring: KeyRing;
let keys: ApiKeys;
let notices: NoticeStore;
let endpoints: EndpointStore;
beforeAll(async () => {
  [opened, folder] = await Promise.all([openStore(), mkdtemp(join(tmpdir(), 'hub-keys-'))]);
  const { connection } = opened;
  ring = await openKeyRing({ connection, folder, now: () => MONDAY });
  keys = new ApiKeys(connection);
  notices = new NoticeStore(connection);
  endpoints = new EndpointStore(connection);
});
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

describe('signing keys, the doctor says', () => {
  const look = (areMadeAtStart = false) =>
    lookAtSigningKeys({ ring, keys, notices, departmentIds: DEPARTMENTS, areMadeAtStart, now: NOW });
  const keyFor = (role: Role) =>
    keys.create({ subject: 'somebody', departmentId: 'ecology', roles: [role], regions: ['52'], expiresAt: null });

  it('are missing where the hub has none to seal evidence with, unless they are made when it starts', async () => {
    await expect(look()).rejects.toThrow(
      'must sign and cannot: hub; npm run hub -- signing-keys create <owner>. no key: hub, market-regulation, ecology',
    );
    expect(await look(true)).toBe('made when the hub starts: hub, market-regulation, ecology');
  });

  it('are enough when all who determine have one; who only receives needs none', async () => {
    await ring.create('hub');
    await ring.create('market-regulation');
    await keyFor('RECIPIENT');
    expect(await look()).toBe('sign here: hub, market-regulation; no key: ecology');
    const { id } = await keyFor('DETERMINER');
    await expect(look()).rejects.toThrow('must sign and cannot: ecology;');
    await keys.revoke(id);
    expect(await look()).toContain('no key: ecology');
  });

  it('are needed as long as a notice stands: its end is signed, too', async () => {
    const notice = atStage('PUBLISHED');
    await notices.insert({ ...notice, _id: 'standing', determinerId: 'ecology', number: 'LHCJ1' });
    await expect(look()).rejects.toThrow('must sign and cannot: ecology;');
    const key = await ring.create('ecology');
    expect(await look()).toBe('sign here: hub, ecology, market-regulation');
    await rm(join(folder, `${key.keyId}.pem`));
    const elsewhere = await openKeyRing({ connection: opened.connection, folder, now: () => MONDAY });
    await expect(
      lookAtSigningKeys({ ring: elsewhere, keys, notices, departmentIds: DEPARTMENTS, areMadeAtStart: true, now: NOW }),
    ).rejects.toThrow(`the file of ${key.keyId} is not here: ecology`);
    await ring.revoke(key.keyId);
    await expect(look(true)).rejects.toThrow('no valid key: ecology');
    await notices.model.deleteOne({ _id: 'standing' });
  });
});

describe('notices, the doctor says', () => {
  const look = (now = NOW) => lookAtNotices({ notices, endpoints, now });

  it('are well when nothing is dead, disabled or waiting', async () => {
    expect(await look()).toBe('none dead, no endpoint disabled, all events numbered');
  });

  it('have events that nobody numbers, once they have waited for more than a minute', async () => {
    await notices.insert(atStage('PUBLISHED'));
    expect(await look(at('2026-03-02T10:01:00+08:00'))).toContain('all events numbered');
    await expect(look(at('2026-03-02T10:01:01+08:00'))).rejects.toThrow(
      'notices whose events nobody has numbered for more than a minute: 1; does a worker run?',
    );
    await notices.model.deleteMany({});
  });

  it('have dead deliveries, counted by department, and disabled endpoints', async () => {
    const messageId = `${deliveryTo('ecology')}.NOTICE`;
    const reply = {
      outcome: 'REFUSED',
      httpStatus: 403,
      detail: 'no',
      receiptNumber: null,
      replyDigest: null,
    } as const;
    const dead = changed(numbered(atStage('PUBLISHED')), (change) => {
      begin(change, messageId, 'webhook', 60_000);
      end(change, messageId, { ...reply, retryAfterMs: null }, 0);
    });
    await notices.insert(numbered(dead));
    await expect(look()).rejects.toThrow('deliveries that could not be made: ecology 1 (deadDeliveries, redeliver)');
    const act = { by: 'operator', at: MONDAY };
    const settings = { url: 'https://hooks.transport.example/', ratePerSecond: 1, concurrency: 1, description: null };
    const endpoint = newEndpoint({ id: 'e1', departmentId: 'transport', sealed: '' }, settings, act);
    await endpoints.insert(disabled(endpoint, 'gone', act));
    await expect(look()).rejects.toThrow(
      'ecology 1 (deadDeliveries, redeliver); endpoints disabled: transport (enableEndpoint)',
    );
  });
});
