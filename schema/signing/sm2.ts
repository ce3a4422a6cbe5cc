/**
 * SM2 signatures with SM3 (GB/T 32918.2), over the bytes that OpenSSL 3 has for them. A key pair comes from the PEM that
 * Node writes: the key object that it generates would sign by ECDSA, the same key read back from PEM signs by SM2.
 */
import { createHash, createSign, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** The signer's distinguishing id where none is agreed upon (GM/T 0009, GB/T 35276). */
const DISTINGUISHING_ID = Buffer.from('1234567812345678');

/** a, b and the base point of the recommended curve (GB/T 32918.5). */
const CURVE = Buffer.from(
  'FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC' +
    '28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93' +
    '32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7' +
    'BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0',
  'hex',
);

/** What a public key's DER begins with; x and y follow, 32 bytes each. */
export const SM2_PUBLIC_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d03420004', 'hex');

export function generateSm2(): { readonly publicKeyPem: string; readonly privateKeyPem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'SM2',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKeyPem: publicKey, privateKeyPem: privateKey };
}

/**
 * Z of GB/T 32918.2 5.5: ties signer and curve into what is signed. OpenSSL takes no distinguishing id through
 * node:crypto and would use an empty one, so it is put in front of the message here.
 */
export function sm2SignerDigest(publicKey: KeyObject): Buffer {
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(SM2_PUBLIC_PREFIX.length);
  const idBits = Buffer.alloc(2);
  idBits.writeUInt16BE(DISTINGUISHING_ID.length * 8);
  return createHash('sm3').update(idBits).update(DISTINGUISHING_ID).update(CURVE).update(point).digest();
}

/** @returns the DER sequence of r and s */
export const signSm2 = (privateKey: KeyObject, publicKey: KeyObject, bytes: Uint8Array): Buffer =>
  createSign('sm3').update(sm2SignerDigest(publicKey)).update(bytes).sign(privateKey);

export const verifySm2 = (publicKey: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean =>
  createVerify('sm3').update(sm2SignerDigest(publicKey)).update(bytes).verify(publicKey, signature);
