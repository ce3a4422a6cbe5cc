import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { withSecret } from '../../schema/delivery/endpoint.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import { answer, Opened, startPartner, type Partner } from './support/partner.ts';
import { envelope, newSecret, scope, startWebhook, type WebhookUnderTest } from './support/webhook.ts';

const DAY_MS = 86_400_000;

let hub: WebhookUnderTest;
const opened = new Opened();
const partner = (...options: Parameters<typeof startPartner>): Promise<Partner> =>
  opened.keep(startPartner(...options));
beforeAll(async () => {
  hub = await startWebhook();
});
afterEach(async () => {
  await opened.close();
  expect(hub.failures).toEqual([]);
});
afterAll(() => hub.close());

const later = (ms: number): void => void (hub.now = new Date(hub.now.getTime() + ms));

describe('a message', () => {
  it('arrives as it was signed, and the signature is that of Standard Webhooks', async () => {
    const department = await partner(answer(200, { receiptNumber: 'R-2026.0001' }));
    const { departmentId, secret } = await hub.endpointAt(department.url);
    const message = envelope();
    expect(await hub.channel.deliver(departmentId, message, scope())).toEqual({
      outcome: 'ACCEPTED',
      httpStatus: 200,
      detail: 'HTTP 200.',
      receiptNumber: 'R-2026.0001',
      replyDigest: sm3Hex('{"receiptNumber":"R-2026.0001"}'),
      retryAfterMs: null,
    });
    const [request] = department.received;
    expect(request).toMatchObject({
      method: 'POST',
      body: message.body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': message.id,
        'user-agent': expect.stringContaining('joint-credit-hub'),
      },
    });
    const { headers = {}, body = '' } = request ?? {};
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(message.body));
    for (const wrong of [
      () => new Webhook(newSecret()).verify(body, headers),
      () => new Webhook(secret).verify(body.replace('2026', '2027'), headers),
      () => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'another' }),
    ])
      expect(wrong).toThrow('No matching signature');
  });

  it('is signed anew by every attempt, under the same id', async () => {
    const department = await partner();
    const { departmentId, secret } = await hub.endpointAt(department.url);
    const message = envelope();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await hub.channel.deliver(departmentId, message, scope());
      later(1_000);
    }
    const [first, second] = department.received.map(({ headers }) => headers);
    expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(Number(second?.['webhook-timestamp'])).toBe(Number(first?.['webhook-timestamp']) + 1);
    expect(second?.['webhook-signature']).not.toBe(first?.['webhook-signature']);
    for (const { body, headers } of department.received) new Webhook(secret).verify(body, headers);
  });

  it('carries the signatures of both secrets for a day after one has replaced the other', async () => {
    const department = await partner();
    const { departmentId, secret: old } = await hub.endpointAt(department.url);
    const { _id } = await hub.endpointOf(departmentId);
    const fresh = newSecret();
    await hub.store.change(_id, (endpoint) =>
      withSecret(endpoint, hub.secrets.seal(fresh, _id), { by: 'test', at: hub.now }),
    );
    const signatures = async (): Promise<readonly string[]> => {
      await hub.channel.deliver(departmentId, envelope(), scope());
      return department.received.at(-1)?.headers['webhook-signature']?.split(' ') ?? [];
    };
    expect(await signatures()).toHaveLength(2);
    const [{ body, headers } = { body: '', headers: {} }] = department.received;
    for (const secret of [old, fresh]) new Webhook(secret).verify(body, headers);
    later(DAY_MS - 1_000);
    expect(await signatures()).toHaveLength(2);
    later(1_000);
    const [only, ...others] = await signatures();
    expect(others).toEqual([]);
    const last = department.received.at(-1);
    const signed = `${last?.headers['webhook-id']}.${last?.headers['webhook-timestamp']}.${last?.body}`;
    const key = Buffer.from(fresh.slice('whsec_'.length), 'base64');
    expect(only).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    hub.now = new Date();
  });
});

describe('an endpoint that fails', () => {
  it('is disabled after five days without a success, and this is told once', async () => {
    const state = { status: 500 };
    const department = await partner((response) => void response.writeHead(state.status).end());
    const { departmentId } = await hub.endpointAt(department.url);
    const started = new Date('2026-03-02T00:00:00Z');
    const on = async (day: number, status: number, id: string = 'm1') => {
      hub.now = new Date(started.getTime() + day * DAY_MS);
      state.status = status;
      const reply = await hub.channel.deliver(departmentId, envelope({ id }), scope());
      const { failingSince, disabledAt } = await hub.endpointOf(departmentId);
      return { outcome: reply.outcome, failingSince, disabledAt };
    };
    expect(await on(0, 500)).toEqual({ outcome: 'UNREACHABLE', failingSince: started, disabledAt: null });
    expect(await on(1, 404)).toEqual({ outcome: 'REFUSED', failingSince: started, disabledAt: null });
    // Its own refusal is an answer.
    expect(await on(2, 200)).toEqual({ outcome: 'ACCEPTED', failingSince: null, disabledAt: null });
    expect(await on(3, 500)).toMatchObject({ failingSince: new Date('2026-03-05T00:00:00Z') });
    expect(await on(7.99, 503)).toMatchObject({ failingSince: new Date('2026-03-05T00:00:00Z'), disabledAt: null });
    expect(hub.alarms).toEqual([]);
    expect(await on(8, 503, 'm9')).toMatchObject({ disabledAt: new Date('2026-03-10T00:00:00Z') });
    const reason = 'No call has succeeded since 2026-03-05T08:00:00+08:00. The last one: HTTP 503.';
    expect(hub.alarms.splice(0)).toEqual([{ departmentId, reason, messageId: 'm9' }]);

    const calls = department.received.length;
    expect(await hub.channel.deliver(departmentId, envelope(), scope())).toMatchObject({
      outcome: 'UNREACHABLE',
      httpStatus: null,
      detail: `The endpoint is disabled. ${reason}`,
    });
    expect(department.received).toHaveLength(calls);
    expect(hub.alarms).toEqual([]);
    hub.now = new Date();
  });

  it('is disabled at once when it says that it is gone', async () => {
    const { url } = await partner(answer(410));
    const { departmentId } = await hub.endpointAt(url);
    expect(await hub.channel.deliver(departmentId, envelope({ id: 'm1' }), scope())).toMatchObject({
      outcome: 'REFUSED',
      httpStatus: 410,
    });
    expect(await hub.endpointOf(departmentId)).toMatchObject({ state: 'DISABLED', untold: null });
    expect(hub.alarms.splice(0)).toEqual([
      { departmentId, reason: 'HTTP 410: the endpoint says that it is gone.', messageId: 'm1' },
    ]);
  });

  it('has that told by the next message when the process ended before', async () => {
    const { url } = await partner();
    const { departmentId } = await hub.endpointAt(url, {
      state: 'DISABLED',
      disabledAt: hub.now,
      disabledReason: 'HTTP 410.',
      untold: 'm1',
    });
    for (let message = 0; message < 2; message += 1) await hub.channel.deliver(departmentId, envelope(), scope());
    expect(hub.alarms.splice(0)).toEqual([{ departmentId, reason: 'HTTP 410.', messageId: 'm1' }]);
  });

  it('is not blamed for what its former address did', async () => {
    const { url } = await partner(async (response) => {
      const { _id } = await hub.endpointOf(departmentId);
      await hub.store.change(_id, (endpoint) => ({ ...endpoint, url: `${url}/new` }));
      response.writeHead(410).end();
    });
    const { departmentId } = await hub.endpointAt(url);
    expect(await hub.channel.deliver(departmentId, envelope(), scope())).toMatchObject({ httpStatus: 410 });
    expect(await hub.endpointOf(departmentId)).toMatchObject({ state: 'ENABLED', failingSince: null });
  });

  it('does not lose the message when the hub cannot open its secrets', async () => {
    const department = await partner();
    const { departmentId } = await hub.endpointAt(department.url);
    const { _id } = await hub.endpointOf(departmentId);
    const sealedForAnother = { sealed: hub.secrets.seal(newSecret(), 'another'), createdAt: hub.now, endsAt: null };
    await hub.store.change(_id, (endpoint) => ({ ...endpoint, secrets: [sealedForAnother] }));
    expect(await hub.channel.deliver(departmentId, envelope(), scope())).toMatchObject({
      outcome: 'UNREACHABLE',
      detail: 'Something went wrong in the hub; the message was not sent.',
    });
    expect(hub.failures.splice(0)).toHaveLength(1);
    expect(department.received).toEqual([]);
    expect(await hub.endpointOf(departmentId)).toMatchObject({ failingSince: null });
  });
});

describe('an address inside', () => {
  it('is called when the operator has allowed what the name stands for', async () => {
    const inner = await partner();
    const allowing = await opened.keep(
      startWebhook({ resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) }),
    );
    const { departmentId } = await allowing.endpointAt(`http://hooks.water.example:${inner.port}/`);
    expect(await allowing.channel.deliver(departmentId, envelope(), scope())).toMatchObject({ outcome: 'ACCEPTED' });
    expect(inner.received[0]?.headers['host']).toBe(`hooks.water.example:${inner.port}`);
  });

  it('is not connected to when the name has come to stand for it', async () => {
    const inner = await partner();
    const answers = ['93.184.215.14', '127.0.0.1'];
    const rebinding = await opened.keep(
      startWebhook({
        allow: '',
        resolve: () => Promise.resolve([{ address: answers.shift() ?? '127.0.0.1', family: 4 }]),
      }),
    );
    const url = await rebinding.guard.demandCallable(`https://rebinding.example:${inner.port}/`);
    const { departmentId } = await rebinding.endpointAt(url);
    expect(await rebinding.channel.deliver(departmentId, envelope(), scope())).toMatchObject({
      outcome: 'REFUSED',
      httpStatus: null,
      detail: 'Not called. The address leads into a network that may not be called.',
    });
    expect(inner.received).toEqual([]);
  });

  it('is not connected to when it is written as one, with or without TLS', async () => {
    const inner = await partner();
    const strict = await opened.keep(startWebhook({ allow: '' }));
    for (const address of [inner.url, inner.url.replace('http:', 'https:'), `https://[::ffff:7f00:1]:${inner.port}/`]) {
      const { departmentId } = await strict.endpointAt(address);
      expect(await strict.channel.deliver(departmentId, envelope(), scope())).toMatchObject({ outcome: 'REFUSED' });
    }
    expect(inner.received).toEqual([]);
  });
});
