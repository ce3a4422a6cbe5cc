/** How far the replica has followed a department, per facet. Pure. */
import { FACET_OF_READ, REPLICATED_READS } from '../ports.ts';
import type { Facet } from '../records.ts';
import { feedOf, type Feed } from '../replica/facts.ts';
import type { FeedState } from '../replica/feed-states.ts';
import type { Watermark } from './department.type.ts';

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/**
 * One entry per facet that has been read in full, in order of the facets' reads. A facet of several feeds is as far as
 * the one that is furthest behind.
 */
export function watermarksOf(
  departmentId: string,
  states: ReadonlyMap<Feed, FeedState>,
  now: Date,
): readonly Watermark[] {
  const facets = new Map<Facet, { at: Date; syncedAt: Date }>();
  for (const read of REPLICATED_READS) {
    const state = states.get(feedOf(departmentId, read));
    if (!state?.loadedAt || state.syncedAt === null) continue;
    const facet = FACET_OF_READ[read];
    const own = { at: state.watermark ?? state.syncedAt, syncedAt: state.syncedAt };
    const known = facets.get(facet);
    facets.set(
      facet,
      known === undefined ? own : { at: earlier(known.at, own.at), syncedAt: earlier(known.syncedAt, own.syncedAt) },
    );
  }
  return [...facets].map(([facet, { at, syncedAt }]) => ({
    facet,
    at,
    lagSeconds: Math.max(0, Math.round((now.getTime() - syncedAt.getTime()) / 1_000)),
  }));
}
