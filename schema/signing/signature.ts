/** Signatures over canonical JSON, by the keys of departments and of the hub itself. */

export const SIGNATURE_ALGORITHMS = ['SM2_SM3', 'ED25519'] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

export interface SignatureRecord {
  readonly algorithm: SignatureAlgorithm;
  readonly keyId: string;
  /** base64; SM2: the DER sequence of r and s (GB/T 35276). */
  readonly value: string;
}

/** Signs for those whose private keys have been entrusted to the hub. */
export interface Signer {
  /**
   * Signs with the owner's key that is valid now.
   * @param owner department id, or "hub"
   * @throws HubError SIGNING_UNAVAILABLE when there is no such key
   */
  sign(owner: string, bytes: Uint8Array): Promise<SignatureRecord>;
}

/** What is signed and sealed: RFC 8785, UTF-8. */
export type CanonicalJson = string & { readonly __brand: 'CanonicalJson' };
