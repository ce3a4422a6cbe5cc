/** Several clients on the one session of the embedded engine. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startEmbedded, type QueueServer } from './servers.ts';

let server: QueueServer;
const clients: pg.Client[] = [];

async function client(options?: string): Promise<pg.Client> {
  const opened = new pg.Client({ connectionString: server.address.url, ...(options !== undefined && { options }) });
  opened.on('error', () => undefined);
  await opened.connect();
  clients.push(opened);
  return opened;
}

beforeAll(async () => {
  server = await startEmbedded();
});
afterAll(async () => {
  await Promise.allSettled(clients.map((each) => each.end()));
  await server.close();
});

describe('clients of the embedded queue', () => {
  it('each see their own schema', async () => {
    const admin = await client();
    await admin.query('CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE one.t (v text); CREATE TABLE two.t (v text)');
    const [one, two] = [await client('-c search_path=one'), await client('-c search_path=two')];
    await Promise.all([one.query("INSERT INTO t VALUES ('one')"), two.query("INSERT INTO t VALUES ('two')")]);
    const read = async (own: pg.Client) => (await own.query<{ v: string }>('SELECT v FROM t')).rows;
    expect([await read(one), await read(two)]).toEqual([[{ v: 'one' }], [{ v: 'two' }]]);
  });

  it('hear what they listen to, and nobody else does', async () => {
    const [listener, other, speaker] = [await client(), await client(), await client()];
    const heard: string[] = [];
    other.on('notification', () => heard.push('the wrong one'));
    await listener.query('LISTEN doorbell');
    const rang = once(listener, 'notification') as Promise<[{ payload: string }]>;
    await speaker.query("NOTIFY doorbell, 'now'");
    expect((await rang)[0].payload).toBe('now');
    await other.query('SELECT 1');
    expect(heard).toEqual([]);
  });

  it('do not mix their transactions', async () => {
    const [writer, reader] = [await client(), await client()];
    await writer.query('CREATE TABLE ledger (v int)');
    await writer.query('BEGIN');
    await writer.query('INSERT INTO ledger VALUES (1)');
    const read = reader.query<{ n: number }>('SELECT count(*)::int AS n FROM ledger');
    await writer.query('ROLLBACK');
    expect((await read).rows).toEqual([{ n: 0 }]);
  });

  it('may use the same name for different prepared statements', async () => {
    const [one, two] = [await client(), await client()];
    const ask = async (own: pg.Client, text: string) =>
      (await own.query<{ v: number }>({ name: 'same', text, values: [] })).rows[0]?.v;
    expect([await ask(one, 'SELECT 1 AS v'), await ask(two, 'SELECT 2 AS v'), await ask(one, 'SELECT 1 AS v')]).toEqual(
      [1, 2, 1],
    );
  });

  it('leave nothing half done when they vanish in the middle of a transaction', async () => {
    const [lost, other] = [await client(), await client()];
    await other.query('CREATE TABLE half (v int)');
    await lost.query('BEGIN');
    await lost.query('INSERT INTO half VALUES (1)');
    (lost as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect((await other.query<{ n: number }>('SELECT count(*)::int AS n FROM half')).rows).toEqual([{ n: 0 }]);
  });

  it.each([
    ['garbage', Buffer.from('GET / HTTP/1.1\r\nhost: here\r\n\r\n')],
    ['a length below zero', Buffer.from([0x80, 0, 0, 1, 0, 3, 0, 0])],
    ['a length beyond all sense', Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 3, 0, 0])],
  ])('lose only their own connection when they send %s', async (_name, bytes) => {
    const other = await client();
    const port = Number(new URL(server.address.url).port);
    const stranger = connect(port, '127.0.0.1');
    stranger.on('error', () => undefined);
    const closed = once(stranger, 'close');
    stranger.write(bytes);
    await closed;
    expect((await other.query<{ v: number }>('SELECT 1 AS v')).rows).toEqual([{ v: 1 }]);
  });
});
