/** What departments and operators do with endpoints; who may is decided here, before anything is read or written. */
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { demand, demandEver, may } from '../access/policy.ts';
import { HubError } from '../errors.ts';
import type { Clock, SourceRegistry } from '../ports.ts';
import type { AddressGuard } from './address/address-guard.ts';
import {
  disabled,
  enabled,
  newEndpoint,
  withSecret,
  withSettings,
  type Act,
  type Endpoint,
  type EndpointSettings,
} from './endpoint.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { SecretBox } from './secret-box.ts';

export interface EndpointServiceParts {
  readonly store: EndpointStore;
  /** null: the hub has no key to keep secrets with, and registers no endpoints. */
  readonly secrets: SecretBox | null;
  readonly guard: AddressGuard;
  readonly departments: Pick<SourceRegistry, 'find'>;
  readonly clock: Clock;
  /** An endpoint is called from now on, again, or elsewhere: what waits for it may go. Must not throw. */
  readonly onCallable?: (departmentId: string) => void;
}

/** An endpoint with a secret that is shown once. */
export interface WithSecret {
  readonly endpoint: Endpoint;
  /** `whsec_` and base64; null when the endpoint keeps the secret that it has. */
  readonly secret: string | null;
}

/** Standard Webhooks asks for 24 to 64 random bytes. */
const SECRET_BYTES = 32;
const SECRET_PREFIX = 'whsec_';
const MOST_PER_SECOND = 100;
const MOST_AT_ONCE = 32;
const LONGEST_TEXT = 200;

const text = (name: string) =>
  z.string().trim().max(LONGEST_TEXT, `${name} must have at most ${LONGEST_TEXT} characters.`);
const wholeNumber = (name: string, most: number) => {
  const message = `${name} must be a whole number from 1 to ${most}.`;
  return z.int(message).min(1, message).max(most, message);
};

const Settings = z.object({
  url: z.string(),
  ratePerSecond: wholeNumber('ratePerSecond', MOST_PER_SECOND),
  concurrency: wholeNumber('concurrency', MOST_AT_ONCE),
  description: text('description').nullable(),
});
const Reason = text('reason').min(1, 'Say in reason why the endpoint is disabled.');

/** @throws HubError INPUT_INVALID */
function check<S extends z.ZodType>(shape: S, value: z.input<S>): z.output<S> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HubError('INPUT_INVALID', parsed.error.issues[0]?.message ?? 'The input is wrong.');
}

const newSecret = (): string => `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

export class EndpointService {
  readonly #parts: EndpointServiceParts;

  constructor(parts: EndpointServiceParts) {
    this.#parts = parts;
  }

  /** Those that the caller may manage, by department. */
  async all(caller: Caller): Promise<readonly Endpoint[]> {
    demandEver(caller, 'endpoint:manage');
    const endpoints = await this.#parts.store.all();
    return endpoints.filter(({ departmentId }) => may(caller, 'endpoint:manage', { departmentIds: [departmentId] }));
  }

  /**
   * Registers where a department takes messages, or registers it anew; the first time with a secret.
   * @throws HubError FORBIDDEN, UNAUTHENTICATED, INPUT_INVALID, ADDRESS_NOT_ALLOWED, UNSUPPORTED without a key
   */
  async register(caller: Caller, departmentId: string, input: EndpointSettings): Promise<WithSecret> {
    const { store, guard, departments } = this.#parts;
    demand(caller, 'endpoint:manage', { departmentIds: [departmentId] });
    if (departments.find(departmentId) === undefined) {
      throw new HubError('INPUT_INVALID', 'There is no department with this id.');
    }
    const checked = check(Settings, input);
    const settings = { ...checked, url: await guard.demandCallable(checked.url) };
    const act = this.#actOf(caller);
    const known = await store.findOf(departmentId);
    if (known === null) {
      const [id, secret] = [randomUUID(), newSecret()];
      const endpoint = newEndpoint({ id, departmentId, sealed: this.#box().seal(secret, id) }, settings, act);
      if (await store.insert(endpoint)) {
        this.#parts.onCallable?.(departmentId);
        return { endpoint, secret };
      }
    }
    const existing = known ?? (await store.findOf(departmentId));
    if (existing === null) throw new HubError('CONFLICT', 'The endpoint is being changed by others; try again.');
    const { endpoint } = await store.change(existing._id, (before) => withSettings(before, settings, act));
    this.#parts.onCallable?.(departmentId);
    return { endpoint, secret: null };
  }

  /** @throws HubError FORBIDDEN, UNAUTHENTICATED, INPUT_INVALID, UNSUPPORTED without a key */
  async rotateSecret(caller: Caller, endpointId: string): Promise<WithSecret & { readonly secret: string }> {
    const act = await this.#demand(caller, endpointId);
    const secret = newSecret();
    const sealed = this.#box().seal(secret, endpointId);
    const { endpoint } = await this.#parts.store.change(endpointId, (before) => withSecret(before, sealed, act));
    return { endpoint, secret };
  }

  /** @throws HubError FORBIDDEN, UNAUTHENTICATED, INPUT_INVALID */
  async enable(caller: Caller, endpointId: string): Promise<Endpoint> {
    const act = await this.#demand(caller, endpointId);
    const { endpoint, isChanged } = await this.#parts.store.change(endpointId, (before) => enabled(before, act));
    if (isChanged) this.#parts.onCallable?.(endpoint.departmentId);
    return endpoint;
  }

  /** @throws HubError FORBIDDEN, UNAUTHENTICATED, INPUT_INVALID */
  async disable(caller: Caller, endpointId: string, reason: string): Promise<Endpoint> {
    const act = await this.#demand(caller, endpointId);
    const words = `${caller.subject}: ${check(Reason, reason)}`;
    return (await this.#parts.store.change(endpointId, (before) => disabled(before, words, act))).endpoint;
  }

  async #demand(caller: Caller, endpointId: string): Promise<Act> {
    demandEver(caller, 'endpoint:manage');
    const { departmentId } = await this.#parts.store.get(endpointId);
    demand(caller, 'endpoint:manage', { departmentIds: [departmentId] });
    return this.#actOf(caller);
  }

  #actOf(caller: Caller): Act {
    return { by: caller.subject, at: this.#parts.clock.now() };
  }

  #box(): SecretBox {
    const { secrets } = this.#parts;
    if (secrets !== null) return secrets;
    throw new HubError('UNSUPPORTED', 'The hub keeps no secrets: its operator has to set HUB_SECRETS_KEY.');
  }
}
