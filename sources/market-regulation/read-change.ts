/** One row of a feed: a row of the read beside it, with the columns of the provincial collection. */
import { z } from 'zod';
import type { MalformedRecord, SubjectKey } from '../../schema/ports.ts';
import type { DraftChange } from '../kit/adapter.ts';
import { readNativeInstant } from '../kit/native-dates.ts';
import { field, MalformedField, readRow } from '../kit/read-rows.ts';
import type { RowReader } from '../kit/read-rows.ts';
import { isSet } from './codes.ts';
import { OptionalText, Text } from './wire.ts';

const CollectionWire = z.object({ TONG_TIME: Text, DEL_FLAG: OptionalText });

/** How the rows of one feed are read. */
export interface ChangeReader<W, D> extends RowReader<W, D> {
  /** Under what the department files the record. Throws {@link MalformedField}. */
  subjectsOf(draft: D, row: unknown): readonly SubjectKey[];
}

export type ReadChange<D> =
  | { readonly updatedAt: Date; readonly recordId: string; readonly change: DraftChange<D> }
  | { readonly updatedAt: Date | null; readonly malformed: MalformedRecord };

function collectionOf({ TONG_TIME, DEL_FLAG }: z.infer<typeof CollectionWire>) {
  const collectedAt = field('TONG_TIME', () => readNativeInstant(TONG_TIME));
  if (collectedAt === null) throw new MalformedField('TONG_TIME', 'holds no time');
  return { collectedAt, isWithdrawn: field('DEL_FLAG', () => isSet(DEL_FLAG)) };
}

/**
 * Reads one row. Withdrawn rows are deletions, and so are rows that are not for the hub (a natural person, a decision
 * without force), because an earlier form of the row may have been kept; nothing but their record id is passed on.
 */
export function readChange<W, D extends { readonly sourceRecordId: string }>(
  row: unknown,
  reader: ChangeReader<W, D>,
): ReadChange<D> | null {
  const recordIdOf = (unread: unknown): string | null => reader.recordIdOf(unread);
  const collection = readRow(row, { wire: CollectionWire, toDraft: collectionOf, recordIdOf });
  if ('malformed' in collection) return { updatedAt: null, malformed: collection.malformed };
  if (collection.draft === null) return null;
  const { collectedAt: updatedAt, isWithdrawn } = collection.draft;
  if (!isWithdrawn) {
    const read = readRow(row, {
      wire: reader.wire,
      recordIdOf,
      toDraft: (wire) => {
        const draft = reader.toDraft(wire);
        return draft === null ? null : { draft, subjects: reader.subjectsOf(draft, row) };
      },
    });
    if ('malformed' in read) return { updatedAt, malformed: read.malformed };
    if (read.draft !== null) {
      const { draft, subjects } = read.draft;
      return { updatedAt, recordId: draft.sourceRecordId, change: { kind: 'UPSERT', updatedAt, subjects, draft } };
    }
  }
  const recordId = recordIdOf(row);
  return recordId === null
    ? { updatedAt, malformed: { recordId, field: '(record)', problem: 'is withdrawn, but does not say which it is' } }
    : { updatedAt, recordId, change: { kind: 'DELETE', recordId, updatedAt } };
}
