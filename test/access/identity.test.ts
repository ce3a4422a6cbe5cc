/** The identity provider with sample users: a real authorization code flow, whose tokens the hub accepts. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { ClaimMapping, ClaimMappingText, holderOf } from '../../gateway/auth/tokens/claim-mapping.ts';
import { providerKeys } from '../../gateway/auth/tokens/provider-keys.ts';
import { TokenVerifier } from '../../gateway/auth/tokens/token-verifier.ts';
import { readConfig } from '../../gateway/config.ts';
import { SAMPLE_USERS } from '../../gateway/identity/sample-users.ts';
import { serveIdentity, type ServedIdentity } from '../../gateway/identity/serve-identity.ts';
import { signIn } from '../../gateway/identity/sign-in.ts';
import { identityCommand } from '../../gateway/process/identity-command.ts';
import { ROLES } from '../../schema/access/caller.ts';

const AUDIENCE = 'urn:joint-credit-hub';
const DEPARTMENTS = ['market-regulation', 'ecology', 'transport', 'public-security'];

let identity: ServedIdentity;
let verifier: TokenVerifier;
beforeAll(async () => {
  identity = await serveIdentity(0, AUDIENCE);
  const { issuer } = identity;
  const rules = { issuer, audience: AUDIENCE, algorithms: ['ES256'], clockToleranceSeconds: 5 };
  verifier = new TokenVerifier({
    rules: { ...rules, claims: ClaimMapping.parse({}) },
    keys: providerKeys({ issuer, jwksUrl: null }),
    ...{ revoked: { isRevoked: () => Promise.resolve(false) }, departments: DEPARTMENTS },
  });
});
afterAll(() => identity.close());

describe('sample users', () => {
  it('are one of each role at least', () => {
    const roles = new Set(SAMPLE_USERS.flatMap((user) => user.roles));
    expect(ROLES.filter((role) => role !== 'PUBLIC' && !roles.has(role))).toEqual([]);
  });

  it.each(SAMPLE_USERS)('$id signs in and is known to the hub', async ({ id, roles, department, regions }) => {
    const token = await signIn(identity.issuer, id, AUDIENCE);
    expect(await verifier.callerOf(token)).toMatchObject({
      subject: id,
      departmentId: department,
      roles: ['PUBLIC', ...roles],
      regions,
      session: { userId: id, sessionId: expect.any(String), tokenId: expect.any(String) },
    });
    expect(decodeJwt(token).aud).toBe(AUDIENCE);
  });

  it('have two sessions when they sign in twice', async () => {
    const [one, other] = await Promise.all(['auditor', 'auditor'].map((id) => signIn(identity.issuer, id, AUDIENCE)));
    expect(decodeJwt(one ?? '')['sid']).not.toBe(decodeJwt(other ?? '')['sid']);
  });

  it('get no token from somebody who does not follow the flow', async () => {
    const flow = (path: string, init?: RequestInit) =>
      fetch(`${identity.issuer}${path}`, { redirect: 'manual', ...init });
    expect((await flow('/interaction/abc', { method: 'POST', body: 'user=auditor' })).status).toBe(400);
    const withoutPkce = `client_id=joint-credit-hub&response_type=code&redirect_uri=${encodeURIComponent('http://127.0.0.1/callback')}&scope=openid`;
    expect((await flow(`/auth?${withoutPkce}`)).headers.get('location')).toContain('error=invalid_request');
    const elsewhere = withoutPkce.replace('127.0.0.1', 'evil.example');
    expect((await flow(`/auth?${elsewhere}`)).status).toBe(400);
    await expect(signIn(identity.issuer, 'king', AUDIENCE)).rejects.toThrow('did not end the sign-in');
  });
});

describe('hub identity', () => {
  const run = async (words: readonly string[], environment: Record<string, string>) => {
    const lines: string[] = [];
    const code = await identityCommand(readConfig([], environment), words, (line) => lines.push(line));
    return { code, lines };
  };

  it('signs a sample user in, on the command line', async () => {
    const { lines } = await run(['token', 'enforcer'], { HUB_OIDC_ISSUER: identity.issuer });
    expect((await verifier.callerOf(lines[0] ?? '')).subject).toBe('enforcer');
    expect((await run(['users'], {})).lines).toHaveLength(SAMPLE_USERS.length);
  });

  it.each([
    [['token', 'enforcer'], { HUB_MODE: 'production' }, 'Sample users are for evaluation'],
    [['serve'], { MONGODB_URI: 'mongodb://10.0.0.1' }, 'Sample users are for evaluation'],
    [['token', 'king'], {}, 'Name a sample user: determiner'],
    [['token', 'enforcer'], { HUB_DATA_DIR: '/nonexistent' }, 'start the hub (npm start) first'],
    [['steal'], {}, 'users, token or serve'],
  ])('refuses %j with %j', async (words, environment, message) => {
    await expect(run(words, environment)).rejects.toThrow(message);
  });
});

describe('the mapping of claims', () => {
  const claims = {
    preferred_username: 'wang',
    realm_access: { roles: ['hub-police', 'offline_access'] },
    'https://example.gov.cn/unit': 'GA',
    area: '520100 520300',
  };

  it('says which claims are meant, and what their values mean here', () => {
    const mapping = ClaimMappingText.parse(
      JSON.stringify({
        subject: { claim: 'preferred_username' },
        roles: { claim: 'realm_access.roles', values: { 'hub-police': 'ENFORCER' } },
        department: { claim: 'https://example.gov.cn/unit', values: { GA: 'public-security' } },
        regions: { claim: 'area' },
      }),
    );
    expect(holderOf(claims, mapping, DEPARTMENTS)).toEqual({
      subject: 'wang',
      departmentId: 'public-security',
      roles: ['PUBLIC', 'ENFORCER'],
      regions: ['5201', '5203'],
    });
  });

  it.each(['x', '[]', '{"roles":{}}', '{"role":{"claim":"x"}}', '{"roles":{"claim":"x","values":{"a":"KING"}}}'])(
    'does not take %s',
    (text) => expect(ClaimMappingText.safeParse(text).success).toBe(false),
  );
});

describe('settings of who is let in', () => {
  const problems = (environment: Record<string, string>): string => {
    try {
      readConfig([], environment);
      return 'none';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };

  it.each([
    [{ HUB_OIDC_ALGORITHMS: 'HS256' }, 'HUB_OIDC_ALGORITHMS: must be a list of'],
    [{ HUB_OIDC_ALGORITHMS: 'none' }, 'HUB_OIDC_ALGORITHMS: must be a list of'],
    [{ HUB_OIDC_ISSUER: 'http://id.example' }, 'HUB_OIDC_ISSUER: must be https://'],
    [
      { HUB_OIDC_ISSUER: 'http://127.0.0.1:1', HUB_MODE: 'production' },
      'HUB_OIDC_ISSUER: must be https:// in production',
    ],
    [{ HUB_OIDC_JWKS_URL: 'https://id.example/keys' }, 'HUB_OIDC_JWKS_URL: needs HUB_OIDC_ISSUER'],
    [{ HUB_TLS_CERT_FILE: 'a.pem' }, 'HUB_TLS_KEY_FILE: must be set together'],
    [{ HUB_TLS_CLIENT_CA_FILE: 'a.pem' }, 'HUB_TLS_CLIENT_CA_FILE: needs'],
    [{ HUB_TRUSTED_PROXIES: 'proxy.example' }, 'HUB_TRUSTED_PROXIES: must be a list of addresses'],
    [{ HUB_OIDC_CLAIMS: '{"king":1}' }, 'HUB_OIDC_CLAIMS: is no mapping of claims'],
    [{ HUB_MODE: 'prod' }, 'HUB_MODE: must be evaluation or production'],
  ])('%j is refused', (environment, message) => expect(problems(environment)).toContain(message));

  it('mean production beside a store of one’s own, unless it is said', () => {
    const mode = (environment: Record<string, string>) => readConfig([], environment).access.mode;
    expect(mode({})).toBe('evaluation');
    expect(mode({ MONGODB_URI: 'mongodb://10.0.0.1' })).toBe('production');
    expect(mode({ MONGODB_URI: 'mongodb://10.0.0.1', HUB_MODE: 'evaluation' })).toBe('evaluation');
  });
});
