/** `hub audit verify | export | subject | anchors`: the trail, checked and read. Verifying a file needs the file alone. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AuditStore, TimeRange } from '../../schema/audit/audit-store.ts';
import { AuditFault, keptAnchorsOf, type AuditReport } from '../../schema/audit/audit-verifier.ts';
import { exportAudit, writtenRange } from '../../schema/audit/export-audit.ts';
import { keysOf, looksAt, type Look } from '../../schema/audit/subject-report.ts';
import type { PersonKeys } from '../../schema/audit/subject-key.ts';
import { verifyAuditFile, verifyAuditStore } from '../../schema/audit/verify-audit.ts';
import type { KeyRing } from '../../schema/signing/key-ring.ts';
import { HUB_OWNER, parseKeyRing, type PublicKey } from '../../schema/signing/public-key.ts';
import { parseInstant } from '../../schema/time/instant.ts';
import type { CommandResult } from './notice.ts';
import { CSV_LINE_END, csvText } from '../../schema/csv.ts';
import { UsageError } from './usage-error.ts';

export interface AuditOptions {
  readonly store?: boolean | undefined;
  readonly keys?: string | undefined;
  readonly anchors?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly format?: string | undefined;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function linesOf(report: AuditReport, isPinned: boolean): readonly string[] {
  const { records, chains, anchors, unanchored, unclosed, warnings } = report;
  const found = `The audit trail verifies: ${count(records, 'record')} in ${count(chains, 'chain')}, ${count(anchors, 'anchor')}`;
  return [
    `${found}, ${isPinned ? 'by the keys given.' : 'by the keys that came with it; keys not pinned.'}`,
    ...(unanchored > 0
      ? [`${count(unanchored, 'record')} newer than the last anchor: cut off, they would not be missed.`]
      : []),
    ...(unclosed > 0 ? [`${count(unclosed, 'operation')} without an end: under way, or the process was killed.`] : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}

export interface TrustOptions {
  /** null: those that come with the trail. */
  readonly keys: readonly PublicKey[] | null;
  readonly keptAnchors?: ReadonlyMap<number, string>;
}

const textOf = async (path: string): Promise<string> =>
  await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`${path} cannot be read.`);
  });

/** What the reader has brought to check against. @throws UsageError for a file that does not hold it */
export async function trustOf({ keys, anchors }: AuditOptions): Promise<TrustOptions> {
  const trusted = keys === undefined ? null : parseKeyRing((await textOf(keys)).trim());
  if (keys !== undefined && trusted === null)
    throw new UsageError(`${keys} holds no public keys (signing-keys export).`);
  return { keys: trusted, ...(anchors !== undefined && { keptAnchors: keptAnchorsOf(await textOf(anchors)) }) };
}

async function told(checking: Promise<AuditReport>, isPinned: boolean): Promise<CommandResult> {
  try {
    return { lines: linesOf(await checking, isPinned), exitCode: 0 };
  } catch (error) {
    if (!(error instanceof AuditFault)) throw error;
    return { lines: [`The audit trail does NOT verify: ${error.message}.`], exitCode: 1 };
  }
}

/** @throws UsageError for a file that cannot be read */
export async function verifyFile(path: string, options: AuditOptions): Promise<CommandResult> {
  const trust = await trustOf(options);
  const chunks = createReadStream(path);
  await new Promise<void>((resolve, reject) => {
    chunks.once('open', () => resolve());
    chunks.once('error', () => reject(new UsageError(`${path} cannot be read.`)));
  });
  return await told(verifyAuditFile(chunks, trust), trust.keys !== null);
}

export async function verifyStore(store: AuditStore, ring: KeyRing, options: AuditOptions): Promise<CommandResult> {
  const { keys, keptAnchors } = await trustOf(options);
  const trusted = keys ?? (await ring.publicKeys([HUB_OWNER]));
  return await told(verifyAuditStore(store, trusted, keptAnchors), keys !== null);
}

/** @throws HubError INPUT_INVALID for what is no instant */
export const rangeOf = ({ from, to }: AuditOptions): TimeRange =>
  writtenRange(from === undefined ? null : parseInstant(from), to === undefined ? null : parseInstant(to));

/** Writes the trail as text. @returns what is told beside it */
export async function exportTrail(
  parts: { readonly store: AuditStore; readonly keys: KeyRing },
  options: AuditOptions,
  write: (text: string) => Promise<void>,
): Promise<CommandResult> {
  const records = await exportAudit(parts, rangeOf(options), write);
  return { lines: [`${count(records, 'record')} exported.`], exitCode: 0 };
}

const COLUMNS: readonly (keyof Look)[] = [
  ...(['at', 'subject', 'departmentId', 'roles', 'purpose', 'caseNumber'] as const),
  ...(['operation', 'how', 'result', 'codes', 'operationId'] as const),
];

const cellsOf = (look: Look): string[] =>
  COLUMNS.map((column) => {
    const value = look[column];
    return value === null ? '' : typeof value === 'string' ? value : value.join(' ');
  });

export interface ReportParts {
  readonly store: AuditStore;
  /** null: persons and vehicles are not on record. */
  readonly personKeys: PersonKeys | null;
  /** Credit codes of the institutions of a name. */
  readonly codesOf: (name: string) => Promise<readonly string[]>;
}

/** Prints a line per look. @throws UsageError when nobody is named */
export async function subjectReport(
  { store, personKeys, codesOf }: ReportParts,
  word: string | undefined,
  options: AuditOptions,
  out: (line: string) => void,
): Promise<number> {
  const { format = 'csv' } = options;
  if (word === undefined || word.trim() === '') throw new UsageError('Name a credit code, a number or a person.');
  if (format !== 'csv' && format !== 'json') throw new UsageError('--format is csv or json.');
  const row = (cells: readonly string[]): string => csvText([cells]).slice(0, -CSV_LINE_END.length);
  if (format === 'csv') out(row(COLUMNS));
  const institutions = (await codesOf(word)).map((code) => `institution:${code}`);
  const keys = [...keysOf(word, personKeys), ...institutions];
  if (keys.length === 0) {
    throw new UsageError('It is no number, and persons and vehicles are not on record: HUB_AUDIT_KEY is not set.');
  }
  for await (const look of looksAt(store, keys, rangeOf(options))) {
    out(format === 'csv' ? row(cellsOf(look)) : JSON.stringify(look));
  }
  return 0;
}
