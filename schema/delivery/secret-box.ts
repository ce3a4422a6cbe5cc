/**
 * Keeps secrets that the hub itself must be able to use, unlike API keys, of which a digest is enough: those with which
 * messages to partners are signed. They lie encrypted in the store (AES-256-GCM, NIST SP 800-38D), so that a copy of the
 * store alone signs nothing. The key is the setting HUB_SECRETS_KEY; on the embedded store, a file in the data folder.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';

export const SECRETS_KEY_BYTES = 32;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

const KEY_FORM = 'must be 32 bytes in base64';

/** 32 bytes in base64. */
export const SecretsKey = z
  .base64(KEY_FORM)
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === SECRETS_KEY_BYTES, KEY_FORM);

export class SecretBox {
  readonly #key: Buffer;

  /** @param key 32 random bytes */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** @param owner whose it is; it opens for this owner only, so that sealed texts cannot be exchanged in the store */
  seal(secret: string, owner: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')}`;
  }

  /** @throws Error when it was sealed with another key, for another owner, or was changed */
  open(sealed: string, owner: string): string {
    const [version, text = ''] = sealed.split('.');
    const bytes = Buffer.from(text, 'base64');
    if (version !== VERSION) throw new Error('a secret was sealed in an unknown form');
    const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
    const decipher = createDecipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }
}
