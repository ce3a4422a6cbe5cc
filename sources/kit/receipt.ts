import { createHash } from 'node:crypto';

/** SM3 (GB/T 32905) of bytes or text, 64 lower-case hex characters. */
export function sm3Hex(data: string | Uint8Array): string {
  return createHash('sm3').update(data).digest('hex');
}

/** One receipt for a call: the reply's own, or SM3 over the receipts of several replies in order. */
export function combineReceipts(receipts: readonly string[]): string {
  const [first] = receipts;
  return receipts.length === 1 && first !== undefined ? first : sm3Hex(receipts.join(''));
}
