/** Standard Webhooks 1.0: whether a message comes from whoever shares the secret, and is of now. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const PREFIX = 'whsec_';
/** A message may be so much older or younger than the clock here says. */
const TOLERANCE_SECONDS = 300;

const headerOf = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
};

/**
 * @param secret "whsec_" and base64
 * @param body as it came, to the byte
 * @returns why it is not to be believed; null for a genuine message
 */
export function distrust(
  secret: string,
  headers: IncomingHttpHeaders,
  body: string,
  now: Date,
): 'headers' | 'timestamp' | 'signature' | null {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return 'headers';
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) return 'timestamp';
  const key = Buffer.from(secret.replace(PREFIX, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest();
  const isGenuine = headerOf(headers, 'webhook-signature')
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
  return isGenuine ? null : 'signature';
}
