/** What the hub signs with: SM2 with SM3 for departments, Ed25519 (RFC 8032) for partners that have no SM2. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import type { SignatureAlgorithm } from './signature.ts';
import { sm3Hex } from './sm3.ts';
import { generateSm2, signSm2, SM2_PUBLIC_PREFIX, verifySm2 } from './sm2.ts';

export interface KeyPairPem {
  /** SPKI. */
  readonly publicKeyPem: string;
  /** PKCS8, not encrypted. */
  readonly privateKeyPem: string;
}

interface Algorithm {
  generate(): KeyPairPem;
  /** What the DER of its public keys begins with, and how long that is. */
  readonly publicPrefix: Buffer;
  readonly publicLength: number;
  sign(privateKey: KeyObject, publicKey: KeyObject, bytes: Uint8Array): Buffer;
  verify(publicKey: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean;
}

const ALGORITHMS: Readonly<Record<SignatureAlgorithm, Algorithm>> = {
  SM2_SM3: {
    generate: generateSm2,
    publicPrefix: SM2_PUBLIC_PREFIX,
    publicLength: 91,
    sign: signSm2,
    verify: verifySm2,
  },
  ED25519: {
    generate() {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      });
      return { publicKeyPem: publicKey, privateKeyPem: privateKey };
    },
    publicPrefix: Buffer.from('302a300506032b6570032100', 'hex'),
    publicLength: 44,
    sign: (privateKey, _publicKey, bytes) => sign(null, bytes, privateKey),
    verify: (publicKey, bytes, signature) => verify(null, bytes, publicKey, signature),
  },
};

export const generateKeyPair = (algorithm: SignatureAlgorithm): KeyPairPem => ALGORITHMS[algorithm].generate();

const derOf = (publicKey: KeyObject): Buffer => publicKey.export({ type: 'spki', format: 'der' });

function isOf(publicKey: KeyObject, { publicPrefix, publicLength }: Algorithm): boolean {
  const der = derOf(publicKey);
  return der.length === publicLength && der.subarray(0, publicPrefix.length).equals(publicPrefix);
}

/** @returns null for a text that is no public key of this algorithm */
export function readPublicKey(algorithm: SignatureAlgorithm, pem: string): KeyObject | null {
  try {
    // A private key would be taken too, and its public half made of it.
    if (!pem.startsWith('-----BEGIN PUBLIC KEY-----')) return null;
    const publicKey = createPublicKey(pem);
    return isOf(publicKey, ALGORITHMS[algorithm]) ? publicKey : null;
  } catch {
    return null;
  }
}

/** SM3 of the public key's DER, hex: what people compare. */
export const fingerprintOf = (publicKey: KeyObject): string => sm3Hex(derOf(publicKey));

const KEY_ID_LENGTH = 16;

/** The beginning of the fingerprint. */
export const keyIdOf = (publicKey: KeyObject): string => fingerprintOf(publicKey).slice(0, KEY_ID_LENGTH);

/** A private key with its public half. */
export interface SigningPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** @returns null for a text that is no private key of this algorithm */
export function readPrivateKey(algorithm: SignatureAlgorithm, pem: string): SigningPair | null {
  try {
    const privateKey = createPrivateKey(pem);
    const publicKey = createPublicKey(privateKey);
    return isOf(publicKey, ALGORITHMS[algorithm]) ? { privateKey, publicKey } : null;
  } catch {
    return null;
  }
}

/** @returns base64 */
export const signBytes = (
  algorithm: SignatureAlgorithm,
  { privateKey, publicKey }: SigningPair,
  bytes: Uint8Array,
): string => ALGORITHMS[algorithm].sign(privateKey, publicKey, bytes).toString('base64');

/** @param value base64; a text that merely decodes to the same bytes is refused */
export function verifyBytes(
  algorithm: SignatureAlgorithm,
  publicKey: KeyObject,
  bytes: Uint8Array,
  value: string,
): boolean {
  const signature = Buffer.from(value, 'base64');
  if (signature.toString('base64') !== value) return false;
  try {
    return ALGORITHMS[algorithm].verify(publicKey, bytes, signature);
  } catch {
    return false;
  }
}
