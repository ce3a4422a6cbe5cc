import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import { answer, Opened, startPartner, startTcpPartner, type Answering, type Partner } from './support/partner.ts';
import { envelope, scope, startWebhook, type WebhookUnderTest } from './support/webhook.ts';

let hub: WebhookUnderTest;
const opened = new Opened();
const partner = (...options: Parameters<typeof startPartner>): Promise<Partner> =>
  opened.keep(startPartner(...options));
beforeAll(async () => {
  hub = await startWebhook();
});
afterEach(async () => {
  await opened.close();
  expect(hub.failures).toEqual([]);
});
afterAll(() => hub.close());

/** What comes of one message to an endpoint at this address. */
const replyOf = async (url: string, waitMs?: number) => {
  const { departmentId } = await hub.endpointAt(url);
  return await hub.channel.deliver(departmentId, envelope(), scope(waitMs));
};

describe('an answer', () => {
  it.each([
    [200, 'ACCEPTED'],
    [202, 'ACCEPTED'],
    [204, 'ACCEPTED'],
    [300, 'BROKEN'],
    [304, 'BROKEN'],
    [400, 'REFUSED'],
    [401, 'REFUSED'],
    [403, 'REFUSED'],
    [404, 'REFUSED'],
    [405, 'REFUSED'],
    [408, 'UNREACHABLE'],
    [409, 'REFUSED'],
    [413, 'REFUSED'],
    [422, 'REFUSED'],
    [425, 'UNREACHABLE'],
    [429, 'UNREACHABLE'],
    [500, 'UNREACHABLE'],
    [503, 'UNREACHABLE'],
    [599, 'UNREACHABLE'],
    [600, 'BROKEN'],
    [999, 'BROKEN'],
  ] as const)('with status %i means %s', async (status, outcome) => {
    const { url } = await partner(answer(status));
    const reply = await replyOf(url);
    expect(reply).toMatchObject({ outcome, httpStatus: status, receiptNumber: null, replyDigest: null });
    expect(reply.detail).toContain(`HTTP ${status}`);
  });

  it.each([
    [
      'a refusal with its code',
      { accepted: false, reason: 'UNKNOWN_SUBJECT', receiptNumber: 'R7' },
      'REFUSED',
      'R7',
      'HTTP 200: not accepted, reason UNKNOWN_SUBJECT.',
    ],
    [
      'a refusal in prose, which is not repeated',
      { accepted: false, reason: 'call 0851-1234567' },
      'REFUSED',
      null,
      'HTTP 200: not accepted, it gives no reason code.',
    ],
    ['a receipt', { accepted: true, receiptNumber: 'R-7_1.a' }, 'ACCEPTED', 'R-7_1.a', 'HTTP 200.'],
    ['a receipt number that is none', { receiptNumber: '<b>' }, 'ACCEPTED', null, 'HTTP 200.'],
    ['a receipt number that is too long', { receiptNumber: 'x'.repeat(65) }, 'ACCEPTED', null, 'HTTP 200.'],
    ['another form', ['accepted', false], 'ACCEPTED', null, 'HTTP 200.'],
    ['no JSON', 'received, thank you', 'ACCEPTED', null, 'HTTP 200.'],
  ] as const)('may say more: %s', async (_what, body, outcome, receiptNumber, detail) => {
    const { url } = await partner(answer(200, body));
    expect(await replyOf(url)).toMatchObject({ outcome, receiptNumber, detail });
  });

  it('says how long to wait', async () => {
    const inAMinute = new Date(Math.ceil(hub.now.getTime() / 1_000) * 1_000 + 60_000);
    const waits: (number | null)[] = [];
    for (const header of ['120', inAMinute.toUTCString(), 'Wed, 21 Oct 2015 07:28:00 GMT', 'soon', '-5', '2026']) {
      const { url } = await partner(answer(503, '', { 'retry-after': header }));
      waits.push((await replyOf(url)).retryAfterMs);
    }
    expect(waits).toEqual([120_000, inAMinute.getTime() - hub.now.getTime(), 0, null, null, 2_026_000]);
  });

  it('that is a redirect is not followed, to wherever it leads', async () => {
    const inner = await partner();
    for (const status of [301, 302, 307, 308]) {
      const { url } = await partner(answer(status, '', { location: inner.url }));
      expect(await replyOf(url)).toMatchObject({ outcome: 'BROKEN', httpStatus: status });
    }
    expect(inner.received).toEqual([]);
  });

  it('is not waited for through a proxy of the environment', async () => {
    const [department, proxy] = [await partner(), await partner()];
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = proxy.url;
    try {
      expect(await replyOf(department.url)).toMatchObject({ outcome: 'ACCEPTED' });
    } finally {
      delete process.env['HTTP_PROXY'];
      delete process.env['http_proxy'];
    }
    expect(proxy.received).toEqual([]);
  });

  it('is read to 16 KiB, however much is sent', async () => {
    const CHUNK = Buffer.alloc(64 * 1_024, 'x');
    const taken = { bytes: 0, ended: false };
    const flood: Answering = (response) => {
      response.writeHead(200);
      response.once('close', () => (taken.ended = true));
      const pour = (): void => {
        while (!taken.ended && taken.bytes < 1_024 ** 3) {
          taken.bytes += CHUNK.length;
          if (!response.write(CHUNK)) return void response.once('drain', pour);
        }
      };
      pour();
    };
    const { url } = await partner(flood);
    expect(await replyOf(url)).toMatchObject({
      outcome: 'ACCEPTED',
      replyDigest: sm3Hex('x'.repeat(16 * 1_024)),
    });
    // What the sockets' own buffers take, and no more.
    expect(taken.bytes).toBeLessThan(64 * 1_024 ** 2);
  });
});

describe('no proper answer', () => {
  const tcp = async (answering: Parameters<typeof startTcpPartner>[0]): Promise<string> =>
    (await opened.keep(startTcpPartner(answering))).url;

  it('when nobody listens: UNREACHABLE', async () => {
    const gone = await startPartner();
    await gone.close();
    expect(await replyOf(gone.url)).toMatchObject({
      outcome: 'UNREACHABLE',
      httpStatus: null,
      detail: 'The connection was refused.',
    });
  });

  it('when it takes too long, before or within the reply: UNREACHABLE', async () => {
    const silent = await tcp(() => undefined);
    const halfway = await tcp((socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{'));
    for (const url of [silent, halfway])
      expect(await replyOf(url, 200)).toMatchObject({
        outcome: 'UNREACHABLE',
        detail: 'There was no reply in time.',
      });
  });

  it('when the connection breaks off: UNREACHABLE, also after a status of success', async () => {
    const before = await tcp((socket) => socket.resetAndDestroy());
    expect(await replyOf(before)).toMatchObject({ outcome: 'UNREACHABLE', detail: 'The connection broke off.' });
    const closed = await tcp((socket) => socket.end());
    expect(await replyOf(closed)).toMatchObject({ outcome: 'UNREACHABLE', detail: 'The connection broke off.' });
    const within = await tcp((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{'));
    expect(await replyOf(within)).toMatchObject({
      outcome: 'UNREACHABLE',
      httpStatus: 200,
      detail: 'HTTP 200, but the reply broke off.',
    });
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['bytes', Buffer.from([0, 255, 1, 254, 13, 10, 13, 10])],
    ['headers without an end', `HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(64 * 1_024)}\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ])('when it is %s: BROKEN', async (_what, text) => {
    const url = await tcp((socket) => void socket.end(text));
    expect(await replyOf(url)).toMatchObject({ outcome: 'BROKEN', detail: 'The reply is not HTTP.' });
  });

  it('when the certificate is the department’s own making: UNREACHABLE, and nothing is sent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hub-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', [...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'pipe' });
    const files = { key: readFileSync(key), cert: readFileSync(cert) };
    rmSync(folder, { recursive: true });
    const department = await partner(answer(204), (listener) => createTlsServer(files, listener));
    const reply = await replyOf(department.url.replace('http:', 'https:'));
    expect(reply).toMatchObject({ outcome: 'UNREACHABLE', httpStatus: null });
    expect(reply.detail).toMatch(/^No secure connection: .*DEPTH_ZERO_SELF_SIGNED_CERT/);
    expect(department.received).toEqual([]);
  });

  it('when the hub stops meanwhile: UNREACHABLE, and the endpoint is not blamed', async () => {
    const stop = new AbortController();
    const url = await tcp(() => stop.abort(new Error('the hub is stopping')));
    const { departmentId } = await hub.endpointAt(url);
    const reply = await hub.channel.deliver(departmentId, envelope(), { ...scope(), signal: stop.signal });
    expect(reply).toMatchObject({ outcome: 'UNREACHABLE', detail: 'The hub ended the call.' });
    expect(await hub.endpointOf(departmentId)).toMatchObject({ failingSince: null });
  });
});
