/** Walks a department's change feed, page by page. */
import type { CallScope, ChangesPage, DepartmentSource, ReplicatedRead } from '../../schema/ports.ts';
import type { ReplicatedRecord } from '../../schema/replica/facts.ts';
import type { Observation } from '../../schema/replica/merge.ts';

const PAGE = 500;

export interface FeedReading {
  readonly source: DepartmentSource;
  readonly read: ReplicatedRead;
  /** By the department's clock, inclusive; null = everything. */
  readonly since: Date | null;
  readonly scope: CallScope;
}

/** @throws HubError when the department fails */
export async function* readFeed({
  source,
  read,
  since,
  scope,
}: FeedReading): AsyncGenerator<ChangesPage<ReplicatedRecord>> {
  let after: string | null = null;
  do {
    const page: ChangesPage<ReplicatedRecord> = await source.changes(read, { since, after, limit: PAGE }, scope);
    yield page;
    after = page.next;
  } while (after !== null);
}

export const observationsOf = ({ changes }: ChangesPage<ReplicatedRecord>): Observation[] =>
  changes.map((change) =>
    change.kind === 'DELETE'
      ? { recordId: change.recordId, updatedAt: change.updatedAt, subjects: null, record: null }
      : {
          recordId: change.recordId,
          updatedAt: change.updatedAt,
          subjects: change.subjects,
          record: change.record,
        },
  );
