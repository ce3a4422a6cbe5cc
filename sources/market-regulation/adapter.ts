/** Market regulation's reads. Each is one call for the whole batch, whatever its size. */
import type { ReportRequest, SubjectReference } from '../../schema/ports.ts';
import type { ReportRecord } from '../../schema/records.ts';
import type { AdapterCall, Draft, DraftSet, SourceAdapter } from '../kit/adapter.ts';
import { answerByKey } from '../kit/read-rows.ts';
import type { RowReader } from '../kit/read-rows.ts';
import { answerByCode, textAt } from './answer-by-code.ts';
import type { SubjectRowReader } from './answer-by-code.ts';
import { marketRegulationChanges } from './changes.ts';
import { askForNothing, askForRows } from './envelope.ts';
import { listInstitutions } from './list-institutions.ts';
import {
  CERTIFICATES_BY_NUMBER,
  INSTITUTIONS_BY_CODE,
  LIST_ENTRIES_BY_CODE,
  PENALTIES_BY_CODE,
  PING,
  QUALIFICATIONS_BY_CODE,
  REPORTS_BY_NUMBER,
  SEARCH_REPORTS,
} from './operations.ts';
import type { Operation } from './operations.ts';
import {
  certificateReader,
  institutionReader,
  listEntryReader,
  penaltyReader,
  qualificationReader,
  reportReader,
} from './readers.ts';
import {
  byRecordId,
  newestEntryFirst,
  newestPenaltyFirst,
  newestReportFirst,
  oldestVersionFirst,
  tidied,
} from './tidy.ts';

type Drafted = { readonly sourceRecordId: string };
type Order<D> = (left: D, right: D) => number;

/** A read by credit codes. */
function byCodes<W, D extends Drafted>(operation: Operation, reader: SubjectRowReader<W, D>, order?: Order<D>) {
  return async (requests: readonly SubjectReference[], call: AdapterCall): Promise<DraftSet<D>[]> => {
    if (requests.length === 0) return [];
    const codes = [...new Set(requests.map(({ creditCode }) => creditCode))];
    const { rows } = await askForRows(call, operation, { input: { codes } });
    return answerByCode(requests, rows, reader).map((set) => tidied(set, order));
  };
}

/** A read by numbers that the service compares as they are written. */
function byNumbers<W, D extends Drafted>(
  operation: Operation,
  column: string,
  reader: RowReader<W, D>,
  order: Order<D>,
) {
  return async (requests: readonly string[], call: AdapterCall): Promise<DraftSet<D>[]> => {
    if (requests.length === 0) return [];
    const numbers = requests.map((number) => number.trim());
    const { rows } = await askForRows(call, operation, { input: { numbers: [...new Set(numbers)] } });
    const keys = numbers.map((number) => [number]);
    return answerByKey(keys, rows, (row) => textAt(row, column), reader).map((set) => tidied(set, order));
  };
}

/** The condition that a row answers, counted from 0. */
function conditionOf(row: unknown): string | null {
  if (typeof row !== 'object' || row === null || !('CONDNO' in row)) return null;
  return typeof row.CONDNO === 'number' ? String(row.CONDNO) : null;
}

async function reports(
  requests: readonly ReportRequest[],
  call: AdapterCall,
): Promise<DraftSet<Draft<ReportRecord>>[]> {
  if (requests.length === 0) return [];
  const conditions = requests.map(({ creditCode, from, to, number, limit }) => ({
    UNISCID: creditCode,
    FROM: from,
    TO: to,
    NUMBER: number,
    LIMIT: limit,
  }));
  const { rows } = await askForRows(call, SEARCH_REPORTS, { input: { conditions } });
  const keys = requests.map((_, index) => [String(index)]);
  return answerByKey(keys, rows, conditionOf, reportReader).map((set, index) => {
    const { drafts, malformed } = tidied(set, newestReportFirst);
    return { drafts: drafts.slice(0, requests[index]?.limit), malformed };
  });
}

export const marketRegulationAdapter: SourceAdapter = {
  institutions: byCodes(INSTITUTIONS_BY_CODE, institutionReader),
  qualifications: byCodes(QUALIFICATIONS_BY_CODE, qualificationReader, oldestVersionFirst),
  penalties: byCodes(PENALTIES_BY_CODE, penaltyReader, newestPenaltyFirst),
  listEntries: byCodes(LIST_ENTRIES_BY_CODE, listEntryReader, newestEntryFirst),
  certificates: byNumbers(CERTIFICATES_BY_NUMBER, 'CERTNUMBER', certificateReader, byRecordId),
  reports,
  reportsByNumber: byNumbers(REPORTS_BY_NUMBER, 'JYJCBGBH', reportReader, newestReportFirst),
  listInstitutions,
  changes: marketRegulationChanges,
  ping: (call) => askForNothing(call, PING),
};
