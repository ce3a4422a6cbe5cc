/**
 * Terms: what an institution can be filtered by, as short strings in one array, so that one index answers every
 * combination of filters in each order.
 *
 * | term             | an institution                                                              |
 * | ---------------- | --------------------------------------------------------------------------- |
 * | `r:5201`         | in this division: of its current code the first 2, 4 and 6 digits           |
 * | `k:<kind>`       | of this kind                                                                |
 * | `c:D`            | of this risk class                                                          |
 * | `l:1`            | with an entry on a list                                                     |
 * | `q:SUSPENDED`    | with a qualification in this status; not for VALID                          |
 * | `r:5201&k:<kind>` | with both: division below the province and kind, and what is telling with all |
 *
 * What is true of nearly every institution (not listed, a valid qualification) leads nowhere and has no term; such
 * filters compare the field. The pairs are for filters that are telling only together: what two frequent terms have in
 * common cannot be found without reading all of one of them.
 */
import type { InstitutionKind, QualificationStatus } from '../records.ts';
import { currentRegionCode } from '../region/region.ts';
import type { InstitutionEntry, RiskClass } from './institution-entry.model.ts';

/** The facts of one institution, or what one query asks of them: at most one division, kind, class and status. */
export interface Facets {
  /** Broad ones first. */
  readonly regions: readonly string[];
  readonly kinds: readonly InstitutionKind[];
  readonly riskClass: RiskClass | null;
  readonly listed: boolean;
  readonly qualificationStatuses: readonly QualificationStatus[];
}

const PROVINCE_DIGITS = 2;
/** Only a few institutions are in one of these classes. */
const TELLING_CLASSES: readonly (RiskClass | null)[] = ['C', 'D'];

/** The terms of an entry. */
export function termsOf(entry: InstitutionEntry): string[] {
  const { regions, pairs, plain, telling } = facetTerms({ ...entry, regions: regionPrefixesOf(entry) });
  return distinct([...regions, ...plain, ...telling, ...pairs]);
}

/**
 * The fewest terms that say what these facets ask for, the most telling first.
 * @param facets of a query; what only a field can tell (`listed: false`, VALID) is not in it.
 */
export function termsToAsk(facets: Facets): string[] {
  const { regions, pairs, plain, telling } = facetTerms(facets);
  const alone = [...telling, ...regions, ...plain].filter(
    (term) => !pairs.some((pair) => partsOf(pair).includes(term)),
  );
  return [...pairs, ...alone];
}

function regionPrefixesOf({ regionCode }: InstitutionEntry): string[] {
  if (regionCode === null) return [];
  const current = currentRegionCode(regionCode);
  return [current.slice(0, 2), current.slice(0, 4), current];
}

function facetTerms({ regions, kinds, riskClass, listed, qualificationStatuses }: Facets) {
  const regionTerms = regions.map(regionTerm);
  const narrow = regions.filter((prefix) => prefix.length > PROVINCE_DIGITS).map(regionTerm);
  const kindTerms = distinct(kinds).map((kind) => `k:${kind}`);
  const classTerm = riskClass === null ? [] : [`c:${riskClass}`];
  const isTelling = TELLING_CLASSES.includes(riskClass);
  const telling = [
    ...(listed ? ['l:1'] : []),
    ...(isTelling ? classTerm : []),
    ...distinct(qualificationStatuses)
      .filter((status) => status !== 'VALID')
      .map((status) => `q:${status}`),
  ];
  const pairs = [
    ...telling.flatMap((term, index) => telling.slice(index + 1).map((other) => pairOf(term, other))),
    ...telling.flatMap((term) => [...narrow, ...kindTerms].map((other) => pairOf(other, term))),
    ...narrow.flatMap((region) => kindTerms.map((kind) => pairOf(region, kind))),
  ];
  return { regions: regionTerms, pairs, plain: [...kindTerms, ...(isTelling ? [] : classTerm)], telling };
}

function regionTerm(prefix: string): string {
  return `r:${prefix}`;
}

function pairOf(left: string, right: string): string {
  return `${left}&${right}`;
}

function partsOf(pair: string): string[] {
  return pair.split('&');
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
