/** The signature of a call (domain reference 6.1): SM3-HMAC over what is sent and when. */
import { createHmac } from 'node:crypto';
import type { OutgoingRequest } from '../kit/transport.ts';

/** The service refuses a timestamp that is further from its own clock. */
export const MAX_CLOCK_DIFFERENCE_MS = 5 * 60_000;

/**
 * @param timestamp epoch milliseconds as sent in X-Timestamp
 * @returns 64 lower-case hexadecimal characters for X-Sign
 */
export function signatureOf({ method, path, body }: OutgoingRequest, timestamp: string, secret: string): string {
  return createHmac('sm3', secret)
    .update(method + path + timestamp + (body ?? ''))
    .digest('hex');
}

/** The three headers that every call needs. */
export function signedHeaders(
  request: OutgoingRequest,
  credentials: { readonly appKey: string; readonly appSecret: string },
  now: Date,
): Readonly<Record<string, string>> {
  const timestamp = String(now.getTime());
  return {
    'x-app-key': credentials.appKey,
    'x-timestamp': timestamp,
    'x-sign': signatureOf(request, timestamp, credentials.appSecret),
  };
}
