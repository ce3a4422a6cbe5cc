import { sm3Hex } from '../../schema/signing/sm3.ts';

/** One receipt for a call: the reply's own, or SM3 over the receipts of several replies in order. */
export function combineReceipts(receipts: readonly string[]): string {
  const [first] = receipts;
  return receipts.length === 1 && first !== undefined ? first : sm3Hex(receipts.join(''));
}
