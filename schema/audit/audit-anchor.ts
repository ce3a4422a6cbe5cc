/**
 * Anchors: the hub's signature under how far every chain had come at a time. They have one order and one chain of their
 * own over all processes; whoever keeps a copy elsewhere can tell whether the end of the audit trail was cut off.
 */
import { z } from 'zod';
import { canonicalJson } from '../signing/canonical-json.ts';
import { SIGNATURE_ALGORITHMS, type CanonicalJson } from '../signing/signature.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { InstantForm } from '../time/time-forms.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'is no SM3 digest');

export const SignatureForm = z.strictObject({
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  keyId: z.string(),
  value: z.string(),
});

export const ChainHeadForm = z.strictObject({ chain: z.string(), sequence: z.int().positive(), hash: Digest });
/** The newest record of a chain. */
export type ChainHead = Readonly<z.infer<typeof ChainHeadForm>>;

export const AnchorForm = z.strictObject({
  /** 1, 2, 3 ... */
  number: z.int().positive(),
  at: InstantForm,
  /** Of the chains that have grown since the anchor before. */
  heads: z.array(ChainHeadForm).readonly(),
  /** Digest of the anchor before. */
  previous: Digest,
  signature: SignatureForm,
});
export type Anchor = Readonly<z.infer<typeof AnchorForm>>;

/** What comes before the first anchor. */
export const START_OF_ANCHORS = sm3Hex('joint-credit-hub/audit-anchors/1');

/** What is signed. */
export function signedAnchor({ number, at, heads, previous }: Omit<Anchor, 'signature'>): CanonicalJson {
  return canonicalJson({ form: 'joint-credit-hub/audit-anchors/1', number, at, heads, previous });
}

/** What ties the next anchor to this one. */
export const digestOfAnchor = (anchor: Anchor): string => sm3Hex(canonicalJson(anchor));
