/** What stands behind a profile: a source that never answered is shown as missing, never read as good or bad conduct. */
import { unavailable, unsupported, type CoverageEntry } from '../department-answer.ts';
import { FACET_OF_READ, type DepartmentSource } from '../ports.ts';
import { feedOf, PROJECTED_READS, type Feed, type ProjectedRead } from '../replica/facts.ts';
import type { FeedState } from '../replica/feed-states.ts';
import type { ProjectionState } from '../replica/projection-states.ts';

function coverageOf(
  source: DepartmentSource,
  read: ProjectedRead,
  { heldAt }: Pick<ProjectionState, 'heldAt'>,
  states: ReadonlyMap<Feed, FeedState>,
): CoverageEntry {
  const { department } = source;
  const question = { department, facet: FACET_OF_READ[read] };
  if (!source.reads.has(read)) return unsupported(question).coverage;
  const feed = feedOf(department.id, read);
  const asOf = heldAt.get(feed) ?? null;
  const state = states.get(feed);
  if (asOf === null) {
    const why = `The ${read} of ${department.name} have never been read in full; they are missing from this profile.`;
    return unavailable(question, 'SOURCE_UNAVAILABLE', why).coverage;
  }
  const errorCode = state?.lastErrorCode ?? null;
  if (errorCode !== null) {
    return { ...question, status: 'STALE', asOf, reason: `${errorCode}: the last reading failed.` };
  }
  const unattributed = state?.unattributed ?? 0;
  if (unattributed > 0) {
    const reason = `SOURCE_MALFORMED: ${unattributed} of the ${read} cannot be read and may concern any institution`;
    return { ...question, status: 'PARTIAL', asOf, reason };
  }
  return { ...question, status: 'REPLICA', asOf, reason: null };
}

/** One entry per department and kind of record that a profile rests on. */
export function creditCoverage(
  sources: readonly DepartmentSource[],
  projected: Pick<ProjectionState, 'heldAt'>,
  states: ReadonlyMap<Feed, FeedState>,
): readonly CoverageEntry[] {
  return PROJECTED_READS.flatMap((read) => sources.map((source) => coverageOf(source, read, projected, states)));
}
