import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { HubError, type HubErrorCode } from '../../../schema/errors.ts';
import type { MeshCall } from '../../../sources/kit/mesh-call.ts';
import { decodeReply, fetch as meshFetch, unreachable } from '../../../sources/kit/mesh-fetch.ts';
import { sm3Hex } from '../../../schema/signing/sm3.ts';
import type { HttpTransport, OutgoingRequest } from '../../../sources/kit/transport.ts';
import type { FaultKind } from '../../../sources/kit/upstream/faults.ts';
import { startHttpUpstream, type UpstreamRequest } from '../../../sources/kit/upstream/http-upstream.ts';
import type { ReferenceUpstream } from '../../../sources/kit/upstream/reference-upstream.ts';

const TEXT = '{"name":"贵州示例甲机动车检测有限公司","result":"合格"}';

describe('the text of a reply', () => {
  it('is UTF-8 wherever the bytes are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const withoutMark = text.replace(/^\ufeff/, '');
        expect(decodeReply(Buffer.from(withoutMark), 'Ecology')).toBe(withoutMark);
      }),
    );
  });

  it('is GB 18030 otherwise, whatever was declared', () => {
    for (const text of [TEXT, '联通', '㐀𠮷 rare characters of four bytes', '€']) {
      expect(decodeReply(iconv.encode(text, 'gb18030'), 'Ecology')).toBe(text);
    }
  });

  it('loses a byte order mark, which is no part of it', () => {
    expect(decodeReply(Buffer.from(`\ufeff${TEXT}`), 'Ecology')).toBe(TEXT);
  });

  it('may be empty', () => {
    expect(decodeReply(new Uint8Array(), 'Ecology')).toBe('');
  });

  it.each([
    ['a character that breaks off', [...Buffer.from('{"a":"'), 0x81]],
    ['bytes that no charset has', [0x7b, 0xff, 0xff, 0x7d]],
  ])('is refused with %s, without a sample of it', (_, bytes) => {
    const attempt = () => decodeReply(Uint8Array.from(bytes), 'Ecology');
    expect(attempt).toThrow(HubError);
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'SOURCE_MALFORMED', message: 'Ecology sent text in no known charset.' }),
    );
  });
});

describe('a failure of the network', () => {
  it.each<[string, AbortSignal, HubErrorCode]>([
    ['is a timeout when nobody waits any more', AbortSignal.abort(), 'SOURCE_TIMEOUT'],
    ['is an unreachable department otherwise', new AbortController().signal, 'SOURCE_UNAVAILABLE'],
  ])('%s', (_, signal, code) => {
    const cause = new Error('ECONNRESET 10.1.2.3');
    const error = unreachable({ signal, departmentName: 'Ecology' }, cause);
    expect(error).toMatchObject({ code, cause });
    expect(error.message).not.toContain('10.1.2.3');
  });
});

describe('a call over HTTP', () => {
  let upstream: ReferenceUpstream;
  let received: UpstreamRequest[] = [];
  let status = 200;
  let body = TEXT;

  beforeEach(async () => {
    received = [];
    status = 200;
    body = TEXT;
    upstream = await startHttpUpstream({
      departmentId: 'ecology',
      environment: () => ({}),
      answer(request) {
        received.push(request);
        return { operation: 'read', status, contentType: 'application/json; charset=iso-8859-1', body };
      },
    });
  });
  afterEach(() => upstream.close());

  const callTo = (transport: Partial<HttpTransport> = {}, timeoutMs = 2_000): MeshCall => ({
    departmentName: 'Ecology',
    transport: { kind: 'http', endpoint: upstream.address, ...transport },
    signal: AbortSignal.timeout(timeoutMs),
    log: { receipts: [], failures: [] },
  });
  const send = (
    call: MeshCall,
    url = 'http://contract.invalid/v2/rows?page=1',
    init?: Parameters<typeof meshFetch>[1],
  ) => meshFetch(url, init, { hubCall: call });

  it('goes to the endpoint of now, not to the address in the contract file', async () => {
    const reply = await send(callTo({ endpoint: `${upstream.address}/gateway/` }));
    expect(received[0]?.url.pathname).toBe('/gateway/v2/rows');
    expect(received[0]?.url.search).toBe('?page=1');
    expect(await reply.json()).toEqual(JSON.parse(TEXT));
  });

  it('adds credentials that are computed over what is really sent', async () => {
    const signed: OutgoingRequest[] = [];
    const headers = (request: OutgoingRequest) => {
      signed.push(request);
      return { 'x-sign': 'abc' };
    };
    await send(callTo({ endpoint: `${upstream.address}/gateway`, headers }), 'http://contract.invalid/rows', {
      method: 'post',
      body: '{"jkid":"q"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(signed).toEqual([{ method: 'POST', path: '/gateway/rows', body: '{"jkid":"q"}' }]);
    expect(received[0]).toMatchObject({
      method: 'POST',
      body: '{"jkid":"q"}',
      headers: { 'x-sign': 'abc', 'content-type': 'application/json' },
    });
  });

  it('takes the receipt of the raw bytes, before anything is decoded or unwrapped', async () => {
    const call = callTo({ unwrap: (text) => text.replace('合格', 'PASS') });
    await upstream.setFault({ kind: 'wrong-charset', delayMs: 0, scope: 'all' });
    const reply = await send(call);
    expect(await reply.text()).toBe(TEXT.replace('合格', 'PASS'));
    expect(call.log.receipts).toEqual([sm3Hex(iconv.encode(TEXT, 'gb18030'))]);
  });

  it.each<[number, HubErrorCode]>([
    [302, 'SOURCE_MALFORMED'],
    [401, 'SOURCE_REFUSED'],
    [403, 'SOURCE_REFUSED'],
    [404, 'SOURCE_MALFORMED'],
    [429, 'SOURCE_REFUSED'],
    [500, 'SOURCE_UNAVAILABLE'],
    [503, 'SOURCE_UNAVAILABLE'],
  ])('that is answered with status %i fails with %s, and the failure is noted', async (code, expected) => {
    status = code;
    const call = callTo();
    await expect(send(call)).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining(`HTTP ${code}`),
    });
    expect(call.log.failures.map((failure) => failure.code)).toEqual([expected]);
  });

  it.each<[FaultKind, HubErrorCode]>([
    ['down', 'SOURCE_UNAVAILABLE'],
    ['truncated', 'SOURCE_UNAVAILABLE'],
    ['half-open', 'SOURCE_TIMEOUT'],
    ['slow', 'SOURCE_TIMEOUT'],
  ])('to a department that is %s fails with %s, and the failure is noted', async (kind, expected) => {
    await upstream.setFault({ kind, delayMs: 200, scope: 'all' });
    const call = callTo({}, 80);
    await expect(send(call)).rejects.toMatchObject({ code: expected });
    expect(call.log.failures.map((failure) => failure.code)).toEqual([expected]);
  });

  it('is broken off when the reply does not end, although it declares no length', async () => {
    const chunk = Buffer.alloc(1024 * 1024, ' ');
    const endless = createServer((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    await expect(send(callTo({ endpoint }, 20_000))).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      message: 'Ecology sent a reply of more than 67108864 bytes.',
    });
    const closed = new Promise((resolve) => endless.close(resolve));
    endless.closeAllConnections();
    await closed;
  });

  it('notes what the department’s own envelope refuses', async () => {
    const refusal = new HubError('SOURCE_REFUSED', 'Ecology refused the call: jksqm is wrong.');
    const call = callTo({
      unwrap: () => {
        throw refusal;
      },
    });
    await expect(send(call)).rejects.toBe(refusal);
    expect(call.log.failures).toEqual([refusal]);
  });

  it('is not made for a department with another transport', async () => {
    const call: MeshCall = { ...callTo(), transport: { kind: 'database', database: {} as never } };
    await expect(send(call)).rejects.toThrow('Ecology has no HTTP transport');
    await expect(meshFetch(upstream.address, {}, {})).rejects.toThrow('without the source kit');
    expect(received).toEqual([]);
  });
});
