/** Keys of the embedded default, made once and kept beside the data: for evaluation, where nobody sets them. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRETS_KEY_BYTES, SecretsKey } from '../../schema/delivery/secret-box.ts';
import { putOnce } from './data-folder.ts';

/** Of HUB_SECRETS_KEY and of HUB_AUDIT_KEY. */
export const KEY_FILES = { secrets: 'secrets.key', audit: 'audit.key' } as const;

/**
 * @param folder the data folder, which must be there
 * @param which key
 * @throws Error when the file is there and holds no key
 */
export async function secretsKeyIn(folder: string, which: keyof typeof KEY_FILES): Promise<Buffer> {
  const file = join(folder, KEY_FILES[which]);
  await putOnce(file, randomBytes(SECRETS_KEY_BYTES).toString('base64'));
  const key = SecretsKey.safeParse((await readFile(file, 'utf8')).trim());
  if (key.success) return key.data;
  throw new Error(`${file} holds no key: 32 bytes in base64 are needed.`);
}
