/**
 * How fast export files are read, and in how much memory: 100,000 generated penalties as CSV in both character sets and
 * as XLSX, each in a process of its own, into a sink that only counts. `node dist/test/bench/import-rows.js [rows]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import writeXlsxFile from 'write-excel-file/node';
import { z } from 'zod';
import { importFile } from '../../jobs/import/import-file.ts';
import type { ImportSink } from '../../jobs/import/sink.ts';
import { completeCreditCode } from '../../schema/codes/credit-code.ts';
import marketRegulation from '../../sources/market-regulation/index.ts';

const DEFAULT_ROWS = 100_000;
const ROWS_PER_BLOCK = 1_000;
const MEBIBYTE = 1_048_576;
const KIBIBYTES_PER_MEBIBYTE = 1_024;
const AUTHORITY = completeCreditCode('11520000', 'MBYDM101');

const COLUMNS = [
  ...['CF_XDR_MC', 'CF_XDR_LB', 'CF_XDR_SHXYM', 'CF_XDR_GSZC', 'CF_XDR_ZZJG', 'CF_FRDB', 'CF_FR_ZJHM', 'CF_WSH'],
  ...['CF_WFXW', 'CF_SY', 'CF_YJ', 'CF_CFLB', 'CF_NR', 'CF_NR_FK', 'CF_NR_WFFF', 'CF_NR_ZKDX', 'CF_JDRQ', 'CF_YXQ'],
  ...['CF_GSJZQ', 'CF_CFJG', 'CF_CFJGDM', 'CF_SJLY', 'CF_SJLYDM', 'SJC', 'BZ'],
];

function penalty(index: number): string[] {
  const subject = completeCreditCode('91520115', `MAYD${String(index % 10_000).padStart(4, '0')}`);
  const name = `贵州示例第${index}机动车检测有限公司`;
  const violation = '违反检验检测机构监督管理规定，未按照国家有关强制性规定的样品管理要求实施检验检测（示例）';
  return [
    ...[name, '法人及非法人组织', subject, '', '', '虚某某', ''],
    ...[
      `示市监处罚〔2026〕${index}号`,
      violation,
      `${name}${violation}`,
      '《检验检测机构监督管理办法》第二十五条（示例）',
    ],
    ...['警告;罚款', '罚款3万元', '3.000000', '0.008050', '', '2026/01/20', '2099/12/31', '2029/01/20'],
    ...['示例省市场监管局', AUTHORITY, '示例省市场监管局', AUTHORITY, '2026-01-21 10:25:00', ''],
  ];
}

async function writeCsv(path: string, rows: number, charset: 'utf-8' | 'gb18030'): Promise<void> {
  const stream = createWriteStream(path);
  const write = async (lines: readonly (readonly string[])[]): Promise<void> => {
    const text = lines.map((cells) => `${cells.join(',')}\r\n`).join('');
    if (!stream.write(iconv.encode(text, charset))) await once(stream, 'drain');
  };
  await write([COLUMNS]);
  for (let first = 0; first < rows; first += ROWS_PER_BLOCK)
    await write(Array.from({ length: Math.min(ROWS_PER_BLOCK, rows - first) }, (_, index) => penalty(first + index)));
  stream.end();
  await once(stream, 'close');
}

async function writeXlsx(path: string, rows: number): Promise<void> {
  await writeXlsxFile([COLUMNS, ...Array.from({ length: rows }, (_, index) => penalty(index))]).toFile(path);
}

const Result = z.object({ rows: z.number(), accepted: z.number(), milliseconds: z.number(), rssMebibytes: z.number() });
type Result = z.infer<typeof Result>;

/** In the measured process. */
async function measure(path: string): Promise<Result> {
  const sink: ImportSink = {
    write: (_read, changes) => Promise.resolve({ inserted: changes.length, updated: 0, unchanged: 0 }),
  };
  const { rows, accepted, milliseconds } = await importFile({
    path,
    layout: 'penalty',
    source: marketRegulation,
    sink,
  });
  const rssMebibytes = Math.round(process.resourceUsage().maxRSS / KIBIBYTES_PER_MEBIBYTE);
  return { rows, accepted, milliseconds, rssMebibytes };
}

async function measureApart(path: string): Promise<Result> {
  const child = fork(import.meta.filename, ['--measure', path]);
  const [message] = (await once(child, 'message')) as [unknown];
  return Result.parse(message);
}

async function main(rows: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-import-bench-'));
  try {
    const files = [
      ['CSV, GB18030', join(folder, 'gb.csv'), (path: string) => writeCsv(path, rows, 'gb18030')],
      ['CSV, UTF-8', join(folder, 'utf.csv'), (path: string) => writeCsv(path, rows, 'utf-8')],
      ['XLSX', join(folder, 'book.xlsx'), (path: string) => writeXlsx(path, rows)],
    ] as const;
    console.log('| file | MiB | rows | accepted | seconds | rows/s | peak RSS MiB |');
    console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
    for (const [name, path, write] of files) {
      await write(path);
      const sizeMebibytes = Math.round((await stat(path)).size / MEBIBYTE);
      const result = await measureApart(path);
      const seconds = result.milliseconds / 1000;
      const figures = [
        sizeMebibytes,
        result.rows,
        result.accepted,
        seconds.toFixed(1),
        Math.round(result.rows / seconds),
      ];
      console.log(`| ${[name, ...figures, result.rssMebibytes].join(' | ')} |`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [, , first, path] = process.argv;
if (first === '--measure' && path !== undefined) process.send?.(await measure(path), () => process.disconnect());
else await main(first === undefined ? DEFAULT_ROWS : Number(first));
