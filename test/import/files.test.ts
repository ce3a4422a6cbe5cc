import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createWriteStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import {
  csvOf,
  IDENTITY_CARD,
  LICENCE_2021,
  MemorySink,
  PENALTY_2015,
  PENALTY_2021,
  PERSON,
  readFeedback,
  refusalOf,
  runImport,
  tableOf,
  without,
  workplace,
  xlsxOf,
} from './support.ts';
import type { Cells, Workplace } from './support.ts';
import { inlineRow, workbookOf, workbookParts, zipOf } from './zip-file.ts';

let place: Workplace;
beforeAll(async () => {
  place = await workplace();
});
afterAll(() => place.remove());

const MEBIBYTE = 1_048_576;
const refuse = async (data: Buffer | string, layout = 'penalty', name = 'refused.csv') =>
  refusalOf(await place.write(name, data), layout);
const penalties = (count: number): Cells[] =>
  Array.from({ length: count }, (_, index) => ({ ...PENALTY_2021, CF_WSH: `示市监处罚〔2026〕${index}号` }));

describe('a header', () => {
  it('without a column that is needed is refused with the column named, in both spellings', async () => {
    const row = without(PENALTY_2021, 'CF_WSH', 'CF_CFLB');
    const { reason, error, sink } = await refuse(csvOf(tableOf([row])));
    expect(reason).toBe('COLUMNS_MISSING');
    expect(error.code).toBe('INPUT_INVALID');
    expect(error.message).toContain('CF_WSH 行政处罚决定书文号');
    expect(error.message).toContain('CF_CFLB 处罚类别');
    expect(sink.batches).toEqual([]);
    const { rows } = await readFeedback(join(place.folder, 'refused.feedback.csv'));
    expect(rows).toMatchObject([{ rowNumber: '1', code: 'COLUMNS_MISSING', message: error.message }]);
  });

  it('with neither an ID nor the authority’s code is refused: there would be no record id', async () => {
    const row = without(PENALTY_2021, 'CF_CFJGDM');
    const { reason, error } = await refuse(csvOf(tableOf([row])));
    expect(reason).toBe('COLUMNS_MISSING');
    expect(error.message).toContain('ID or CF_CFJGDM');
  });

  it('with a column that nobody knows is refused by its position, since it may be a row of data', async () => {
    const { reason, error } = await refuse(csvOf(tableOf([{ ...PENALTY_2021, [PERSON]: IDENTITY_CARD }])));
    expect(reason).toBe('COLUMNS_UNKNOWN');
    expect(error.message).toContain(`by position: ${Object.keys(PENALTY_2021).length + 1}`);
    expect(error.message).not.toContain(PERSON);
  });

  it('with the amount in another unit is refused', async () => {
    const { reason } = await refuse(csvOf(tableOf([PENALTY_2021], { CF_NR_FK: '罚款金额（元）' })));
    expect(reason).toBe('COLUMNS_UNKNOWN');
  });

  it('with a column twice is refused', async () => {
    const { reason, error } = await refuse(csvOf(tableOf([{ ...PENALTY_2021, cfWsh: 'x' }])));
    expect(reason).toBe('COLUMNS_AMBIGUOUS');
    expect(error.message).toContain('CF_WSH');
  });

  it('with columns of two versions is refused', async () => {
    const { reason, error } = await refuse(csvOf(tableOf([{ ...PENALTY_2021, CF_CFLB1: '', CF_XZJG: '' }])));
    expect(reason).toBe('COLUMNS_AMBIGUOUS');
    expect(error.message).toContain('CF_CFLB1 of version 2015');
  });

  it('of the other layout is refused, and a file of data without a header too', async () => {
    expect((await refuse(csvOf(tableOf([PENALTY_2015])), 'licence')).reason).toBe('COLUMNS_MISSING');
    const withoutHeader = await refuse(csvOf(tableOf([{ ...PENALTY_2021, CF_XDR_MC: PERSON }]).slice(1)));
    expect(withoutHeader.reason).toBe('COLUMNS_MISSING');
    const { text } = await readFeedback(join(place.folder, 'refused.feedback.csv'));
    expect(withoutHeader.error.message + text).not.toContain(PERSON);
    expect(withoutHeader.error.message + text).not.toContain(IDENTITY_CARD);
  });
});

describe('a file', () => {
  it('that is not there, is a folder or is empty is refused', async () => {
    expect((await refusalOf(join(place.folder, 'none.csv'), 'penalty')).reason).toBe('FILE_NOT_FOUND');
    expect((await refusalOf(place.folder, 'penalty')).reason).toBe('FILE_NOT_FOUND');
    expect((await refuse('')).reason).toBe('FILE_EMPTY');
    expect((await refuse('\uFEFF\r\n \r\n')).reason).toBe('FILE_EMPTY');
  });

  it('of a layout that the department does not have is refused with those that it has', async () => {
    const { reason, error } = await refuse(csvOf(tableOf([PENALTY_2021])), 'toString');
    expect(reason).toBe('LAYOUT_UNKNOWN');
    expect(error.message).toContain('licence, penalty');
  });

  it('with a header only has no rows, and its feedback is empty', async () => {
    const { report, feedback, feedbackText } = await runImport(
      await place.write('header.csv', csvOf(tableOf([PENALTY_2021]).slice(0, 1))),
      'penalty',
    );
    expect(report).toMatchObject({ rows: 0, accepted: 0, refused: 0, inserted: 0 });
    expect(feedback).toEqual([]);
    expect(feedbackText).toBe('\uFEFFrowNumber,column,code,message\r\n');
  });

  it('has a receipt: SM3 of its bytes', async () => {
    const data = csvOf(tableOf([PENALTY_2021]), 'gb18030');
    const { report } = await runImport(await place.write('receipt.csv', data), 'penalty');
    expect(report.receipt).toBe(sm3Hex(data));
  });

  it('is handed on in batches of 500, each when the one before is kept', async () => {
    const sink = new MemorySink();
    let [open, most] = [0, 0];
    const slow = {
      async write(...parameters: Parameters<MemorySink['write']>) {
        open += 1;
        most = Math.max(most, open);
        await new Promise(setImmediate);
        open -= 1;
        return sink.write(...parameters);
      },
    };
    const { report } = await runImport(await place.write('many.csv', csvOf(tableOf(penalties(1_234)))), 'penalty', {
      sink: slow,
    });
    expect(report).toMatchObject({ rows: 1_234, accepted: 1_234, inserted: 1_234 });
    expect(sink.batches.map(({ size }) => size)).toEqual([500, 500, 234]);
    expect(most).toBe(1);
  });

  it('stops where its sink fails, and says so in the feedback', async () => {
    const path = await place.write('failing.csv', csvOf(tableOf(penalties(600))));
    const failure = new Error('the store is down');
    await expect(runImport(path, 'penalty', { sink: { write: () => Promise.reject(failure) } })).rejects.toBe(failure);
    const { rows } = await readFeedback(join(place.folder, 'failing.feedback.csv'));
    expect(rows).toMatchObject([{ rowNumber: '', code: 'STOPPED' }]);
  });

  it('stops when it is told to', async () => {
    const path = await place.write('stopped.csv', csvOf(tableOf(penalties(2_000))));
    const controller = new AbortController();
    const sink = new MemorySink();
    const stopped = runImport(path, 'penalty', {
      sink,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(sink.kept.size).toBeLessThan(2_000);
  });

  it('with more rows than are allowed is refused at the row that is too many', async () => {
    const path = await place.write('rows.csv', csvOf(tableOf(penalties(6))));
    const { reason, error } = await refusalOf(path, 'penalty', { limits: { rows: 5 } });
    expect(reason).toBe('FILE_TOO_LARGE');
    expect(error.details).toMatchObject({ row: 7, accepted: 0 });
  });

  it('that is written to while it is read is refused', async () => {
    const path = await place.write('changing.csv', csvOf(tableOf(penalties(700))));
    const sink = {
      async write(...parameters: Parameters<MemorySink['write']>) {
        await writeFile(path, '\n', { flag: 'a' });
        return new MemorySink().write(...parameters);
      },
    };
    expect((await refusalOf(path, 'penalty', { sink })).reason).toBe('FILE_CHANGED');
  });

  it('reports its progress in rows and bytes', async () => {
    const seen: { rows: number; bytes: number; totalBytes: number }[] = [];
    const data = csvOf(tableOf(penalties(3_000)));
    await runImport(await place.write('progress.csv', data), 'penalty', { onProgress: (now) => seen.push(now) });
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.map(({ rows }) => rows)).toEqual([...seen.map(({ rows }) => rows)].sort((a, b) => a - b));
    expect(seen.at(-1)).toEqual({ rows: 3_000, bytes: data.length, totalBytes: data.length });
  });
});

describe('a damaged or hostile CSV file', () => {
  it('that is cut off inside a quoted cell is refused there; what was handed on before is counted', async () => {
    const rows = penalties(4_000).map((row) => ({ ...row, CF_WFXW: '第一行\n第二行' }));
    const data = csvOf(tableOf(rows));
    const cut = data.subarray(0, data.lastIndexOf('第二行'));
    const path = await place.write('cut.csv', cut);
    const sink = new MemorySink();
    const { reason, error } = await refusalOf(path, 'penalty', { sink });
    expect(reason).toBe('FILE_DAMAGED');
    expect(error.details).toMatchObject({ row: 4_001, accepted: sink.kept.size });
    expect(sink.kept.size).toBeGreaterThan(0);
    const { rows: lines } = await readFeedback(join(place.folder, 'cut.feedback.csv'));
    expect(lines).toMatchObject([{ rowNumber: '4001', code: 'FILE_DAMAGED' }]);
  });

  it.each([
    ['text', 'x'],
    ['delimiters', ','],
    ['quotation marks', '"'],
    ['a cell that is never closed, over many lines', '"\n'],
  ])('with a line of 100 MB of %s is refused in little memory', async (_, piece) => {
    const path = join(place.folder, 'line.csv');
    const stream = createWriteStream(path);
    stream.write(csvOf(tableOf([PENALTY_2021])));
    const opening = piece === '"\n' ? '"' : '';
    stream.write(opening);
    const block = Buffer.alloc(MEBIBYTE, piece === '"\n' ? 'x\n' : piece);
    for (let written = 0; written < 100; written += 1) if (!stream.write(block)) await once(stream, 'drain');
    stream.end();
    await once(stream, 'close');
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    const { reason } = await refusalOf(path, 'penalty');
    clearInterval(watch);
    expect(reason).toBe('FILE_TOO_LARGE');
    expect(Math.max(most, process.memoryUsage().rss) - before).toBeLessThan(150 * MEBIBYTE);
  });
});

describe('a damaged or hostile XLSX file', () => {
  const [header = [], row = []] = tableOf([PENALTY_2021]);
  const sheet = inlineRow(1, header) + inlineRow(2, row);
  const refuseXlsx = async (data: Buffer) => refuse(data, 'penalty', 'refused.xlsx');
  const sheetPart = (text: string | Buffer) => ({ 'xl/worksheets/sheet1.xml': text });

  it('made by hand is read when nothing is wrong with it', async () => {
    const { report } = await runImport(await place.write('plain.xlsx', workbookOf(sheet)), 'penalty');
    expect(report.accepted).toBe(1);
  });

  it('that is cut off is refused', async () => {
    const data = await xlsxOf(tableOf(penalties(50)));
    expect((await refuseXlsx(data.subarray(0, data.length - 100))).reason).toBe('FILE_DAMAGED');
    expect((await refuseXlsx(data.subarray(0, data.length / 2))).reason).toBe('FILE_DAMAGED');
  });

  it('whose sheet breaks off is refused', async () => {
    const broken = workbookOf('', sheetPart(`<worksheet><sheetData>${sheet}<row r="3">`));
    expect((await refuseXlsx(broken)).reason).toBe('FILE_DAMAGED');
  });

  it('that is of the older format, or has a password, is refused with advice', async () => {
    const { reason, error } = await refuseXlsx(Buffer.from('d0cf11e0a1b11ae1', 'hex'));
    expect(reason).toBe('FORMAT_UNKNOWN');
    expect(error.message).toContain('.xlsx');
  });

  it('that is another kind of ZIP file is refused', async () => {
    expect((await refuseXlsx(zipOf([{ name: 'a.txt', data: 'a' }]))).reason).toBe('FORMAT_UNKNOWN');
    expect((await refuseXlsx(zipOf([]))).reason).toBe('FORMAT_UNKNOWN');
  });

  it('that counts its days from 1904 is refused', async () => {
    const workbook =
      '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>';
    expect((await refuseXlsx(workbookOf(sheet, { 'xl/workbook.xml': workbook }))).reason).toBe('FORMAT_UNKNOWN');
  });

  it('that unfolds to a thousand times its size is refused unread', async () => {
    const bomb = Buffer.concat([Buffer.from('<worksheet><sheetData>'), Buffer.alloc(200 * MEBIBYTE, ' ')]);
    const data = workbookOf('', sheetPart(bomb));
    expect(data.length).toBeLessThan(MEBIBYTE);
    expect((await refuseXlsx(data)).reason).toBe('FILE_TOO_LARGE');
  });

  it('that unfolds to more than it claims is refused where the claim ends', async () => {
    const parts = workbookParts('', sheetPart(Buffer.alloc(50 * MEBIBYTE, ' '))).map((part) =>
      part.name.includes('sheet1') ? { ...part, claimedBytes: 1_000 } : part,
    );
    expect((await refuseXlsx(zipOf(parts))).reason).toBe('FILE_DAMAGED');
  });

  it.each([
    ['a DTD', '<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">]>'],
    ['an external entity', '<!DOCTYPE worksheet SYSTEM "file:///etc/passwd">'],
    ['a comment', '<!-- -->'],
    ['an instruction', '<?php ?>'],
  ])('with %s is refused', async (_, text) => {
    const forbidden = `<?xml version="1.0"?>${text}<worksheet><sheetData>${sheet}</sheetData></worksheet>`;
    expect((await refuseXlsx(workbookOf('', sheetPart(forbidden)))).reason).toBe('XML_FORBIDDEN');
    expect((await refuseXlsx(workbookOf(sheet, { 'xl/workbook.xml': forbidden }))).reason).toBe('XML_FORBIDDEN');
  });

  it('with an entity that nobody declared is refused', async () => {
    const entity = inlineRow(1, header) + inlineRow(2, row).replace('违反', '&secret;');
    expect((await refuseXlsx(workbookOf(entity))).reason).toBe('FILE_DAMAGED');
  });

  it.each([
    ['a text without end', `<row r="1"><c t="inlineStr"><is><t>${'x'.repeat(2 * MEBIBYTE)}</t></is></c></row>`],
    ['tags inside each other', '<row>'.repeat(100)],
    ['a cell far to the right', '<row r="1"><c r="ZZZ1"><v>1</v></c></row>'],
    ['a row of endless cells', `<row r="1">${'<c><v>1</v></c>'.repeat(20_000)}</row>`],
    [
      'a row of long cells',
      inlineRow(
        1,
        Array.from({ length: 30 }, () => 'x'.repeat(50_000)),
      ),
    ],
  ])('with %s is refused', async (_, rows) => {
    expect((await refuseXlsx(workbookOf(rows))).reason).toBe('FILE_TOO_LARGE');
  });

  it('with rows or cells out of order is refused', async () => {
    expect((await refuseXlsx(workbookOf(inlineRow(2, header) + inlineRow(1, row)))).reason).toBe('FILE_DAMAGED');
    const cells = '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>';
    expect((await refuseXlsx(workbookOf(cells))).reason).toBe('FILE_DAMAGED');
  });

  it('with a part twice, or a part whose name leads outside, is refused and nothing is written', async () => {
    const parts = workbookParts(sheet);
    const [first] = parts;
    expect((await refuseXlsx(zipOf([...parts, ...(first ? [first] : [])]))).reason).toBe('FILE_DAMAGED');
    const before = await readdir(join(place.folder, '..'));
    expect((await refuseXlsx(zipOf([...parts, { name: '../escaped.txt', data: 'x' }]))).reason).toBe('FILE_DAMAGED');
    const after = await readdir(join(place.folder, '..'));
    expect(after.filter((name) => !before.includes(name) && name.startsWith('escaped'))).toEqual([]);
  });

  it('with many parts is refused', async () => {
    const parts = Array.from({ length: 1_001 }, (_, index) => ({ name: `p${index}`, data: '' }));
    expect((await refuseXlsx(zipOf(parts))).reason).toBe('FILE_TOO_LARGE');
  });
});

describe('the feedback file', () => {
  it('is replaced by the next run, stands beside the file and begins with the mark that spreadsheets need', async () => {
    const path = await place.write('again.csv', csvOf(tableOf([{ ...LICENCE_2021, XK_JDRQ: 'x' }])));
    const { feedbackText } = await runImport(path, 'licence');
    expect(feedbackText).toBe(
      '\uFEFFrowNumber,column,code,message\r\n2,XK_JDRQ,NOT_A_DATE,not a date in any style the departments use\r\n',
    );
    await place.write('again.csv', csvOf(tableOf([LICENCE_2021])));
    await runImport(path, 'licence');
    expect(await readFile(join(place.folder, 'again.feedback.csv'), 'utf8')).toBe(
      '\uFEFFrowNumber,column,code,message\r\n',
    );
  });
});
