/** Files of fictional decisions, and a sink that remembers. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import writeXlsxFile from 'write-excel-file/node';
import { importFile } from '../../jobs/import/import-file.ts';
import type { ImportOptions, ImportReport } from '../../jobs/import/import-file.ts';
import type { ImportedRecord, ImportSink, SinkCounts } from '../../jobs/import/sink.ts';
import { HubError } from '../../schema/errors.ts';
import type { ReplicatedRead, SourceChange } from '../../schema/ports.ts';
import marketRegulation from '../../sources/market-regulation/index.ts';

export type Cells = Readonly<Record<string, string | number | null>>;

/** Subjects of the domain reference (1.4) and the fictional identity card (1.5). */
export const INSTITUTION_A = '91520115MAYDM00198';
export const INSTITUTION_B = '91520201MAYDM0027Y';
export const AUTHORITY = '11520000MBYDM1015G';
export const IDENTITY_CARD = '529999199001010019';
export const PERSON = '虚某某';

export const PENALTY_2021: Cells = {
  CF_XDR_MC: '贵州示例甲机动车检测有限公司',
  CF_XDR_LB: '法人及非法人组织',
  CF_XDR_SHXYM: INSTITUTION_A,
  CF_FRDB: PERSON,
  CF_FR_ZJHM: IDENTITY_CARD,
  CF_WSH: '示市监处罚[2026]17号',
  CF_WFXW: '违反检验检测机构监督管理规定',
  CF_SY: '未经检验出具检验报告(示例)',
  CF_YJ: '(示例)',
  CF_CFLB: '警告;罚款',
  CF_NR: '罚款3万元',
  CF_NR_FK: '3.000000',
  CF_NR_WFFF: '0.008050',
  CF_JDRQ: '2026/01/20',
  CF_YXQ: '2099/12/31',
  CF_GSJZQ: '2029/01/20',
  CF_CFJG: '示例省市场监管局',
  CF_CFJGDM: AUTHORITY,
  CF_SJLY: '示例省市场监管局',
  CF_SJLYDM: AUTHORITY,
  SJC: '2026-01-21 10:25:00',
  BZ: '',
};
export const PENALTY_2015: Cells = {
  CF_WSH: '示市监处罚〔2016〕17号',
  CF_CFMC: '示例处罚',
  CF_AJMC: '示例案',
  CF_BM: '',
  CF_CFLB1: '罚款',
  CF_CFLB2: '没收违法所得、没收非法财物',
  CF_SY: '处罚事由',
  CF_YJ: '',
  CF_XDR_MC: '六盘水示例乙机动车检测有限公司',
  CF_XDR_SHXYM: INSTITUTION_B,
  CF_XDR_ZDM: 'MAYDM0027',
  CF_XDR_GSDJ: '',
  CF_XDR_SFZ: '',
  CF_FR: PERSON,
  CF_JG: '罚款3万元',
  CF_JDRQ: '2016/1/20',
  CF_XZJG: '示例省质量技术监督局',
  CF_ZT: '0',
  DFBM: '520200',
  SJC: '2016-01-21 10:25:00',
  BZ: '',
};
export const LICENCE_2021: Cells = {
  XK_XDR_MC: '贵州示例甲机动车检测有限公司',
  XK_XDR_LB: '法人及非法人组织',
  XK_XDR_SHXYM: INSTITUTION_A,
  XK_FRDB: PERSON,
  XK_FR_ZJHM: IDENTITY_CARD,
  XK_XKWS: '检验检测机构资质认定决定书',
  XK_WSH: '示市监许〔2023〕5号',
  XK_XKLB: '普通',
  XK_XKZS: '检验检测机构资质认定证书',
  XK_XKBH: '232405340017',
  XK_NR: '机动车检验',
  XK_JDRQ: '2023/03/02',
  XK_YXQZ: '2023/03/03',
  XK_YXQZI: '2029/03/02',
  XK_XKJG: '示例省市场监管局',
  XK_XKJGDM: AUTHORITY,
  XK_ZT: '1',
  XK_LYDW: '示例省市场监管局',
  XK_LYDWDM: AUTHORITY,
  SJC: '2023-03-04 09:00:00',
  BZ: '',
};
export const LICENCE_2015: Cells = {
  XK_WSH: 'CNCA-R-2016-001',
  XK_XMMC: '认证机构批准',
  XK_SPLB: '普通',
  XK_NR: '示例',
  XK_XDR: '六盘水示例乙机动车检测有限公司',
  XK_XDR_SHXYM: INSTITUTION_B,
  XK_XDR_ZDM: 'MAYDM0027',
  XK_XDR_GSDJ: '',
  XK_XDR_SFZ: '',
  XK_FR: PERSON,
  XK_JDRQ: '2016/01/20',
  XK_JZQ: '2099/12/31',
  XK_XZJG: '示例省质量技术监督局',
  XK_ZT: '0',
  DFBM: '520200',
  SJC: '2016-01-21 10:25:00',
  BZ: '',
};

/** Keeps what it is given, as the hub's store does: by record id, comparing everything but the time of fetching. */
export class MemorySink implements ImportSink {
  readonly kept = new Map<string, SourceChange<ImportedRecord>>();
  readonly batches: { readonly read: ReplicatedRead; readonly size: number }[] = [];

  write(read: ReplicatedRead, changes: readonly SourceChange<ImportedRecord>[]): Promise<SinkCounts> {
    const counts = { inserted: 0, updated: 0, unchanged: 0 };
    this.batches.push({ read, size: changes.length });
    for (const change of changes) {
      const known = this.kept.get(change.recordId);
      if (known === undefined) counts.inserted += 1;
      else if (contentOf(known) === contentOf(change)) counts.unchanged += 1;
      else counts.updated += 1;
      this.kept.set(change.recordId, change);
    }
    return Promise.resolve(counts);
  }

  get changes(): readonly SourceChange<ImportedRecord>[] {
    return [...this.kept.values()];
  }

  /** The records without their provenance. */
  get facts(): readonly Record<string, unknown>[] {
    return this.changes.flatMap((change) => {
      if (change.kind === 'DELETE') return [];
      return [without(change.record, 'provenance')];
    });
  }
}

function contentOf(change: SourceChange<ImportedRecord>): string {
  return JSON.stringify(change, (key, value: unknown) => (key === 'fetchedAt' ? undefined : value));
}

export interface Workplace {
  readonly folder: string;
  write(name: string, data: string | Uint8Array): Promise<string>;
  remove(): Promise<void>;
}

export async function workplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-import-'));
  return {
    folder,
    async write(name, data) {
      const path = join(folder, name);
      await writeFile(path, data);
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export function without<T extends object>(row: T, ...names: readonly string[]): Record<string, T[keyof T]> {
  return Object.fromEntries(
    Object.entries<T[keyof T]>(row as Record<string, T[keyof T]>).filter(([name]) => !names.includes(name)),
  );
}

/** Rows under the columns of the first. */
export function tableOf(rows: readonly Cells[], headings: Readonly<Record<string, string>> = {}) {
  const columns = Object.keys(rows[0] ?? {});
  return [columns.map((name) => headings[name] ?? name), ...rows.map((row) => columns.map((name) => row[name] ?? ''))];
}

export type Encoding = 'utf-8' | 'utf-8 with mark' | 'gb18030' | 'utf-16le with mark';

export function csvOf(table: readonly (readonly (string | number)[])[], encoding: Encoding = 'utf-8'): Buffer {
  const text = stringify(table.map((row) => [...row]));
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-8 with mark':
      return Buffer.from(`\uFEFF${text}`);
    case 'gb18030':
      return iconv.encode(text, 'gb18030');
    case 'utf-16le with mark':
      return iconv.encode(text, 'utf-16le', { addBOM: true });
  }
}

export async function xlsxOf(table: readonly (readonly (string | number | Date)[])[]): Promise<Buffer> {
  const cells = table.map((row) => row.map((value) => cellOf(value)));
  return writeXlsxFile(cells).toBuffer();
}

function cellOf(value: string | number | Date) {
  if (value instanceof Date) return { value, type: Date, format: 'yyyy/mm/dd' };
  return typeof value === 'number' ? { value, type: Number } : { value, type: String };
}

export interface Imported {
  readonly report: ImportReport;
  readonly sink: MemorySink;
  readonly feedback: readonly FeedbackRow[];
  readonly feedbackText: string;
}
export interface FeedbackRow {
  readonly rowNumber: string;
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

export async function readFeedback(path: string): Promise<{ rows: readonly FeedbackRow[]; text: string }> {
  const text = await readFile(path, 'utf8');
  return { rows: parse<FeedbackRow>(text, { bom: true, columns: true }), text };
}

export async function runImport(path: string, layout: string, options: Partial<ImportOptions> = {}): Promise<Imported> {
  const sink = new MemorySink();
  const report = await importFile({ path, layout, source: marketRegulation, sink, ...options });
  const { rows, text } = await readFeedback(report.feedbackPath);
  return { report, sink, feedback: rows, feedbackText: text };
}

/** Imports a file that is refused as a whole. */
export async function refusalOf(
  path: string,
  layout: string,
  options: Partial<ImportOptions> = {},
): Promise<{ readonly reason: unknown; readonly error: HubError; readonly sink: MemorySink }> {
  const sink = new MemorySink();
  try {
    await importFile({ path, layout, source: marketRegulation, sink, ...options });
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return { reason: error.details['reason'], error, sink };
  }
  throw new Error('The file was not refused.');
}
