/**
 * Checks an evidence pack by itself: no store, no hub, nothing but the file and, where the reader has them, the public
 * keys that it trusts. It never throws, whatever the file holds.
 */
import { z } from 'zod';
import { fingerprintOf, readPublicKey } from '../../signing/algorithms.ts';
import { canonicalJson } from '../../signing/canonical-json.ts';
import { examineSignature, HUB_OWNER, keyFaults, type PublicKey, type SignedBy } from '../../signing/public-key.ts';
import type { CanonicalJson, SignatureRecord } from '../../signing/signature.ts';
import { caseFaults } from './check-case.ts';
import { outcomesFaults, recipientFaults, wordFaults } from './check-deliveries.ts';
import { belongingFaults, chainFaults, numberingFaults } from './check-events.ts';
import { messageFaults } from './check-messages.ts';
import { EvidenceForm, type Evidence } from './evidence-form.ts';
import { readCanonicalFile } from './read-file.ts';
import { signedParts } from './signed-texts.ts';

export interface Check {
  readonly name: string;
  /** Empty = passed. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

export interface UsedKey {
  readonly owner: string;
  readonly keyId: string;
  readonly algorithm: string;
  /** SM3 of the public key's DER, hex. */
  readonly fingerprint: string;
}

export interface EvidenceReport {
  readonly isGood: boolean;
  /** In the order in which they were made; later ones are left out when the file cannot be read. */
  readonly checks: readonly Check[];
  /** The keys by whose signatures the pack stands. */
  readonly usedKeys: readonly UsedKey[];
  /** null when the file cannot be read. */
  readonly evidence: Evidence | null;
}

const MOST_ISSUES = 5;

const check = (name: string, faults: readonly string[], warnings: readonly string[] = []): Check => ({
  name,
  faults,
  warnings,
});

function signatureCheck(
  name: string,
  text: CanonicalJson,
  signature: SignatureRecord,
  by: SignedBy,
  keys: readonly PublicKey[],
): Check {
  const { fault, warning } = examineSignature(signature, text, by, keys);
  return check(name, fault === null ? [] : [fault], warning === null ? [] : [warning]);
}

const withoutSeal = ({ seal: _seal, ...sealed }: Readonly<Record<string, unknown>>) => sealed;

/** The text under the seal comes from the file itself, not from what the form made of it. */
const sealedText = (value: unknown): CanonicalJson =>
  canonicalJson(withoutSeal(z.record(z.string(), z.unknown()).parse(value)));

function textFaults({ notice, signedTexts }: Evidence): readonly string[] {
  const expected = signedParts(notice).map(({ part, version, text }) => ({ part, version, text }));
  return canonicalJson(expected) === canonicalJson(signedTexts)
    ? []
    : ['the signed texts are not what the versions and the end say'];
}

function usedKeysOf({ notice, seal }: Evidence, keys: readonly PublicKey[]): readonly UsedKey[] {
  const signatures = [...signedParts(notice).map(({ signature }) => signature), seal];
  return [...new Set(signatures.map(({ keyId }) => keyId))].flatMap((keyId) => {
    const key = keys.find((each) => each.keyId === keyId);
    const publicKey = key === undefined ? null : readPublicKey(key.algorithm, key.publicKeyPem);
    if (key === undefined || publicKey === null) return [];
    return [{ owner: key.owner, keyId, algorithm: key.algorithm, fingerprint: fingerprintOf(publicKey) }];
  });
}

function checksOf(evidence: Evidence, value: unknown, keys: readonly PublicKey[]): readonly Check[] {
  const { notice, exportedAt, seal } = evidence;
  const seals = { owner: HUB_OWNER, signedAt: exportedAt };
  return [
    check('keys', keyFaults(keys)),
    signatureCheck('seal of the hub', sealedText(value), seal, seals, keys),
    ...signedParts(notice).map(({ part, version, text, signature, signedAt }) =>
      signatureCheck(
        part === 'VERSION' ? `signature of version ${version}` : 'signature of the end',
        text,
        signature,
        { owner: notice.determinerId, signedAt },
        keys,
      ),
    ),
    check('signed texts', textFaults(evidence)),
    check('events: numbers', [...numberingFaults(evidence), ...belongingFaults(evidence)]),
    check('events: chain', chainFaults(evidence)),
    check('case', caseFaults(evidence)),
    check('deliveries', [...recipientFaults(notice), ...outcomesFaults(evidence)]),
    check('messages and attempts', messageFaults(evidence)),
    check("recipients' words", wordFaults(evidence)),
  ];
}

/** @param trusted public keys from elsewhere; null: those in the pack itself, which prove nothing about who signed */
export function verifyEvidence(bytes: Uint8Array, trusted: readonly PublicKey[] | null): EvidenceReport {
  const unread = (...checks: readonly Check[]): EvidenceReport => ({
    isGood: false,
    checks,
    usedKeys: [],
    evidence: null,
  });
  const { value, fault } = readCanonicalFile(bytes);
  if (fault !== null) return unread(check('file', [fault]));
  const parsed = EvidenceForm.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, MOST_ISSUES);
    const faults = issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
    return unread(check('file', []), check('form', faults));
  }
  const evidence = parsed.data;
  const keys = trusted ?? evidence.publicKeys;
  const checks = [check('file', []), check('form', []), ...checksOf(evidence, value, keys)];
  return {
    isGood: checks.every(({ faults }) => faults.length === 0),
    checks,
    usedKeys: usedKeysOf(evidence, keys),
    evidence,
  };
}
