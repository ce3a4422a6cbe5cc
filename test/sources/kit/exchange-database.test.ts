import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execute, parse, printSchema, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { sql } from 'kysely';
import { DatabaseError } from 'pg';
import { createServer, type AddressInfo } from 'node:net';
import { HubError } from '../../../schema/errors.ts';
import type { MeshCall } from '../../../sources/kit/mesh-call.ts';
import { databaseFailure } from '../../../sources/kit/mesh-handlers/exchange-database/failures.ts';
import { contractOf } from '../../../sources/kit/mesh-handlers/exchange-database/index.ts';
import {
  addressWithoutCredentials,
  isExchangeDatabaseUrl,
  openExchangeDatabase,
} from '../../../sources/kit/mesh-handlers/exchange-database/open-database.ts';
import { readTables } from '../../../sources/kit/mesh-handlers/exchange-database/tables.ts';
import type { ExchangeDatabase } from '../../../sources/kit/transport.ts';
import { callOn, ENGINES, schemaOf as schemaWith } from './exchange-engines.ts';

const CONTRACT = `
-- two tables
CREATE TABLE HX_STATION /* 站 */ (
  ID VARCHAR(10) /* key */, CODE CHAR(8), STATION CHAR(12), CZLX CHAR(1), PCH VARCHAR(8), GXSJ DATETIME
);
CREATE TABLE HX_TEST (
  ID VARCHAR(10), CODE CHAR(8), STATION CHAR(12), NAME VARCHAR(40), DONE DATETIME, VALID DATE, KM DECIMAL(10,1),
  PASS INT, CZLX CHAR(1), PCH VARCHAR(8), GXSJ DATETIME
);
CREATE INDEX HX_TEST_CODE ON HX_TEST (CODE, DONE);
`;
const CONFIG = {
  source: 'tables.sql',
  versions: { key: 'ID', newest: 'GXSJ', batch: 'PCH', operation: 'CZLX', deleted: 'D' },
  references: [{ table: 'HX_TEST', to: 'HX_STATION', column: 'STATION' }],
};

describe('the contract file of an exchange database', () => {
  it('is read with its types, sizes, comments and indexes', () => {
    const [station, test] = readTables(CONTRACT);
    expect(station).toMatchObject({ name: 'HX_STATION', label: '站' });
    expect(station?.columns[0]).toEqual({
      name: 'ID',
      type: 'VARCHAR',
      size: 10,
      scale: null,
      label: 'key',
      readerUpdates: false,
    });
    expect(test?.columns.find(({ name }) => name === 'KM')).toMatchObject({ type: 'DECIMAL', size: 10, scale: 1 });
    expect(test?.indexes).toEqual([{ name: 'HX_TEST_CODE', columns: ['CODE', 'DONE'] }]);
  });

  it.each([
    ['a type that engines read differently', 'CREATE TABLE A (B JSON);', 'line 1: CHAR or VARCHAR'],
    ['a name that needs quotes', 'CREATE TABLE A (\n b INT);', 'line 2: a name in capitals'],
    ['a statement that changes data', 'DELETE FROM A;', 'line 1: CREATE was expected'],
    ['a quoted name', 'CREATE TABLE "A" (B INT);', 'is not of the subset'],
    ['a text without its size', 'CREATE TABLE A (B CHAR);', '( was expected'],
    ['an end in the middle', 'CREATE TABLE A (B INT', 'the file ends'],
    ['a column twice', 'CREATE TABLE A (B INT, B INT);', 'column twice'],
    ['a table twice', 'CREATE TABLE A (B INT); CREATE TABLE A (B INT);', 'created twice'],
    ['an index on nothing', 'CREATE TABLE A (B INT); CREATE INDEX I ON A (C);', 'index I names a column'],
  ])('is refused with %s', (_what, text, message) => {
    expect(() => readTables(text)).toThrow(message);
  });

  it('is refused when the configuration points to what it does not hold', () => {
    const references = [{ table: 'HX_TEST', to: 'HX_STATION', column: 'NAME' }];
    expect(() => contractOf({ ...CONFIG, references }, CONTRACT)).toThrow('names HX_STATION.NAME');
  });
});

const schemaOf = (contract: string) => schemaWith(contract, CONFIG);

describe('the schema of an exchange database', () => {
  it('has two query fields per table and nothing that writes', async () => {
    const schema = await schemaOf(CONTRACT);
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual([
      'HX_STATION',
      'HX_STATION_changes',
      'HX_TEST',
      'HX_TEST_changes',
    ]);
    expect(schema.getMutationType()).toBeUndefined();
    const printed = printSchema(schema);
    expect(printed).toContain('HX_TEST(conditions: [HX_TEST_Condition!]!, newestFirst: HX_TEST_Column): [[HX_TEST]]');
    expect(printed).toContain('enum HX_TEST_DateColumn {\n  DONE\n  VALID\n  GXSJ\n}');
    expect(printed).toContain('HX_STATION: [HX_STATION_Values!]');
  });
});

describe.each(ENGINES)('an exchange database on %s', (name, start) => {
  let opened: { readonly database: ExchangeDatabase; close(): Promise<void> };
  let schema: GraphQLSchema;
  const isMysql = name.startsWith('MySQL');

  beforeAll(async () => {
    opened = await start();
    schema = await schemaOf(CONTRACT);
    const run = (text: string): Promise<unknown> => sql.raw(text).execute(opened.database);
    const time = isMysql ? 'DATETIME' : 'TIMESTAMP';
    const textTail = isMysql ? ' DEFAULT CHARACTER SET gbk' : '';
    await run('DROP TABLE IF EXISTS HX_STATION');
    await run('DROP TABLE IF EXISTS HX_TEST');
    await run(
      `CREATE TABLE HX_STATION (ID VARCHAR(10), CODE CHAR(8), STATION CHAR(12), CZLX CHAR(1), PCH VARCHAR(8), GXSJ ${time})${textTail}`,
    );
    await run(
      `CREATE TABLE HX_TEST (ID VARCHAR(10), CODE CHAR(8), STATION CHAR(12), NAME VARCHAR(40), DONE ${time}, VALID DATE,
        KM DECIMAL(10,1), PASS INT, CZLX CHAR(1), PCH VARCHAR(8), GXSJ ${time})${textTail}`,
    );
    await run(`INSERT INTO HX_STATION VALUES
      ('S1', 'AAAA', 'ONE', 'I', '1', '2026-01-01 00:00:00'),
      ('S2', 'BBBB', 'TWO', 'I', '1', '2026-01-01 00:00:00'),
      ('S2', 'CCCC', 'TWO', 'U', '2', '2026-01-02 00:00:00')`);
    const row = (id: string, code: string | null, done: string, rest: string): string =>
      `('${id}', ${code === null ? 'NULL' : `'${code}'`}, 'ONE', '贵州站  ', '${done}', '2027-03-31', 84210.0, 1, ${rest})`;
    const first = row('T1', 'AAAA', '2026-03-01 08:00:00', `'I', '1', '2026-03-01 09:00:00'`);
    await run(
      `INSERT INTO HX_TEST VALUES ${[
        first,
        first,
        first,
        row('T2', 'AAAA', '2026-03-02 08:00:00', `'I', '1', '2026-03-02 09:00:00'`),
        // Corrected: another day, a later time.
        row('T3', 'AAAA', '2026-03-09 08:00:00', `'I', '1', '2026-03-03 09:00:00'`),
        row('T3', 'AAAA', '2026-03-03 08:00:00', `'U', '2', '2026-03-03 10:00:00'`),
        // Corrected within the same second; the batch decides.
        row('T4', 'AAAA', '2026-03-10 08:00:00', `'I', '1', '2026-03-04 09:00:00'`),
        row('T4', 'AAAA', '2026-03-04 08:00:00', `'U', '2', '2026-03-04 09:00:00'`),
        // Withdrawn, and withdrawn within the same second.
        row('T5', 'AAAA', '2026-03-11 08:00:00', `'I', '1', '2026-03-05 09:00:00'`),
        row('T5', null, '2026-03-11 08:00:00', `'D', '1', '2026-03-05 10:00:00'`),
        row('T6', 'AAAA', '2026-03-12 08:00:00', `'I', '9', '2026-03-05 09:00:00'`),
        row('T6', null, '2026-03-12 08:00:00', `'D', '1', '2026-03-05 09:00:00'`),
        // Withdrawn and entered again.
        row('T7', null, '2026-03-06 08:00:00', `'D', '1', '2026-03-06 09:00:00'`),
        row('T7', 'AAAA', '2026-03-06 08:00:00', `'I', '2', '2026-03-06 10:00:00'`),
        // Without a code: NULL and blank.
        row('T8', null, '2026-03-07 08:00:00', `'I', '1', '2026-03-07 09:00:00'`),
        row('T9', '', '2026-03-08 08:00:00', `'I', '1', '2026-03-08 09:00:00'`),
      ].join(', ')}`,
    );
  }, 60_000);
  afterAll(async () => {
    await opened.close();
  });

  const ask = async (conditions: readonly unknown[], fields = 'ID', call = callOn(opened.database)) => {
    const document = parse(`query ($conditions: [HX_TEST_Condition!]!) {
      rows: HX_TEST(conditions: $conditions, newestFirst: DONE) { ${fields} } }`);
    const result = (await execute({
      schema,
      document,
      variableValues: { conditions },
      contextValue: { hubCall: call },
    })) as ExecutionResult<{ rows: Record<string, unknown>[][] }>;
    return result;
  };
  const idsOf = async (...conditions: unknown[]): Promise<unknown[][]> => {
    const { data, errors } = await ask(conditions);
    expect(errors).toBeUndefined();
    return data?.rows.map((rows) => rows.map(({ ID }) => ID)) ?? [];
  };
  const CODE = { any: [{ CODE: ['AAAA'] }] };

  it('gives the current rows, each once, latest first', async () => {
    expect(await idsOf(CODE)).toEqual([['T7', 'T4', 'T3', 'T2', 'T1']]);
  });

  it('limits each condition of a batch after copies and replaced rows are gone', async () => {
    expect(
      await idsOf({ ...CODE, limit: 2 }, { ...CODE, limit: 1 }, { any: [{ CODE: ['ZZZZ'] }] }, { ...CODE, limit: 0 }),
    ).toEqual([['T7', 'T4'], ['T7'], [], []]);
    const oldest = { ...CODE, within: [{ column: 'DONE', to: '2026-03-01 23:59:59' }], limit: 2 };
    expect(await idsOf(oldest)).toEqual([['T1']]);
  });

  it('holds bounds to the millisecond, inclusive', async () => {
    const within = (from: string | null, to: string | null) => ({ ...CODE, within: [{ column: 'DONE', from, to }] });
    expect(
      await idsOf(
        within('2026-03-02 08:00:00', '2026-03-03 08:00:00.000'),
        within('2026-03-02 08:00:00.001', '2026-03-03 07:59:59.999'),
        within('2026-03-06 08:00:00', null),
        within(null, '2026-03-01 08:00:00'),
        { ...CODE, within: [{ column: 'GXSJ', from: '2026-03-06 10:00:00' }] },
        { ...CODE, within: [{ column: 'VALID', from: '2027-04-01' }] },
      ),
    ).toEqual([['T3', 'T2'], [], ['T7'], ['T1'], ['T7'], []]);
  });

  it('takes NULL and blank as the same nothing, and an empty list as no row', async () => {
    expect(
      await idsOf(
        { any: [{ CODE: [''] }] },
        { except: { CODE: [''] }, limit: 1 },
        { any: [{ CODE: [] }] },
        { any: [] },
      ),
    ).toEqual([['T9', 'T8'], ['T7'], [], []]);
  });

  it('finds rows through the row they point to, as that is now', async () => {
    const through = (code: string) => ({ any: [{ CODE: [''], HX_STATION: [{ CODE: [code] }, { CODE: ['ZZZZ'] }] }] });
    expect(await idsOf(through('AAAA'), through('BBBB'), through('CCCC'))).toEqual([['T9', 'T8'], [], []]);
    expect(await idsOf({ any: [{ CODE: ['AAAA'] }, { HX_STATION: [{ CODE: ['AAAA'] }] }], limit: 4 })).toEqual([
      ['T9', 'T8', 'T7', 'T4'],
    ]);
  });

  it('gives every value as the text the engine wrote', async () => {
    const { data } = await ask([{ ...CODE, limit: 1 }], 'ID CODE NAME DONE VALID KM PASS');
    const [row] = data?.rows[0] ?? [];
    expect(row).toMatchObject({
      NAME: '贵州站  ',
      DONE: '2026-03-06 08:00:00',
      VALID: '2027-03-31',
      KM: '84210.0',
      PASS: '1',
    });
    expect(row?.['CODE']).toMatch(/^AAAA *$/);
  });

  it('takes values for values, whatever they look like', async () => {
    expect(await idsOf({ any: [{ CODE: ["' or '1'='1"] }] }, { any: [{ CODE: ['AAAA', 'x\\'] }], limit: 1 })).toEqual([
      [],
      ['T7'],
    ]);
  });

  it('answers 500 conditions of several shapes in the order asked', async () => {
    const conditions = Array.from({ length: 500 }, (_, index) =>
      index % 3 === 0
        ? { ...CODE, limit: 1 }
        : index % 3 === 1
          ? { any: [{ CODE: ['ZZZZ'] }] }
          : { any: [{ CODE: [''] }], limit: 1 },
    );
    const answer = await idsOf(...conditions);
    expect(answer).toHaveLength(500);
    answer.forEach((ids, index) => expect(ids).toEqual([['T7'], [], ['T9']][index % 3]));
  });

  it('notes a receipt of what came, and nothing for an empty batch', async () => {
    const call = callOn(opened.database);
    await ask([CODE], 'ID', call);
    expect(call.log.receipts).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    const none = callOn(opened.database);
    expect((await ask([], 'ID', none)).data?.rows).toEqual([]);
    expect(none.log.receipts).toEqual([]);
  });

  it('names the column that the database does not have any more', async () => {
    const drifted = await schemaOf(CONTRACT.replace('NAME VARCHAR(40)', 'NAME VARCHAR(40), GRADE CHAR(2)'));
    const call = callOn(opened.database);
    await execute({
      schema: drifted,
      document: parse('{ HX_TEST(conditions: [{}]) { ID GRADE } }'),
      contextValue: { hubCall: call },
    });
    expect(call.log.failures).toMatchObject([
      { code: 'SOURCE_MALFORMED', details: { table: 'HX_TEST', field: 'GRADE' } },
    ]);
    expect(call.log.failures[0]?.message).toContain('HX_TEST.GRADE');
  });
});

describe('what a database error means', () => {
  const [, table] = readTables(CONTRACT);
  if (table === undefined) throw new Error('the contract has two tables');
  const live = new AbortController().signal;
  const meaning = (cause: unknown, signal = live): string => {
    const call = { departmentName: 'Test', signal } as MeshCall;
    return databaseFailure(call, table, cause).code;
  };
  const postgresError = (code?: string): DatabaseError =>
    Object.assign(new DatabaseError('something', 9, 'error'), { code });
  const systemError = (code: string, errno = -1): Error => Object.assign(new Error(code), { code, errno });
  const mysqlError = (errno: number): Error => Object.assign(new Error('something'), { errno, code: 'ER_SOMETHING' });

  it.each([
    ['a wrong password', postgresError('28P01'), 'SOURCE_REFUSED'],
    ['a missing privilege', postgresError('42501'), 'SOURCE_REFUSED'],
    ['a missing privilege in MySQL', mysqlError(1142), 'SOURCE_REFUSED'],
    ['access denied in MySQL', mysqlError(1045), 'SOURCE_REFUSED'],
    ['a missing column', postgresError('42703'), 'SOURCE_MALFORMED'],
    ['a missing table in MySQL', mysqlError(1146), 'SOURCE_MALFORMED'],
    ['a value that is none', postgresError('22007'), 'SOURCE_MALFORMED'],
    ['a statement cancelled for its length', postgresError('57014'), 'SOURCE_TIMEOUT'],
    ['a statement cancelled by MariaDB', mysqlError(1969), 'SOURCE_TIMEOUT'],
    ['a server that is going down', postgresError('57P01'), 'SOURCE_UNAVAILABLE'],
    ['too many connections', postgresError('53300'), 'SOURCE_UNAVAILABLE'],
    ['too many connections in MySQL', mysqlError(1040), 'SOURCE_UNAVAILABLE'],
    ['nobody listening', systemError('ECONNREFUSED'), 'SOURCE_UNAVAILABLE'],
    ['a pipe that broke', systemError('EPIPE'), 'SOURCE_UNAVAILABLE'],
    ['a name that is not known', systemError('ENOTFOUND'), 'SOURCE_UNAVAILABLE'],
    ['a connection that was lost', systemError('PROTOCOL_CONNECTION_LOST'), 'SOURCE_UNAVAILABLE'],
    ['a connection that broke off', new Error('Connection terminated unexpectedly'), 'SOURCE_UNAVAILABLE'],
    ['bytes of another protocol', postgresError(undefined), 'SOURCE_MALFORMED'],
    ['packets of another protocol', systemError('PROTOCOL_PACKETS_OUT_OF_ORDER'), 'SOURCE_MALFORMED'],
    ['something that is no error', 'what', 'SOURCE_MALFORMED'],
    ['a failure that already has its name', new HubError('SOURCE_REFUSED', 'no'), 'SOURCE_REFUSED'],
  ])('%s', (_what, cause, code) => {
    expect(meaning(cause)).toBe(code);
  });

  it('nothing, once the time is up', () => {
    expect(meaning(systemError('ECONNRESET'), AbortSignal.abort())).toBe('SOURCE_TIMEOUT');
  });
});

describe('the address of an exchange database', () => {
  it.each([
    ['postgres://u:p@h/d', true],
    ['postgresql://h:5432/d?sslmode=require', true],
    ['mysql://u:p@h:3306/d', true],
    ['mariadb://h/d', true],
    ['http://h/d', false],
    ['postgres://h', false],
    ['postgres://h/a/b', false],
    ['postgres://h/d?sslmode=verify-full', true],
    ['postgres://h/d?sslmode=verify-ca', false],
    ['h/d', false],
  ])('%s: %s', (url, expected) => {
    expect(isExchangeDatabaseUrl(url)).toBe(expected);
  });

  it('is shown without user, password and parameters', () => {
    expect(addressWithoutCredentials('postgres://hub:s%40cret@10.0.0.1:5433/qzk?sslmode=require')).toBe(
      'postgres://10.0.0.1:5433/qzk',
    );
  });

  it('is refused when it is of another kind', () => {
    expect(() => openExchangeDatabase({ url: 'redis://h/0', poolSize: 1, timeoutMs: 1 })).toThrow('not the address');
  });
});

describe.each(['postgres', 'mysql'])('a %s server that accepts connections and never speaks', (scheme) => {
  it('does not keep a caller, nor its connection', async () => {
    const server = createServer(() => undefined);
    let connections = 0;
    server.on('connection', (socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      socket.on('close', () => (connections -= 1));
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `${scheme}://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/d`;
    const opened = openExchangeDatabase({ url, poolSize: 1, timeoutMs: 300 });
    const schema = await schemaOf(CONTRACT);
    const call = { ...callOn(opened.database), signal: AbortSignal.timeout(100) };
    const startedAt = performance.now();
    await execute({
      schema,
      document: parse('{ HX_STATION(conditions: [{}]) { ID } }'),
      contextValue: { hubCall: call },
    });
    expect(performance.now() - startedAt).toBeLessThan(290);
    expect(call.log.failures).toMatchObject([{ code: 'SOURCE_TIMEOUT' }]);
    // The attempt to connect ends by itself; then the one place of the pool is free again.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(connections).toBe(0);
    await opened.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a server of another protocol behind the port', () => {
  const MESSAGES: readonly (readonly [string, string, Buffer])[] = [
    ['postgres', 'a row that ends too early', Buffer.from('D\0\0\0\u0006\u0003\u00e8', 'latin1')],
    ['postgres', 'an unknown way to log in', Buffer.from('R\0\0\0\u0008\0\0\0\u0063', 'latin1')],
    ['postgres', 'messages of unknown types', Buffer.from('?\0\0\0\u0005x!\0\0\0\u0004', 'latin1')],
    ['mysql', 'a web page', Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
    ['mysql', 'a packet that ends too early', Buffer.from('\u0001\0\0\0\n', 'latin1')],
  ];

  it.each(MESSAGES)('%s: %s ends neither the process nor the pool', async (scheme, _what, bytes) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      if (scheme === 'mysql') socket.write(bytes);
      else socket.once('data', () => socket.write(bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `${scheme}://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/d`;
    const opened = openExchangeDatabase({ url, poolSize: 1, timeoutMs: 500 });
    const schema = await schemaOf(CONTRACT);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const call = callOn(opened.database);
      const document = parse('{ HX_STATION(conditions: [{}]) { ID } }');
      await execute({ schema, document, contextValue: { hubCall: call } });
      expect(['SOURCE_MALFORMED', 'SOURCE_UNAVAILABLE']).toContain(call.log.failures[0]?.code);
    }
    await opened.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
