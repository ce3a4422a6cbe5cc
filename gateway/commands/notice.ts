/** `hub notice export | verify`: evidence packs of notices. Verifying needs the file alone: no settings, no store. */
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { exportEvidence, type EvidenceParts } from '../../schema/notice/evidence/export-evidence.ts';
import { LARGEST_FILE_BYTES } from '../../schema/notice/evidence/read-file.ts';
import { verifyEvidence, type Check, type EvidenceReport } from '../../schema/notice/evidence/verify-evidence.ts';
import { parseKeyRing, type PublicKey } from '../../schema/signing/public-key.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { alignColumns } from '../start-table.ts';
import { UsageError } from './usage-error.ts';

export interface NoticeOptions {
  /** Of `export`. */
  readonly out?: string | undefined;
  /** Of `verify`. */
  readonly keys?: string | undefined;
}

const MOST_REASONS = 3;
const LONGEST_REASON = 300;

/** What comes out of a file must not steer the terminal. */
const harmless = (text: string): string => text.slice(0, LONGEST_REASON).replaceAll(/\p{C}/gu, '?');

function reasonsOf({ faults, warnings }: Check): string {
  const reasons = faults.length > 0 ? faults : warnings;
  const more = reasons.length > MOST_REASONS ? [`and ${reasons.length - MOST_REASONS} more`] : [];
  return [...reasons.slice(0, MOST_REASONS).map(harmless), ...more].join('; ');
}

const outcomeOf = ({ faults, warnings }: Check): string =>
  faults.length > 0 ? 'FAILED' : warnings.length > 0 ? 'warning' : 'ok';

/** @param isPinned the reader has brought keys of its own */
function linesOf({ isGood, checks, usedKeys, evidence }: EvidenceReport, isPinned: boolean): readonly string[] {
  const rows = checks.map((check) => [outcomeOf(check), check.name, reasonsOf(check)]);
  const keyRows = usedKeys.map(({ owner, keyId, algorithm, fingerprint }) => [owner, keyId, algorithm, fingerprint]);
  const signers = keyRows.length === 0 ? [] : ['Signed by:', ...alignColumns(keyRows).map(harmless), ''];
  const lines = [...alignColumns(rows), '', ...signers];
  if (evidence === null || !isGood) return [...lines, 'The pack does NOT verify.'];
  const { notice, exportedAt } = evidence;
  const verdict = `The pack of notice ${harmless(notice.number)} verifies, as of ${formatInstant(exportedAt)}`;
  return isPinned
    ? [...lines, `${verdict}, by the keys given.`]
    : [
        ...lines,
        `${verdict}, by the keys inside it; keys not pinned.`,
        'Whoever made it chose those keys: compare the fingerprints with the departments out of band, or give their',
        'public keys with --keys.',
      ];
}

export interface CommandResult {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

const failed = (line: string): CommandResult => ({ lines: [line], exitCode: 1 });

/** @returns null when it cannot be read; one byte more than is ever taken shows that there is more */
async function bytesOf(path: string): Promise<Buffer | null> {
  try {
    return await buffer(createReadStream(path, { end: LARGEST_FILE_BYTES }));
  } catch {
    return null;
  }
}

async function trustedKeys(path: string): Promise<readonly PublicKey[] | null> {
  const bytes = await bytesOf(path);
  return bytes === null ? null : parseKeyRing(bytes.toString('utf8'));
}

/** @throws UsageError when no file is named */
export async function verifyNotice(
  [path]: readonly string[],
  { keys }: Pick<NoticeOptions, 'keys'>,
): Promise<CommandResult> {
  if (path === undefined) throw new UsageError('Name the file of an evidence pack.');
  const trusted = keys === undefined ? null : await trustedKeys(keys);
  if (keys !== undefined && trusted === null) return failed(`${keys}: holds no public keys (signing-keys export).`);
  const bytes = await bytesOf(path);
  if (bytes === null) return failed(`${path}: cannot be read.`);
  const report = verifyEvidence(bytes, trusted);
  return { lines: linesOf(report, trusted !== null), exitCode: report.isGood ? 0 : 1 };
}

/**
 * Writes the pack to the file, or else to the output: nothing is added to it, a line end would break it.
 * @throws UsageError when no notice is named; HubError as {@link exportEvidence}
 */
export async function exportNotice(
  parts: EvidenceParts,
  [number]: readonly string[],
  { out }: Pick<NoticeOptions, 'out'>,
  print: (text: string) => void,
): Promise<CommandResult> {
  if (number === undefined) throw new UsageError('Name the number of a notice, LHCJ...');
  const text = await exportEvidence(parts, number);
  if (out === undefined) print(text);
  else await writeFile(out, text, { mode: 0o600 });
  const { isGood, checks } = verifyEvidence(Buffer.from(text), null);
  if (isGood) return { lines: out === undefined ? [] : [`Evidence of ${number}: ${out}`], exitCode: 0 };
  const faulty = checks.filter(({ faults }) => faults.length > 0).map((each) => `${each.name}: ${reasonsOf(each)}`);
  return { lines: [`The record of ${number} is not whole; its pack does not verify.`, ...faulty], exitCode: 1 };
}
