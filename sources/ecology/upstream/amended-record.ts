/** How a record reads after it was changed or spoiled. */
import type { ReplicatedRead } from '../../../schema/ports.ts';
import type { RecordElement } from '../operations.ts';
import type { Amended } from './amendments.ts';
import { textIn, type OutgoingRecord, type Row } from './rows.ts';

/** The field that a change of a read makes another. */
const CHANGED_FIELD: Readonly<Partial<Record<ReplicatedRead, Partial<Record<RecordElement, string>>>>> = {
  institutions: { station: 'Address' },
  qualifications: { station: 'filingorg' },
  facilities: { line: 'linename', device: 'name' },
  inspections: { insp: 'TestLineNo', task: 'SampleObject' },
  reports: { report: 'ReportVersion' },
  penalties: { punish: 'IllegalAct' },
};

const NO_TIME = '2026-13-32 25:61:61';
/** The required field that a spoiled record has nonsense in. */
const SPOILED_FIELD: Readonly<Partial<Record<RecordElement, readonly [key: string, nonsense: string]>>> = {
  station: ['StationName', ''],
  line: ['TestLineNo', ''],
  device: ['testdevicetype', ''],
  insp: ['Teststime', NO_TIME],
  task: ['Teststime', NO_TIME],
  report: ['ReportDate', NO_TIME],
  punish: ['DecideDate', NO_TIME],
};

/** Numbers count on, words say that they were corrected. */
function corrected(text: string, times: number): string {
  return /^\d{1,9}$/.test(text) ? String(Number(text) + times) : `${text}（更正${times}）`;
}

/** The columns in which records themselves name the time of their last change. */
function changedAt(element: RecordElement, uploadedAt: string): Row {
  if (element === 'station') return { Optime: uploadedAt };
  if (element !== 'insp') return {};
  return { DetectEndTime: uploadedAt.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3 $4:$5:$6') };
}

export function amendedRecord({ element, row }: OutgoingRecord, amended: Amended): OutgoingRecord {
  const corrections = Object.entries(CHANGED_FIELD).flatMap(([read, fields]): [string, string][] => {
    const key = fields[element];
    const times = amended.changes[read as ReplicatedRead];
    return key === undefined || times === undefined ? [] : [[key, corrected(textIn(row, key), times)]];
  });
  const spoiled = amended.state === 'SPOILED' ? SPOILED_FIELD[element] : undefined;
  return {
    element,
    row: {
      ...row,
      ...Object.fromEntries(corrections),
      ...(amended.uploadedAt !== null && changedAt(element, amended.uploadedAt)),
      ...(spoiled && { [spoiled[0]]: spoiled[1] }),
    },
  };
}
