/**
 * Institutions whose names are like a station's, for a person to look at: of the same prefecture, by the pairs of
 * characters that both have. What nearly every name of the prefecture has counts little.
 */
import type { DirectoryEntry } from '../ports.ts';
import { looseName } from './institution-name.ts';
import { comparePlaces, regionKey } from './place.ts';
import type { SubjectFacts } from './subject-facts.ts';

/** More are of no help to a person. */
const MOST = 3;
/** Less is nothing but 检测有限公司. */
const LEAST_LIKENESS = 0.3;
const OTHER_COUNTY = 0.8;
const PREFECTURE_DIGITS = 4;

export interface NearName {
  readonly subject: SubjectFacts;
  /** 0..1: share of what both names say in all that they say. */
  readonly likeness: number;
}

interface Named {
  readonly subject: SubjectFacts;
  readonly pairs: ReadonlySet<string>;
}

interface Prefecture {
  readonly named: readonly Named[];
  /** How telling a pair is: the fewer names have it, the more; one that none has tells nothing. */
  readonly weightOf: (pair: string) => number;
}

const prefectureOf = (regionCode: string | null): string => regionKey(regionCode).slice(0, PREFECTURE_DIGITS);

function pairsOf(name: string): ReadonlySet<string> {
  const characters = Array.from(looseName(name));
  return new Set(characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`));
}

function prefecture(subjects: readonly SubjectFacts[]): Prefecture {
  const named = subjects.map((subject) => ({ subject, pairs: pairsOf(subject.name) }));
  const counts = new Map<string, number>();
  for (const { pairs } of named) for (const pair of pairs) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const weightOf = (pair: string): number => {
    const count = counts.get(pair);
    return count === undefined ? 0 : Math.log(1 + named.length / count);
  };
  return { named, weightOf };
}

export class NearNames {
  readonly #subjects = new Map<string, SubjectFacts[]>();
  readonly #prefectures = new Map<string, Prefecture>();

  constructor(subjects: Iterable<SubjectFacts>) {
    for (const subject of subjects) {
      const key = prefectureOf(subject.regionCode);
      const known = this.#subjects.get(key);
      if (known === undefined) this.#subjects.set(key, [subject]);
      else known.push(subject);
    }
  }

  /** @returns the likest first, at most three; none where the station's prefecture is not known */
  of({ name, regionCode }: Pick<DirectoryEntry, 'name' | 'regionCode'>): readonly NearName[] {
    const key = prefectureOf(regionCode);
    if (key.length < PREFECTURE_DIGITS) return [];
    const { named, weightOf } = this.#prefecture(key);
    const pairs = pairsOf(name);
    const weights = new Map([...pairs].map((pair) => [pair, weightOf(pair)]));
    const weightOfAll = sum(weights.values());
    return named
      .map(({ subject, pairs: theirs }) => {
        let shared = 0;
        for (const [pair, weight] of weights) if (theirs.has(pair)) shared += weight;
        if (shared < LEAST_LIKENESS * weightOfAll) return { subject, likeness: 0 };
        const own = sum([...theirs].map(weightOf));
        const place = comparePlaces(subject.regionCode, regionCode) === 'OTHER' ? OTHER_COUNTY : 1;
        return { subject, likeness: (place * shared) / (own + weightOfAll - shared) };
      })
      .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
      .sort((a, b) => b.likeness - a.likeness || (a.subject.creditCode < b.subject.creditCode ? -1 : 1))
      .slice(0, MOST);
  }

  #prefecture(key: string): Prefecture {
    const known = this.#prefectures.get(key) ?? prefecture(this.#subjects.get(key) ?? []);
    this.#prefectures.set(key, known);
    return known;
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
