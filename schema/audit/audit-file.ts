/**
 * A trail in a file, one canonical JSON object a line: a head that says what there is, anchors, records chain by chain, and
 * a seal over all bytes before it.
 */
import { z } from 'zod';
import { canonicalJson } from '../signing/canonical-json.ts';
import { PublicKeyForm } from '../signing/public-key.ts';
import type { CanonicalJson } from '../signing/signature.ts';
import { InstantForm } from '../time/time-forms.ts';
import { SignatureForm } from './audit-anchor.ts';
import { AuditFault } from './audit-verifier.ts';

export const AUDIT_FILE = 'joint-credit-hub/audit/1';

const Place = z.int().nonnegative();

export const HeadForm = z.strictObject({
  form: z.literal(AUDIT_FILE),
  exportedAt: InstantForm,
  from: z.string().nullable(),
  to: z.string().nullable(),
  anchors: z.strictObject({ first: Place, last: Place }),
  chains: z.array(z.strictObject({ chain: z.string(), first: Place, last: Place })).readonly(),
  /** Of the hub. */
  publicKeys: z.array(PublicKeyForm).readonly(),
});
export type AuditFileHead = Readonly<z.infer<typeof HeadForm>>;

export const SealForm = z.strictObject({
  sealedAt: InstantForm,
  /** SM3 of all bytes before this line. */
  digest: z.string(),
  signature: SignatureForm,
});
export type AuditFileSeal = Readonly<z.infer<typeof SealForm>>;

/** What is signed. */
export const signedSeal = ({ sealedAt, digest }: Omit<AuditFileSeal, 'signature'>): CanonicalJson =>
  canonicalJson({ form: AUDIT_FILE, sealedAt, digest });

const LineForm = z.union([
  z.strictObject({ head: z.unknown() }),
  z.strictObject({ anchor: z.unknown() }),
  z.strictObject({ record: z.unknown() }),
  z.strictObject({ seal: z.unknown() }),
]);
export type AuditLine = z.infer<typeof LineForm>;

const LONGEST_LINE_BYTES = 16 * 1_048_576;
const LINE_END = 0x0a;

/** Lines without their ends. @throws AuditFault for a line that is too long or has no end */
export async function* linesOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END)) {
      yield rest.length === 0 ? bytes.subarray(0, end) : Buffer.concat([...rest, bytes.subarray(0, end)]);
      rest = [];
      restBytes = 0;
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length === 0) continue;
    // The reader of a file may use its buffer again.
    rest.push(Buffer.from(bytes));
    restBytes += bytes.length;
    if (restBytes > LONGEST_LINE_BYTES) throw new AuditFault('a line is too long');
  }
  if (restBytes > 0) throw new AuditFault('the file ends within a line');
}

/** @returns null for a line that is not exactly as the hub writes it */
export function readLine(line: Buffer): AuditLine | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
    const value = LineForm.parse(JSON.parse(text));
    return canonicalJson(value) === text ? value : null;
  } catch {
    return null;
  }
}

export const writeLine = (line: AuditLine): string => `${canonicalJson(line)}\n`;
