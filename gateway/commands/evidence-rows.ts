/** The rows that a credit profile rests on, in words by which a clerk finds them in the files. Pure. */
import type { CreditInputs } from '../../schema/credit/credit-inputs.ts';
import type { ProvenanceRecord } from '../../schema/records.ts';

interface Row {
  readonly provenance: ProvenanceRecord;
}

const keyOf = ({ departmentId, sourceRecordId }: ProvenanceRecord): string => `${departmentId} ${sourceRecordId}`;

const worded = <T extends Row>(rows: readonly T[], wordsOf: (row: T) => string): [string, string][] =>
  rows.map((row) => [keyOf(row.provenance), wordsOf(row)]);

/** @returns what to print of a row: its day and number, then by whose word it is, and its number there */
export function evidenceRows(inputs: CreditInputs): (evidence: ProvenanceRecord) => string {
  const words = new Map([
    ...worded([inputs.description], () => 'registration 登记信息'),
    ...worded(inputs.qualifications, ({ scheme, number, validTo }) => `${scheme} ${number} to ${validTo ?? 'no end'}`),
    ...worded(inputs.penalties, ({ decidedOn, documentNumber }) => `${decidedOn} ${documentNumber}`),
    ...worded(inputs.listEntries, ({ listedOn, listType, reason }) => `${listedOn} ${listType} ${reason}`),
    ...worded(inputs.notices, ({ startDate, endDate, number }) => `${startDate} to ${endDate} ${number}`),
    ...worded(inputs.recognitions, ({ revokedOn, number, codes }) => `${revokedOn} ${number} ${codes.join(' ')}`),
    ...worded(inputs.proficiency, ({ evaluatedOn, parameter, grade }) => `${evaluatedOn} ${parameter} ${grade}`),
    ...worded(inputs.falseReports, ({ confirmedOn, reportNumber }) => `${confirmedOn} ${reportNumber}`),
  ]);
  return (evidence) => {
    const key = keyOf(evidence);
    const own = words.get(key);
    return own === undefined ? key : `${own} (${key})`;
  };
}
