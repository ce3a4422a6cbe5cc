/** Checks the trail where it lies: in a file, or in the store. */
import { createHash } from 'node:crypto';
import { examineSignature, HUB_OWNER, keyFaults, type PublicKey } from '../signing/public-key.ts';
import { HeadForm, linesOf, readLine, SealForm, signedSeal, type AuditFileHead } from './audit-file.ts';
import { recordIdOf } from './audit-record.ts';
import { withoutId, type AuditStore } from './audit-store.ts';
import { AuditFault, AuditVerifier, type AuditReport } from './audit-verifier.ts';
import { extentOf } from './export-audit.ts';

export interface VerifyOptions {
  /** null: those that come with the trail, which whoever made it has chosen. */
  readonly keys: readonly PublicKey[] | null;
  /** Digests by number of anchors that were kept elsewhere. */
  readonly keptAnchors?: ReadonlyMap<number, string>;
}

interface FileUnderCheck {
  readonly head: AuditFileHead;
  readonly keys: readonly PublicKey[];
  readonly verifier: AuditVerifier;
}

function begin(value: unknown, { keys: pinned, ...options }: VerifyOptions): FileUnderCheck {
  const head = HeadForm.safeParse(value);
  if (!head.success) throw new AuditFault('line 1 is no head of an audit file');
  const keys = pinned ?? head.data.publicKeys;
  const [fault] = keyFaults(keys);
  if (fault !== undefined) throw new AuditFault(`the keys cannot be used: ${fault}`);
  return { head: head.data, keys, verifier: new AuditVerifier(head.data, { keys, ...options }) };
}

function checkSeal(value: unknown, digest: string, { keys }: FileUnderCheck): string | null {
  const parsed = SealForm.safeParse(value);
  if (!parsed.success) throw new AuditFault('the seal has no valid form');
  const { sealedAt: signedAt, signature } = parsed.data;
  if (parsed.data.digest !== digest) throw new AuditFault('the file is not the one that was sealed');
  const finding = examineSignature(signature, signedSeal(parsed.data), { owner: HUB_OWNER, signedAt }, keys);
  if (finding.fault !== null) throw new AuditFault(`the seal does not hold: ${finding.fault}`);
  return finding.warning;
}

/**
 * @param chunks the bytes of the file
 * @throws AuditFault naming the first thing that is wrong, with its line
 */
export async function verifyAuditFile(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: VerifyOptions,
): Promise<AuditReport> {
  const digest = createHash('sm3');
  let file: FileUnderCheck | null = null;
  let report: AuditReport | null = null;
  let number = 0;
  try {
    for await (const bytes of linesOf(chunks)) {
      number += 1;
      if (report !== null) throw new AuditFault('something stands after the seal');
      const line = readLine(bytes);
      if (line !== null && 'seal' in line && file !== null) {
        const checked = file.verifier.end();
        const warning = checkSeal(line.seal, digest.digest('hex'), file);
        report = warning === null ? checked : { ...checked, warnings: [...checked.warnings, warning] };
        continue;
      }
      digest.update(bytes).update('\n');
      if (line === null) throw new AuditFault('it is no line as the hub writes it');
      if (file === null) file = begin('head' in line ? line.head : null, options);
      else if ('anchor' in line) file.verifier.takeAnchor(line.anchor);
      else if ('record' in line) file.verifier.takeRecord(line.record);
      else throw new AuditFault('a second head');
    }
    if (report === null) throw new AuditFault('the seal is missing: the end of the file was cut off');
    return report;
  } catch (error) {
    throw error instanceof AuditFault ? new AuditFault(`line ${Math.max(1, number)}: ${error.message}`) : error;
  }
}

/** @throws AuditFault naming the first record or anchor that is wrong */
export async function verifyAuditStore(
  store: AuditStore,
  keys: readonly PublicKey[],
  keptAnchors?: ReadonlyMap<number, string>,
): Promise<AuditReport> {
  const extent = await extentOf(store, { from: null, to: null });
  const verifier = new AuditVerifier(extent, { keys, ...(keptAnchors !== undefined && { keptAnchors }) });
  for await (const { _id, text } of store.anchors(extent.anchors)) {
    verifier.takeAnchor(parsed(text, `anchor ${_id}`));
  }
  for (const { chain, first, last } of extent.chains) {
    for await (const stored of store.records(chain, first, last)) {
      verifier.takeRecord(withoutId(stored));
      if (stored._id !== recordIdOf(stored)) {
        throw new AuditFault(`record ${stored._id} stands under a name that is not its own`);
      }
    }
  }
  return verifier.end();
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AuditFault(`${name} has no valid form`);
  }
}
