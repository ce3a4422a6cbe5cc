import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { FaultCommand } from '../../../sources/kit/upstream/faults.ts';
import { startHttpUpstream } from '../../../sources/kit/upstream/http-upstream.ts';
import type { DeskControl } from '../../../sources/kit/upstream/notice-desk.ts';
import type { ReferenceUpstream } from '../../../sources/kit/upstream/reference-upstream.ts';
import { WebhookDesk } from '../../../sources/kit/upstream/webhook-desk.ts';
import { testNotice, type TestNotice } from '../../support/test-notice.ts';

let upstream: ReferenceUpstream;
let desk: DeskControl;
let url: string;
let secret: string;

beforeEach(async () => {
  upstream = await startHttpUpstream({
    departmentId: 'ecology',
    environment: () => ({}),
    answer: () => ({ operation: 'read', status: 200, contentType: 'text/plain', body: 'well' }),
    webhook: new WebhookDesk(),
  });
  if (upstream.desk === undefined || upstream.webhook === undefined) throw new Error('there is no desk');
  desk = upstream.desk;
  ({ url, secret } = upstream.webhook);
});
afterEach(() => upstream.close());

interface Sending {
  readonly id?: string;
  readonly at?: Date;
  readonly secret?: string;
  /** What is sent instead of what was signed. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Signed by the reference implementation of Standard Webhooks. */
async function send(signed: string, { at = new Date(), id = 'm1', ...other }: Sending = {}) {
  const reply = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(other.secret ?? secret).sign(id, at, signed),
      ...other.headers,
    },
    body: other.body ?? signed,
  });
  return { status: reply.status, body: (await reply.json()) as unknown };
}

const sendNotice = ({ issued: { id, body } }: TestNotice): Promise<unknown> => send(body, { id });

describe('a desk that takes signed webhooks', () => {
  it('gives every message a number, and a copy the same one', async () => {
    const [first, second] = [testNotice('ecology'), testNotice('ecology')];
    expect(await sendNotice(first)).toEqual({ status: 200, body: { accepted: true, receiptNumber: 'R1' } });
    expect(await sendNotice(second)).toEqual({ status: 200, body: { accepted: true, receiptNumber: 'R2' } });
    expect(await sendNotice(first)).toEqual({ status: 200, body: { accepted: true, receiptNumber: 'R1' } });
    expect(desk.entries().map(({ message, copies }) => [message.id, copies])).toEqual([
      [first.issued.id, 2],
      [second.issued.id, 1],
    ]);
    expect(desk.entries()[0]?.message).toMatchObject({
      type: 'notice.issued',
      deliveryId: first.deliveryId,
      measureIds: first.measureIds,
      signedText: first.issued.fields['signedText'],
    });
  });

  it('accepts either of two signatures, as while a secret is changed', async () => {
    const { body, id } = testNotice('ecology').issued;
    const at = new Date();
    const right = new Webhook(secret).sign(id, at, body);
    const signature = `v1,b2xk v1a,${right.slice(3)} ${right}`;
    expect(await send(body, { id, at, headers: { 'webhook-signature': signature } })).toMatchObject({ status: 200 });
  });

  const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);
  it.each<[string, Sending, number]>([
    ['a signature with another secret', { secret: `whsec_${Buffer.from('other').toString('base64')}` }, 401],
    ['another body than the signed one', { body: '{"type":"notice.issued"}' }, 401],
    ['another id than the signed one', { headers: { 'webhook-id': 'm2' } }, 401],
    [
      'a later time than the signed one',
      { headers: { 'webhook-timestamp': String(Math.floor(Date.now() / 1_000) + 9) } },
      401,
    ],
    ['a time long past', { at: minutes(-6) }, 401],
    ['a time that is not yet', { at: minutes(6) }, 401],
    ['a time that is none', { headers: { 'webhook-timestamp': 'now' } }, 401],
    ['no signature', { headers: { 'webhook-signature': '' } }, 401],
    ['a signature of another kind only', { headers: { 'webhook-signature': 'v1a,b2xk' } }, 401],
    ['a signature that is too short', { headers: { 'webhook-signature': 'v1,b2xk' } }, 401],
    ['no id', { headers: { 'webhook-id': '' } }, 401],
  ])('believes nothing with %s', async (_what, sending, status) => {
    expect(await send(testNotice('ecology').issued.body, sending)).toMatchObject({ status });
    expect(desk.entries()).toEqual([]);
  });

  it.each([
    ['no JSON', 'notice'],
    ['no message', '[1]'],
    ['half a notice', '{"type":"notice.issued","deliveryId":"d1"}'],
  ])('refuses a genuine body that is %s', async (_what, body) => {
    expect(await send(body)).toMatchObject({ status: 400 });
    expect(desk.entries()).toEqual([]);
  });

  it('accepts what is about something else, and does nothing about it', async () => {
    expect(await send('{"type":"endpoint.test"}')).toEqual({ status: 200, body: { accepted: true } });
    expect(desk.entries()).toEqual([]);
  });

  it('takes only POST, and leaves the rest of the department as it is', async () => {
    expect((await fetch(url)).status).toBe(405);
    expect(await (await fetch(upstream.address)).text()).toBe('well');
  });

  it('suffers from the faults of its department', async () => {
    const notice = testNotice('ecology');
    await upstream.setFault(FaultCommand.parse({ kind: 'refused' }));
    expect(await sendNotice(notice)).toMatchObject({ status: 403 });
    await upstream.setFault(FaultCommand.parse({ kind: 'down' }));
    await expect(sendNotice(notice)).rejects.toThrow('fetch failed');
    expect(desk.entries()).toEqual([]);
    await upstream.setFault(FaultCommand.parse({ kind: 'truncated' }));
    await expect(sendNotice(notice)).rejects.toThrow();
    await upstream.setFault(null);
    // The reply was cut off, the message had arrived.
    expect(await sendNotice(notice)).toMatchObject({ status: 200, body: { receiptNumber: 'R1' } });
    expect(desk.entries()).toMatchObject([{ copies: 2 }]);
  });
});

describe('what a desk says to the hub', () => {
  interface Said {
    readonly authorization: IncomingHttpHeaders['authorization'];
    readonly query: string;
    readonly variables: { readonly deliveryId: string } & Readonly<Record<string, unknown>>;
  }
  /** Stands at the hub's address and notes what comes; answers as scripted, else that it is taken. */
  let hub: Server;
  let said: Said[];
  let scripted: { readonly status: number; readonly body: string }[];
  const TAKEN = { status: 200, body: '{"data":{"signNotice":{"id":"d1"}}}' };

  beforeEach(async () => {
    said = [];
    scripted = [];
    hub = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { query, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Omit<Said, 'authorization'>;
        said.push({ authorization: request.headers.authorization, query, variables });
        const { status, body } = scripted.shift() ?? TAKEN;
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      });
    });
    await listen(0);
  });
  afterEach(stopHub);

  const listen = (port: number): Promise<void> => new Promise((resolve) => hub.listen(port, '127.0.0.1', resolve));
  async function stopHub(): Promise<void> {
    hub.closeAllConnections();
    await new Promise((resolve) => hub.close(resolve));
  }
  const portOfHub = (): number => (hub.address() as AddressInfo).port;
  const connect = (port = portOfHub()): void =>
    upstream.connectToHub?.({ graphUrl: `http://127.0.0.1:${port}/graphql`, token: 'key-of-ecology' });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await delay(10);
  };
  const mutations = (): string[] => said.map(({ query }) => /\w+(?=\(deliveryId: \$)/.exec(query)?.[0] ?? query);
  const failure = (code: string) => ({
    status: 200,
    body: JSON.stringify({ data: null, errors: [{ message: `It is ${code}.`, extensions: { code } }] }),
  });

  it('is a signature and feedback of every measure, in this order, with its key', async () => {
    connect();
    const notice = testNotice('ecology');
    await sendNotice(notice);
    await until(() => said.length === 2);
    expect(mutations()).toEqual(['signNotice', 'feedbackNotice']);
    expect(said[0]).toMatchObject({
      authorization: 'Bearer key-of-ecology',
      variables: { deliveryId: notice.deliveryId },
    });
    expect(said[1]?.variables).toEqual({
      deliveryId: notice.deliveryId,
      feedback: notice.measureIds.map((measureId) => ({
        measureId,
        result: 'EXECUTED',
        caseCount: 1,
        executedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        description: '已落实',
      })),
    });
  });

  it('is the confirmation of what it was told of a recognition', async () => {
    connect();
    const told = { type: 'recognition.suspended', recognitionId: 'r1', state: 'SUSPENDED' };
    expect(await send(JSON.stringify(told))).toEqual({ status: 200, body: { accepted: true } });
    await until(() => said.length === 1);
    expect(said[0]).toMatchObject({
      query: expect.stringContaining('confirmRecognition(id: $id, state: $state)'),
      variables: { id: 'r1', state: 'SUSPENDED' },
    });
  });

  it('is the confirmation of a repair', async () => {
    connect();
    expect((await send(JSON.stringify({ type: 'repair.approved', repairId: 'repair-1' }))).status).toBe(200);
    await until(() => said.length === 1);
    expect(said[0]).toMatchObject({
      query: expect.stringContaining('confirmRepair(id: $id)'),
      variables: { id: 'repair-1' },
    });
  });

  it('is a return with its reason, or the confirmation of an end', async () => {
    connect();
    desk.behave({ returnsWith: '对象不在本地' });
    const notice = testNotice('ecology');
    await sendNotice(notice);
    await send(notice.lifted.body, { id: notice.lifted.id });
    await until(() => said.length === 2);
    expect(said.map(({ variables }) => variables)).toEqual([
      { deliveryId: notice.deliveryId, reason: '对象不在本地' },
      { deliveryId: notice.deliveryId },
    ]);
    expect(mutations()).toEqual(['returnNotice', 'confirmLift']);
  });

  it('waits until the hub listens, and while it is away', async () => {
    const notice = testNotice('ecology');
    await sendNotice(notice);
    const port = portOfHub();
    await stopHub();
    connect(port);
    // It meets nobody at first.
    await delay(150);
    await listen(port);
    await until(() => said.length === 2);
    expect(mutations()).toEqual(['signNotice', 'feedbackNotice']);
  });

  it.each([
    ['an error of its own', failure('INTERNAL')],
    ['that it does not know the key yet', { status: 401, body: '{"errors":[{"message":"no"}]}' }],
    ['that it is too busy', { status: 429, body: '{}' }],
    ['that it is being restarted', { status: 503, body: 'gateway' }],
    ['nothing that can be read', { status: 200, body: '<html>' }],
  ])('is said again, the same, when the hub answers with %s', async (_what, reply) => {
    scripted = [TAKEN, reply, reply];
    connect();
    await sendNotice(testNotice('ecology'));
    await until(() => said.length === 4);
    expect(mutations()).toEqual(['signNotice', 'feedbackNotice', 'feedbackNotice', 'feedbackNotice']);
    expect(said[2]).toEqual(said[1]);
    expect(said[3]).toEqual(said[1]);
    expect(desk.refusals()).toEqual([]);
  });

  it('is not said again when the hub refuses it, and the desk knows why', async () => {
    scripted = [failure('NOTICE_STATE')];
    connect();
    const notice = testNotice('ecology');
    await sendNotice(notice);
    await until(() => said.length === 2);
    expect(mutations()).toEqual(['signNotice', 'feedbackNotice']);
    expect(desk.refusals()).toEqual([{ deliveryId: notice.deliveryId, reason: 'It is NOTICE_STATE.' }]);
    await desk.forget();
    expect([desk.entries(), desk.refusals()]).toEqual([[], []]);
  });
});
