/** Standard Webhooks signatures (https://www.standardwebhooks.com, specification 1.0): symmetric, scheme v1. */
import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';

export interface SignedParts {
  readonly id: string;
  readonly sentAt: Date;
  readonly body: string;
}

/** @returns `v1,` and the HMAC-SHA256 over `id.timestamp.body` in base64 */
function signature(secret: string, signedText: string): string {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(signedText, 'utf8').digest('base64')}`;
}

/** @param secrets `whsec_...`; while one replaces another, the receiver may check with either */
export function signatureHeaders(
  { id, sentAt, body }: SignedParts,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => signature(secret, `${id}.${timestamp}.${body}`)).join(' '),
  };
}
