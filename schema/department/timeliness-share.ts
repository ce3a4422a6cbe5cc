/** The share of a department's records that came in time, from what was counted when its feeds were last read. Pure. */
import { REPLICATED_READS } from '../ports.ts';
import { feedOf, type Feed } from '../replica/facts.ts';
import type { FeedState } from '../replica/feed-states.ts';

/** @returns 0 to 1; null when there is nothing to judge, which is not the same as everything late */
export function timelinessShare(departmentId: string, states: ReadonlyMap<Feed, FeedState>): number | null {
  const counts = REPLICATED_READS.flatMap((read) => states.get(feedOf(departmentId, read))?.timeliness ?? []);
  const judged = counts.reduce((sum, count) => sum + count.judged, 0);
  return judged === 0 ? null : counts.reduce((sum, count) => sum + count.onTime, 0) / judged;
}
