/** Documents that are handed out over several calls. */
import type { Fields } from '../bson/values.ts';
import type { Collection, Storage } from '../storage/storage.ts';
import { compileFilter } from './matcher.ts';
import { candidateRecords, find, planFor, type Question } from './scan.ts';

/**
 * The documents of an answer. A long one is remembered by record and read when it is asked for, so that nothing is held
 * open between two calls; a record that has gone or changed away in between is left out.
 */
export function* lasting(
  storage: Storage,
  collection: Collection,
  question: Question,
): Generator<{ readonly document: Fields; readonly bytes: Buffer }> {
  const plan = planFor(collection, question);
  const isSorted = question.sort.length === 0 || (plan.index !== null && plan.isSorted);
  if (!isSorted || question.limit > 0 || question.skip > 0) {
    yield* [...find(storage, collection, question)];
    return;
  }
  const matches = compileFilter(question.filter);
  for (const record of candidateRecords(storage, collection, plan, question)) {
    const stored = storage.read(collection, record);
    if (stored !== null && matches(stored.document)) yield stored;
  }
}
