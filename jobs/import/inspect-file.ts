/** Reads a file once through before anything is taken from it: its receipt, its kind, its character set. */
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { detectCharset } from './charset.ts';
import type { Charset } from './charset.ts';
import { fileProblem } from './file-problem.ts';

export const READ_BYTES = 262_144;
const SAMPLE_BYTES = 4 * READ_BYTES;

const ZIP = Buffer.from('PK\x03\x04');
const EMPTY_ZIP = Buffer.from('PK\x05\x06');
/** The container of .xls, and of every Office file with a password. */
const COMPOUND_FILE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

export type InspectedFile = { readonly receipt: string; readonly sizeBytes: number } & (
  { readonly format: 'XLSX' } | { readonly format: 'CSV'; readonly charset: Charset }
);

function startsWith(bytes: Uint8Array, beginning: Buffer): boolean {
  return Buffer.from(bytes.subarray(0, beginning.length)).equals(beginning);
}

/**
 * @param charset overrides detection
 * @returns `receipt`: SM3 of the whole file in hexadecimal
 * @throws HubError INPUT_INVALID for a file that is empty or of another kind
 */
export async function inspectFile(handle: FileHandle, charset: Charset | null): Promise<InspectedFile> {
  const sm3 = createHash('sm3');
  const sample: Buffer[] = [];
  let [sizeBytes, sampleBytes, onlyAscii] = [0, 0, true];
  for await (const data of handle.createReadStream({ start: 0, autoClose: false, highWaterMark: READ_BYTES })) {
    const chunk = data as Buffer;
    sm3.update(chunk);
    sizeBytes += chunk.length;
    // A beginning in ASCII says nothing, so the sample begins where something else does.
    if (onlyAscii && !isAscii(chunk)) onlyAscii = false;
    else if (onlyAscii && sample.length > 0) continue;
    if (sampleBytes >= SAMPLE_BYTES) continue;
    sample.push(chunk);
    sampleBytes += chunk.length;
  }
  const beginning = Buffer.concat(sample);
  if (sizeBytes === 0) throw fileProblem('FILE_EMPTY', 'The file is empty.');
  if (startsWith(beginning, COMPOUND_FILE))
    throw fileProblem(
      'FORMAT_UNKNOWN',
      'The file is in the older .xls format or has a password; save it as .xlsx without one.',
    );
  const receipt = sm3.digest('hex');
  if (startsWith(beginning, ZIP) || startsWith(beginning, EMPTY_ZIP)) return { receipt, sizeBytes, format: 'XLSX' };
  return { receipt, sizeBytes, format: 'CSV', charset: charset ?? detectCharset(beginning) };
}
