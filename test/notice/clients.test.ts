/** The clients of partners, used as docs/notices-live.md shows: they go on where they were when the gateway was away. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createClient as createEventStreamClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import * as steps from '../../schema/notice/case.ts';
import { EVENT_CURSORS } from '../../schema/notice/nodes.ts';
import { blankNotice, changed } from './cases.ts';
import { openGateway, openNoticeWorld, type Gateway, type NoticeWorld } from './notice-world.ts';

const query = `subscription ($after: Cursor, $filter: NoticeFilter) {
  noticeEvents(after: $after, filter: $filter) { cursor kind notice { id } }
}`;
interface Told {
  readonly noticeEvents: { readonly cursor: string; readonly kind: string; readonly notice: { readonly id: string } };
}

let world: NoticeWorld;
let gateway: Gateway;
let token: string;
beforeAll(async () => {
  world = await openNoticeWorld();
  gateway = await openGateway(world.server.connection, { doorbell: world.doorbell });
  token = await world.token(['RECIPIENT'], 'ecology');
});
afterAll(async () => {
  await gateway.close();
  await world.close();
});

async function publish(id: string): Promise<void> {
  const published = changed(blankNotice({}, id), (change) => {
    change.emit('DRAFT');
    steps.takeTo(change, 'PUBLISHED');
  });
  expect(await world.store.insert(published)).toBe(true);
}

const connectWebSocket = () =>
  createWebSocketClient({
    url: `ws://127.0.0.1:${gateway.port}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
  });
const connectEventStream = () =>
  createEventStreamClient({
    url: `http://127.0.0.1:${gateway.port}/graphql/stream`,
    headers: { authorization: `Bearer ${token}` },
    retryAttempts: Number.POSITIVE_INFINITY,
  });

it.each([
  ['graphql-ws', connectWebSocket, 'n1', 'n2'],
  ['graphql-sse', connectEventStream, 'n3', 'n4'],
] as const)('%s', async (_, connect, first, second) => {
  const variables = { after: EVENT_CURSORS.write(await world.log.head()), filter: { recipient: 'ecology' } };
  const client = connect();
  const heard: string[] = [];
  await publish(first);
  for await (const { data } of client.iterate<Told>({ query, variables })) {
    if (data == null) break;
    const { cursor, kind, notice } = data.noticeEvents;
    heard.push(`${notice.id} ${kind}`);
    variables.after = cursor;
    if (heard.length === 3) {
      const { port } = gateway;
      await gateway.close();
      await publish(second);
      gateway = await openGateway(world.server.connection, { doorbell: world.doorbell, port });
    }
    if (heard.length === 6) break;
  }
  await client.dispose();
  const { events } = await world.log.page((await world.log.head()) - 12, 12);
  // What came before the publication was not meant for a recipient.
  const meant = events.filter(({ recipientIds }) => recipientIds.includes('ecology'));
  expect(heard).toEqual(meant.map(({ noticeId, kind }) => `${noticeId} ${kind}`));
  expect(heard).toEqual(
    [first, second].flatMap((id) => ['PUBLISHED', 'DELIVERY_QUEUED', 'DELIVERY_QUEUED'].map((kind) => `${id} ${kind}`)),
  );
});
