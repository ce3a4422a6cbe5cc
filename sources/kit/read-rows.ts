/** From a department's rows to drafts, row by row: one unreadable row never takes the others with it. */
import type { z } from 'zod';
import type { MalformedRecord } from '../../schema/ports.ts';
import type { DraftSet } from './adapter.ts';

/** Thrown by a map function when one field's value cannot be converted. */
export class MalformedField extends Error {
  override readonly name = 'MalformedField';
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(problem);
  }
}

/**
 * Converts one field and names it when that fails.
 * @param name the department's own name of the field
 * @param convert throws any Error when the value does not fit
 */
export function field<T>(name: string, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    throw new MalformedField(name, error instanceof Error ? error.message : 'cannot be read');
  }
}

export interface RowReader<W, D> {
  /** The department's own names, as it really sends them. */
  readonly wire: z.ZodType<W>;
  /** Pure; null = the row is not for the hub (a deleted row, a natural person). Throws {@link MalformedField}. */
  toDraft(row: W): D | null;
  /** The record id, read from a row that may be malformed elsewhere. */
  recordIdOf(row: unknown): string | null;
}

export type ReadRow<D> = { readonly draft: D | null } | { readonly malformed: MalformedRecord };

export function readRow<W, D>(row: unknown, reader: RowReader<W, D>): ReadRow<D> {
  const parsed = reader.wire.safeParse(row);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const fieldName = issue?.path.map(String).join('.') ?? '';
    return {
      malformed: {
        recordId: reader.recordIdOf(row),
        field: fieldName === '' ? '(record)' : fieldName,
        problem: issue?.message ?? 'cannot be read',
      },
    };
  }
  try {
    return { draft: reader.toDraft(parsed.data) };
  } catch (error) {
    if (!(error instanceof MalformedField)) throw error;
    return { malformed: { recordId: reader.recordIdOf(row), field: error.field, problem: error.message } };
  }
}

/** Reads the rows of one request's answer. */
export function readRows<W, D>(rows: readonly unknown[], reader: RowReader<W, D>): DraftSet<D> {
  const drafts: D[] = [];
  const malformed: MalformedRecord[] = [];
  for (const row of rows) {
    const read = readRow(row, reader);
    if ('malformed' in read) malformed.push(read.malformed);
    else if (read.draft !== null) drafts.push(read.draft);
  }
  return { drafts, malformed };
}

/**
 * Hands out the rows of one reply to the requests of one batch.
 * @param requestKeys per request the keys (credit code or local numbers) under which its rows may come
 * @param keyOf a row's key; a row whose key cannot be read and that is malformed counts against every request
 * @returns one set per request, same order; rows keep the reply's order
 */
export function answerByKey<W, D>(
  requestKeys: readonly (readonly string[])[],
  rows: readonly unknown[],
  keyOf: (row: unknown) => string | null,
  reader: RowReader<W, D>,
): DraftSet<D>[] {
  const sets = requestKeys.map(() => ({ drafts: [] as D[], malformed: [] as MalformedRecord[] }));
  const requestsOfKey = new Map<string, number[]>();
  requestKeys.forEach((keys, index) => {
    for (const key of new Set(keys)) requestsOfKey.set(key, [...(requestsOfKey.get(key) ?? []), index]);
  });
  for (const row of rows) {
    const key = keyOf(row);
    const read = readRow(row, reader);
    const owners = key === null ? undefined : requestsOfKey.get(key);
    if ('malformed' in read) {
      const blamed = key === null ? sets.keys() : (owners ?? []);
      for (const index of blamed) sets[index]?.malformed.push(read.malformed);
    } else if (read.draft !== null) {
      for (const index of owners ?? []) sets[index]?.drafts.push(read.draft);
    }
  }
  return sets;
}

/** Keeps the first of the rows that a department sent twice. */
export function withoutDuplicates<D>(set: DraftSet<D>, identityOf: (draft: D) => string): DraftSet<D> {
  const seen = new Set<string>();
  const drafts = set.drafts.filter((draft) => {
    const identity = identityOf(draft);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
  return { drafts, malformed: set.malformed };
}
