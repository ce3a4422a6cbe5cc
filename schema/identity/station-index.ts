/** One department's directory, indexed for matching local numbers with institutions. Pure. */
import type { DirectoryEntry } from '../ports.ts';
import { comparableName, legalFormsAgree, looseName } from './institution-name.ts';
import { comparePlaces } from './place.ts';
import { NO_DECISIONS, type Confirmation, type DepartmentDecisions } from './station-decisions.ts';
import type { SharedIdentity, SubjectFacts } from './subject-facts.ts';

export type MatchedBy = 'CREDIT_CODE' | 'CMA_NUMBER' | 'NAME_AND_REGION' | 'MANUAL';

export interface StationMatch {
  readonly entry: DirectoryEntry;
  readonly matchedBy: MatchedBy;
  /** 0..1: how sure the match is. */
  readonly confidence: number;
  /** Of a match by hand; null for all others. */
  readonly confirmation: Confirmation | null;
}

/** Why a match is for a person to judge. */
export type Doubt =
  /** The entry has the institution's CMA number and another one's credit code. */
  | 'OTHER_CODE'
  /** The register has the CMA number for another institution too. */
  | 'SHARED_NUMBER'
  /** Another institution of the region has the name too. */
  | 'SHARED_NAME'
  /** Several entries of the region have the name. */
  | 'SEVERAL_ENTRIES'
  /** The name is the same; of the place one side says nothing, or only the larger division. */
  | 'VAGUE_PLACE';

export interface StationCandidate {
  readonly entry: DirectoryEntry;
  readonly doubt: Doubt;
  /** 0..1, for putting the likelier one first. */
  readonly confidence: number;
}

export interface StationMatches {
  /** Sure enough to use. */
  readonly matches: readonly StationMatch[];
  /** Candidates that only a person can tell apart; never used. */
  readonly uncertain: readonly StationCandidate[];
}

/** A CMA number is issued once, but filings keep old ones; a name may be shared or left incomplete. */
const CONFIDENCE = { manual: 1, code: 1, cma: 0.98, name: 0.95, looseName: 0.85 } as const;
const DOUBTFUL: Readonly<Record<Doubt, number>> = {
  OTHER_CODE: 0.4,
  SHARED_NUMBER: 0.5,
  SHARED_NAME: 0.5,
  SEVERAL_ENTRIES: 0.5,
  VAGUE_PLACE: 0.6,
};

const NO_ENTRIES: readonly DirectoryEntry[] = [];

function push(index: Map<string, DirectoryEntry[]>, key: string, entry: DirectoryEntry): void {
  const entries = index.get(key);
  if (entries === undefined) index.set(key, [entry]);
  else entries.push(entry);
}

export class StationIndex {
  readonly #byCode = new Map<string, DirectoryEntry[]>();
  readonly #byCma = new Map<string, DirectoryEntry[]>();
  readonly #byLooseName = new Map<string, DirectoryEntry[]>();
  readonly #byLocalId = new Map<string, DirectoryEntry>();

  constructor(
    entries: readonly DirectoryEntry[],
    /** When the directory was read. */
    readonly asOf: Date,
  ) {
    for (const entry of entries) {
      this.#byLocalId.set(entry.localId, entry);
      if (entry.creditCode !== null) push(this.#byCode, entry.creditCode, entry);
      for (const number of entry.cmaNumbers) push(this.#byCma, number, entry);
      push(this.#byLooseName, looseName(entry.name), entry);
    }
  }

  entryOf(localId: string): DirectoryEntry | undefined {
    return this.#byLocalId.get(localId);
  }

  entries(): Iterable<DirectoryEntry> {
    return this.#byLocalId.values();
  }

  /** Every entry that has something of the institution: its code, one of its CMA numbers or its name, wherever. */
  entriesNear({ creditCode, cmaNumbers, name }: SubjectFacts): readonly DirectoryEntry[] {
    const found = [this.#byCode.get(creditCode), ...cmaNumbers.map((number) => this.#byCma.get(number))];
    return [...new Set([...found, this.#named(name)].flatMap((entries) => entries ?? []))];
  }

  /**
   * Finds an institution's local numbers: by a person's word, and by credit code, else by CMA number, else by name and
   * region; the first of these that finds something decides (domain reference: identity crosswalk). An entry under the
   * CMA number that names another credit code is for a person to judge. A name is not asked where a person has spoken.
   * @param shared what of its identity another institution has too, so that it proves nothing
   */
  match(
    subject: SubjectFacts,
    shared: SharedIdentity,
    decided: DepartmentDecisions = NO_DECISIONS.of(''),
  ): StationMatches {
    /** Nobody has given the entry to an institution, or denied it to this one. */
    const isFree = ({ localId }: DirectoryEntry): boolean =>
      decided.confirmationOf(localId) === null && !decided.isRejected(localId, subject.creditCode);
    const confirmed = decided.confirmedFor(subject.creditCode).flatMap((localId) => this.#confirmed(localId, decided));
    const byCode = (this.#byCode.get(subject.creditCode) ?? NO_ENTRIES).filter(isFree);
    if (byCode.length > 0) {
      return { matches: [...confirmed, ...certain(byCode, 'CREDIT_CODE', CONFIDENCE.code)], uncertain: [] };
    }
    const byCma = this.#matchByCma(subject, shared, isFree);
    if (byCma.matches.length > 0 || confirmed.length > 0) {
      return { matches: [...confirmed, ...byCma.matches], uncertain: byCma.uncertain };
    }
    const byName = this.#matchByName(subject, shared, isFree);
    const [matched, seen] = [entriesOf(byName.matches), entriesOf(byCma.uncertain)];
    return {
      matches: byName.matches,
      uncertain: [
        ...byCma.uncertain.filter(({ entry }) => !matched.has(entry)),
        ...byName.uncertain.filter(({ entry }) => !seen.has(entry)),
      ],
    };
  }

  #confirmed(localId: string, decided: DepartmentDecisions): StationMatch[] {
    const [entry, confirmation] = [this.#byLocalId.get(localId), decided.confirmationOf(localId)];
    if (entry === undefined || confirmation === null) return [];
    return [{ entry, matchedBy: 'MANUAL', confidence: CONFIDENCE.manual, confirmation }];
  }

  #matchByCma(subject: SubjectFacts, shared: SharedIdentity, isFree: (entry: DirectoryEntry) => boolean) {
    const under = (numbers: readonly string[]): DirectoryEntry[] => [
      ...new Set(numbers.flatMap((number) => this.#byCma.get(number) ?? NO_ENTRIES).filter(isFree)),
    ];
    const own = under(subject.cmaNumbers.filter((number) => !shared.cmaNumbers.has(number)));
    const others = under(subject.cmaNumbers).filter((entry) => !own.includes(entry));
    return {
      matches: certain(own.filter(isUnclaimed), 'CMA_NUMBER', CONFIDENCE.cma),
      uncertain: [
        ...doubtful(
          own.filter((entry) => !isUnclaimed(entry)),
          'OTHER_CODE',
        ),
        ...doubtful(others.filter(isUnclaimed), 'SHARED_NUMBER'),
      ],
    };
  }

  #matchByName(
    subject: SubjectFacts,
    shared: SharedIdentity,
    isFree: (entry: DirectoryEntry) => boolean,
  ): StationMatches {
    const named = this.#named(subject.name).filter(
      (entry) => isUnclaimed(entry) && isFree(entry) && legalFormsAgree(entry.name, subject.name),
    );
    if (named.length === 0) return NOTHING;
    const at = named.map((entry) => ({ entry, place: comparePlaces(entry.regionCode, subject.regionCode) }));
    const here = at.flatMap(({ entry, place }) => (place === 'SAME' ? [entry] : []));
    const name = comparableName(subject.name);
    const exact = here.filter((entry) => comparableName(entry.name) === name);
    const [entries, isShared, confidence] =
      exact.length > 0 ? [exact, shared.name, CONFIDENCE.name] : [here, shared.looseName, CONFIDENCE.looseName];
    const matches = entries.length === 1 && !isShared ? certain(entries, 'NAME_AND_REGION', confidence) : [];
    if (matches.length > 0) return { matches, uncertain: [] };
    const elsewhere = at.flatMap(({ entry, place }) => (place === 'VAGUE' ? [entry] : []));
    return {
      matches: [],
      uncertain: [
        ...doubtful(entries, isShared ? 'SHARED_NAME' : 'SEVERAL_ENTRIES'),
        ...doubtful(elsewhere, 'VAGUE_PLACE'),
      ],
    };
  }

  #named(name: string): readonly DirectoryEntry[] {
    const loose = looseName(name);
    return loose === '' ? NO_ENTRIES : (this.#byLooseName.get(loose) ?? NO_ENTRIES);
  }
}

/** Whether no credit code claims the entry. The subject's own code has been tried before anything else is. */
const isUnclaimed = (entry: DirectoryEntry): boolean => entry.creditCode === null;

const entriesOf = (found: readonly { readonly entry: DirectoryEntry }[]): ReadonlySet<DirectoryEntry> =>
  new Set(found.map(({ entry }) => entry));

const NOTHING: StationMatches = { matches: [], uncertain: [] };

function certain(
  entries: readonly DirectoryEntry[],
  matchedBy: Exclude<MatchedBy, 'MANUAL'>,
  confidence: number,
): StationMatch[] {
  return entries.map((entry) => ({ entry, matchedBy, confidence, confirmation: null }));
}

export function doubtful(entries: readonly DirectoryEntry[], doubt: Doubt): StationCandidate[] {
  return entries.map((entry) => ({ entry, doubt, confidence: DOUBTFUL[doubt] }));
}
