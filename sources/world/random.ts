import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Reproducible dice. There is one per (seed, institution, topic), so that every kind of fact can be derived alone and in
 * any order: what is asked about one institution never shifts what another one answers.
 */
export class Dice {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  /**
   * @param seed of the world, or of one emission test's process data.
   * @param index of the institution, from 0.
   * @param topic what the numbers are used for, e.g. "visits".
   */
  constructor(seed: number, index: number, topic: string) {
    this.#generator = xoroshiro128plus(hash32(seed, index, topic));
    // The generator shows its 32-bit seed in the first number.
    this.#generator.next();
    this.#generator.next();
  }

  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number {
    return (this.#generator.next() >>> 0) / 0x1_0000_0000;
  }

  /** A number between the two, rounded to so many decimals. */
  decimal(from: number, to: number, decimals: number): number {
    return roundTo(from + (to - from) * this.fraction(), decimals);
  }

  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** @throws RangeError when the list is empty. */
  pick<T>(list: readonly T[]): T {
    return at(list, this.int(0, list.length - 1));
  }

  /** Like `pick`, each entry as often as its weight says. */
  pickWeighted<T extends { readonly weight: number }>(list: readonly T[]): T {
    let rest = this.fraction() * list.reduce((sum, { weight }) => sum + weight, 0);
    for (const entry of list) {
      rest -= entry.weight;
      if (rest < 0) return entry;
    }
    return at(list, list.length - 1);
  }
}

/** A 32-bit hash of the three parts; neighbouring indexes share nothing. */
export function hash32(seed: number, index: number, topic: string): number {
  let hash = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b);
  for (let position = 0; position < topic.length; position += 1) {
    hash = Math.imul(hash ^ topic.charCodeAt(position), 0x0100_0193);
  }
  hash ^= Math.imul(index + 1, 0xc2b2_ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Rounds half away from zero to so many decimals. */
export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/**
 * The element at a place that must exist.
 * @throws RangeError when it does not.
 */
export function at<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new RangeError(`There is no element ${index} in a list of ${list.length}.`);
  return element;
}
