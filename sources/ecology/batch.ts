/** One read of many requests: conditions out, records back to the request that asked for them. */
import type { z } from 'zod';
import type { MalformedRecord } from '../../schema/ports.ts';
import type { AdapterCall, DraftSet } from '../kit/adapter.ts';
import { MalformedField, readRow, withoutDuplicates, type ReadRow } from '../kit/read-rows.ts';
import { ask, type Condition, type EcologyPlatform } from './envelope.ts';
import type { Operation, RecordElement } from './operations.ts';
import { peek } from './unstable-keys.ts';

/** Reads one record of one request; the elements of one body have different dictionaries. */
export type ReadRecord<R, D> = (record: unknown, request: R) => ReadRow<D>;

/** By which of its keys a record answers a request. */
export interface Ownership<W, R> {
  /** The key that is named when a record answers nobody's question. */
  readonly key: string;
  answers(wire: W, request: R): boolean;
}

/**
 * @param idName the key that names the record where the rest of it cannot be read
 * @param ownership a record of somebody who was not asked about is malformed: it must neither be shown under another
 *   name nor pass silently
 * @param toDraft pure; null = the record is outside the request's filters
 */
export function reader<W, R, D>(
  wire: z.ZodType<W>,
  idName: string,
  ownership: Ownership<NoInfer<W>, R>,
  toDraft: (wire: W, request: R) => D | null,
): ReadRecord<R, D> {
  const recordIdOf = (row: unknown): string | null => peek(row, idName);
  return (record, request) =>
    readRow(record, {
      wire,
      recordIdOf,
      toDraft(row) {
        if (!ownership.answers(row, request)) {
          throw new MalformedField(ownership.key, 'belongs to somebody who was not asked about');
        }
        return toDraft(row, request);
      },
    });
}

export interface BatchRead<R, D> {
  readonly operation: Operation;
  /** null = there is nothing by which the platform could find this one; it is answered without asking. */
  conditionOf(request: R): Condition | null;
  /** How records are read, by element. */
  readonly readers: Partial<Readonly<Record<RecordElement, ReadRecord<R, D>>>>;
  /** The order that the hub promises; the platform's own order is not relied on. */
  order(left: NoInfer<D>, right: NoInfer<D>): number;
  /** At most this many per request, after ordering. */
  limitOf?(request: R): number;
}

/** One call for all requests; one set per request, same order; records that are sent twice are taken once. */
export async function readBatch<R, D extends { readonly sourceRecordId: string }>(
  platform: EcologyPlatform,
  call: AdapterCall,
  requests: readonly R[],
  read: BatchRead<R, D>,
): Promise<DraftSet<D>[]> {
  const conditions = requests.map((request) => read.conditionOf(request));
  const asked = conditions.filter((condition) => condition !== null);
  const answers = (await ask(platform, call, read.operation, asked)).values();
  return requests.map((request, index) => {
    if (conditions[index] === null) return { drafts: [], malformed: [] };
    const drafts: D[] = [];
    const malformed: MalformedRecord[] = [];
    for (const { element, record } of answers.next().value ?? []) {
      const row = read.readers[element]?.(record, request) ?? { draft: null };
      if ('malformed' in row) malformed.push(row.malformed);
      else if (row.draft !== null) drafts.push(row.draft);
    }
    const once = withoutDuplicates({ drafts, malformed }, ({ sourceRecordId }) => sourceRecordId);
    const ordered = [...once.drafts].sort((left, right) => read.order(left, right));
    return { drafts: ordered.slice(0, read.limitOf?.(request)), malformed };
  });
}
