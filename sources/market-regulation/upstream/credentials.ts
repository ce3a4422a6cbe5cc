/** Who may call: X-App-Key, X-Timestamp and X-Sign (domain reference 6.1). */
import { timingSafeEqual } from 'node:crypto';
import type { UpstreamRequest } from '../../kit/upstream/http-upstream.ts';
import { SERVICE_CODES } from '../envelope.ts';
import { MAX_CLOCK_DIFFERENCE_MS, signatureOf } from '../signature.ts';

/** What the reference upstream accepts; it serves fictional data only. */
export const EVALUATION_CREDENTIALS = { appKey: 'hub-evaluation', appSecret: 'evaluation-only-not-a-secret' } as const;

function headerOf({ headers }: UpstreamRequest, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

/** @returns the service's error code, null when the call is genuine */
export function refusalOf(request: UpstreamRequest, now: Date): string | null {
  if (headerOf(request, 'x-app-key') !== EVALUATION_CREDENTIALS.appKey) return SERVICE_CODES.APPLICATION_UNKNOWN;
  const timestamp = headerOf(request, 'x-timestamp');
  const difference = Math.abs(now.getTime() - Number(timestamp));
  if (!/^\d{13}$/.test(timestamp) || difference > MAX_CLOCK_DIFFERENCE_MS) return SERVICE_CODES.TIMESTAMP_WRONG;
  const path = request.url.pathname + request.url.search;
  const expected = signatureOf(
    { method: request.method, path, body: request.body },
    timestamp,
    EVALUATION_CREDENTIALS.appSecret,
  );
  const sent = Buffer.from(headerOf(request, 'x-sign'));
  const right = Buffer.from(expected);
  return sent.length === right.length && timingSafeEqual(sent, right) ? null : SERVICE_CODES.SIGNATURE_WRONG;
}
