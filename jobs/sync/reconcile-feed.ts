/**
 * Compares everything that a department holds of a feed with the replica, and repairs what differs: what the change feed
 * did not tell (rows deleted without a word, changes without a new update time).
 */
import type { MalformedRecord, ReplicatedRead } from '../../schema/ports.ts';
import { contentHash, feedOf } from '../../schema/replica/facts.ts';
import type { Observation } from '../../schema/replica/merge.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import { HashTree, leafOf } from './hash-tree.ts';
import { observationsOf, readFeed } from './read-feed.ts';
import { syncFeed, type SyncRun } from './sync-feed.ts';

export interface DriftReport {
  /** Records that the department holds. */
  readonly count: number;
  /** Records that the replica lacked, held too many, and held with other facts, before the repair. */
  readonly missing: number;
  readonly extra: number;
  readonly changed: number;
}

interface Holdings {
  readonly tree: HashTree;
  readonly hashes: ReadonlyMap<string, string>;
  /** Records that cannot be read now: neither missing nor extra. */
  readonly unreadable: readonly MalformedRecord[];
}

async function holdingsAtSource({ source, read, scope, onProgress }: SyncRun): Promise<Holdings> {
  const hashes = new Map<string, string>();
  const unreadable: MalformedRecord[] = [];
  let done = 0;
  for await (const page of readFeed({ source, read, since: null, scope })) {
    for (const { recordId, record } of observationsOf(page)) {
      if (record === null) hashes.delete(recordId);
      else hashes.set(recordId, contentHash(record));
    }
    unreadable.push(...page.malformed);
    done += page.changes.length + page.malformed.length;
    onProgress?.(done, page.total);
  }
  const tree = new HashTree();
  for (const [recordId, hash] of hashes) tree.add(recordId, hash);
  return { tree, hashes, unreadable };
}

async function holdingsOfReplica(
  replica: Replica,
  departmentId: string,
  read: ReplicatedRead,
  unreadable: ReadonlySet<string | null>,
): Promise<{ readonly tree: HashTree; readonly hashes: ReadonlyMap<string, string> }> {
  const tree = new HashTree();
  const hashes = new Map<string, string>();
  for await (const { recordId, hash } of replica.digests(departmentId, read)) {
    if (unreadable.has(recordId)) continue;
    tree.add(recordId, hash);
    hashes.set(recordId, hash);
  }
  return { tree, hashes };
}

/** The records of these that are to be taken anew. */
async function repair(run: SyncRun, at: Date, wanted: ReadonlySet<string>, extra: readonly string[]): Promise<void> {
  const { source, replica, read, scope } = run;
  const departmentId = source.department.id;
  if (wanted.size > 0) {
    for await (const page of readFeed({ source, read, since: null, scope })) {
      const observations = observationsOf(page).filter(({ recordId }) => wanted.has(recordId));
      if (observations.length > 0) await replica.take(departmentId, read, at, observations);
    }
  }
  const gone = extra.map((recordId): Observation => ({ recordId, updatedAt: null, subjects: null, record: null }));
  if (gone.length > 0) await replica.take(departmentId, read, at, gone);
}

/** @throws HubError when the department fails; nothing is then taken for gone */
export async function reconcileFeed(run: SyncRun): Promise<DriftReport> {
  const { source, replica, read, clock } = run;
  const departmentId = source.department.id;
  const feed = feedOf(departmentId, read);
  // What is merely new is no drift.
  await syncFeed({ ...run, full: false });
  const beganAt = clock.now();
  const atSource = await holdingsAtSource(run);
  const unreadable = new Set(atSource.unreadable.map(({ recordId }) => recordId));
  const inReplica = await holdingsOfReplica(replica, departmentId, read, unreadable);
  const leaves = new Set(
    atSource.tree.root() === inReplica.tree.root() ? [] : atSource.tree.differingLeaves(inReplica.tree),
  );
  const suspects = (hashes: ReadonlyMap<string, string>): string[] =>
    leaves.size === 0 ? [] : [...hashes.keys()].filter((recordId) => leaves.has(leafOf(recordId)));
  const missing = suspects(atSource.hashes).filter((recordId) => !inReplica.hashes.has(recordId));
  const extra = suspects(inReplica.hashes).filter((recordId) => !atSource.hashes.has(recordId));
  const changed = suspects(atSource.hashes).filter((recordId) => {
    const held = inReplica.hashes.get(recordId);
    return held !== undefined && held !== atSource.hashes.get(recordId);
  });
  await replica.quarantine.add(feed, beganAt, atSource.unreadable);
  await replica.quarantine.releaseUnseenSince(feed, beganAt);
  await repair(run, beganAt, new Set([...missing, ...changed]), extra);
  const drift = { missing: missing.length, extra: extra.length, changed: changed.length };
  await replica.settleFiles(departmentId, read);
  await replica.states.noteReconciled(feed, beganAt, drift);
  await replica.summarise(departmentId, read, clock.now(), missing.length + extra.length + changed.length > 0);
  return { count: atSource.tree.count, ...drift };
}
