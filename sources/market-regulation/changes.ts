/** The feeds of the provincial collection: one call for a page, in order of TONG_TIME and record id. */
import type { ChangesQuery, SubjectKey } from '../../schema/ports.ts';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import type { AdapterCall, DraftChange, DraftChangesPage, SourceAdapter } from '../kit/adapter.ts';
import { field } from '../kit/read-rows.ts';
import { textAt } from './answer-by-code.ts';
import type { SubjectRowReader } from './answer-by-code.ts';
import { askForRows } from './envelope.ts';
import {
  CERTIFICATE_CHANGES,
  INSTITUTION_CHANGES,
  LIST_ENTRY_CHANGES,
  PENALTY_CHANGES,
  QUALIFICATION_CHANGES,
  REPORT_CHANGES,
} from './operations.ts';
import type { Operation } from './operations.ts';
import { readChange } from './read-change.ts';
import type { ChangeReader, ReadChange } from './read-change.ts';
import {
  certificateReader,
  institutionReader,
  listEntryReader,
  penaltyReader,
  qualificationReader,
  reportReader,
} from './readers.ts';
import { readRegisteredCode } from './registered-code.ts';
import { withoutRepetition } from './tidy.ts';

/** The service gives no larger pages. */
const MAX_PAGE = 1_000;

type Drafted = { readonly sourceRecordId: string };
type Placed<D> = { readonly updatedAt: Date; readonly recordId: string; readonly change: DraftChange<D> };

function isPlaced<D>(read: ReadChange<D>): read is Placed<D> {
  return 'change' in read;
}

function byTimeAndId(left: Placed<unknown>, right: Placed<unknown>): number {
  return (
    left.updatedAt.getTime() - right.updatedAt.getTime() ||
    (left.recordId === right.recordId ? 0 : left.recordId < right.recordId ? -1 : 1)
  );
}

/** In the service's order, whatever order they came in, and each once. */
function inOrder<D>(changes: readonly Placed<D>[]): DraftChange<D>[] {
  const sorted = [...changes].sort(byTimeAndId);
  return sorted
    .filter((each, place) => {
      const before = sorted[place - 1];
      return before === undefined || byTimeAndId(before, each) !== 0;
    })
    .map(({ change }) => change);
}

function newestOf(times: readonly (Date | null)[]): Date | null {
  return times.reduce((newest, time) => (newest === null || (time !== null && time > newest) ? time : newest), null);
}

function feed<W, D extends Drafted>(operation: Operation, reader: ChangeReader<W, D>) {
  return async ({ since, after, limit }: ChangesQuery, call: AdapterCall): Promise<DraftChangesPage<D>> => {
    const reply = await askForRows(call, operation, {
      since: since === null ? null : formatInstant(since),
      cursor: after,
      limit: Math.min(limit, MAX_PAGE),
    });
    const read = reply.rows.map((row) => readChange(row, reader)).filter((each) => each !== null);
    return {
      changes: inOrder(read.filter(isPlaced)),
      malformed: withoutRepetition(read.flatMap((each) => (isPlaced(each) ? [] : [each.malformed]))),
      next: reply.nextCursor,
      newestAt: newestOf(read.map(({ updatedAt }) => updatedAt)),
      total: reply.total,
    };
  };
}

const filedUnder = (code: CreditCode | null): readonly SubjectKey[] => (code === null ? [] : [`code:${code}`]);

/** Filed under the code of the row; feeds say beside it when the register has issued it as it stands. */
function filedByRow<W, D>(reader: SubjectRowReader<W, D>): ChangeReader<W, D> {
  const { codeColumn } = reader;
  const codeOf = (row: unknown): CreditCode =>
    field(codeColumn, () => readRegisteredCode(textAt(row, codeColumn) ?? '', textAt(row, 'CODEFLAG')));
  return { ...reader, subjectsOf: (_, row) => filedUnder(codeOf(row)) };
}

/** One feed for every read that the replica keeps. Reports carry the issuer's code, certificates often do. */
export const marketRegulationChanges: NonNullable<SourceAdapter['changes']> = {
  institutions: feed(INSTITUTION_CHANGES, {
    ...institutionReader,
    subjectsOf: ({ creditCode }) => filedUnder(creditCode),
  }),
  qualifications: feed(QUALIFICATION_CHANGES, filedByRow(qualificationReader)),
  reports: feed(REPORT_CHANGES, { ...reportReader, subjectsOf: ({ issuerCode }) => filedUnder(issuerCode) }),
  penalties: feed(PENALTY_CHANGES, filedByRow(penaltyReader)),
  listEntries: feed(LIST_ENTRY_CHANGES, filedByRow(listEntryReader)),
  certificates: feed(CERTIFICATE_CHANGES, {
    ...certificateReader,
    subjectsOf: ({ issuerCode }) => filedUnder(issuerCode),
  }),
};
