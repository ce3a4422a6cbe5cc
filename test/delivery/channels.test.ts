import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { channelsOf } from '../../jobs/delivery/channels.ts';
import type { ChannelReply } from '../../schema/delivery/message.ts';
import type { NoticeDoor } from '../../schema/delivery/ports.ts';
import { fakeDepartment, registryOf } from '../schema/support/fake-departments.ts';
import { envelope, scope, startWebhook, type WebhookUnderTest } from './support/webhook.ts';

const WRITTEN: ChannelReply = {
  outcome: 'ACCEPTED',
  httpStatus: null,
  detail: 'The row was written.',
  receiptNumber: 'R1',
  replyDigest: null,
  retryAfterMs: null,
};
const door: NoticeDoor = {
  channel: 'exchange-row',
  voice: 'EXCHANGE_ROW',
  deliver: () => Promise.resolve(WRITTEN),
  words: () => Promise.resolve({ words: [], malformed: [], next: null }),
  noteHeard: () => Promise.resolve(),
};

let hub: WebhookUnderTest;
beforeAll(async () => {
  hub = await startWebhook();
});
afterAll(() => hub.close());

it.each([
  ['notice', 'a door', true, null, 'exchange-row'],
  ['notice', 'a door and an endpoint', true, 'ENABLED', 'webhook'],
  ['notice', 'a door and a disabled endpoint', true, 'DISABLED', 'exchange-row'],
  ['notice', 'an endpoint', false, 'ENABLED', 'webhook'],
  ['notice', 'a disabled endpoint, whose messages wait for it', false, 'DISABLED', 'webhook'],
  ['notice', 'neither', false, null, null],
  ['recognition', 'a door, which has no form for it', true, null, null],
  ['recognition', 'a door and a disabled endpoint, which it waits for', true, 'DISABLED', 'webhook'],
  ['recognition', 'an endpoint', true, 'ENABLED', 'webhook'],
] as const)('the way of a %s to a department with %s', async (topic, _what, hasDoor, state, expected) => {
  const registered = state === null ? null : await hub.endpointAt('http://127.0.0.1:9/', { state });
  const source = { ...fakeDepartment('transport'), ...(hasDoor && { notices: door }) };
  const departments = registryOf([source]);
  const departmentId = registered?.departmentId ?? 'transport';
  const channelOf = channelsOf({
    departments: { find: () => departments.find('transport') },
    endpoints: hub.store,
    webhook: hub.channel,
  });
  const channel = await channelOf(departmentId, `${topic}.issued`);
  expect(channel?.name ?? null).toBe(expected);
  if (expected !== 'exchange-row') return;
  expect(await channel?.admit(departmentId)).toMatchObject({ admitted: true });
  expect(await channel?.deliver(departmentId, envelope(), scope())).toEqual(WRITTEN);
});
