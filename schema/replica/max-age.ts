/** How old an answer from the replica may be. */
import { HubError } from '../errors.ts';

/** @throws HubError INPUT_INVALID for a negative age */
export function checkMaxAge(maxAgeSeconds: number | null | undefined): number | null {
  if (maxAgeSeconds === null || maxAgeSeconds === undefined) return null;
  if (maxAgeSeconds < 0) throw new HubError('INPUT_INVALID', '"maxAgeSeconds" must not be negative.');
  return maxAgeSeconds;
}

/** @param maxAgeSeconds 0 = nothing from the replica is new enough */
export function isFreshEnough(heldAt: Date | null | undefined, maxAgeSeconds: number, now: Date): heldAt is Date {
  return heldAt instanceof Date && maxAgeSeconds > 0 && now.getTime() - heldAt.getTime() <= maxAgeSeconds * 1_000;
}
