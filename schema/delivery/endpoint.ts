/**
 * Where a department's own system takes messages, and how it is doing. Pure: each function gives the endpoint as it is
 * afterwards, the same object when nothing has changed.
 */
import { formatInstant } from '../time/instant.ts';

export const ENDPOINT_STATES = ['ENABLED', 'DISABLED'] as const;
export type EndpointState = (typeof ENDPOINT_STATES)[number];

/** What the department decides. */
export interface EndpointSettings {
  readonly url: string;
  /** Calls begun per second, over all processes of the hub. */
  readonly ratePerSecond: number;
  /** Calls under way at once, per process. */
  readonly concurrency: number;
  readonly description: string | null;
}

export interface SealedSecret {
  /** As the secret box gives it. */
  readonly sealed: string;
  readonly createdAt: Date;
  /** Until when messages are signed with it too; null = it is the current one. */
  readonly endsAt: Date | null;
}

export interface Endpoint extends EndpointSettings {
  readonly _id: string;
  readonly departmentId: string;
  /** Newest first; the first one is the current one. */
  readonly secrets: readonly SealedSecret[];
  readonly state: EndpointState;
  /** The first failure after the last success; null while calls succeed. */
  readonly failingSince: Date | null;
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
  /** The message whose failure disabled it, until that has been told; null otherwise. */
  readonly untold: string | null;
  /** Names of callers. */
  readonly createdBy: string;
  readonly updatedBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly revision: number;
}

/** Who changes it, and when. */
export interface Act {
  readonly by: string;
  readonly at: Date;
}

/** How long a secret that was replaced still signs. */
export const SECRET_OVERLAP_MS = 86_400_000;
/** Secrets that sign one message, at most: each is an entry of a header. */
export const MOST_SECRETS = 4;
/** After so long without a success an endpoint is disabled. */
export const FAILING_TOO_LONG_MS = 5 * 86_400_000;

const WORKING = {
  state: 'ENABLED',
  failingSince: null,
  disabledAt: null,
  disabledReason: null,
  untold: null,
} as const satisfies Partial<Endpoint>;

export function newEndpoint(
  { id, departmentId, sealed }: { readonly id: string; readonly departmentId: string; readonly sealed: string },
  { url, ratePerSecond, concurrency, description }: EndpointSettings,
  { by, at }: Act,
): Endpoint {
  return {
    _id: id,
    departmentId,
    url,
    ratePerSecond,
    concurrency,
    description,
    secrets: [{ sealed, createdAt: at, endsAt: null }],
    ...WORKING,
    createdBy: by,
    updatedBy: by,
    createdAt: at,
    updatedAt: at,
    revision: 1,
  };
}

/** Registered again: other settings, same secrets. What was disabled is called again. */
export function withSettings(
  endpoint: Endpoint,
  { url, ratePerSecond, concurrency, description }: EndpointSettings,
  { by, at }: Act,
): Endpoint {
  return { ...endpoint, url, ratePerSecond, concurrency, description, ...WORKING, updatedBy: by, updatedAt: at };
}

/** The secrets with which a message is signed at this time, newest first. */
export const secretsAt = ({ secrets }: Endpoint, now: Date): readonly SealedSecret[] =>
  secrets.filter(({ endsAt }) => endsAt === null || endsAt > now);

/** A new secret; the ones before it keep signing until their end. */
export function withSecret(endpoint: Endpoint, sealed: string, { by, at }: Act): Endpoint {
  const ending = secretsAt(endpoint, at).map((secret) => ({
    ...secret,
    endsAt: secret.endsAt ?? new Date(at.getTime() + SECRET_OVERLAP_MS),
  }));
  const secrets = [{ sealed, createdAt: at, endsAt: null }, ...ending].slice(0, MOST_SECRETS);
  return { ...endpoint, secrets, updatedBy: by, updatedAt: at };
}

export const enabled = (endpoint: Endpoint, { by, at }: Act): Endpoint =>
  endpoint.state === 'ENABLED' ? endpoint : { ...endpoint, ...WORKING, updatedBy: by, updatedAt: at };

export function disabled(endpoint: Endpoint, reason: string, { by, at }: Act): Endpoint {
  if (endpoint.state === 'DISABLED') return endpoint;
  return { ...endpoint, state: 'DISABLED', disabledAt: at, disabledReason: reason, updatedBy: by, updatedAt: at };
}

/** What a call that was made says of the endpoint. */
export interface CallOutcome {
  /** The address that was called: a reply says nothing of the address that was registered meanwhile. */
  readonly url: string;
  readonly messageId: string;
  readonly isSuccess: boolean;
  /** It said that it will not be there again. */
  readonly isGone: boolean;
  readonly detail: string;
}

/** The hub itself disables what fails. */
const HUB = 'hub';

/** Takes note of a call: success clears the failures, failures that last disable it. */
export function afterCall(
  endpoint: Endpoint,
  { url, messageId, isSuccess, isGone, detail }: CallOutcome,
  at: Date,
): Endpoint {
  if (endpoint.url !== url || endpoint.state === 'DISABLED') return endpoint;
  if (isSuccess) return endpoint.failingSince === null ? endpoint : { ...endpoint, failingSince: null };
  const failingSince = endpoint.failingSince ?? at;
  const failing = endpoint.failingSince === null ? { ...endpoint, failingSince } : endpoint;
  const isTooLong = at.getTime() - failingSince.getTime() >= FAILING_TOO_LONG_MS;
  if (!isGone && !isTooLong) return failing;
  const reason = isGone
    ? detail
    : `No call has succeeded since ${formatInstant(failingSince)}. The last one: ${detail}`;
  return { ...disabled(failing, reason, { by: HUB, at }), untold: messageId };
}

/** That it is disabled has been told. */
export const told = (endpoint: Endpoint): Endpoint =>
  endpoint.untold === null ? endpoint : { ...endpoint, untold: null };
