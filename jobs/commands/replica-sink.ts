/** Hands imported rows to the replica, as of the time at which the file was exported. */
import type { ReplicatedRead, SourceChange } from '../../schema/ports.ts';
import type { ReplicatedRecord } from '../../schema/replica/facts.ts';
import type { Observation } from '../../schema/replica/merge.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import type { ImportSink } from '../import/sink.ts';

/** @param exportedAt what the file shows was true then: it does not undo what the hub has learned since */
export function replicaSink(replica: Replica, departmentId: string, exportedAt: Date): ImportSink {
  return {
    async write(read: ReplicatedRead, changes: readonly SourceChange<ReplicatedRecord>[]) {
      const observations = changes.map((change): Observation => {
        const { recordId, updatedAt } = change;
        if (change.kind === 'DELETE') return { recordId, updatedAt, subjects: null, record: null };
        return { recordId, updatedAt, subjects: change.subjects, record: change.record, isFromFile: true };
      });
      const { inserted, updated, removed, unchanged } = await replica.take(
        departmentId,
        read,
        exportedAt,
        observations,
        [],
        new Date(),
      );
      return { inserted, updated: updated + removed, unchanged };
    },
  };
}
