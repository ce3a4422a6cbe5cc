/** Public keys as they are handed out, and what a signature by one of them is worth. */
import { z } from 'zod';
import { formatInstant } from '../time/instant.ts';
import { InstantForm } from '../time/time-forms.ts';
import { fingerprintOf, keyIdOf, readPublicKey, verifyBytes } from './algorithms.ts';
import { canonicalJson } from './canonical-json.ts';
import { SIGNATURE_ALGORITHMS, type CanonicalJson, type SignatureRecord } from './signature.ts';

/** Owner of the hub's own keys; all others are department ids. */
export const HUB_OWNER = 'hub';

export const PublicKeyForm = z.strictObject({
  /** The beginning of the fingerprint. */
  keyId: z.string(),
  owner: z.string(),
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  publicKeyPem: z.string(),
  validFrom: InstantForm,
  /** When it ceases to sign, once a newer one has taken its place; what it signed before stays good. */
  validTo: InstantForm.nullable(),
  revokedAt: InstantForm.nullable(),
});
export type PublicKey = Readonly<z.infer<typeof PublicKeyForm>>;

const KEY_RING = 'joint-credit-hub/signing-keys/1';
const KeyRingForm = z.strictObject({ form: z.literal(KEY_RING), keys: z.array(PublicKeyForm).readonly() });

/** The public keys as a partner is given them. */
export const printKeyRing = (keys: readonly PublicKey[]): CanonicalJson => canonicalJson({ form: KEY_RING, keys });

/** @returns null for a text that {@link printKeyRing} did not write */
export function parseKeyRing(text: string): readonly PublicKey[] | null {
  try {
    return KeyRingForm.safeParse(JSON.parse(text)).data?.keys ?? null;
  } catch {
    return null;
  }
}

/** @returns what is wrong with the keys themselves, whatever they have signed */
export function keyFaults(keys: readonly PublicKey[]): readonly string[] {
  const known = new Set<string>();
  return keys.flatMap(({ keyId, algorithm, publicKeyPem }) => {
    const publicKey = readPublicKey(algorithm, publicKeyPem);
    const isRepeated = known.has(keyId);
    known.add(keyId);
    if (publicKey === null) return [`key ${keyId} is no public key of ${algorithm}`];
    if (keyIdOf(publicKey) !== keyId) return [`key ${keyId} has the fingerprint ${fingerprintOf(publicKey)}`];
    return isRepeated ? [`key ${keyId} is there twice`] : [];
  });
}

/** The hosts of the hub need not agree on the time to the second. */
const CLOCK_TOLERANCE_MS = 60_000;

export interface SignedBy {
  readonly owner: string;
  /** When it was signed, as the signed text itself says. */
  readonly signedAt: Date;
}

export interface SignatureFinding {
  /** null = the signature holds. */
  readonly fault: string | null;
  /** What somebody who relies on it must know. */
  readonly warning: string | null;
}

const faulty = (fault: string): SignatureFinding => ({ fault, warning: null });

/** @param keys the public keys that are trusted */
export function examineSignature(
  { algorithm, keyId, value }: SignatureRecord,
  text: CanonicalJson,
  { owner, signedAt }: SignedBy,
  keys: readonly PublicKey[],
): SignatureFinding {
  const key = keys.find((each) => each.keyId === keyId);
  if (key === undefined) return faulty(`it names the key ${keyId}, which is not among the keys`);
  if (key.owner !== owner) return faulty(`key ${keyId} belongs to ${key.owner}, not to ${owner}`);
  if (key.algorithm !== algorithm) return faulty(`key ${keyId} is of ${key.algorithm}, not of ${algorithm}`);
  const publicKey = readPublicKey(algorithm, key.publicKeyPem);
  if (publicKey === null || keyIdOf(publicKey) !== keyId) return faulty(`key ${keyId} is not what its id says`);
  if (!verifyBytes(algorithm, publicKey, Buffer.from(text), value)) {
    return faulty('it is not the signature of this text');
  }
  const at = formatInstant(signedAt);
  if (signedAt.getTime() < key.validFrom.getTime() - CLOCK_TOLERANCE_MS) {
    return faulty(`key ${keyId} was not valid yet on ${at}`);
  }
  if (key.validTo !== null && signedAt >= key.validTo) return faulty(`key ${keyId} was not valid any more on ${at}`);
  if (key.revokedAt === null) return { fault: null, warning: null };
  const revokedAt = formatInstant(key.revokedAt);
  if (signedAt >= key.revokedAt) return faulty(`key ${keyId} was revoked on ${revokedAt}, and this was signed ${at}`);
  // The time of signing is the signer's own word: who has stolen the key could have written an earlier one.
  return { fault: null, warning: `key ${keyId} was revoked later, on ${revokedAt}` };
}
