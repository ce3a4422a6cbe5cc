/**
 * Codes the market-regulation registry has confirmed as issued although their check digits are wrong. A handful of such
 * codes exist, and for them the registry's word outranks the arithmetic of GB 32100.
 *
 * The set lives as long as the process: each process fills it from what the registry told it. Only code that has the
 * registry's own answer in hand may add to it, never a partner's request.
 */
const confirmed = new Set<string>();

/**
 * Remembers that the registry has issued this code. Confirming a code twice changes nothing.
 * @param code 18 characters as `normaliseCode` writes them.
 * @throws RangeError when the code is not written that way: it would be stored and never be found.
 */
export function confirmByRegistry(code: string): void {
  if (!/^[0-9A-Z]{18}$/.test(code)) {
    throw new RangeError('A code confirmed by the registry must be given in its normalised form of 18 characters.');
  }
  confirmed.add(code);
}

/** Whether the registry has confirmed this normalised code in this process. */
export function isConfirmedByRegistry(code: string): boolean {
  return confirmed.has(code);
}
