/** Follows the change feeds of ecology and amends its records, for tests. */
import type { ChangesPage, ReplicatedRead, SourceChange, SourceReads } from '../../../schema/ports.ts';
import type { Amendment } from '../../../sources/kit/upstream/amendment.ts';
import { callScope, type SourceUnderTest } from '../../support/source-under-test.ts';

export const FEEDS: readonly ReplicatedRead[] = [
  'institutions',
  'qualifications',
  'facilities',
  'inspections',
  'reports',
  'penalties',
];

type RecordOf<K extends ReplicatedRead> = SourceReads[K]['record'];
type Change<K extends ReplicatedRead> = SourceChange<RecordOf<K>>;
type Upsert<K extends ReplicatedRead> = Extract<Change<K>, { kind: 'UPSERT' }>;

const PATIENCE_MS = 20_000;
export const patientScope = () => callScope(PATIENCE_MS);

export class Follower {
  readonly #hub: SourceUnderTest;
  /** Amendments are made one day after the other, so that those of one test are not those of another. */
  #today = Date.parse('2026-06-01T00:00:00+08:00');

  constructor(hub: SourceUnderTest) {
    this.#hub = hub;
  }

  nextDay(): Date {
    return new Date((this.#today += 86_400_000));
  }

  pageOf<K extends ReplicatedRead>(
    read: K,
    query: { since?: Date | null; after?: string | null; limit?: number } = {},
  ): Promise<ChangesPage<RecordOf<K>>> {
    return this.#hub.source.changes(read, { since: null, after: null, limit: 1_000, ...query }, patientScope());
  }

  /** The changes of all pages. */
  async changesOf<K extends ReplicatedRead>(read: K, since: Date | null = null, limit = 1_000): Promise<Change<K>[]> {
    const changes: Change<K>[] = [];
    for (let after: string | null = null; ;) {
      const page: ChangesPage<RecordOf<K>> = await this.pageOf(read, { since, after, limit });
      changes.push(...page.changes);
      if (page.next === null) return changes;
      after = page.next;
    }
  }

  async upsertsOf<K extends ReplicatedRead>(read: K, since: Date | null = null): Promise<Upsert<K>[]> {
    return (await this.changesOf(read, since)).filter((change) => change.kind === 'UPSERT');
  }

  /** Amends on the next day. @returns when */
  async amend(read: ReplicatedRead, recordId: string, change: Pick<Amendment, 'kind' | 'silently'>): Promise<Date> {
    const at = this.nextDay();
    await this.#hub.upstream.amend({ read, recordId, at, ...change });
    return at;
  }
}
