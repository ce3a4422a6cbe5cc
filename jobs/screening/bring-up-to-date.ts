/** Before a screening the replica is brought up to date where it is not: calls by what has changed, not by rows. */
import { FACET_OF_READ, type Clock, type DepartmentSource, type ReplicatedRead } from '../../schema/ports.ts';
import { feedOf } from '../../schema/replica/facts.ts';
import { isFreshEnough } from '../../schema/replica/max-age.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import { syncHere, type FeedOutcome } from '../commands/sync-command.ts';

/** On what a screening rests. */
const READS = ['institutions', 'qualifications', 'reports', 'listEntries', 'penalties'] as const;

export interface UpdateParts {
  readonly sources: readonly DepartmentSource[];
  readonly replica: Replica;
  readonly clock: Clock;
  /** null = each department's own times. */
  readonly maxAgeSeconds: number | null;
  readonly onProgress: (departmentId: string, read: ReplicatedRead, done: number, total: number | null) => void;
}

export interface UpdateOutcome extends FeedOutcome {
  readonly departmentId: string;
}

/** @returns what came of every feed that had to be read; a department that is silent fails without keeping others back */
export async function bringUpToDate(parts: UpdateParts): Promise<readonly UpdateOutcome[]> {
  const { sources, replica, clock, maxAgeSeconds, onProgress } = parts;
  const states = await replica.states.all();
  const isInStep = (source: DepartmentSource, read: ReplicatedRead): boolean => {
    const state = states.get(feedOf(source.department.id, read));
    const maxAge = maxAgeSeconds ?? source.maxAgeSeconds?.[FACET_OF_READ[read]] ?? 0;
    return isFreshEnough(state?.loadedAt ? state.syncedAt : null, maxAge, clock.now());
  };
  const outcomes = await Promise.all(
    sources.map(async (source): Promise<readonly UpdateOutcome[]> => {
      const departmentId = source.department.id;
      const changeFeeds = new Set(READS.filter((read) => source.changeFeeds.has(read) && !isInStep(source, read)));
      const read = await syncHere({ ...source, changeFeeds }, replica, false, clock, (each, done, total) =>
        onProgress(departmentId, each, done, total),
      );
      return read.map((outcome) => ({ departmentId, ...outcome }));
    }),
  );
  return outcomes.flat();
}
