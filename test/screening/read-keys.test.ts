/** Which numbers a file holds, whatever file it is. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { openKeys, type KeyFileOptions, type KeyRow } from '../../jobs/screening/read-keys.ts';
import { HubError } from '../../schema/errors.ts';
import { xlsxOf } from '../import/support.ts';

const CODES = ['91520115MAYDM00198', '91520602MAYDM0078A'];
const NUMBERS = ['520115PF260302000000117', '520602SP260211000069004'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function keysIn(content: string | Buffer, options: Partial<KeyFileOptions> = {}): Promise<readonly KeyRow[]> {
  const path = join(folder, 'keys');
  await writeFile(path, content);
  const file = await openKeys(path, { charset: null, column: null, kind: null, ...options });
  try {
    const rows: KeyRow[] = [];
    for await (const batch of file.batches(2, 0)) rows.push(...batch);
    expect(rows).toHaveLength(file.rows);
    return rows;
  } finally {
    await file.close();
  }
}
const inWords = (rows: readonly KeyRow[]): string[] => rows.map(({ row, kind, text }) => `${row} ${kind} ${text}`);
async function refusalOf(content: string | Buffer, options: Partial<KeyFileOptions> = {}): Promise<unknown> {
  const error: unknown = await keysIn(content, options).catch((refused: unknown) => refused);
  expect(error).toBeInstanceOf(HubError);
  return error instanceof HubError ? error.details['reason'] : null;
}

describe('a list of numbers, one per line,', () => {
  it('is one of report numbers or of credit codes by what most of its lines look like; blank lines are none', async () => {
    expect(inWords(await keysIn(`${NUMBERS.join('\r\n')}\r\n\r\n`))).toEqual([
      `1 REPORT ${NUMBERS[0]}`,
      `2 REPORT ${NUMBERS[1]}`,
    ]);
    expect(inWords(await keysIn(`${CODES.join('\n')}\n\n９１５２０１１５ＭＡＹＤＭ００１９Ｘ\n`))).toEqual([
      `1 INSTITUTION ${CODES[0]}`,
      `2 INSTITUTION ${CODES[1]}`,
      '4 INSTITUTION ９１５２０１１５ＭＡＹＤＭ００１９Ｘ',
    ]);
  });

  it('may hold both: a right credit code is one among report numbers', async () => {
    expect(inWords(await keysIn([...NUMBERS, CODES[0]].join('\n')))).toEqual([
      `1 REPORT ${NUMBERS[0]}`,
      `2 REPORT ${NUMBERS[1]}`,
      `3 INSTITUTION ${CODES[0]}`,
    ]);
  });

  it('is what the caller says it is', async () => {
    expect(inWords(await keysIn(CODES.join('\n'), { kind: 'REPORT' }))[0]).toBe(`1 REPORT ${CODES[0]}`);
  });
});

describe('a table', () => {
  const table = (heading: string) => `名称,${heading},备注\n甲,${CODES[0]},\n乙,,x\n,,\n丙,91520115MAYDM00199,\n`;

  it('has its numbers under a heading that is known, in any character set; a row without one is told', async () => {
    for (const content of [
      table('统一社会信用代码'),
      `\uFEFF${table('统一社会信用代码')}`,
      iconv.encode(table('统一社会信用代码'), 'gb18030'),
    ]) {
      const rows = await keysIn(content);
      expect(inWords(rows)).toEqual([
        `2 INSTITUTION ${CODES[0]}`,
        '3 INSTITUTION ',
        '5 INSTITUTION 91520115MAYDM00199',
      ]);
      expect(rows.map(({ problem }) => problem)).toEqual([null, 'the row names nothing', null]);
    }
  });

  it('may be an XLSX file; what it holds as a number that has lost digits is not asked about', async () => {
    const rows = await keysIn(
      await xlsxOf([
        ['Report Number', 'note'],
        [NUMBERS[0] ?? '', 1],
        [5.20115e21, 2],
        [12345, 3],
      ]),
    );
    expect(inWords(rows)).toEqual([`2 REPORT ${NUMBERS[0]}`, '3 REPORT 5.20115e+21', '4 REPORT 12345']);
    expect(rows.map(({ problem }) => problem?.slice(0, 36) ?? null)).toEqual([
      null,
      'the file holds it as a number that h',
      null,
    ]);
    expect((await keysIn('number\n5.20E+21\n'))[0]?.problem).toContain('lost digits');
  });

  it('is asked by the column that the caller names, by heading or by number', async () => {
    const content = `机构,编码\n甲,${CODES[0]}\n`;
    expect(await refusalOf(content)).toBe('COLUMNS_UNKNOWN');
    expect(inWords(await keysIn(content, { column: '编码' }))).toEqual([`2 INSTITUTION ${CODES[0]}`]);
    expect(inWords(await keysIn(`a,${CODES[0]}\n`, { column: '2' }))).toEqual([`1 INSTITUTION ${CODES[0]}`]);
    expect(await refusalOf(content, { column: '3' })).toBe('COLUMNS_MISSING');
    expect(await refusalOf(content, { column: 'number' })).toBe('COLUMNS_MISSING');
    expect(await refusalOf(`报告编号,信用代码\nx,${CODES[0]}\n`)).toBe('COLUMNS_AMBIGUOUS');
  });
});

describe('a file that cannot be screened is refused before anything is asked:', () => {
  it.each([
    ['empty', '', 'FILE_EMPTY'],
    ['blank', ' \n\n\r\n', 'FILE_EMPTY'],
    ['nothing but a heading', '报告编号\n', 'FILE_EMPTY'],
    ['a quotation mark that is never closed', `number\n"${NUMBERS[0]}\n`, 'FILE_DAMAGED'],
    ['one endless line', 'x'.repeat(1_100_000), 'FILE_TOO_LARGE'],
    ['the older .xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), 'FORMAT_UNKNOWN'],
    ['a torn XLSX', Buffer.from('PK\x03\x04 and then nothing'), 'FILE_DAMAGED'],
    ['more numbers than a screening takes', 'BG-1\n'.repeat(100_001), 'FILE_TOO_LARGE'],
  ])('%s', async (_, content, reason) => {
    expect(await refusalOf(content)).toBe(reason);
  });

  it('one that is not there, or a folder', async () => {
    const options = { charset: null, column: null, kind: null };
    for (const path of [join(folder, 'nowhere'), folder]) {
      await expect(openKeys(path, options)).rejects.toMatchObject({ details: { reason: 'FILE_NOT_FOUND' } });
    }
  });
});
