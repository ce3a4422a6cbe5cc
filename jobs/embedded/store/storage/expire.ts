/** Removes documents whose time, named by a TTL index, is over. */
import { find } from '../query/scan.ts';
import type { Storage } from './storage.ts';

/** So that one sweep does not hold up everybody else. */
const MOST_PER_SWEEP = 5_000;

/** @returns how many were removed */
export function removeExpired(storage: Storage, now: Date): number {
  let removed = 0;
  for (const collection of storage.collections()) {
    for (const { description } of collection.indexes) {
      const [path] = description.key[0] ?? [];
      if (description.expireAfterSeconds === null || path === undefined) continue;
      const limit = new Date(now.getTime() - description.expireAfterSeconds * 1_000);
      const question = { filter: { [path]: { $lte: limit } }, sort: [], skip: 0, limit: MOST_PER_SWEEP, hint: null };
      storage.statement(() => {
        for (const expired of [...find(storage, collection, question)]) {
          storage.remove(collection, expired);
          removed++;
        }
      });
    }
  }
  return removed;
}
