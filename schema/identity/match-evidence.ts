/** What speaks for and against a match: the register's word beside the department's, fact by fact. Pure. */
import type { DirectoryEntry } from '../ports.ts';
import { comparableName, legalFormsAgree, looseName } from './institution-name.ts';
import { comparePlaces } from './place.ts';
import type { SubjectFacts } from './subject-facts.ts';

export interface MatchEvidence {
  readonly field: 'creditCode' | 'cmaNumber' | 'name' | 'region';
  /** The register's word; null where it has none. */
  readonly ours: string | null;
  /** The department's word; null where it has none. */
  readonly theirs: string | null;
  /** null where one of them has no word, or a vaguer one. */
  readonly agrees: boolean | null;
}

const orNull = (text: string): string | null => (text === '' ? null : text);

function comparison(
  field: MatchEvidence['field'],
  ours: string | null,
  theirs: string | null,
  agree: (ours: string, theirs: string) => boolean | null,
): MatchEvidence[] {
  if (ours === null && theirs === null) return [];
  return [{ field, ours, theirs, agrees: ours === null || theirs === null ? null : agree(ours, theirs) }];
}

/** @returns in the order in which evidence counts; facts of which nobody has a word are left out */
export function evidenceOf(subject: SubjectFacts, entry: Omit<DirectoryEntry, 'localId'>): readonly MatchEvidence[] {
  return [
    ...comparison('creditCode', subject.creditCode, entry.creditCode, (ours, theirs) => ours === theirs),
    ...comparison('cmaNumber', orNull(subject.cmaNumbers.join(', ')), orNull(entry.cmaNumbers.join(', ')), () =>
      subject.cmaNumbers.some((number) => entry.cmaNumbers.includes(number)),
    ),
    ...comparison('name', orNull(subject.name), orNull(entry.name), (ours, theirs) => areOneName(ours, theirs)),
    ...comparison('region', subject.regionCode, entry.regionCode, (ours, theirs) => {
      const places = comparePlaces(ours, theirs);
      return places === 'VAGUE' ? null : places === 'SAME';
    }),
  ];
}

function areOneName(a: string, b: string): boolean {
  return comparableName(a) === comparableName(b) || (looseName(a) === looseName(b) && legalFormsAgree(a, b));
}
