import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execute, parse, printSchema, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { sql } from 'kysely';
import { contractOf } from '../../../sources/kit/mesh-handlers/exchange-database/index.ts';
import { readTables } from '../../../sources/kit/mesh-handlers/exchange-database/tables.ts';
import { callOn, ENGINES, schemaOf, type OpenedDatabase } from './exchange-engines.ts';

const CONTRACT = `
CREATE TABLE HF_ROW (
  ID VARCHAR(10), NAME VARCHAR(40), KIND CHAR(4), CZLX CHAR(1), SJZT CHAR(1) /* 数据状态 @reader-updates */,
  PCH VARCHAR(8), GXSJ DATETIME
);
CREATE TABLE HF_WORD /* 反馈 @reader-inserts */ (
  ID VARCHAR(10), TEXT VARCHAR(20), LONG_TEXT CLOB, KM DECIMAL(10,1), CZLX CHAR(1), PCH VARCHAR(8), GXSJ DATETIME
);
CREATE TABLE HF_PLAIN (ID VARCHAR(10));
`;
const CONFIG = {
  source: 'tables.sql',
  versions: { key: 'ID', newest: 'GXSJ', batch: 'PCH', operation: 'CZLX', deleted: 'D' },
  state: { column: 'SJZT', unread: '0' },
};

describe('marks for the reader in the contract file', () => {
  it('are taken out of the words of the department', () => {
    const [row, word] = readTables(CONTRACT);
    expect(row?.columns.filter(({ readerUpdates }) => readerUpdates)).toMatchObject([
      { name: 'SJZT', label: '数据状态' },
    ]);
    expect([row?.readerInserts, word?.readerInserts, word?.label]).toEqual([false, true, '反馈']);
  });

  it.each([
    ['an unknown mark', 'CREATE TABLE A (B INT /* @reader-deletes */);', 'line 1: no mark but @reader-updates'],
    ['the mark of a column at a table', 'CREATE TABLE A /* @reader-updates */ (B INT);', 'no mark but @reader-inserts'],
  ])('are refused when there is %s', (_what, text, message) => {
    expect(() => readTables(text)).toThrow(message);
  });

  it('decide what the schema can write', async () => {
    const printed = printSchema(await schemaOf(CONTRACT, CONFIG));
    expect(printed).toContain('HF_ROW_mark(marks: [HF_ROW_Mark!]!): Int');
    expect(printed).toContain('HF_WORD_insert(rows: [HF_WORD_NewRow!]!): Int');
    expect(printed).not.toMatch(/HF_ROW_insert|HF_WORD_mark|HF_PLAIN_(changes|mark|insert)/);
    expect(/input HF_ROW_State \{([^}]*)\}/.exec(printed)?.[1]).toMatch(/^\s*"""数据状态"""\s*SJZT: String\s*$/);
  });

  it('must have a state column that is in the contract', () => {
    expect(() => contractOf({ ...CONFIG, state: { column: 'ZT', unread: '0' } }, CONTRACT)).toThrow('column ZT');
  });
});

type Row = Readonly<Record<string, string | null>>;

describe.each(ENGINES)('the feed of an exchange database on %s', (name, start) => {
  let opened: OpenedDatabase;
  let schema: GraphQLSchema;
  const isMysql = name.startsWith('MySQL');
  const run = async (text: string): Promise<Row[]> => (await sql.raw<Row>(text).execute(opened.database)).rows;

  beforeAll(async () => {
    opened = await start();
    schema = await schemaOf(CONTRACT, CONFIG);
    const time = isMysql ? 'DATETIME' : 'TIMESTAMP';
    const textTail = isMysql ? ' DEFAULT CHARACTER SET gbk' : '';
    await run('DROP TABLE IF EXISTS HF_ROW');
    await run('DROP TABLE IF EXISTS HF_WORD');
    await run(
      `CREATE TABLE HF_ROW (ID VARCHAR(10), NAME VARCHAR(40), KIND CHAR(4), CZLX CHAR(1), SJZT CHAR(1),
        PCH VARCHAR(8), GXSJ ${time})${textTail}`,
    );
    await run(
      `CREATE TABLE HF_WORD (ID VARCHAR(10), TEXT VARCHAR(20), LONG_TEXT ${isMysql ? 'MEDIUMTEXT' : 'TEXT'},
        KM DECIMAL(10,1), CZLX CHAR(1), PCH VARCHAR(8), GXSJ ${time})${textTail}`,
    );
  }, 60_000);
  beforeEach(async () => {
    await run('DELETE FROM HF_ROW');
    await run('DELETE FROM HF_WORD');
    const row = (id: string | null, rest: string): string => `(${id === null ? 'NULL' : `'${id}'`}, ${rest})`;
    await run(
      `INSERT INTO HF_ROW VALUES ${[
        row('A', `'old', 'org', 'I', '0', '1', '2026-03-01 09:00:00'`),
        row('A', `'new', 'org', 'U', '0', '2', '2026-03-05 09:00:00'`),
        // Corrected within the same second; the batch decides.
        row('B', `'old', 'org', 'I', '0', '1', '2026-03-02 09:00:00'`),
        row('B', `'new', 'org', 'U', '0', '2', '2026-03-02 09:00:00'`),
        // Three of one second, one of them twice.
        row('E', `'e', 'org', 'I', '0', '1', '2026-03-02 09:00:00'`),
        row('C', `'c', 'org', 'I', '0', '1', '2026-03-02 09:00:00'`),
        row('C', `'c', 'org', 'I', '0', '1', '2026-03-02 09:00:00'`),
        row('D', `'d', 'man', 'I', '0', '1', '2026-03-02 09:00:00'`),
        // Withdrawn; withdrawn within the same second, whatever the batch; withdrawn and entered again.
        row('F', `'f', 'org', 'I', '0', '1', '2026-03-03 09:00:00'`),
        row('F', `NULL, NULL, 'D', '0', '1', '2026-03-04 09:00:00'`),
        row('G', `'g', 'org', 'I', '0', '9', '2026-03-04 10:00:00'`),
        row('G', `NULL, NULL, 'D', '0', '1', '2026-03-04 10:00:00'`),
        row('H', `NULL, NULL, 'D', '0', '1', '2026-03-04 11:00:00'`),
        row('H', `'h', 'org', 'I', '0', '2', '2026-03-04 12:00:00'`),
        // Without a time, and without a time though a later row has one.
        row('Y', `'y', 'org', 'I', '0', '1', NULL`),
        row('X', `'x', 'org', 'I', '0', '1', NULL`),
        row('E', `'before', 'org', 'I', '0', '0', NULL`),
        row(null, `'nobody', 'org', 'I', '0', '1', '2026-03-02 09:00:00'`),
      ].join(', ')}`,
    );
  });
  afterAll(() => opened.close());

  const ask = async <T>(document: string, variables: Record<string, unknown>, call = callOn(opened.database)) => {
    const result = (await execute({
      schema,
      document: parse(document),
      variableValues: variables,
      contextValue: { hubCall: call },
    })) as ExecutionResult<T>;
    return result;
  };
  const page = async (query: Record<string, unknown> = {}): Promise<Row[]> => {
    const { data, errors } = await ask<{ rows: Row[] }>(
      `query ($since: String, $unread: Boolean = false, $withdrawn: Boolean = false, $hidden: HF_ROW_Values,
          $only: HF_ROW_Values, $keys: [String!], $after: HF_ROW_Place, $limit: Int!) {
        rows: HF_ROW_changes(since: $since, unread: $unread, withdrawn: $withdrawn, hidden: $hidden, only: $only,
          keys: $keys, after: $after, limit: $limit) { ID NAME KIND CZLX GXSJ }
      }`,
      { limit: 100, ...query },
    );
    expect(errors).toBeUndefined();
    return data?.rows ?? [];
  };
  const textOf = (rows: readonly Row[]): string =>
    rows.map(({ ID, NAME, CZLX }) => `${ID}${CZLX === 'D' ? '-' : `=${NAME}`}`).join(' ');
  const feed = async (query: Record<string, unknown> = {}): Promise<string> => textOf(await page(query));

  it('gives the latest row of each key by time and key, those without a time first', async () => {
    expect(await feed()).toBe('X=x Y=y B=new C=c C=c D=d E=e H=h A=new');
    expect(await feed({ withdrawn: true })).toBe('X=x Y=y B=new C=c C=c D=d E=e F- G- H=h A=new');
  });

  it.each([1, 2, 3])('continues after each page of %i where it ended', async (limit) => {
    const seen: Row[] = [];
    for (let after: object | null = null; ;) {
      const rows: Row[] = await page({ after, limit, withdrawn: true });
      const last = rows.at(-1);
      if (last === undefined) break;
      expect(rows.length).toBeLessThanOrEqual(limit);
      seen.push(...rows);
      after = { newest: last['GXSJ'], key: last['ID'] };
    }
    // A page may end between copies of a row; what is left of them is not given again.
    expect(textOf(seen).replace('C=c C=c', 'C=c')).toBe('X=x Y=y B=new C=c D=d E=e F- G- H=h A=new');
  });

  it('begins at a time, inclusive', async () => {
    expect(await feed({ since: '2026-03-04 09:00:00', withdrawn: true })).toBe('F- G- H=h A=new');
    expect(await feed({ since: '2026-03-04 09:00:00.001' })).toBe('H=h A=new');
    expect(await feed({ since: '2026-03-05 09:00:01', withdrawn: true })).toBe('');
  });

  it('gives older rows that are unread as soon as the reader has marked any', async () => {
    const since = '2026-03-05 00:00:00';
    expect(await feed({ since, unread: true })).toBe('A=new');
    await run("UPDATE HF_ROW SET SJZT = '1' WHERE ID <> 'C' AND ID <> 'F' AND ID <> 'X'");
    expect(await feed({ since, unread: true, withdrawn: true })).toBe('X=x C=c C=c F- A=new');
    expect(await feed({ since, unread: true, withdrawn: true, after: { newest: null, key: 'X' } })).toBe(
      'C=c C=c F- A=new',
    );
    expect(await feed({ since })).toBe('A=new');
  });

  it('shows of hidden rows that they are withdrawn, and nothing else', async () => {
    const hidden = { KIND: ['man'] };
    expect(await feed({ hidden })).toBe('X=x Y=y B=new C=c C=c E=e H=h A=new');
    const [row] = (await page({ hidden, withdrawn: true })).filter(({ ID }) => ID === 'D');
    expect(row).toEqual({ ID: 'D', NAME: null, KIND: null, CZLX: 'D', GXSJ: '2026-03-02 09:00:00' });
  });

  it('gives the rows of some keys', async () => {
    expect(await feed({ keys: ['A', 'F', 'Q', "A' OR '1'='1"], withdrawn: true })).toBe('F- A=new');
    expect(await feed({ keys: [] })).toBe('');
  });

  it('gives the rows whose latest version looks as asked for, page by page', async () => {
    await run("UPDATE HF_ROW SET SJZT = '1' WHERE ID IN ('C', 'E', 'X') OR (ID = 'A' AND PCH = '1')");
    const only = { SJZT: ['0'] };
    expect(await feed({ only })).toBe('Y=y B=new D=d H=h A=new');
    expect(await feed({ only, limit: 2, after: { newest: '2026-03-02 09:00:00', key: 'B' } })).toBe('D=d H=h');
    expect(await feed({ only: { SJZT: ['0'], KIND: ['man'] } })).toBe('D=d');
    expect(await feed({ only: { SJZT: ['1'] }, keys: ['A', 'C'] })).toBe('C=c C=c');
    expect(await feed({ only: { SJZT: ["0' OR '1'='1"] } })).toBe('');
  });

  it('takes values for values, whatever they look like', async () => {
    const evil = "x' OR '1'='1";
    expect(await feed({ after: { newest: '2026-03-05 09:00:00', key: evil } })).toBe('');
    expect(await feed({ keys: ['A', "\\' OR 1=1 -- ", "縗' OR 1=1 -- "] })).toBe('A=new');
    const call = callOn(opened.database);
    await ask(
      `query ($since: String) { rows: HF_ROW_changes(since: $since, limit: 5) { ID } }`,
      { since: "2026-01-01' OR '1'='1" },
      call,
    );
    // PostgreSQL and MariaDB disagree whether that is a time at all; neither runs it.
    expect(call.log.failures.map(({ code }) => code).filter((code) => code !== 'SOURCE_MALFORMED')).toEqual([]);
    expect(await run('SELECT ID FROM HF_ROW')).toHaveLength(18);
  });

  const mark = async (marks: readonly unknown[], call = callOn(opened.database)) => {
    const { data, errors } = await ask<{ written: number }>(
      `mutation ($marks: [HF_ROW_Mark!]!) { written: HF_ROW_mark(marks: $marks) }`,
      { marks },
      call,
    );
    return errors?.[0]?.message ?? data?.written;
  };
  const states = async (): Promise<string> =>
    (await run("SELECT ID AS k, PCH AS b, SJZT AS s FROM HF_ROW WHERE SJZT <> '0' ORDER BY 1, 2"))
      .map(({ k, b, s }) => `${k}${b}=${s}`)
      .join(' ');

  it('marks rows of a key up to a time, once', async () => {
    const marks = [
      { key: 'A', upTo: '2026-03-01 09:00:00', set: { SJZT: '1' } },
      { key: 'B', upTo: '2026-03-02 09:00:00.000999', set: { SJZT: '2' } },
      { key: 'B', upTo: '2026-03-02 08:00:00', set: { SJZT: '2' } },
      { key: 'E', upTo: '2026-03-09 00:00:00', set: { SJZT: '1' } },
      { key: 'Y', upTo: null, set: { SJZT: '1' } },
      { key: 'H', upTo: null, set: { SJZT: '1' } },
      { key: 'Q', upTo: '2026-03-09 00:00:00', set: { SJZT: '1' } },
    ];
    expect(await mark(marks)).toBe(6);
    expect(await states()).toBe('A1=1 B1=2 B2=2 E0=1 E1=1 Y1=1');
    expect(await mark(marks)).toBe(0);
  });

  it('marks nothing else, whatever the values look like', async () => {
    const set = { SJZT: '1' };
    const upTo = '2026-03-09 00:00:00';
    for (const key of ["A' OR '1'='1", "\\' OR 1=1 -- ", "縗' OR 1=1 -- ", 'A"; DELETE FROM HF_ROW; --']) {
      expect(await mark([{ key, upTo, set }])).toBe(0);
    }
    expect(await mark([{ key: 'A', upTo, set: { SJZT: "1', NAME='x" } }])).toContain('longer than 1 characters');
    expect(await mark([{ key: 'A', upTo, set: { NAME: 'x' } }])).toContain('"NAME" is not defined');
    expect(await states()).toBe('');
  });

  it('marks a thousand rows in one statement, and no more than that', async () => {
    const marks = Array.from({ length: 1_001 }, (_, index) => ({
      key: index === 700 ? 'C' : `N${index}`,
      upTo: '2026-03-09 00:00:00',
      set: { SJZT: '1' },
    }));
    expect(await mark(marks.slice(0, 1_000))).toBe(2);
    expect(await mark(marks)).toContain('more than 1000');
  });

  const insert = async (rows: readonly unknown[], call = callOn(opened.database)) => {
    const { data, errors } = await ask<{ written: number }>(
      `mutation ($rows: [HF_WORD_NewRow!]!) { written: HF_WORD_insert(rows: $rows) }`,
      { rows },
      call,
    );
    return errors?.[0]?.message ?? data?.written;
  };
  const words = (): Promise<Row[]> => run('SELECT ID AS k, TEXT AS t, KM AS m, GXSJ AS w FROM HF_WORD ORDER BY 1');

  it('adds rows whose key is not there yet, word for word', async () => {
    const quoted = '贵州\'s \\ "a" %';
    const first = { ID: 'W1', TEXT: quoted, KM: '1.5', GXSJ: '2026-03-01 09:00:00' };
    expect(await insert([first, { ID: 'W2' }, { ID: 'W2', TEXT: 'again' }])).toBe(2);
    expect(
      await insert([
        { ID: 'W3', KM: null },
        { ...first, TEXT: 'changed' },
      ]),
    ).toBe(1);
    expect(await words()).toMatchObject([
      { k: 'W1', t: quoted, m: '1.5', w: '2026-03-01 09:00:00' },
      { k: 'W2', t: 'again', m: null, w: null },
      { k: 'W3', t: null, m: null },
    ]);
    expect(await insert([])).toBe(0);
  });

  it('keeps a long text to the letter', async () => {
    const long = '贵州\'s \\ "a" %\n'.repeat(20_000);
    expect(await insert([{ ID: 'W8', LONG_TEXT: long }])).toBe(1);
    expect(await run('SELECT LONG_TEXT AS l FROM HF_WORD')).toEqual([{ l: long }]);
  });

  it.each([
    ['a text that is too long', { ID: 'W4', TEXT: 'x'.repeat(21) }, 'longer than 20 characters'],
    ['no key', { TEXT: 'x' }, 'has no ID'],
  ])('adds nothing when a row has %s', async (_what, row, message) => {
    expect(await insert([{ ID: 'W5' }, row])).toContain(message);
    expect(await words()).toEqual([]);
  });

  it('notes a receipt of what it wrote, and the failure of what it could not', async () => {
    const written = callOn(opened.database);
    await insert([{ ID: 'W6' }], written);
    expect(written.log.receipts).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    const failed = callOn(opened.database);
    await insert([{ ID: 'W7', KM: 'far' }], failed);
    expect(failed.log.failures).toMatchObject([{ code: 'SOURCE_MALFORMED' }]);
    expect(await words()).toMatchObject([{ k: 'W6' }]);
  });
});
