/** Keeps the search index of institutions in step with the replica. */
import { chunksOf } from '../chunks.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import type { FollowedDecisions } from '../identity/station-decisions.ts';
import type { Clock, DepartmentDescriptor } from '../ports.ts';
import { institutionFacts } from '../replica/institution-facts.ts';
import type { ChangeConsumer } from '../replica/projector.ts';
import type { Replica } from '../replica/replica.ts';
import { entryOf, type Risk } from './entry-of.ts';
import type { InstitutionSearch } from './institution-search.ts';

export const INSTITUTION_INDEX = 'institution-index';
/** Raised when entries are made otherwise than before; everything is then computed anew. */
export const INSTITUTION_INDEX_LAYOUT = 2;

const CODES_AT_ONCE = 200;

export interface InstitutionIndexParts {
  readonly replica: Replica;
  readonly search: InstitutionSearch;
  readonly departments: readonly DepartmentDescriptor[];
  readonly decisions: FollowedDecisions;
  readonly clock: Clock;
  /** What has been computed of their risk. */
  risksOf(codes: readonly CreditCode[]): Promise<ReadonlyMap<CreditCode, Risk>>;
}

export function institutionIndex(parts: InstitutionIndexParts): ChangeConsumer {
  const { replica, search, departments, decisions, clock } = parts;
  const refresh = async (codes: readonly CreditCode[]): Promise<void> => {
    for (const some of chunksOf(codes, CODES_AT_ONCE)) {
      await search.rewrite(some, async (wanted) => {
        await decisions.refresh();
        const facts = await institutionFacts(replica.models, departments, decisions, wanted);
        const risks = await parts.risksOf(wanted);
        const now = clock.now();
        return new Map(
          wanted.map((code) => {
            const own = facts.get(code);
            return [code, own === undefined ? null : entryOf(own, now, risks.get(code))];
          }),
        );
      });
    }
  };
  return {
    name: INSTITUTION_INDEX,
    layout: INSTITUTION_INDEX_LAYOUT,
    refresh,
    async refreshDue() {
      const now = clock.now();
      for (;;) {
        const due = await search.due(now, CODES_AT_ONCE);
        if (due.length === 0) return;
        await refresh(due);
      }
    },
  };
}
