/**
 * A set of records as a tree of digests: two sets are equal when their roots are, and where they differ only the leaves
 * that differ need to be looked at. The order of adding does not matter. Pure.
 */
import { createHash } from 'node:crypto';

const DIGEST_BYTES = 32;
/** 16 branches of 16 leaves: with 100,000 records a leaf has about 400. */
const FANOUT = 16;

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The leaf in which a record lies, 0 to 255. */
export const leafOf = (recordId: string): number => sha256(recordId)[0] ?? 0;

export class HashTree {
  readonly #leaves = Array.from({ length: FANOUT * FANOUT }, () => Buffer.alloc(DIGEST_BYTES));
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param hash digest of the record's facts */
  add(recordId: string, hash: string): void {
    const leaf = this.#leaves[leafOf(recordId)];
    const digest = sha256(recordId, '\0', hash);
    if (leaf === undefined) return;
    for (let index = 0; index < DIGEST_BYTES; index++) leaf[index] = (leaf[index] ?? 0) ^ (digest[index] ?? 0);
    this.#count++;
  }

  /** Hex, 64 characters. */
  root(): string {
    return sha256(...this.#branches(), String(this.#count)).toString('hex');
  }

  /** Numbers of the leaves that are not the same in both trees. */
  differingLeaves(other: HashTree): readonly number[] {
    const [own, others] = [this.#branches(), other.#branches()];
    return own.flatMap((branch, index) => {
      if (others[index]?.equals(branch) === true) return [];
      return Array.from({ length: FANOUT }, (_, leaf) => index * FANOUT + leaf).filter(
        (leaf) => this.#leaves[leaf]?.equals(other.#leaves[leaf] ?? Buffer.alloc(0)) !== true,
      );
    });
  }

  #branches(): readonly Buffer[] {
    return Array.from({ length: FANOUT }, (_, index) =>
      sha256(...this.#leaves.slice(index * FANOUT, (index + 1) * FANOUT)),
    );
  }
}
