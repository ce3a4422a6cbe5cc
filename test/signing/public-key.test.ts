import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { generateKeyPair, keyIdOf, readPrivateKey, signBytes } from '../../schema/signing/algorithms.ts';
import { canonicalJson } from '../../schema/signing/canonical-json.ts';
import {
  examineSignature,
  keyFaults,
  parseKeyRing,
  printKeyRing,
  type PublicKey,
} from '../../schema/signing/public-key.ts';
import type { SignatureAlgorithm, SignatureRecord } from '../../schema/signing/signature.ts';

const at = (text: string): Date => new Date(`2026-${text}:00+08:00`);
const TEXT = canonicalJson({ number: 'LHCJ520000202601000012' });

function signer(algorithm: SignatureAlgorithm, part: Partial<PublicKey> = {}) {
  const { publicKeyPem, privateKeyPem } = generateKeyPair(algorithm);
  const pair = readPrivateKey(algorithm, privateKeyPem);
  if (pair === null) throw new Error('the key cannot be read');
  const key: PublicKey = {
    keyId: keyIdOf(pair.publicKey),
    owner: 'ecology',
    algorithm,
    publicKeyPem,
    validFrom: at('01-01T00:00'),
    validTo: null,
    revokedAt: null,
    ...part,
  };
  const signature: SignatureRecord = {
    algorithm,
    keyId: key.keyId,
    value: signBytes(algorithm, pair, Buffer.from(TEXT)),
  };
  return { key, signature };
}

/** What a signature of 2 March, 10:00 is worth. */
const worth = (signature: SignatureRecord, key: PublicKey, owner = 'ecology') =>
  examineSignature(signature, TEXT, { owner, signedAt: at('03-02T10:00') }, [key]);

describe.each(['SM2_SM3', 'ED25519'] as const)('A signature by %s', (algorithm) => {
  const { key, signature } = signer(algorithm);

  it('holds by its owner, for its text, while its key is valid', () => {
    expect(worth(signature, key)).toEqual({ fault: null, warning: null });
    expect(worth(signature, { ...key, validTo: at('03-02T10:01') })).toEqual({ fault: null, warning: null });
    expect(worth(signature, key, 'transport').fault).toMatch(/belongs to ecology, not to transport/);
    const other = canonicalJson({ number: 'LHCJ520000202601000013' });
    const by = { owner: 'ecology', signedAt: at('03-02T10:00') };
    expect(examineSignature(signature, other, by, [key]).fault).toMatch(/not the signature of this text/);
    expect(examineSignature(signature, TEXT, by, []).fault).toMatch(/not among the keys/);
  });

  it('does not hold outside of the time of its key', () => {
    expect(worth(signature, { ...key, validFrom: at('03-02T10:02') }).fault).toMatch(/not valid yet/);
    expect(worth(signature, { ...key, validTo: at('03-02T10:00') }).fault).toMatch(/not valid any more/);
  });

  it('holds with a warning when its key was revoked later, and not at all when before', () => {
    expect(worth(signature, { ...key, revokedAt: at('03-02T10:01') })).toEqual({
      fault: null,
      warning: expect.stringContaining('was revoked later, on 2026-03-02T10:01:00+08:00'),
    });
    expect(worth(signature, { ...key, revokedAt: at('03-02T10:00') }).fault).toMatch(/was revoked/);
  });

  it('does not hold by a key under another name or of another algorithm', () => {
    const renamed = { ...key, keyId: '0123456789abcdef' };
    expect(worth({ ...signature, keyId: renamed.keyId }, renamed).fault).toMatch(/not what its id says/);
    const another = algorithm === 'SM2_SM3' ? 'ED25519' : 'SM2_SM3';
    expect(worth({ ...signature, algorithm: another }, key).fault).toMatch(/is of/);
    expect(worth({ ...signature, algorithm: another }, { ...key, algorithm: another }).fault).toMatch(/not what its/);
  });
});

describe('Public keys', () => {
  const { key } = signer('SM2_SM3');
  const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    type: 'spki',
    format: 'pem',
  });

  it('are read back as they were handed out', () => {
    const keys = [key, { ...signer('ED25519').key, validTo: at('05-01T00:00'), revokedAt: at('04-01T00:00') }];
    expect(parseKeyRing(printKeyRing(keys))).toEqual(keys);
    expect(keyFaults(keys)).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['another document', '{"form":"joint-credit-hub/evidence/1","keys":[]}'],
    ['keys with more to them', printKeyRing([{ ...key, privateKeyPem: 'secret' } as PublicKey])],
    ['a time without its offset', printKeyRing([key]).replace('+08:00', '')],
    ['a time in other words', printKeyRing([key]).replace('2026-01-01T00:00:00+08:00', '2025-12-31T16:00:00Z')],
  ])('are not read out of %s', (_, text) => {
    expect(parseKeyRing(text)).toBeNull();
  });

  it.each([
    ['a key of another curve', { publicKeyPem: otherCurve.toString() }, /no public key of SM2_SM3/],
    ['a private key', { publicKeyPem: generateKeyPair('SM2_SM3').privateKeyPem }, /no public key of SM2_SM3/],
    ['no key at all', { publicKeyPem: 'none' }, /no public key of SM2_SM3/],
    ['the key of somebody else', { publicKeyPem: generateKeyPair('SM2_SM3').publicKeyPem }, /has the fingerprint/],
  ])('are found out when one is %s', (_, part, fault) => {
    expect(keyFaults([{ ...key, ...part }])).toEqual([expect.stringMatching(fault)]);
  });

  it('are found out when one is there twice', () => {
    expect(keyFaults([key, { ...key, owner: 'transport' }])).toEqual([expect.stringContaining('there twice')]);
  });
});
