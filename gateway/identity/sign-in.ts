/** Signs a sample user in as a browser would (authorization code flow with PKCE), for the command line. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { IDENTITY_CLIENT, IDENTITY_REDIRECT, IDENTITY_SCOPE } from './identity-client.ts';

const TIMEOUT_MS = 10_000;
/** More than the flow takes. */
const MOST_STEPS = 8;

const Description = z.object({ authorization_endpoint: z.url(), token_endpoint: z.url() });
const Tokens = z.object({ access_token: z.string() });

/** Sends what was set, and keeps what is set. */
class CookieJar {
  readonly #cookies = new Map<string, string>();

  async fetch(url: string, init: Pick<RequestInit, 'method' | 'body'> = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      ...init,
      headers: cookie === '' ? {} : { cookie },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined) this.#cookies.set(name, value ?? '');
    }
    return answer;
  }
}

/** Follows the provider's redirections, chooses the user when asked, and ends with the code. */
async function codeFor(userId: string, start: URL): Promise<string> {
  const jar = new CookieJar();
  let url = start.href;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const answer = await jar.fetch(url);
    const isAsked = answer.status === 200;
    const moved = isAsked
      ? await jar.fetch(url, { method: 'POST', body: new URLSearchParams({ user: userId }) })
      : answer;
    const location = moved.headers.get('location');
    if (location === null) break;
    url = new URL(location, url).href;
    if (!url.startsWith(IDENTITY_REDIRECT)) continue;
    const { searchParams } = new URL(url);
    const code = searchParams.get('code');
    if (code !== null) return code;
    throw new Error(searchParams.get('error_description') ?? 'no code was given');
  }
  throw new Error('the identity provider did not end the sign-in');
}

/**
 * @param issuer of the identity provider with sample users
 * @returns an access token
 * @throws Error when the provider does not answer or does not know the user
 */
export async function signIn(issuer: string, userId: string, audience: string): Promise<string> {
  const described = await fetch(`${issuer}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { authorization_endpoint, token_endpoint } = Description.parse(await described.json());
  const verifier = randomBytes(32).toString('base64url');
  const start = new URL(authorization_endpoint);
  start.search = new URLSearchParams({
    ...{ client_id: IDENTITY_CLIENT, response_type: 'code', redirect_uri: IDENTITY_REDIRECT, resource: audience },
    scope: `openid ${IDENTITY_SCOPE}`,
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    prompt: 'login',
  }).toString();
  const code = await codeFor(userId, start);
  const answer = await fetch(token_endpoint, {
    method: 'POST',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', client_id: IDENTITY_CLIENT, code, redirect_uri: IDENTITY_REDIRECT },
      ...{ code_verifier: verifier, resource: audience },
    }),
  });
  if (!answer.ok) throw new Error(`the identity provider refused the code: ${await answer.text()}`);
  return Tokens.parse(await answer.json()).access_token;
}
