/** Sessions end when their credentials do, open subscriptions included: by key, signed token and client certificate. */
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Credentials } from '../../gateway/auth/credentials.ts';
import { ClaimMapping } from '../../gateway/auth/tokens/claim-mapping.ts';
import { providerKeys } from '../../gateway/auth/tokens/provider-keys.ts';
import { TokenVerifier } from '../../gateway/auth/tokens/token-verifier.ts';
import { AddressListText } from '../../gateway/auth/trusted-proxies.ts';
import { describeCertificate } from '../../gateway/auth/client-certificate.ts';
import { sessionsCommand } from '../../gateway/commands/sessions.ts';
import { CHECK_MS } from '../../gateway/transports/watch-credentials.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import { ClientCertificates } from '../../schema/access/client-certificates.ts';
import { RevokedSessions } from '../../schema/access/revoked-sessions.ts';
import { REMEMBERED_MS } from '../../schema/access/short-memory.ts';
import { openLiveWorld, type LiveWorld } from '../gateway/support/live-world.ts';
import { RawWebSocket } from '../gateway/support/raw-web-socket.ts';
import type { TestServer } from '../gateway/support/test-server.ts';
import { certificateFolder } from '../support/certificates.ts';
import { sign, signingKey, startIssuer, type Issuer, type SigningKey } from './issuer.ts';

const HOLDER = { subject: 'desk', departmentId: null, roles: ['ENFORCER'], regions: ['52'], expiresAt: null } as const;
const NO_LONGER = 'The credentials are no longer valid; the subscription ends.';

const folder = certificateFolder();
let world: LiveWorld;
let server: TestServer;
let issuer: Issuer;
let key: SigningKey;
let keys: ApiKeys;
let certificates: ClientCertificates;
beforeAll(async () => {
  world = await openLiveWorld();
  const { connection } = world.store;
  key = await signingKey('k1');
  issuer = await startIssuer([key.publicJwk]);
  keys = new ApiKeys(connection);
  certificates = new ClientCertificates(connection);
  const revoked = new RevokedSessions(connection);
  const rules = { issuer: issuer.url, audience: 'hub', algorithms: ['ES256'], clockToleranceSeconds: 0 };
  const tokens = new TokenVerifier({
    rules: { ...rules, claims: ClaimMapping.parse({}) },
    ...{ keys: providerKeys({ issuer: issuer.url, jwksUrl: null }), revoked, departments: [] },
  });
  const credentials = new Credentials({ keys, certificates, revoked, tokens });
  server = await world.start({
    callerOf: (token) => credentials.callerOf(token),
    stillHolds: (caller) => credentials.stillHolds(caller),
    certificates: {
      trustedProxies: AddressListText.parse('127.0.0.1'),
      header: 'client-cert',
      callerOf: (certificate) => credentials.callerOfCertificate(certificate),
      onForged: () => undefined,
    },
  });
});
afterAll(async () => {
  await server.close();
  await issuer.close();
  await world.close();
  folder.remove();
});

interface Session {
  readonly headers: Record<string, string>;
  readonly end: () => Promise<unknown>;
}

const claims = (sid: string, lifeSeconds: number) => {
  const iat = Math.floor(Date.now() / 1_000);
  return { iss: issuer.url, aud: 'hub', sub: `u-${sid}`, sid, jti: `t-${sid}`, iat, exp: iat + lifeSeconds };
};
const token = (sid: string, lifeSeconds = 600) =>
  sign({ ...claims(sid, lifeSeconds), roles: 'ENFORCER', regions: '52' }, key);
const ending = (...words: string[]) => sessionsCommand(world.store.connection, ['revoke', ...words], {});

const SESSIONS: Readonly<Record<string, () => Promise<Session>>> = {
  'a key': async () => {
    const issued = await keys.create(HOLDER);
    return { headers: { authorization: `Bearer ${issued.token}` }, end: () => keys.revoke(issued.id) };
  },
  'a token': async () => ({
    headers: { authorization: `Bearer ${await token('s-1')}` },
    end: () => ending('token', 't-s-1'),
  }),
  'the login of a token': async () => ({
    headers: { authorization: `Bearer ${await token('s-2')}` },
    end: () => ending('session', 's-2'),
  }),
  'the user of a token': async () => ({
    headers: { authorization: `Bearer ${await token('s-3')}` },
    end: () => ending('user', 'u-s-3'),
  }),
  'a certificate': async () => {
    const shown = new X509Certificate(folder.make('desk').cert);
    const { fingerprint, subjectName, issuerName } = describeCertificate(shown, true);
    const limits = { match: 'FINGERPRINT', actions: null, classes: null } as const;
    const id = await certificates.register({ ...HOLDER, ...limits, fingerprint, subjectName, issuerName });
    return { headers: { 'client-cert': `:${shown.raw.toString('base64')}:` }, end: () => certificates.revoke(id) };
  },
};

describe('an open subscription', () => {
  it('learns of it well within five seconds', () => expect(REMEMBERED_MS + CHECK_MS).toBeLessThan(5_000));

  it.each(Object.entries(SESSIONS))('ends when %s is revoked, and nothing lets it in again', async (_, open) => {
    const { headers, end } = await open();
    const socket = await new RawWebSocket(server.origin, { headers }).acknowledged();
    socket.subscribe('1', 'subscription { secrets { number } }');
    await socket.message(({ type }) => type === 'ping');
    const stream = await fetch(
      `${server.url}/stream?query=${encodeURIComponent('subscription { secrets { number } }')}`,
      {
        headers: { accept: 'text/event-stream', ...headers },
      },
    );
    expect(stream.status).toBe(200);
    await end();
    expect(await stream.text()).toContain(NO_LONGER);
    expect((await socket.closed).code).toBe(4401);
    expect(JSON.stringify(socket.messages)).toContain(NO_LONGER);
    expect((await server.post({ query: '{ hello }' }, headers)).status).toBe(401);
  });

  it('ends when its token runs out', async () => {
    const headers = { authorization: `Bearer ${await token('s-4', 3)}` };
    const socket = await new RawWebSocket(server.origin, { headers }).acknowledged();
    socket.subscribe('1', 'subscription { secrets { number } }');
    expect((await socket.closed).code).toBe(4401);
    expect(await (await server.post({ query: '{ hello }' }, headers)).text()).toContain('The token has expired');
  });
});

describe('hub sessions', () => {
  it('lists what was ended', async () => {
    await sessionsCommand(world.store.connection, ['revoke', 'user', 'u-9'], { reason: 'left the department' });
    const listed = await sessionsCommand(world.store.connection, ['list'], {});
    expect(listed.join('\n')).toMatch(/user +u-9 +\S+ +left the department/);
  });

  it.each([[[]], [['revoke']], [['revoke', 'user']], [['revoke', 'king', 'x']], [['revoke', 'user', 'x'.repeat(201)]]])(
    'refuses %j',
    async (words) => {
      await expect(sessionsCommand(world.store.connection, words, {})).rejects.toThrow('Say what');
    },
  );
});
