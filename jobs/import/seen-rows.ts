/** Remembers which records a file has named, in a few bytes each: a file may have millions of rows. */
import { createHash } from 'node:crypto';

const WORDS = 4;
const FIRST_CAPACITY = 4_096;
const MOST_FILLED = 0.7;

export type Sighting = 'NEW' | 'SAME' | 'OTHER';

function digestWords(text: string): readonly [number, number] {
  const digest = createHash('sha256').update(text).digest();
  // Zero marks an empty place.
  return [digest.readUInt32LE(0) || 1, digest.readUInt32LE(4)];
}

/**
 * A hash table in one block of memory: 64 bits of the record id's digest and 64 of the content's. Two ids of a million
 * are taken for each other with a probability below one in ten million.
 */
export class SeenRows {
  #table = new Uint32Array(FIRST_CAPACITY * WORDS);
  #capacity = FIRST_CAPACITY;
  #count = 0;

  /** @returns whether the id is new, was seen with the same content, or with another one (which stays) */
  see(recordId: string, content: string): Sighting {
    const [id0, id1] = digestWords(recordId);
    const [content0, content1] = digestWords(content);
    const at = this.#placeOf(id0, id1);
    if (this.#table[at] !== 0)
      return this.#table[at + 2] === content0 && this.#table[at + 3] === content1 ? 'SAME' : 'OTHER';
    this.#table.set([id0, id1, content0, content1], at);
    this.#count += 1;
    if (this.#count > this.#capacity * MOST_FILLED) this.#grow();
    return 'NEW';
  }

  /** Where the id is, or the empty place for it. */
  #placeOf(id0: number, id1: number): number {
    let place = id0 % this.#capacity;
    for (;;) {
      const at = place * WORDS;
      if (this.#table[at] === 0 || (this.#table[at] === id0 && this.#table[at + 1] === id1)) return at;
      place = (place + 1) % this.#capacity;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#capacity *= 2;
    this.#table = new Uint32Array(this.#capacity * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      const entry = old.subarray(at, at + WORDS);
      const [id0 = 0, id1 = 0] = entry;
      if (id0 !== 0) this.#table.set(entry, this.#placeOf(id0, id1));
    }
  }
}
