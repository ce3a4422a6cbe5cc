import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import smCrypto from 'sm-crypto';
import { generateKeyPair, readPrivateKey, signBytes, verifyBytes } from '../../schema/signing/algorithms.ts';
import { SM2_PUBLIC_PREFIX, sm2SignerDigest, verifySm2 } from '../../schema/signing/sm2.ts';

const { sm2 } = smCrypto;
const DER = { hash: true, der: true } as const;

const publicKeyOf = (pointHex: string): KeyObject =>
  createPublicKey({
    key: Buffer.concat([SM2_PUBLIC_PREFIX.subarray(0, -1), Buffer.from(pointHex, 'hex')]),
    format: 'der',
    type: 'spki',
  });

const pointOf = (publicKey: KeyObject): string =>
  publicKey
    .export({ type: 'spki', format: 'der' })
    .subarray(SM2_PUBLIC_PREFIX.length - 1)
    .toString('hex');

/** PKCS8 of a private number with its point, as OpenSSL writes it. */
const privateKeyPemOf = (privateHex: string, pointHex: string): string =>
  createPrivateKey({
    key: Buffer.from(
      '308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420' +
        `${privateHex.padStart(64, '0')}a144034200${pointHex}`,
      'hex',
    ),
    format: 'der',
    type: 'pkcs8',
  })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();

/** GB/T 32918.5-2017 annex A: the recommended curve, the standard's own signer and message. */
const STANDARD = {
  privateKey: '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  point:
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
    'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  message: 'message digest',
  signerDigest: 'b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3',
  r: 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3',
  s: 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
};

describe('SM2 with SM3', () => {
  it("accepts the standard's own signature (GB/T 32918.5 annex A)", () => {
    const publicKey = publicKeyOf(STANDARD.point);
    expect(sm2SignerDigest(publicKey).toString('hex')).toBe(STANDARD.signerDigest);
    // Both numbers begin with a set bit: a zero byte keeps them positive in DER.
    const signature = Buffer.from(`3046022100${STANDARD.r}022100${STANDARD.s}`, 'hex');
    expect(verifySm2(publicKey, Buffer.from(STANDARD.message), signature)).toBe(true);
    expect(verifySm2(publicKey, Buffer.from('message digesT'), signature)).toBe(false);
  });

  it("signs with the standard's key so that another implementation agrees", () => {
    const pair = readPrivateKey('SM2_SM3', privateKeyPemOf(STANDARD.privateKey, STANDARD.point));
    if (pair === null) throw new Error('the key cannot be read');
    const value = signBytes('SM2_SM3', pair, Buffer.from(STANDARD.message));
    const hex = Buffer.from(value, 'base64').toString('hex');
    expect(sm2.doVerifySignature([...Buffer.from(STANDARD.message)], hex, STANDARD.point, DER)).toBe(true);
  });

  it('understands another implementation, and is understood by it, whatever the key and the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const bytes = Buffer.from(text);
        const foreign = sm2.generateKeyPairHex();
        const theirs = sm2.doSignature([...bytes], foreign.privateKey, { ...DER, publicKey: foreign.publicKey });
        const value = Buffer.from(theirs, 'hex').toString('base64');
        expect(verifyBytes('SM2_SM3', publicKeyOf(foreign.publicKey), bytes, value)).toBe(true);

        const own = readPrivateKey('SM2_SM3', generateKeyPair('SM2_SM3').privateKeyPem);
        if (own === null) throw new Error('the key cannot be read');
        const ours = Buffer.from(signBytes('SM2_SM3', own, bytes), 'base64').toString('hex');
        expect(sm2.doVerifySignature([...bytes], ours, pointOf(own.publicKey), DER)).toBe(true);
      }),
      { numRuns: 6 },
    );
  });
});

describe.each(['SM2_SM3', 'ED25519'] as const)('%s', (algorithm) => {
  const pair = readPrivateKey(algorithm, generateKeyPair(algorithm).privateKeyPem);
  if (pair === null) throw new Error('the key cannot be read');
  const text = Buffer.from('{"number":"LHCJ520000202601000012"}');
  const value = signBytes(algorithm, pair, text);

  it('accepts its own signature and none of another text', () => {
    expect(verifyBytes(algorithm, pair.publicKey, text, value)).toBe(true);
    expect(verifyBytes(algorithm, pair.publicKey, Buffer.from('{}'), value)).toBe(false);
  });

  it('refuses every signature of which one bit is another', () => {
    const signature = Buffer.from(value, 'base64');
    for (let bit = 0; bit < signature.length * 8; bit += 1) {
      const other = Buffer.from(signature);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyBytes(algorithm, pair.publicKey, text, other.toString('base64'))).toBe(false);
    }
  });

  it('refuses other spellings of the same signature, and what is none', () => {
    const last = value.replace(/=*$/, '').at(-1) ?? '';
    const spellings = [
      `${value}\n`,
      ` ${value}`,
      value.replaceAll('=', ''),
      `${value}=`,
      value + value,
      '',
      'AAAA',
      last,
    ];
    for (const other of spellings.filter((each) => each !== value))
      expect(verifyBytes(algorithm, pair.publicKey, text, other)).toBe(false);
  });
});
