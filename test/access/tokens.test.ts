/** Signed tokens: which are accepted, and in which words the others are refused. */
import { createPublicKey } from 'node:crypto';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JWTPayload } from 'jose';
import { ClaimMapping } from '../../gateway/auth/tokens/claim-mapping.ts';
import { providerKeys } from '../../gateway/auth/tokens/provider-keys.ts';
import { TokenVerifier } from '../../gateway/auth/tokens/token-verifier.ts';
import { HttpError } from '../../gateway/http-errors.ts';
import { RevokedSessions } from '../../schema/access/revoked-sessions.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { base64url, sign, signingKey, startIssuer, type Issuer, type SigningKey } from './issuer.ts';

const NOW = new Date('2026-03-02T08:00:00Z');
const NOW_SECONDS = NOW.getTime() / 1_000;
const AUDIENCE = 'urn:joint-credit-hub';

let store: StoreUnderTest;
let issuer: Issuer;
let revoked: RevokedSessions;
let key: SigningKey;
let rsa: SigningKey;
let verifier: TokenVerifier;

function verifierOf(own: Issuer, cooldownMs = 0): TokenVerifier {
  return new TokenVerifier({
    rules: {
      issuer: own.url,
      audience: AUDIENCE,
      algorithms: ['ES256', 'RS256'],
      clockToleranceSeconds: 5,
      claims: ClaimMapping.parse({}),
    },
    keys: providerKeys({ issuer: own.url, jwksUrl: null, cooldownMs }),
    revoked,
    departments: ['ecology', 'transport'],
    now: () => NOW,
  });
}

beforeAll(async () => {
  store = await openStore();
  revoked = new RevokedSessions(store.connection, () => NOW);
  [key, rsa] = await Promise.all([signingKey('k1'), signingKey('r1', 'RS256')]);
  issuer = await startIssuer([key.publicJwk, rsa.publicJwk]);
  verifier = verifierOf(issuer);
});
afterAll(async () => {
  await issuer.close();
  await store.close();
});

const claims = (over: JWTPayload = {}): JWTPayload => ({
  iss: issuer.url,
  aud: AUDIENCE,
  sub: 'u-17',
  sid: 's-1',
  jti: 't-1',
  iat: NOW_SECONDS - 10,
  exp: NOW_SECONDS + 600,
  roles: ['recipient', 'somebody-elses'],
  department: 'ecology',
  regions: ['520000'],
  ...over,
});

async function refusal(token: string, by = verifier): Promise<string> {
  const error: unknown = await by.callerOf(token).then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof HttpError)) throw error;
  return `${error.statusCode} ${error.message}`;
}

describe('a signed token', () => {
  it('is its holder’s, with the roles, department and divisions of its claims', async () => {
    expect(await verifier.callerOf(await sign(claims(), key))).toEqual({
      subject: 'u-17',
      departmentId: 'ecology',
      roles: ['PUBLIC', 'RECIPIENT'],
      regions: ['52'],
      credentialId: 'token:t-1',
      validUntil: new Date('2026-03-02T08:10:05Z'),
      session: {
        issuer: issuer.url,
        userId: 'u-17',
        sessionId: 's-1',
        tokenId: 't-1',
        issuedAt: new Date('2026-03-02T07:59:50Z'),
      },
    });
    expect((await verifier.callerOf(await sign(claims(), rsa, { typ: 'at+jwt' }))).subject).toBe('u-17');
  });

  it.each([
    ['has expired', () => ({ exp: NOW_SECONDS - 6 }), '401 The token has expired; get a new one.'],
    ['is not valid yet', () => ({ nbf: NOW_SECONDS + 6 }), '401 The token is not valid yet.'],
    ['comes from the future', () => ({ iat: NOW_SECONDS + 6 }), '401 The token was issued in the future.'],
    [
      'is meant for another',
      () => ({ aud: 'urn:other' }),
      `401 The token is meant for another audience than ${AUDIENCE}.`,
    ],
    ['is of another issuer', () => ({ iss: 'https://evil.example' }), '401 The token is not of the issuer'],
    ['never ends', () => ({ exp: undefined }), '401 The token has no claim "exp".'],
    ['names nobody', () => ({ sub: undefined }), '401 The token has no claim "sub".'],
    ['has no date', () => ({ iat: undefined }), '401 The token has no claim "iat".'],
    [
      'has no role',
      () => ({ roles: ['PUBLIC', 'king'] }),
      '401 The token gives no role of this hub in its claim "roles".',
    ],
    ['has an unknown department', () => ({ department: 'navy' }), '401 The token names a department'],
    [
      'acts for no department',
      () => ({ department: undefined }),
      '401 The token gives a role that acts for a department',
    ],
    [
      'has a wrong division',
      () => ({ regions: ['5x'] }),
      '401 The token has a division in its claim "regions" that is none.',
    ],
    ['has no division', () => ({ regions: [] }), '401 The token names no division in its claim "regions".'],
    ['has an object for a role', () => ({ roles: { $ne: null } }), '401 The token gives no role'],
    ['has a name that is inherited', () => ({ roles: ['constructor', '__proto__'] }), '401 The token gives no role'],
  ] as const)('that %s is refused', async (_, over, words) => {
    expect(await refusal(await sign(claims(over()), key))).toContain(words);
  });

  it('may be off by as much as clocks may be apart', async () => {
    const token = await sign(claims({ exp: NOW_SECONDS - 4, nbf: NOW_SECONDS + 4, iat: NOW_SECONDS + 4 }), key);
    expect((await verifier.callerOf(token)).subject).toBe('u-17');
  });
});

describe('a forged token is refused', () => {
  const NOT_BY = '401 The token is not signed by an algorithm that is accepted here: ES256, RS256.';

  it('without a signature, however "none" is spelt', async () => {
    for (const alg of ['none', 'None', 'NONE', ''])
      expect(await refusal(`${base64url({ alg, kid: 'k1' })}.${base64url(claims())}.`)).toMatch(
        /^401 The token (is not signed by|cannot be read)/,
      );
  });

  it('with the public key taken for a shared secret', async () => {
    const pem = createPublicKey({ key: rsa.publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    for (const secret of [pem, JSON.stringify(rsa.publicJwk)]) {
      const signed = `${base64url({ alg: 'HS256', kid: 'r1' })}.${base64url(claims())}`;
      const mac = createHmac('sha256', secret).update(signed).digest('base64url');
      expect(await refusal(`${signed}.${mac}`)).toBe(NOT_BY);
    }
  });

  it('by an algorithm that is not on the list, though its key is published', async () => {
    const other = await signingKey('p1', 'PS256');
    issuer.keys = [...issuer.keys, other.publicJwk];
    expect(await refusal(await sign(claims(), other))).toBe(NOT_BY);
  });

  it('by a key of somebody else under a published name, or under a name that is not published', async () => {
    const own = await signingKey('k1');
    expect(await refusal(await sign(claims(), own))).toBe('401 The signature of the token is wrong.');
    expect(await refusal(await sign(claims(), { ...own, kid: 'k9' }))).toContain('its issuer does not publish');
  });

  it('that brings its own key, or says where to get it', async () => {
    const own = await signingKey('k1');
    for (const header of [
      { jwk: own.publicJwk },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example' },
    ])
      expect(await refusal(await sign(claims(), own, header))).toBe('401 The signature of the token is wrong.');
  });

  it('whose content was changed after it was signed', async () => {
    const [header, , signature] = (await sign(claims(), key)).split('.');
    const changed = `${header ?? ''}.${base64url(claims({ roles: ['DETERMINER'] }))}.${signature ?? ''}`;
    expect(await refusal(changed)).toBe('401 The signature of the token is wrong.');
  });

  it('that is no token, or one for another use', async () => {
    for (const text of ['a.b.c', '..', `${base64url({ alg: 'ES256' })}.x.y`, `${base64url([])}.${base64url({})}.AA`])
      expect(await refusal(text)).toMatch(/^401 The token/);
    expect(await refusal(await sign(claims(), key, { typ: 'logout+jwt' }))).toBe('401 The token is no access token.');
  });
});

describe('a session that was ended', () => {
  const ENDED = '401 The session of the token was ended; sign in again.';

  it('is refused by token, by login and by user, and others go on', async () => {
    await revoked.revoke('TOKEN', 't-20', 'test');
    await revoked.revoke('SESSION', 's-20', 'test');
    await revoked.revoke('USER', 'u-20', 'test');
    expect(await refusal(await sign(claims({ jti: 't-20' }), key))).toBe(ENDED);
    expect(await refusal(await sign(claims({ sid: 's-20' }), key))).toBe(ENDED);
    expect(await refusal(await sign(claims({ sub: 'u-20' }), key))).toBe(ENDED);
    expect((await verifier.callerOf(await sign(claims({ jti: 't-21' }), key))).subject).toBe('u-17');
  });

  it('of a user ends what was given out until then, not what is given out after', async () => {
    await revoked.revoke('USER', 'u-30', 'test');
    expect(await refusal(await sign(claims({ sub: 'u-30', iat: NOW_SECONDS }), key))).toBe(ENDED);
    const later = await sign(claims({ sub: 'u-30', iat: NOW_SECONDS + 1 }), key);
    expect((await verifier.callerOf(later)).subject).toBe('u-30');
  });
});

describe('the keys of the issuer', () => {
  it('are read once for many tokens, anew for a new key, and a key that is gone is not read for again and again', async () => {
    const [older, newer] = [await signingKey('a'), await signingKey('b')];
    const own = await startIssuer([older.publicJwk]);
    const patient = verifierOf(own, 0);
    const of = (by: SigningKey) => sign(claims({ iss: own.url }), by);
    await patient.callerOf(await of(older));
    await patient.callerOf(await of(older));
    expect(own.readings).toBe(1);
    own.keys = [older.publicJwk, newer.publicJwk];
    expect((await patient.callerOf(await of(newer))).subject).toBe('u-17');
    expect((await patient.callerOf(await of(older))).subject).toBe('u-17');
    expect(own.readings).toBe(2);
    const reserved = verifierOf(own, 60_000);
    await reserved.callerOf(await of(older));
    const before = own.readings;
    for (const kid of ['x', 'y', 'z'])
      expect(await refusal(await of({ ...newer, kid }), reserved)).toContain('publish');
    expect(own.readings).toBe(before);
    await own.close();
  });

  it('that cannot be read say nothing of the token: try again later', async () => {
    const own = await startIssuer([key.publicJwk]);
    own.isUp = false;
    const waiting = verifierOf(own);
    const token = await sign(claims({ iss: own.url }), key);
    expect(await refusal(token, waiting)).toBe(
      '503 The keys of the identity provider cannot be read just now; try again later.',
    );
    own.isUp = true;
    expect((await waiting.callerOf(token)).subject).toBe('u-17');
    await own.close();
  });
});
