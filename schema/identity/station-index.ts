/** One department's directory, indexed for matching local numbers with institutions. Pure. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { DirectoryEntry } from '../ports.ts';
import { currentRegionCode, parseRegionCode } from '../region/region.ts';
import { comparableName, looseName } from './institution-name.ts';

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

export interface StationMatches {
  /** Sure enough to use. */
  readonly matches: readonly StationMatch[];
  /** Candidates that only a person can tell apart; never used. */
  readonly uncertain: readonly DirectoryEntry[];
}

/** A CMA number is issued once, but filings keep old ones; a name may be shared or left incomplete. */
const CONFIDENCE = { code: 1, cma: 0.98, name: 0.95, looseName: 0.85 } as const;

function regionKey(code: string | null): string {
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
   * these that finds something decides (domain reference: identity crosswalk).
   * @param nameIsShared another institution of the region has the same name, so the name proves nothing
   */
  match(subject: SubjectFacts, nameIsShared: boolean): StationMatches {
    const byCode = this.#byCode.get(subject.creditCode) ?? [];
    if (byCode.length > 0) return certain(byCode, 'CREDIT_CODE', CONFIDENCE.code);
    const byCma = new Set(subject.cmaNumbers.flatMap((number) => this.#byCma.get(number) ?? []));
    if (byCma.size > 0) return certain([...byCma], 'CMA_NUMBER', CONFIDENCE.cma);
    const region = regionKey(subject.regionCode);
    const byName = this.#open(this.#byName.get(`${region} ${comparableName(subject.name)}`), subject);
    if (byName.length > 0) return byNameOf(byName, CONFIDENCE.name, nameIsShared);
    const byLooseName = this.#open(this.#byLooseName.get(`${region} ${looseName(subject.name)}`), subject);
    return byNameOf(byLooseName, CONFIDENCE.looseName, nameIsShared);
  }

  /** Entries that are not claimed by another credit code. */
  #open(entries: readonly DirectoryEntry[] | undefined, subject: SubjectFacts): readonly DirectoryEntry[] {
    return (entries ?? []).filter((entry) => entry.creditCode === null || entry.creditCode === subject.creditCode);
  }
}

function certain(entries: readonly DirectoryEntry[], matchedBy: MatchedBy, confidence: number): StationMatches {
  return { matches: entries.map((entry) => ({ entry, matchedBy, confidence })), uncertain: [] };
}

function byNameOf(entries: readonly DirectoryEntry[], confidence: number, nameIsShared: boolean): StationMatches {
  return entries.length === 1 && !nameIsShared
    ? certain(entries, 'NAME_AND_REGION', confidence)
    : { matches: [], uncertain: entries };
}
