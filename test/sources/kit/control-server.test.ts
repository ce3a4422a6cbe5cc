import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startControlServer } from '../../../sources/kit/upstream/control-server.ts';
import { startHttpUpstream } from '../../../sources/kit/upstream/http-upstream.ts';
import { controlOf, NoticeDesk } from '../../../sources/kit/upstream/notice-desk.ts';
import type { ReferenceUpstream } from '../../../sources/kit/upstream/reference-upstream.ts';

let upstreams: readonly ReferenceUpstream[] = [];
let control: Awaited<ReturnType<typeof startControlServer>>;

const start = (departmentId: string): Promise<ReferenceUpstream> =>
  startHttpUpstream({
    departmentId,
    environment: () => ({}),
    answer: () => ({ operation: 'read', status: 200, contentType: 'text/plain', body: 'well' }),
  });

async function send(method: string, path: string, body?: string): Promise<{ status: number; body: unknown }> {
  const reply = await fetch(control.address + path, { method, body: body ?? null });
  return { status: reply.status, body: await reply.json() };
}

const textOf = async (departmentId: string): Promise<string> => {
  const address = upstreams.find((each) => each.departmentId === departmentId)?.address ?? '';
  return fetch(address).then(
    (reply) => reply.text(),
    () => 'no answer',
  );
};

beforeEach(async () => {
  upstreams = [await start('ecology'), await start('transport')];
  control = await startControlServer(upstreams);
});
afterEach(async () => {
  await control.close();
  await Promise.all(upstreams.map((upstream) => upstream.close()));
});

describe('the control address of the reference upstreams', () => {
  it('switches a fault on at one department and off again; it is in force with the answer', async () => {
    expect(await send('PUT', '/faults/ecology', '{"kind":"down"}')).toEqual({
      status: 200,
      body: { department: 'ecology', fault: { kind: 'down', delayMs: 5_000, scope: 'all' } },
    });
    expect([await textOf('ecology'), await textOf('transport')]).toEqual(['no answer', 'well']);
    expect(await send('DELETE', '/faults/ecology')).toEqual({
      status: 200,
      body: { department: 'ecology', fault: null },
    });
    expect(await textOf('ecology')).toBe('well');
  });

  it('replaces one fault by another', async () => {
    await send('PUT', '/faults/ecology', '{"kind":"down"}');
    await send('PUT', '/faults/ecology', '{"kind":"garbage"}');
    expect(await textOf('ecology')).toContain('gateway login');
  });

  it('counts the calls of every department and forgets them on demand', async () => {
    await textOf('ecology');
    await textOf('ecology');
    expect(await send('GET', '/calls')).toEqual({ status: 200, body: { ecology: { read: 2 }, transport: {} } });
    expect(await send('DELETE', '/calls')).toEqual({ status: 200, body: { ecology: {}, transport: {} } });
    expect(await send('GET', '/calls')).toEqual({ status: 200, body: { ecology: {}, transport: {} } });
  });

  it.each([
    ['no JSON', 'down'],
    ['nothing', ''],
    ['no object', '"down"'],
    ['an unknown kind', '{"kind":"explode"}'],
    ['no kind', '{"delayMs":10}'],
    ['a word too many', '{"kind":"down","forever":true}'],
    ['an impossible delay', '{"kind":"slow","delayMs":-1}'],
    ['a delay beyond two minutes', '{"kind":"slow","delayMs":120001}'],
    ['a broken delay', '{"kind":"slow","delayMs":1.5}'],
    ['an unknown scope', '{"kind":"schema-drift","scope":"last"}'],
  ])('refuses a command with %s, says why and changes nothing', async (_, command) => {
    expect(await send('PUT', '/faults/ecology', command)).toEqual({
      status: 400,
      body: { error: expect.stringMatching(/.{5}/) },
    });
    expect(await textOf('ecology')).toBe('well');
  });

  it.each([
    ['PUT', '/faults/water-resources'],
    ['DELETE', '/faults/water-resources'],
    ['DELETE', '/faults'],
    ['GET', '/'],
    ['GET', '/calls/ecology'],
    ['PUT', '/ecology'],
  ])('knows no address for %s %s', async (method, path) => {
    const body = method === 'PUT' ? '{"kind":"down"}' : undefined;
    expect(await send(method, path, body)).toEqual({ status: 404, body: { error: 'no such address' } });
  });

  it.each(['GET', 'POST', 'PATCH'])('knows no %s of a fault', async (method) => {
    expect((await send(method, '/faults/ecology')).status).toBe(405);
  });

  describe('for the desks of departments', () => {
    const MESSAGE = {
      id: 'n1.1.ecology.NOTICE',
      type: 'notice.issued',
      deliveryId: 'n1.1.ecology',
      number: 'LHCJ520000202601000012',
      measureIds: ['M1-01'],
      signedText: '{}',
      signature: { algorithm: 'ED25519', keyId: 'k1', value: 'c2ln' },
    };
    let desk: NoticeDesk;
    let said: string[];

    beforeEach(async () => {
      said = [];
      desk = new NoticeDesk(({ kind }) => said.push(kind));
      const [ecology, transport] = upstreams;
      if (ecology === undefined || transport === undefined) throw new Error('nobody is there');
      await control.close();
      control = await startControlServer([{ ...ecology, desk: controlOf(desk, () => undefined) }, transport]);
    });

    it('lists what was received, with copies, and what the hub refused; and forgets it', async () => {
      desk.receive(MESSAGE);
      desk.receive(MESSAGE);
      desk.refused({ deliveryId: MESSAGE.deliveryId, reason: 'It has ended.' });
      expect(await send('GET', '/notices/ecology')).toEqual({
        status: 200,
        body: {
          department: 'ecology',
          received: [{ message: MESSAGE, receivedAt: expect.stringMatching(/^\d{4}-/), copies: 2 }],
          refused: [{ deliveryId: 'n1.1.ecology', reason: 'It has ended.' }],
        },
      });
      const nothing = { status: 200, body: { department: 'ecology', received: [], refused: [] } };
      expect(await send('DELETE', '/notices/ecology')).toEqual(nothing);
      expect(await send('GET', '/notices/ecology')).toEqual(nothing);
    });

    it('tells a desk how to behave', async () => {
      expect(await send('PUT', '/notices/ecology', '{"returnsWith":"对象不在本地"}')).toEqual({
        status: 200,
        body: {
          department: 'ecology',
          behaviour: { signs: true, returnsWith: '对象不在本地', feedsBack: 'EXECUTED', confirmsEnd: true, delayMs: 0 },
        },
      });
      desk.receive(MESSAGE);
      while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(said).toEqual(['RETURNED']);
    });

    it.each(['', '{"signs":"yes"}', '{"feedsBack":"DONE"}', '{"delayMs":-1}', '{"sings":true}'])(
      'refuses the behaviour %s',
      async (behaviour) => {
        expect(await send('PUT', '/notices/ecology', behaviour)).toMatchObject({ status: 400 });
      },
    );

    it('knows no desk of a department that takes no notices, and no POST', async () => {
      expect((await send('GET', '/notices/transport')).status).toBe(404);
      expect((await send('GET', '/notices')).status).toBe(404);
      expect((await send('POST', '/notices/ecology', '{}')).status).toBe(405);
    });
  });

  it('says so when a fault cannot be brought into force', async () => {
    const stubborn: ReferenceUpstream = {
      ...(upstreams[0] as ReferenceUpstream),
      setFault: () => Promise.reject(new Error('the port is taken')),
    };
    await control.close();
    control = await startControlServer([stubborn]);
    expect(await send('PUT', '/faults/ecology', '{"kind":"down"}')).toEqual({
      status: 500,
      body: { error: 'Error: the port is taken' },
    });
  });
});
