/** The webhook channel over a real store, with endpoints that lie on the loopback interface. */
import { randomBytes, randomUUID } from 'node:crypto';
import { WebhookChannel } from '../../../jobs/delivery/webhook/webhook-channel.ts';
import { AllowListText } from '../../../schema/delivery/address/allow-list.ts';
import { AddressGuard, type Resolve } from '../../../schema/delivery/address/address-guard.ts';
import { newEndpoint, type Endpoint } from '../../../schema/delivery/endpoint.ts';
import { EndpointStore } from '../../../schema/delivery/endpoint-store.ts';
import type { Envelope } from '../../../schema/delivery/ports.ts';
import { SecretBox } from '../../../schema/delivery/secret-box.ts';
import type { CallScope } from '../../../schema/ports.ts';
import { openStore } from '../../support/store.ts';

export interface Alarm {
  readonly departmentId: string;
  readonly reason: string;
  readonly messageId: string;
}

export interface WebhookUnderTest {
  readonly channel: WebhookChannel;
  readonly store: EndpointStore;
  readonly secrets: SecretBox;
  readonly guard: AddressGuard;
  readonly alarms: Alarm[];
  readonly failures: unknown[];
  /** Set it to move the channel's clock. */
  now: Date;
  /** Gives a department of its own this address. @returns the department and the secret */
  endpointAt(
    url: string,
    over?: Partial<Endpoint>,
  ): Promise<{ readonly departmentId: string; readonly secret: string }>;
  /** The department's endpoint as it now lies in the store. */
  endpointOf(departmentId: string): Promise<Endpoint>;
  close(): Promise<void>;
}

export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export const envelope = (over: Partial<Envelope> = {}): Envelope => ({
  id: randomUUID(),
  type: 'notice.issued',
  body: '{"number":"LHCJ520000202601000012","subjectName":"贵州示例甲机动车检测有限公司"}',
  fields: {},
  ...over,
});

/** @param waitMs how long the caller waits */
export function scope(waitMs = 5_000): CallScope {
  return { requestId: 'test', signal: AbortSignal.timeout(waitMs), deadlineAt: Date.now() + waitMs };
}

export async function startWebhook({
  allow = '127.0.0.1',
  resolve,
}: { allow?: string; resolve?: Resolve } = {}): Promise<WebhookUnderTest> {
  const documents = await openStore();
  const store = new EndpointStore(documents.connection);
  await store.open();
  const secrets = new SecretBox(randomBytes(32));
  const guard = new AddressGuard({ allow: AllowListText.parse(allow), ...(resolve && { resolve }) });
  let departments = 0;
  const underTest: WebhookUnderTest = {
    store,
    secrets,
    guard,
    alarms: [],
    failures: [],
    now: new Date(),
    channel: new WebhookChannel({
      store,
      secrets,
      guard,
      redisUrl: null,
      onDisabled: (departmentId, reason, messageId) => {
        underTest.alarms.push({ departmentId, reason, messageId });
        return Promise.resolve();
      },
      onFailure: (error) => underTest.failures.push(error),
      now: () => underTest.now,
    }),
    async endpointAt(url, over = {}) {
      const departmentId = `department-${(departments += 1)}`;
      const [id, secret] = [randomUUID(), newSecret()];
      const settings = { url, ratePerSecond: 100, concurrency: 8, description: null };
      const sealed = secrets.seal(secret, id);
      const made = newEndpoint({ id, departmentId, sealed }, settings, { by: 'test', at: underTest.now });
      await store.insert({ ...made, ...over });
      return { departmentId, secret };
    },
    async endpointOf(departmentId) {
      const found = await store.findOf(departmentId);
      if (found === null) throw new Error(`${departmentId} has no endpoint`);
      return found;
    },
    async close() {
      await underTest.channel.close();
      await documents.close();
    },
  };
  return underTest;
}
