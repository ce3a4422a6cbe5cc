import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { NoticeDoor } from '../../../schema/delivery/ports.ts';
import { FaultCommand } from '../../../sources/kit/upstream/faults.ts';
import { guardSource } from '../../../sources/kit/guard-source.ts';
import { loadMeshSources, type MeshSources } from '../../../sources/kit/mesh.ts';
import publicSecurity from '../../../sources/public-security/index.ts';
import { replyEnvelope } from '../../../sources/public-security/upstream/soap.ts';
import { callScope, startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { testNotice } from '../../support/test-notice.ts';

function doorOf({ notices }: { readonly notices?: NoticeDoor }): NoticeDoor {
  if (notices === undefined) throw new Error('public security takes no notices');
  return notices;
}

describe.each(['plain', 'new'])('notices by the %s service', (variant) => {
  let hub: SourceUnderTest;
  let door: NoticeDoor;

  beforeAll(async () => {
    hub = await startSource(publicSecurity, { worldSize: 5, environment: { PUBLIC_SECURITY_VARIANT: variant } });
    door = doorOf(hub.source);
  });
  afterEach(() => hub.upstream.setFault(null));
  afterAll(() => hub.close());

  it('are written with one call, received under one number, and answered', async () => {
    const { issued } = testNotice('public-security');
    hub.upstream.resetCalls();
    const first = await door.deliver(issued, callScope());
    expect(first).toMatchObject({
      outcome: 'ACCEPTED',
      httpStatus: 200,
      receiptNumber: expect.stringMatching(/^R\d+$/),
    });
    expect(hub.upstream.calls()).toEqual({ '18W90': 1 });
    expect(await door.deliver(issued, callScope())).toMatchObject({ receiptNumber: first.receiptNumber });
    expect(hub.upstream.desk?.entries()).toMatchObject([
      { copies: 2, message: { signedText: issued.fields['signedText'], signature: issued.fields['signature'] } },
    ]);
    let page = await door.words(null, 10, callScope());
    while (page.words.length < 3) {
      await delay(20);
      page = await door.words(null, 10, callScope());
    }
    expect(page.words.map(({ kind, by }) => [kind, by])).toEqual([
      ['SIGNED', '秩序管理岗'],
      ['FED_BACK', '秩序管理岗'],
      ['FED_BACK', '秩序管理岗'],
    ]);
  });

  it('are refused in the words of the gateway, and not refused when it reports an error of its own', async () => {
    const { issued } = testNotice('public-security');
    await hub.upstream.setFault(FaultCommand.parse({ kind: 'refused' }));
    expect(await door.deliver(issued, callScope())).toMatchObject({
      outcome: 'REFUSED',
      detail: expect.stringContaining('今日写入次数已达上限 (code 0)'),
    });
    await hub.upstream.setFault(FaultCommand.parse({ kind: 'refused', scope: 'first' }));
    expect(await door.deliver(issued, callScope())).toMatchObject({ outcome: 'UNREACHABLE' });
  });
});

describe('what the gateway says of a write', () => {
  /** A gateway that says what it is told to. */
  let server: Server;
  let mesh: MeshSources;
  let door: NoticeDoor;
  let said = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200).end(replyEnvelope('TmriOutNewAccess', 'writeObjectOutNew', said));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const setup = publicSecurity.create({
      PUBLIC_SECURITY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      PUBLIC_SECURITY_SERIAL: '7F1C0B3E95D2A84C60E77F1C0B3E95D2',
    });
    mesh = await loadMeshSources();
    door = doorOf(guardSource(publicSecurity, setup, mesh));
  });
  beforeEach(() => {
    said = '';
  });
  afterAll(async () => {
    mesh.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const head = (code: string, body = ''): string =>
    `<?xml version="1.0" encoding="GBK"?><root><head><code>${code}</code><message>x</message></head><body>${body}</body></root>`;
  const received = '<vehispara id="0"><slbh>SL-7</slbh></vehispara>';

  it.each([
    ['received', head('1', received), { outcome: 'ACCEPTED', receiptNumber: 'SL-7' }],
    ['received before', head('2', received), { outcome: 'ACCEPTED', receiptNumber: 'SL-7' }],
    ['received, without a number', head('1'), { outcome: 'ACCEPTED', receiptNumber: null }],
    ['not received', head('0'), { outcome: 'REFUSED', receiptNumber: null }],
    ['not received, by a negative code', head('-13'), { outcome: 'REFUSED' }],
    ['a code of no meaning', head('3', received), { outcome: 'BROKEN', receiptNumber: null }],
    ['no code', head(''), { outcome: 'BROKEN' }],
    ['its own failure', '$E:系统错误', { outcome: 'UNREACHABLE' }],
    ['something else', 'OK', { outcome: 'BROKEN', detail: expect.stringContaining('cannot be read') }],
  ])('%s', async (_what, answer, reply) => {
    said = answer;
    expect(await door.deliver(testNotice('public-security').issued, callScope())).toMatchObject(reply);
  });
});
