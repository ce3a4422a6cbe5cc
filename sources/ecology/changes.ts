/** One page of a change feed: what was uploaded since a time, deleted records as rows with a flag. */
import type { z } from 'zod';
import { HubError } from '../../schema/errors.ts';
import type { ChangesQuery, MalformedRecord, SubjectKey } from '../../schema/ports.ts';
import type { AdapterCall, DraftChange, DraftChangesPage } from '../kit/adapter.ts';
import { field, readRow, type ReadRow } from '../kit/read-rows.ts';
import { askPage, type EcologyPlatform, type PageEnd } from './envelope.ts';
import type { Operation, RecordElement } from './operations.ts';
import { byText } from './order.ts';
import { peek } from './unstable-keys.ts';
import { compactTime, instant } from './values.ts';
import { ChangeWire } from './wire.ts';

interface Identified {
  readonly sourceRecordId: string;
}

/** Reads one row of a feed. */
export type ReadChange<D> = (record: unknown) => ReadRow<DraftChange<D>>;

/**
 * @param idName the key that names the record, also in a row that says that it is deleted
 * @param toDraft the same as for the reads
 * @param subjectsOf under which keys the reads find the record; throws MalformedField where they never would
 */
export function changeReader<W, D extends Identified>(
  wire: z.ZodType<W>,
  idName: string,
  toDraft: (wire: W) => D,
  subjectsOf: (wire: NoInfer<W>) => readonly SubjectKey[],
): ReadChange<D> {
  const recordIdOf = (row: unknown): string | null => peek(row, idName);
  return (record) => {
    const marks = readRow(record, {
      wire: ChangeWire,
      recordIdOf,
      toDraft: ({ Uptime, DelFlag }) => ({
        updatedAt: field('Uptime', () => instant(Uptime)),
        isDeleted: DelFlag === '1',
      }),
    });
    if ('malformed' in marks) return marks;
    if (marks.draft === null) return { draft: null };
    const { updatedAt, isDeleted } = marks.draft;
    if (!isDeleted) {
      return readRow(record, {
        wire,
        recordIdOf,
        toDraft: (row) => ({ kind: 'UPSERT' as const, updatedAt, subjects: subjectsOf(row), draft: toDraft(row) }),
      });
    }
    const recordId = recordIdOf(record);
    return recordId === null
      ? { malformed: { recordId, field: idName, problem: 'is missing' } }
      : { draft: { kind: 'DELETE', recordId, updatedAt } };
  };
}

const POSITION = /^(?<time>\d{14})~(?<id>.+)$/;

/** @throws HubError INPUT_INVALID for a text that is no `next` of a page */
function positionOf(after: string): PageEnd {
  const { time, id } = POSITION.exec(after)?.groups ?? {};
  if (time === undefined || id === undefined)
    throw new HubError('INPUT_INVALID', 'No page of changes of Ecology ends where this one should begin.');
  return { time, id };
}

function recordIdOf(change: DraftChange<Identified>): string {
  return change.kind === 'DELETE' ? change.recordId : change.draft.sourceRecordId;
}

function inOrder(left: DraftChange<Identified>, right: DraftChange<Identified>): number {
  const difference = (left.updatedAt?.getTime() ?? 0) - (right.updatedAt?.getTime() ?? 0);
  return difference || byText(recordIdOf(left), recordIdOf(right));
}

/** Rows that the platform sends twice are taken once. */
function once<T>(elements: readonly T[], identityOf: (element: T) => string): T[] {
  return [...new Map(elements.map((element) => [identityOf(element), element])).values()];
}

function newestOf(records: readonly unknown[], end: PageEnd | null): Date | null {
  const times = [end?.time ?? null, ...records.map((record) => peek(record, 'Uptime'))].flatMap((text) => {
    try {
      return text === null ? [] : instant(text).getTime();
    } catch {
      return [];
    }
  });
  return times.length === 0 ? null : new Date(times.reduce((newest, time) => Math.max(newest, time)));
}

/** @param readers how rows are read, by element */
export function changeFeed<D extends Identified>(
  platform: EcologyPlatform,
  operation: Operation,
  readers: Partial<Readonly<Record<RecordElement, ReadChange<D>>>>,
): (query: ChangesQuery, call: AdapterCall) => Promise<DraftChangesPage<D>> {
  return async ({ since, after, limit }, call) => {
    // Times of upload have no milliseconds: the second in which `since` lies belongs to the answer.
    const condition = { kssj: since === null ? '' : compactTime(since), jssj: '', maxrows: String(limit) };
    const begin = after === null ? null : positionOf(after);
    const { records, end, total } = await askPage(platform, call, operation, condition, begin);
    const changes: DraftChange<D>[] = [];
    const malformed: MalformedRecord[] = [];
    for (const { element, record } of records) {
      const row = readers[element]?.(record) ?? { draft: null };
      if ('malformed' in row) malformed.push(row.malformed);
      else if (row.draft !== null) changes.push(row.draft);
    }
    return {
      changes: once(
        changes,
        (change) => `${change.kind} ${String(change.updatedAt?.getTime())} ${recordIdOf(change)}`,
      ).sort(inOrder),
      malformed: once(malformed, (each) => JSON.stringify(each)),
      next: end && `${end.time}~${end.id}`,
      newestAt: newestOf(
        records.map(({ record }) => record),
        end,
      ),
      total,
    };
  };
}
