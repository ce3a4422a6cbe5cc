/** The public keys of an identity provider: read when they are first needed, kept, and read anew when one is missing. */
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

export interface ProviderKeysOptions {
  readonly issuer: string;
  /** null: the provider's own description says where they are (OpenID Connect Discovery). */
  readonly jwksUrl: string | null;
  /** Time after a reading in which a key that is missing does not cause another. */
  readonly cooldownMs?: number;
}

/** The provider's keys cannot be read now; that says nothing about the token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

const FETCH_TIMEOUT_MS = 3_000;
const COOLDOWN_MS = 10_000;
/** A key that the provider no longer publishes is not accepted for longer than this. */
const KEPT_MS = 300_000;

const Description = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** @throws KeysUnavailable */
async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    const description = Description.parse(await answer.json());
    if (description.issuer !== issuer) throw new Error('describes another issuer');
    return description.jwks_uri;
  } catch (cause) {
    throw new KeysUnavailable(`The identity provider at ${address} cannot be asked.`, { cause });
  }
}

/** jose's own refusals have codes; what else goes wrong is the way to the keys. */
const isAboutToken = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS', 'ERR_JOSE_NOT_SUPPORTED'].includes(
    String(error.code),
  );

/** @returns for jose; rejects with {@link KeysUnavailable} when the provider does not answer */
export function providerKeys({ issuer, jwksUrl, cooldownMs = COOLDOWN_MS }: ProviderKeysOptions): JWTVerifyGetKey {
  const open = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(new URL(jwksUrl ?? (await discover(issuer))), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: cooldownMs,
      cacheMaxAge: KEPT_MS,
    });
  let opening: Promise<JWTVerifyGetKey> | null = null;
  return async (header, token) => {
    opening ??= open();
    opening.catch(() => (opening = null));
    const find = await opening;
    try {
      return await find(header, token);
    } catch (error) {
      if (isAboutToken(error)) throw error;
      throw new KeysUnavailable('The keys of the identity provider cannot be read.', { cause: error });
    }
  };
}
