import { HubError } from '../errors.ts';

/** Longest page a caller may ask for. */
export const MAX_PAGE_SIZE = 100;

/** @throws HubError INPUT_INVALID outside 1..{@link MAX_PAGE_SIZE} */
export function checkPageSize(first: number): number {
  if (first >= 1 && first <= MAX_PAGE_SIZE) return first;
  throw new HubError('INPUT_INVALID', `"first" must be between 1 and ${MAX_PAGE_SIZE}.`);
}
