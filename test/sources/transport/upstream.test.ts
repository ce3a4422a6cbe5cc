import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { ReferenceUpstream } from '../../../sources/kit/upstream/reference-upstream.ts';
import transport from '../../../sources/transport/index.ts';
import { buildWorld } from '../../../sources/world/build-world.ts';

let upstream: ReferenceUpstream;
const opened: Client[] = [];

beforeAll(async () => {
  upstream = await transport.startUpstream(buildWorld({ size: 20 }), {});
}, 60_000);
afterAll(async () => {
  await Promise.all(opened.map((client) => client.end().catch(() => undefined)));
  await upstream.close();
});

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: upstream.environment['TRANSPORT_DATABASE_URL'] });
  client.on('error', () => undefined);
  await client.connect();
  opened.push(client);
  return client;
}
const countOf = async (client: Client): Promise<unknown> =>
  (await client.query<{ n: string }>('select count(*) as n from QZ_FK')).rows[0]?.n;

describe('the reference exchange database', () => {
  it('keeps statements of many connections apart', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, connect));
    const answers = await Promise.all(
      clients.flatMap((client, index) => [
        client.query<{ v: string }>('select $1::text as v', [`a${index}`]),
        client.query<{ v: string }>('select $1::int + 1 as v', [index]),
      ]),
    );
    expect(answers.map(({ rows }) => String(rows[0]?.v))).toEqual(
      clients.flatMap((_, index) => [`a${index}`, String(index + 1)]),
    );
  });

  it('takes feedback rows, and lets a transaction finish before others go on', async () => {
    const [writer, reader] = [await connect(), await connect()];
    await writer.query('begin');
    await writer.query("insert into QZ_FK (ID, BMC, JLID, FKJG) values ($1, 'QZ_CLJC', 'T0001', '1')", ['F1']);
    let seen: unknown = 'nothing yet';
    const reading = countOf(reader).then((count) => (seen = count));
    await writer.query('select 1');
    expect(seen).toBe('nothing yet');
    await writer.query('commit');
    expect(await reading).toBe('1');
  });

  it('rolls back what a lost connection had begun', async () => {
    const [writer, reader] = [await connect(), await connect()];
    const before = await countOf(reader);
    await writer.query('begin');
    await writer.query("insert into QZ_FK (ID) values ('F2')");
    await writer.end();
    expect(await countOf(reader)).toBe(before);
  });

  it('goes on after an error', async () => {
    const client = await connect();
    await expect(client.query('select $1::int as v', ['x'])).rejects.toMatchObject({ code: '22P02' });
    await expect(client.query('select NOTHING from QZ_JCJG')).rejects.toMatchObject({ code: '42703' });
    expect((await client.query('select ID from QZ_JCJG limit 1')).rows).toHaveLength(1);
  });

  it.each(['reset role', 'set role none', 'set session authorization default', 'begin; reset role; commit'])(
    'gives a connection back its few rights after "%s"',
    async (statement) => {
      const [client, other] = [await connect(), await connect()];
      await client.query(statement);
      await expect(client.query('delete from QZ_FK')).rejects.toMatchObject({ code: '42501' });
      await expect(other.query('delete from QZ_FK')).rejects.toMatchObject({ code: '42501' });
    },
  );

  it('counts statements by what they do and to which table', async () => {
    const client = await connect();
    upstream.resetCalls();
    await client.query('select ID from QZ_JCJG limit 1');
    await client.query('select ID from QZ_CLJC where ID = $1', ['T0001']);
    await client.query('select 1');
    expect(upstream.calls()).toEqual({ 'SELECT QZ_JCJG': 1, 'SELECT QZ_CLJC': 1, SELECT: 1 });
  });

  it('pads its columns, says in three ways that something has no end, and withdraws by flag', async () => {
    const client = await connect();
    const { rows } = await client.query<Record<string, string>>('select * from QZ_JCJG');
    expect(rows.every(({ jcjgbh }) => jcjgbh?.length === 16)).toBe(true);
    const ends = new Set(rows.map(({ bayxqz }) => bayxqz));
    expect(['99990909', '2099/12/31', '长期'].every((end) => ends.has(end))).toBe(true);
    const flags = await client.query<{ czlx: string }>('select distinct CZLX from QZ_CLJC order by 1');
    expect(flags.rows.map(({ czlx }) => czlx)).toEqual(['D', 'I', 'U']);
  });
});
