/** Under which id a row of a file is kept. */
import { normaliseCaseNumber } from '../../../schema/codes/case-number.ts';
import { normaliseCode } from '../../../schema/codes/credit-code.ts';
import { comparableName } from '../../../schema/identity/institution-name.ts';
import type { FileRow } from './file-row.ts';

export interface RecordIdColumns {
  readonly documentNumber: string;
  /** Credit code of the authority; the layouts of 2015 know its name only. */
  readonly authorityCode: string | null;
  readonly authority: string;
  readonly subject: string;
}

/**
 * The id of a row. With an `ID` column it is the one under which the data service sends the same row. The service's
 * ids cannot be derived from anything else, so without that column the id is made of what identifies a decision: its
 * number, its authority, and its subject, because one decision may be about several.
 */
export function recordIdOf(row: FileRow, columns: RecordIdColumns): string {
  const own = row.number('ID');
  if (own !== null) return own;
  const number = normaliseCaseNumber(row.raw(columns.documentNumber) ?? '');
  const authority =
    columns.authorityCode === null
      ? comparableName(row.raw(columns.authority) ?? '')
      : normaliseCode(row.required(columns.authorityCode, 'number'));
  return `${number}@${authority}@${normaliseCode(row.raw(columns.subject) ?? '')}`;
}
