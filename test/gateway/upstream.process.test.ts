/** The reference upstreams as the built hub runs them: a process of their own that hears where the hub listens. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { projectRoot } from '../../schema/project-root.ts';
import { UpstreamsReport, type HubAnnouncement } from '../../sources/reference-upstreams.ts';
import { testNotice } from '../support/test-notice.ts';

let child: ChildProcess;
let report: UpstreamsReport;
/** Stands at the hub's address. */
let hub: Server;
const said: (string | undefined)[] = [];

beforeAll(async () => {
  hub = createServer((request, response) => {
    request.resume().on('end', () => {
      said.push(request.headers.authorization);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{}}');
      hub.emit('said');
    });
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  child = fork(join(projectRoot, 'dist', 'sources', 'reference-upstreams.js'), ['0', 'ecology', 'public-security']);
  const [message] = (await once(child, 'message')) as [unknown];
  report = UpstreamsReport.parse(message);
});
afterAll(async () => {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
  hub.closeAllConnections();
  await new Promise((resolve) => hub.close(resolve));
});

it('report an address and a secret for notices of those that have no protocol of their own for them', () => {
  expect(report.webhooks).toEqual({
    ecology: {
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\S+$/),
      secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/),
    },
  });
});

it('say their words to the hub once they are told where it listens, with their own keys', async () => {
  const { issued } = testNotice('ecology');
  const at = new Date();
  const { url = '', secret = '' } = report.webhooks['ecology'] ?? {};
  const reply = await fetch(url, {
    method: 'POST',
    headers: {
      'webhook-id': issued.id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(issued.id, at, issued.body),
    },
    body: issued.body,
  });
  expect(reply.status).toBe(200);
  expect(said).toEqual([]);
  const announcement: HubAnnouncement = {
    graphUrl: `http://127.0.0.1:${(hub.address() as AddressInfo).port}/graphql`,
    tokens: { ecology: 'key-of-ecology', transport: 'key-of-transport' },
  };
  child.send(announcement);
  while (said.length < 2) await once(hub, 'said');
  expect(said).toEqual(['Bearer key-of-ecology', 'Bearer key-of-ecology']);
});

it('list at the control address what their desks have received', async () => {
  const notices = async (department: string): Promise<unknown> =>
    (await fetch(`${report.controlAddress}/notices/${department}`)).json();
  expect(await notices('ecology')).toMatchObject({ received: [{ copies: 1 }], refused: [] });
  expect(await notices('public-security')).toMatchObject({ received: [], refused: [] });
});
