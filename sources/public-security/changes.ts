/** What changed at the police: one provincial query per kind of row, read page by page (18Q91, 18Q92, 18Q93). */
import type { ChangesQuery, MalformedRecord, SubjectKey } from '../../schema/ports.ts';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import type { AdapterCall, DraftChange, DraftChangesPage, SourceAdapter } from '../kit/adapter.ts';
import { readRow, type ReadRow } from '../kit/read-rows.ts';
import { conditionOf, placeRows, type PlacedRow } from './change-page.ts';
import type { WireRow } from './envelope.ts';
import { readFacility } from './facilities.ts';
import type { ChangeInterface } from './operations.ts';
import { filingReader, inspectionReader, institutionReader, textAt } from './readers.ts';
import type { PoliceService } from './service.ts';

interface Feed<D> {
  readonly jkid: ChangeInterface;
  /** The field that holds the station's number. */
  readonly station: string;
  readonly read: (row: WireRow) => ReadRow<D>;
}

type Outcome<D> = { readonly change: DraftChange<D> } | { readonly malformed: MalformedRecord };

/** @param province the character that the police leave off plates */
export function createFeeds(service: PoliceService, province: string): NonNullable<SourceAdapter['changes']> {
  const pageOf = async <D extends { readonly sourceRecordId: string }>(
    feed: Feed<D>,
    query: ChangesQuery,
    call: AdapterCall,
  ): Promise<DraftChangesPage<D>> => {
    const answer = await service.ask(call, feed.jkid, [conditionOf(query)]);
    const { rows, malformed, next, newestAt } = placeRows(answer, query.limit);
    const outcomes = rows.map((placed) => outcomeOf(placed, feed));
    return {
      changes: outcomes.flatMap((outcome) => ('change' in outcome ? [outcome.change] : [])),
      malformed: [...malformed, ...outcomes.flatMap((outcome) => ('malformed' in outcome ? [outcome.malformed] : []))],
      next,
      newestAt,
      // The gateway does not count what it would answer in all.
      total: null,
    };
  };

  const verdicts = inspectionReader(province);
  return {
    institutions: (query, call) =>
      pageOf({ jkid: '18Q91', station: 'jczbh', read: (row) => readRow(row, institutionReader) }, query, call),

    qualifications(query, call) {
      const filings = filingReader(calendarDateOf(new Date()));
      return pageOf({ jkid: '18Q91', station: 'jczbh', read: (row) => readRow(row, filings) }, query, call);
    },

    facilities: (query, call) => pageOf({ jkid: '18Q92', station: 'jczbh', read: readFacility }, query, call),

    inspections: (query, call) =>
      pageOf({ jkid: '18Q93', station: 'jyjgbh', read: (row) => readRow(row, verdicts) }, query, call),
  };
}

function outcomeOf<D extends { readonly sourceRecordId: string }>(placed: PlacedRow, feed: Feed<D>): Outcome<D> {
  const { row, recordId, updatedAt } = placed;
  const gone: Outcome<D> = { change: { kind: 'DELETE', recordId, updatedAt } };
  if (placed.withdrawn) return gone;
  const read = feed.read(row);
  if ('malformed' in read) return { malformed: { ...read.malformed, recordId } };
  // A row that is not for the hub (any more), such as a filing that is applied for anew.
  if (read.draft === null) return gone;
  if (read.draft.sourceRecordId !== recordId)
    return { malformed: { recordId, field: 'jlbh', problem: 'is not the number of the record in the row' } };
  const number = textAt(feed.station)(row);
  const subjects: SubjectKey[] = number === null ? [] : [`local:${number}`];
  return { change: { kind: 'UPSERT', updatedAt, subjects, draft: read.draft } };
}
