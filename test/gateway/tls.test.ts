/** TLS of the hub's own front door: what it speaks, what it tells browsers, and how a certificate is renewed. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readTlsFiles, watchTlsFiles, type TlsFiles } from '../../gateway/tls.ts';
import { certificateFolder } from '../support/certificates.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

const certificates = certificateFolder();
let folder: string;
let files: TlsFiles;
let server: TestServer;

/** @returns the name in it */
async function install(name: string): Promise<string> {
  const { cert, key } = certificates.make(name);
  await Promise.all([writeFile(files.certFile, cert), writeFile(files.keyFile, key)]);
  return new X509Certificate(cert).subject;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-tls-'));
  files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem'), clientCaFile: null };
  await install('first.hub.example');
  server = await startTestServer({ tls: await readTlsFiles(files) });
});
afterAll(async () => {
  await server.close();
  certificates.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Shakes hands. @throws the alert of the server */
async function greet(
  options: ConnectionOptions = {},
): Promise<{ readonly protocol: string | null; readonly subject: string }> {
  const port = Number(new URL(server.origin).port);
  const socket = await new Promise<TLSSocket>((resolve, reject) => {
    const opened = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => resolve(opened));
    opened.on('error', reject);
  });
  const subject = socket.getPeerX509Certificate()?.subject ?? '';
  const protocol = socket.getProtocol();
  socket.destroy();
  return { protocol, subject };
}

describe('The front door with a certificate', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    expect((await greet({ minVersion: version, maxVersion: version })).protocol).toBe(version);
  });

  it.each([
    ['TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['a cipher without forward secrecy', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }],
    ['a cipher without authenticated encryption', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-SHA' }],
    ['no encryption', { maxVersion: 'TLSv1.2', ciphers: 'NULL@SECLEVEL=0' }],
  ] as const)('does not speak %s', async (_, options) => {
    await expect(greet(options)).rejects.toThrow();
  });

  it('tells browsers to come by TLS only', async () => {
    const header = await new Promise((resolve, reject) => {
      const asked = request(
        `${server.origin.replace('http:', 'https:')}/healthz`,
        { rejectUnauthorized: false, agent: false },
        (response) => {
          response.resume();
          resolve(response.headers['strict-transport-security']);
        },
      );
      asked.on('error', reject).end();
    });
    expect(header).toMatch(/^max-age=\d{8}; includeSubDomains$/);
  });
});

describe('A certificate that is renewed', () => {
  it('is shown to new connections, without a restart; one that cannot be used leaves the old one', async () => {
    const failures: unknown[] = [];
    let renewed = 0;
    const heard: (() => void)[] = [];
    const next = () => new Promise<void>((resolve) => heard.push(resolve));
    const tell = () => heard.splice(0).forEach((resolve) => resolve());
    const looked = next();
    const stop = watchTlsFiles({
      files,
      everyMs: 20,
      onLook: tell,
      renew(tls) {
        server.renewTls(tls);
        renewed += 1;
      },
      onFailure: (error) => failures.push(error),
    });
    await looked;
    const second = await install('second.hub.example');
    while (renewed === 0) await next();
    // The two files are not written at one moment: what was seen in between cannot be used, and is read again.
    while ((await greet()).subject !== second) await next();

    await writeFile(files.keyFile, certificates.make('third.hub.example').key);
    await utimes(files.keyFile, new Date(), new Date(Date.now() + 5_000));
    while (failures.length === 0) await next();
    expect((await greet()).subject).toBe(second);
    stop();
  });
});
