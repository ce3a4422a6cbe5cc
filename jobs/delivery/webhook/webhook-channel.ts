/**
 * Messages to a department's registered endpoint, signed as Standard Webhooks.
 *
 * A disabled endpoint is not called: its messages fail as UNREACHABLE and so wait, on the schedule of their retries, until
 * somebody enables it (which lets them go at once, see message-hurry) or their patience ends. They are not refused, because nothing is wrong with them.
 */
import { randomInt } from 'node:crypto';
import type { Agent } from 'undici';
import type { AddressGuard } from '../../../schema/delivery/address/address-guard.ts';
import { afterCall, secretsAt, told, type Endpoint } from '../../../schema/delivery/endpoint.ts';
import type { EndpointStore } from '../../../schema/delivery/endpoint-store.ts';
import type { ChannelReply } from '../../../schema/delivery/message.ts';
import type { Admission, DeliveryChannel, Envelope } from '../../../schema/delivery/ports.ts';
import type { SecretBox } from '../../../schema/delivery/secret-box.ts';
import type { CallScope } from '../../../schema/ports.ts';
import { callEndpoint, partnerAgent } from './call-endpoint.ts';
import { openCallRate, type CallRate } from './call-rate.ts';
import { CallSlots } from './call-slots.ts';
import { judgeFailure } from './failure.ts';
import { judgeAnswer, withoutAnswer, type Verdict } from './reply.ts';
import { signatureHeaders } from './sign.ts';

export interface WebhookChannelParts {
  readonly store: EndpointStore;
  /** null: the hub has no key, and nothing can be signed. */
  readonly secrets: SecretBox | null;
  readonly guard: AddressGuard;
  /** Where calls are counted over all processes; null = in this one. */
  readonly redisUrl: string | null;
  /** An endpoint was disabled because of this message. May be told twice when a process dies. */
  readonly onDisabled: (departmentId: string, reason: string, messageId: string) => Promise<void>;
  /** What went wrong in the hub itself, for the log. */
  readonly onFailure: (error: unknown) => void;
  readonly now?: () => Date;
}

const USER_AGENT = 'joint-credit-hub/1 (Standard Webhooks)';
/** All slots are taken: about as long as one call takes. Not the same for all, lest they come back in step. */
const BUSY_MS = { least: 150, most: 450 } as const;
const FREE: Admission = { admitted: true, leave: () => undefined };

export class WebhookChannel implements DeliveryChannel {
  readonly name = 'webhook';
  readonly #parts: WebhookChannelParts;
  readonly #now: () => Date;
  readonly #agent: Agent;
  readonly #rate: CallRate;
  readonly #slots = new CallSlots();

  constructor(parts: WebhookChannelParts) {
    this.#parts = parts;
    this.#now = parts.now ?? ((): Date => new Date());
    this.#agent = partnerAgent(parts.guard);
    this.#rate = openCallRate(parts.redisUrl);
  }

  async admit(departmentId: string): Promise<Admission> {
    const endpoint = await this.#parts.store.findOf(departmentId);
    if (endpoint === null || endpoint.state === 'DISABLED') return FREE;
    const leave = this.#slots.take(endpoint._id, endpoint.concurrency);
    if (leave === null) return { admitted: false, waitMs: randomInt(BUSY_MS.least, BUSY_MS.most) };
    try {
      const waitMs = await this.#rate.take(endpoint._id, endpoint.ratePerSecond);
      if (waitMs === 0) return { admitted: true, leave };
      leave();
      return { admitted: false, waitMs };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async deliver(departmentId: string, envelope: Envelope, scope: CallScope): Promise<ChannelReply> {
    try {
      const endpoint = await this.#parts.store.findOf(departmentId);
      if (endpoint === null) return notCalled('The department has no endpoint.');
      if (endpoint.state === 'DISABLED') {
        await this.#tell(endpoint);
        return notCalled(`The endpoint is disabled. ${endpoint.disabledReason ?? ''}`.trim());
      }
      const verdict = await this.#call(endpoint, envelope, scope);
      await this.#note(endpoint, envelope.id, verdict);
      return verdict.reply;
    } catch (error) {
      this.#parts.onFailure(error);
      return notCalled('Something went wrong in the hub; the message was not sent.');
    }
  }

  /** Ends calls that are under way. */
  async close(): Promise<void> {
    this.#rate.close();
    await this.#agent.destroy();
  }

  async #call(endpoint: Endpoint, { id, body }: Envelope, scope: CallScope): Promise<Verdict> {
    const sentAt = this.#now();
    const headers = {
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      'user-agent': USER_AGENT,
      ...signatureHeaders({ id, sentAt, body }, this.#secretsOf(endpoint, sentAt)),
    };
    try {
      return judgeAnswer(await callEndpoint(this.#agent, endpoint.url, headers, body, scope), this.#now());
    } catch (error) {
      return judgeFailure(error, scope);
    }
  }

  /** @throws Error when the hub's key is not the one with which they were sealed */
  #secretsOf(endpoint: Endpoint, now: Date): readonly string[] {
    const { secrets } = this.#parts;
    if (secrets === null) throw new Error('the hub has no key to open secrets with');
    return secretsAt(endpoint, now).map(({ sealed }) => secrets.open(sealed, endpoint._id));
  }

  /** The reply stands, whether the endpoint's own record can be written or not. */
  async #note({ _id, url }: Endpoint, messageId: string, { reply, health }: Verdict): Promise<void> {
    if (health === 'UNKNOWN') return;
    const outcome = {
      url,
      messageId,
      isSuccess: health === 'WELL',
      isGone: health === 'GONE',
      detail: reply.detail ?? reply.outcome,
    };
    try {
      const { store } = this.#parts;
      const { endpoint, isChanged } = await store.change(_id, (before) => afterCall(before, outcome, this.#now()));
      if (isChanged) await this.#tell(endpoint);
    } catch (error) {
      this.#parts.onFailure(error);
    }
  }

  /** Tells once that the endpoint has been disabled; again by the next message when the process died before it was noted. */
  async #tell({ _id, departmentId, untold, disabledReason }: Endpoint): Promise<void> {
    if (untold === null) return;
    await this.#parts.onDisabled(departmentId, disabledReason ?? '', untold);
    await this.#parts.store.change(_id, told);
  }
}

const notCalled = (detail: string): ChannelReply => withoutAnswer('UNREACHABLE', detail, 'UNKNOWN').reply;
