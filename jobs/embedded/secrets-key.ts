/** The key of the embedded default, made once and kept beside the data: for evaluation, where nobody sets HUB_SECRETS_KEY. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRETS_KEY_BYTES, SecretsKey } from '../../schema/delivery/secret-box.ts';
import { putOnce } from './data-folder.ts';

const FILE = 'secrets.key';

/**
 * @param folder the data folder, which must be there
 * @throws Error when the file is there and holds no key
 */
export async function secretsKeyIn(folder: string): Promise<Buffer> {
  const file = join(folder, FILE);
  await putOnce(file, randomBytes(SECRETS_KEY_BYTES).toString('base64'));
  const key = SecretsKey.safeParse((await readFile(file, 'utf8')).trim());
  if (key.success) return key.data;
  throw new Error(`${file} holds no key: 32 bytes in base64 are needed.`);
}
