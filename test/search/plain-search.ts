/** What a search must find, by looking at every entry: the measure for the index. */
import { comparableName } from '../../schema/identity/institution-name.ts';
import { normaliseCode } from '../../schema/codes/credit-code.ts';
import { parseRegionPrefix, regionWithin } from '../../schema/region/region.ts';
import type { InstitutionEntry } from '../../schema/search/institution-entry.model.ts';
import type { InstitutionQuery } from '../../schema/search/institution-query.ts';

/** Everything in order of name; override what the search is about. */
export function queryOf(parts: Partial<InstitutionQuery> = {}): InstitutionQuery {
  return {
    ...{ text: null, regionPrefix: null, kinds: null, riskClasses: null, listed: null, qualification: null },
    ...{ orderBy: 'NAME', first: 20, after: null },
    ...parts,
  };
}

/** Tells whether an entry matches; made once per query. */
export function matcherOf(query: InstitutionQuery): (entry: InstitutionEntry) => boolean {
  const { text, regionPrefix, kinds, riskClasses, listed, qualification } = query;
  const prefix = regionPrefix === null ? null : parseRegionPrefix(regionPrefix);
  const [name, code] = [comparableName(text ?? ''), normaliseCode(text ?? '')];
  const hasText = (entry: InstitutionEntry): boolean =>
    nameOf(entry).includes(name) ||
    (code.length >= 4 && entry.creditCode.startsWith(code)) ||
    (code.length >= 6 && entry.cmaNumbers.includes(code));
  return (entry) =>
    (prefix === null || (entry.regionCode !== null && regionWithin(entry.regionCode, prefix))) &&
    (kinds === null || entry.kinds.some((kind) => kinds.includes(kind))) &&
    (riskClasses === null || (entry.riskClass !== null && riskClasses.includes(entry.riskClass))) &&
    (listed === null || entry.listed === listed) &&
    (qualification === null || entry.qualificationStatuses.includes(qualification)) &&
    (text === null || hasText(entry));
}

const names = new WeakMap<InstitutionEntry, string>();

function nameOf(entry: InstitutionEntry): string {
  const known = names.get(entry) ?? comparableName(entry.name);
  names.set(entry, known);
  return known;
}

/** The credit codes that match, in the order asked for; pages are left out of account. */
export function plainSearch(entries: readonly InstitutionEntry[], query: InstitutionQuery): string[] {
  return inOrder(entries.filter(matcherOf(query)), query.orderBy).map(({ creditCode }) => creditCode);
}

export function inOrder(
  entries: readonly InstitutionEntry[],
  orderBy: InstitutionQuery['orderBy'],
): readonly InstitutionEntry[] {
  const sortValue: Record<InstitutionQuery['orderBy'], (entry: InstitutionEntry) => number> = {
    NAME: () => 0,
    UPDATED_DESC: ({ updatedAt }) => -updatedAt.getTime(),
    RISK_DESC: ({ riskScore }) => -(riskScore ?? -1),
  };
  return entries
    .map((entry) => ({
      entry,
      value: sortValue[orderBy](entry),
      // UTF-8 sorts as the code points do.
      name: Buffer.from(orderBy === 'NAME' ? entry.name : ''),
      code: Buffer.from(entry.creditCode),
    }))
    .sort((a, b) => a.value - b.value || Buffer.compare(a.name, b.name) || Buffer.compare(a.code, b.code))
    .map(({ entry }) => entry);
}
