/** Client certificates: in the hub's own TLS, and named by a proxy before it. */
import { X509Certificate } from 'node:crypto';
import { request, type RequestOptions } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { certificatesCommand } from '../../gateway/commands/certificates.ts';
import { Credentials } from '../../gateway/auth/credentials.ts';
import { AddressListText, includesAddress } from '../../gateway/auth/trusted-proxies.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import type { Caller } from '../../schema/access/caller.ts';
import { ClientCertificates } from '../../schema/access/client-certificates.ts';
import { RevokedSessions } from '../../schema/access/revoked-sessions.ts';
import { startTestServer, type TestServer } from '../gateway/support/test-server.ts';
import { certificateFolder, type MadeCertificate } from '../support/certificates.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

const folder = certificateFolder();
const HOLDER = { roles: 'recipient', regions: '52', department: 'ecology' };

let store: StoreUnderTest;
let credentials: Credentials;
let authority: MadeCertificate;
let server: TestServer;
let seen: Caller | null = null;
const forged: (string | undefined)[] = [];

const start = (trustedProxies: string, tls: boolean) =>
  startTestServer({
    callerOf: (token) => credentials.callerOf(token),
    certificates: {
      trustedProxies: AddressListText.parse(trustedProxies),
      header: 'client-cert',
      callerOf: (certificate) => credentials.callerOfCertificate(certificate),
      onForged: (address) => forged.push(address),
    },
    contextFor: (scope, caller) => {
      seen = caller;
      return { requestId: scope.requestId, scope };
    },
    tls: tls ? { ...folder.make('127.0.0.1'), ca: authority.cert } : null,
  });

beforeAll(async () => {
  store = await openStore();
  credentials = new Credentials({
    keys: new ApiKeys(store.connection),
    certificates: new ClientCertificates(store.connection),
    revoked: new RevokedSessions(store.connection),
    tokens: null,
  });
  authority = folder.make('示例认证中心');
  server = await start('', true);
});
afterAll(async () => {
  await server.close();
  await store.close();
  folder.remove();
});

const run = (words: readonly string[], options = {}) =>
  certificatesCommand(store.connection, words, options, ['ecology']);

/** Asks over TLS, showing a certificate or none. */
function ask(shown: Partial<Pick<MadeCertificate, 'cert' | 'key'>>, headers: Record<string, string> = {}) {
  const { cert, key } = shown;
  const options: RequestOptions = {
    method: 'POST',
    rejectUnauthorized: false,
    agent: false,
    ...(cert && { cert, key }),
  };
  return new Promise<{ readonly status: number | undefined; readonly text: string }>((resolve, reject) => {
    const asked = request(server.url.replace('http:', 'https:'), options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    asked.on('error', reject);
    asked.setHeader('content-type', 'application/json');
    for (const [name, value] of Object.entries(headers)) asked.setHeader(name, value);
    asked.end(JSON.stringify({ query: '{ __typename }' }));
  });
}

describe('a client certificate in the hub’s own TLS', () => {
  it('is its system’s, when it is registered itself, whoever signed it', async () => {
    const own = folder.make('ecology-notices');
    const [line] = await run(['register', 'ecology-notices'], { ...HOLDER, certificate: own.file });
    const fingerprint = new X509Certificate(own.cert).fingerprint256.replaceAll(':', '').toLowerCase();
    expect(line).toContain(`fingerprint ${fingerprint}`);
    expect((await ask(own)).status).toBe(200);
    expect(seen).toMatchObject({ subject: 'ecology-notices', departmentId: 'ecology', roles: ['PUBLIC', 'RECIPIENT'] });
    expect((await run(['list'])).join('\n')).toMatch(/valid +ecology-notices +ecology +RECIPIENT +52 +not limited +\S/);
  });

  it('is its system’s by the subject, when a trusted authority has signed it: a renewed one too', async () => {
    const first = folder.make('water-monitor', authority);
    await run(['register', 'water'], { ...HOLDER, certificate: first.file, 'by-subject': true });
    for (const shown of [first, folder.make('water-monitor', authority)]) {
      expect((await ask(shown)).status).toBe(200);
      expect(seen?.subject).toBe('water');
    }
    const impostor = folder.make('water-monitor', folder.make('示例认证中心'));
    expect(await ask(impostor)).toMatchObject({ status: 401, text: expect.stringContaining('is not registered') });
  });

  it('that nobody registered is refused, not served as the public', async () => {
    const { status, text } = await ask(folder.make('stranger'));
    expect(status).toBe(401);
    expect(text).toContain('The client certificate is not registered with this hub.');
  });

  it('is not needed: without one a caller is the public, and a token goes before it', async () => {
    expect((await ask({})).status).toBe(200);
    expect(seen?.subject).toBe('public');
    const { token } = await new ApiKeys(store.connection).create({
      ...{ subject: 'desk', departmentId: null, roles: ['AUDITOR'], regions: ['52'], expiresAt: null },
    });
    expect((await ask(folder.make('stranger'), { authorization: `Bearer ${token}` })).status).toBe(200);
    expect(seen?.subject).toBe('desk');
  });

  it('ends when it is revoked, also for connections that are open', async () => {
    const own = folder.make('short-lived');
    const [line = ''] = await run(['register', 'short-lived'], { ...HOLDER, certificate: own.file });
    const id = /Registered as (\S+) /.exec(line)?.[1] ?? '';
    await ask(own);
    const caller = seen;
    expect(await credentials.stillHolds(caller ?? ({} as Caller))).toBe(true);
    expect(await run(['revoke', id])).toEqual([`Registration ${id} is revoked.`]);
    await expect(run(['revoke', id])).rejects.toThrow('no valid registration');
    expect((await ask(own)).status).toBe(401);
  });

  it('outside its time is refused', async () => {
    const at = (now: string) => new ClientCertificates(store.connection, () => new Date(now));
    const own = { fingerprint: 'f', subjectName: 's', issuerName: 'i', isVouchedFor: true };
    const shown = { ...own, validFrom: new Date('2026-01-01'), validTo: new Date('2026-02-01') };
    expect(await at('2025-12-31').callerOf(shown)).toEqual({ refusal: 'The client certificate is not valid yet.' });
    expect(await at('2026-02-02').callerOf(shown)).toEqual({ refusal: 'The client certificate has expired.' });
  });
});

describe('a client certificate in a header', () => {
  const der = ({ cert }: MadeCertificate): string => `:${new X509Certificate(cert).raw.toString('base64')}:`;
  let own: MadeCertificate;
  beforeAll(async () => {
    own = folder.make('behind-a-proxy', authority);
    await run(['register', 'behind-a-proxy'], { ...HOLDER, certificate: own.file, 'by-subject': true });
  });

  it('is taken from a trusted proxy, as RFC 9440 says or as nginx does', async () => {
    const proxied = await start('10.0.0.0/8,127.0.0.1', false);
    for (const header of [der(own), encodeURIComponent(own.cert.toString())]) {
      const answer = await proxied.post({ query: '{ __typename }' }, { 'client-cert': header });
      expect(answer.status).toBe(200);
      expect(seen?.subject).toBe('behind-a-proxy');
    }
    for (const header of ['nonsense', '::', ':AAAA:', '%E0'])
      expect((await proxied.post({ query: '{ __typename }' }, { 'client-cert': header })).status).toBe(400);
    expect((await proxied.post({ query: '{ __typename }' })).status).toBe(200);
    expect(seen?.subject).toBe('public');
    await proxied.close();
  });

  it.each(['', '10.0.0.0/8,127.0.0.2'])('is refused from anybody else, and noted: proxies "%s"', async (proxies) => {
    const open = await start(proxies, false);
    const before = forged.length;
    seen = null;
    const answer = await open.post({ query: '{ __typename }' }, { 'client-cert': der(own) });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("The header client-cert is taken from the hub's own proxies only.");
    expect(seen).toBeNull();
    expect(forged.slice(before)).toEqual(['127.0.0.1']);
    await open.close();
  });
});

describe('the list of trusted proxies', () => {
  const list = AddressListText.parse('10.20.0.0/16, 192.0.2.7,fd00::/8');

  it.each([
    ['10.20.255.1', true],
    ['10.21.0.1', false],
    ['::ffff:10.20.0.1', true],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['fd00::1', true],
    ['fe80::1', false],
    [undefined, false],
    ['', false],
  ])('has %s: %s', (address, expected) => expect(includesAddress(list, address)).toBe(expected));

  it.each(['proxy.example', '10.0.0.1:80', '10.0.0.0/33', '010.0.0.1', '0x0a.0.0.1'])('does not take %s', (text) => {
    expect(AddressListText.safeParse(text).success).toBe(false);
  });
});
