import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCallRate } from '../../jobs/delivery/webhook/call-rate.ts';
import { queueServers, type QueueServer } from '../queue/servers.ts';
import { startPartner, type Partner } from './support/partner.ts';
import { envelope, scope, startWebhook, type WebhookUnderTest } from './support/webhook.ts';

const CONCURRENCY = 3;
const atOnce = { now: 0, most: 0 };
let hub: WebhookUnderTest;
let partner: Partner;
beforeAll(async () => {
  hub = await startWebhook();
  partner = await startPartner(async (response) => {
    atOnce.now += 1;
    atOnce.most = Math.max(atOnce.most, atOnce.now);
    // The first calls are held until as many are there as may be, and then a little, for one too many to show itself.
    do await wait(20);
    while (atOnce.most < CONCURRENCY);
    atOnce.now -= 1;
    response.writeHead(204).end();
  });
});
afterAll(async () => {
  await hub.close();
  await partner.close();
});

/** Sends as the delivery machine does: with leave, and later without. @returns how often leave was not given */
async function send(departmentId: string): Promise<number> {
  for (let waits = 0; ; waits += 1) {
    const admission = await hub.channel.admit(departmentId);
    if (!admission.admitted) {
      await wait(admission.waitMs);
      continue;
    }
    try {
      await hub.channel.deliver(departmentId, envelope(), scope());
      return waits;
    } finally {
      admission.leave();
      // Giving back twice gives back once.
      admission.leave();
    }
  }
}

describe('the limits of an endpoint', () => {
  it('keep the calls under way at once to its concurrency, and lose none', async () => {
    const { departmentId } = await hub.endpointAt(partner.url, { concurrency: CONCURRENCY });
    await Promise.all(Array.from({ length: 24 }, () => send(departmentId)));
    expect(atOnce.most).toBe(CONCURRENCY);
    expect(partner.received).toHaveLength(24);
  });

  it('tell how long to wait when the calls of this second are spent, and take no slot then', async () => {
    const { departmentId } = await hub.endpointAt(partner.url, { concurrency: 4, ratePerSecond: 2 });
    const admissions = await Promise.all(Array.from({ length: 4 }, () => hub.channel.admit(departmentId)));
    const waits = admissions.flatMap((each) => (each.admitted ? [] : [each.waitMs]));
    expect(waits).toHaveLength(2);
    expect(waits.every((waitMs) => waitMs > 0 && waitMs <= 1_000)).toBe(true);
    await wait(Math.max(...waits) + 50);
    // Two of the four slots are still taken by those that were let in.
    const later = await Promise.all(Array.from({ length: 2 }, () => hub.channel.admit(departmentId)));
    expect(later.map(({ admitted }) => admitted)).toEqual([true, true]);
    for (const each of [...admissions, ...later]) if (each.admitted) each.leave();
  });

  it('do not keep the messages of one department back for another', async () => {
    const busy = await hub.endpointAt(partner.url, { concurrency: 1 });
    const idle = await hub.endpointAt(partner.url, { concurrency: 1 });
    const held = await hub.channel.admit(busy.departmentId);
    expect((await hub.channel.admit(busy.departmentId)).admitted).toBe(false);
    expect((await hub.channel.admit(idle.departmentId)).admitted).toBe(true);
    if (held.admitted) held.leave();
    expect((await hub.channel.admit(busy.departmentId)).admitted).toBe(true);
  });

  it('do not hold for what is not called', async () => {
    const { departmentId } = await hub.endpointAt(partner.url, { concurrency: 1, state: 'DISABLED' });
    for (let message = 0; message < 3; message += 1)
      expect((await hub.channel.admit(departmentId)).admitted).toBe(true);
  });
});

type Home = readonly [name: string, start: () => Promise<QueueServer | null>];
const homes: readonly Home[] = [['without Redis', () => Promise.resolve(null)], ...queueServers().slice(1)];

describe.each(homes)('calls per second, %s,', (_name, start) => {
  let server: QueueServer | null;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.close());

  it('are granted up to the rate, whoever asks, and then a wait is told', async () => {
    const url = server?.address.url ?? null;
    // Without Redis each process counts for itself; with it, all together.
    const processes = url === null ? [openCallRate(null)] : [openCallRate(url), openCallRate(url)];
    const asked = processes.flatMap((rate) => Array.from({ length: 6 }, () => rate.take('endpoint', 5)));
    const waits = await Promise.all(asked);
    expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(5);
    expect(waits.every((waitMs) => waitMs >= 0 && waitMs <= 1_000)).toBe(true);
    expect(await processes[0]?.take('another endpoint', 5)).toBe(0);
    for (const rate of processes) rate.close();
  });
});

describe('a Redis that does not answer', () => {
  it('leaves each process to count for itself', async () => {
    const rate = openCallRate('redis://127.0.0.1:1');
    const waits = await Promise.all(Array.from({ length: 6 }, () => rate.take('endpoint', 5)));
    expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(5);
    rate.close();
  });
});
