import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import type { FaultCommand, FaultKind } from '../../../sources/kit/upstream/faults.ts';
import {
  startHttpUpstream,
  type HttpUpstreamOptions,
  type UpstreamRequest,
} from '../../../sources/kit/upstream/http-upstream.ts';
import type { ReferenceUpstream } from '../../../sources/kit/upstream/reference-upstream.ts';

const REPLY = JSON.stringify({ name: '贵州示例甲机动车检测有限公司', rows: [1, 2, 3] });

let upstream: ReferenceUpstream;
let received: { request: UpstreamRequest; fault: FaultCommand | null }[] = [];

const start = (options: Partial<HttpUpstreamOptions> = {}): Promise<ReferenceUpstream> =>
  startHttpUpstream({
    departmentId: 'ecology',
    environment: (url) => ({ ECOLOGY_URL: url }),
    answer(request, fault) {
      received.push({ request, fault });
      return {
        operation: request.url.searchParams.get('op') ?? 'read',
        status: 200,
        contentType: 'application/json; charset=utf-8',
        body: REPLY,
      };
    },
    ...options,
  });
const fault = (kind: FaultKind, delayMs = 5_000): FaultCommand => ({ kind, delayMs, scope: 'all' });

/** What a client sees: the bytes of the reply, or why there are none. */
async function ask(path = '/', timeoutMs = 2_000): Promise<Buffer | string> {
  try {
    const reply = await fetch(upstream.address + path, { signal: AbortSignal.timeout(timeoutMs) });
    return Buffer.from(await reply.arrayBuffer());
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return cause?.code ?? name;
  }
}

beforeEach(async () => {
  received = [];
  upstream = await start();
});
afterEach(() => upstream.close());

describe('a reference upstream over HTTP', () => {
  it('listens on the loopback interface and names its settings', () => {
    expect(upstream.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(upstream.environment).toEqual({ ECOLOGY_URL: upstream.address });
    expect(upstream.departmentId).toBe('ecology');
  });

  it('hands method, address, headers and body to the department’s protocol and sends its reply', async () => {
    const reply = await fetch(`${upstream.address}/api/v2?op=stations`, {
      method: 'POST',
      headers: { 'x-app-key': 'demo' },
      body: '检验',
    });
    expect([reply.status, reply.headers.get('content-type'), await reply.text()]).toEqual([
      200,
      'application/json; charset=utf-8',
      REPLY,
    ]);
    const [{ request, fault: active } = { request: null, fault: undefined }] = received;
    expect(request).toMatchObject({ method: 'POST', body: '检验', headers: { 'x-app-key': 'demo' } });
    expect([request?.url.pathname, active]).toEqual(['/api/v2', null]);
  });

  it('counts calls by operation until it is told to forget them', async () => {
    await ask('/?op=stations');
    await ask('/?op=stations');
    await ask('/?op=devices');
    const counted = upstream.calls();
    expect(counted).toEqual({ stations: 2, devices: 1 });
    upstream.resetCalls();
    expect(upstream.calls()).toEqual({});
    expect(counted).toEqual({ stations: 2, devices: 1 });
  });

  it('answers 500 when its own protocol breaks, and lives on', async () => {
    await upstream.close();
    let broken = true;
    upstream = await start({
      answer() {
        if (broken) throw new Error('no such row');
        return { operation: 'read', status: 200, contentType: 'text/plain', body: 'well' };
      },
    });
    expect((await fetch(upstream.address)).status).toBe(500);
    broken = false;
    expect(String(await ask())).toBe('well');
  });

  it('can be put on a given port', async () => {
    const port = Number(new URL(upstream.address).port);
    await upstream.close();
    upstream = await start({ port });
    expect(upstream.address).toBe(`http://127.0.0.1:${port}`);
    await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('a fault of the transport, as a client sees it:', () => {
  it('slow: the whole reply, late, and counted', async () => {
    await upstream.setFault(fault('slow', 80));
    const begun = performance.now();
    expect(String(await ask())).toBe(REPLY);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(75);
    expect(upstream.calls()).toEqual({ read: 1 });
  });

  it('down: no connection, not even on one kept open, and nothing counted', async () => {
    await ask();
    await upstream.setFault(fault('down'));
    expect(await ask()).toBe('ECONNREFUSED');
    expect(upstream.calls()).toEqual({ read: 1 });
  });

  it('down: calls in progress break off', async () => {
    await upstream.setFault(fault('half-open'));
    const pending = ask();
    while (upstream.calls()['half-open'] === undefined) await new Promise((resolve) => setImmediate(resolve));
    await upstream.setFault(fault('down'));
    expect(await pending).toBe('UND_ERR_SOCKET');
  });

  it('half-open: a connection and never an answer', async () => {
    await upstream.setFault(fault('half-open'));
    expect(await ask('/', 60)).toBe('TimeoutError');
    expect(upstream.calls()).toEqual({ 'half-open': 1 });
    expect(received).toEqual([]);
  });

  it('garbage: a reply that is not what it declares', async () => {
    await upstream.setFault(fault('garbage'));
    const reply = await fetch(upstream.address);
    expect(reply.headers.get('content-type')).toContain('application/json');
    const text = await reply.text();
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  it('truncated: half of the reply, then a broken connection', async () => {
    await upstream.setFault(fault('truncated'));
    const reply = await fetch(upstream.address);
    expect([reply.status, reply.headers.get('content-length')]).toEqual([200, String(Buffer.byteLength(REPLY))]);
    let size = 0;
    const readAll = async (): Promise<void> => {
      for await (const chunk of reply.body as unknown as AsyncIterable<Uint8Array>) size += chunk.length;
    };
    await expect(readAll()).rejects.toThrow('terminated');
    expect(size).toBe(Math.floor(Buffer.byteLength(REPLY) / 2));
  });

  it('wrong-charset: GB 18030 under the name of UTF-8', async () => {
    await upstream.setFault(fault('wrong-charset'));
    const bytes = await ask();
    expect(bytes).toEqual(iconv.encode(REPLY, 'gb18030'));
    expect(bytes).not.toEqual(Buffer.from(REPLY));
  });

  it.each<FaultKind>(['schema-drift', 'duplicate-rows', 'out-of-order', 'refused'])(
    '%s is left to the protocol',
    async (kind) => {
      await upstream.setFault(fault(kind));
      expect(String(await ask())).toBe(REPLY);
      expect(received.map((each) => each.fault?.kind)).toEqual([kind]);
    },
  );

  it.each<FaultKind>(['slow', 'down', 'half-open', 'garbage', 'truncated', 'wrong-charset'])(
    '%s is over, on the same address, when it is switched off',
    async (kind) => {
      await upstream.setFault(fault(kind, 10));
      await ask('/', 60);
      await upstream.setFault(null);
      expect(String(await ask())).toBe(REPLY);
    },
  );

  it('another one can follow without a pause between', async () => {
    await upstream.setFault(fault('down'));
    await upstream.setFault(fault('down'));
    await upstream.setFault(fault('refused'));
    expect(String(await ask())).toBe(REPLY);
  });

  it('does not keep the upstream from closing', async () => {
    await upstream.setFault(fault('half-open'));
    const pending = ask();
    while (upstream.calls()['half-open'] === undefined) await new Promise((resolve) => setImmediate(resolve));
    await upstream.close();
    expect(await pending).toBe('UND_ERR_SOCKET');
  });
});
