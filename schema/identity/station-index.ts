/** One department's directory, indexed for matching local numbers with institutions. Pure. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { DirectoryEntry } from '../ports.ts';
import { currentRegionCode, parseRegionCode } from '../region/region.ts';
import { comparableName, legalFormsAgree, looseName } from './institution-name.ts';

/** What is known of an institution when its local numbers are looked for. */
export interface SubjectFacts {
  readonly creditCode: CreditCode;
  readonly name: string;
  readonly regionCode: string | null;
  readonly cmaNumbers: readonly string[];
}

export type MatchedBy = 'CREDIT_CODE' | 'CMA_NUMBER' | 'NAME_AND_REGION';

export interface StationMatch {
  readonly entry: DirectoryEntry;
  readonly matchedBy: MatchedBy;
  /** 0..1: how sure the match is. */
  readonly confidence: number;
}

/** What the institution shares with another one of its region, as far as is known. */
export interface SharedNames {
  readonly name: boolean;
  /** The name without its legal form. */
  readonly looseName: boolean;
}

export interface StationMatches {
  /** Sure enough to use. */
  readonly matches: readonly StationMatch[];
  /** Candidates that only a person can tell apart; never used. */
  readonly uncertain: readonly DirectoryEntry[];
}

/** A CMA number is issued once, but filings keep old ones; a name may be shared or left incomplete. */
const CONFIDENCE = { code: 1, cma: 0.98, name: 0.95, looseName: 0.85 } as const;

/** A retired division code and its successor are one place; '' where the place is not known. */
export function regionKey(code: string | null): string {
  if (code === null) return '';
  try {
    return currentRegionCode(parseRegionCode(code));
  } catch {
    return code;
  }
}

function push<K>(index: Map<K, DirectoryEntry[]>, key: K, entry: DirectoryEntry): void {
  const entries = index.get(key);
  if (entries === undefined) index.set(key, [entry]);
  else entries.push(entry);
}

export class StationIndex {
  readonly #byCode = new Map<string, DirectoryEntry[]>();
  readonly #byCma = new Map<string, DirectoryEntry[]>();
  readonly #byName = new Map<string, DirectoryEntry[]>();
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
      const region = regionKey(entry.regionCode);
      push(this.#byName, `${region} ${comparableName(entry.name)}`, entry);
      push(this.#byLooseName, `${region} ${looseName(entry.name)}`, entry);
    }
  }

  entryOf(localId: string): DirectoryEntry | undefined {
    return this.#byLocalId.get(localId);
  }

  /**
   * Finds an institution's local numbers: by credit code, else by CMA number, else by name and region; the first of
   * these that finds something decides (domain reference: identity crosswalk). An entry under the CMA number that names
   * another credit code is for a person to judge.
   * @param shared whether another institution of the region has the same name, or the same but for its legal form, so
   * that the name proves nothing
   */
  match(subject: SubjectFacts, shared: SharedNames): StationMatches {
    const byCode = this.#byCode.get(subject.creditCode) ?? [];
    if (byCode.length > 0) return certain(byCode, 'CREDIT_CODE', CONFIDENCE.code);
    const byCma = [...new Set(subject.cmaNumbers.flatMap((number) => this.#byCma.get(number) ?? []))];
    const claimed = byCma.filter((entry) => !isOpen(entry));
    const found =
      byCma.length > claimed.length
        ? certain(byCma.filter(isOpen), 'CMA_NUMBER', CONFIDENCE.cma)
        : this.#matchByName(subject, shared);
    return { matches: found.matches, uncertain: [...claimed, ...found.uncertain] };
  }

  #matchByName(subject: SubjectFacts, shared: SharedNames): StationMatches {
    const [name, loose] = [comparableName(subject.name), looseName(subject.name)];
    const region = regionKey(subject.regionCode);
    if (loose === '') return NOTHING;
    // A name proves nothing without the place.
    const placeless = region === '';
    const byName = (this.#byName.get(`${region} ${name}`) ?? []).filter(isOpen);
    if (byName.length > 0) return byNameOf(byName, CONFIDENCE.name, shared.name || placeless);
    const byLooseName = (this.#byLooseName.get(`${region} ${loose}`) ?? []).filter(
      (entry) => isOpen(entry) && legalFormsAgree(entry.name, subject.name),
    );
    return byNameOf(byLooseName, CONFIDENCE.looseName, shared.looseName || placeless);
  }
}

/** Whether no credit code claims the entry. The subject's own code has been tried before anything else is. */
const isOpen = (entry: DirectoryEntry): boolean => entry.creditCode === null;

const NOTHING: StationMatches = { matches: [], uncertain: [] };

function certain(entries: readonly DirectoryEntry[], matchedBy: MatchedBy, confidence: number): StationMatches {
  return { matches: entries.map((entry) => ({ entry, matchedBy, confidence })), uncertain: [] };
}

function byNameOf(entries: readonly DirectoryEntry[], confidence: number, isDoubtful: boolean): StationMatches {
  return entries.length === 1 && !isDoubtful
    ? certain(entries, 'NAME_AND_REGION', confidence)
    : { matches: [], uncertain: entries };
}
