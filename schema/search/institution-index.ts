/** Keeps the search index of institutions in step with the replica. */
import { chunksOf } from '../chunks.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import type { Clock } from '../ports.ts';
import type { InstitutionFacts } from '../replica/institution-facts.ts';
import type { ChangeConsumer } from '../replica/projector.ts';
import { entryOf, type Risk } from './entry-of.ts';
import type { InstitutionSearch } from './institution-search.ts';

export const INSTITUTION_INDEX = 'institution-index';
/** Raised when entries are made otherwise than before; everything is then computed anew. */
export const INSTITUTION_INDEX_LAYOUT = 2;

const CODES_AT_ONCE = 200;

/** What entries are made of. */
export interface KnownInstitutions {
  /** Of those that a register holds. */
  readonly facts: ReadonlyMap<CreditCode, InstitutionFacts>;
  /** What has been computed of their risk. */
  readonly risks: ReadonlyMap<CreditCode, Risk>;
}

export interface InstitutionIndexParts {
  readonly search: InstitutionSearch;
  readonly clock: Clock;
  /** As it is when it is called. */
  knownOf(codes: readonly CreditCode[]): Promise<KnownInstitutions>;
}

export function institutionIndex(parts: InstitutionIndexParts): ChangeConsumer {
  const { search, clock } = parts;
  const refresh = async (codes: readonly CreditCode[]): Promise<void> => {
    for (const some of chunksOf(codes, CODES_AT_ONCE)) {
      await search.rewrite(some, async (wanted) => {
        const { facts, risks } = await parts.knownOf(wanted);
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
