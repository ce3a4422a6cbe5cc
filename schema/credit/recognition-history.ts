/** What a profile knows of recognitions that were revoked, and of results of proficiency tests. Pure. */
import type { ReasonCode } from '../recognition/check.ts';
import type { Clue, ProficiencyGrade, ProficiencyResult } from '../recognition/finding.ts';
import type { Recognition } from '../recognition/recognition.ts';
import type { ProvenanceRecord } from '../records.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import type { ConfirmedFalseReport } from './false-report.ts';

/** A report or certificate that departments had relied on and may rely on no more. */
export interface RevokedResult {
  readonly number: string;
  /** What stands against it, by the checks of recognition. */
  readonly codes: readonly ReasonCode[];
  readonly revokedOn: CalendarDate;
  readonly provenance: ProvenanceRecord;
}

export interface ProficiencyOutcome {
  readonly parameter: string;
  readonly grade: ProficiencyGrade;
  readonly evaluatedOn: CalendarDate;
  /** The first day on which the matter is closed; null while it is open. */
  readonly closedOn: CalendarDate | null;
  readonly provenance: ProvenanceRecord;
}

/** Thousands may rest on one certificate; no factor counts so many. */
const MOST_RESULTS = 20;

export type SeenRecognition = Pick<Recognition, '_id' | 'number' | 'holds' | 'revokedAt' | 'requesterId'>;

/**
 * Each result once, however many departments had recognised it, the newest first. A person's own revocation says nothing
 * of the institution: it may have been recognised by mistake.
 */
export function revokedResults(recognitions: readonly SeenRecognition[]): readonly RevokedResult[] {
  const results = new Map<string, RevokedResult>();
  const inOrder = recognitions.toSorted((a, b) => (a._id < b._id ? -1 : 1));
  for (const { _id, number, holds, revokedAt, requesterId } of inOrder) {
    const codes = [...new Set(holds.flatMap((hold) => (hold.consequence === 'REVOKE' ? hold.code : [])))].sort();
    if (revokedAt === null || codes.length === 0 || results.has(number)) continue;
    results.set(number, {
      ...{ number, codes, revokedOn: calendarDateOf(revokedAt) },
      provenance: {
        ...{ departmentId: requesterId, sourceRecordId: number, asOf: revokedAt, fetchedAt: revokedAt },
        ...{ receipt: sm3Hex(canonicalJson({ _id, holds })), adapterVersion: 'recognition' },
      },
    });
  }
  return [...results.values()]
    .sort((a, b) => (a.revokedOn === b.revokedOn ? (a.number < b.number ? -1 : 1) : a.revokedOn < b.revokedOn ? 1 : -1))
    .slice(0, MOST_RESULTS);
}

function provenanceOf(finding: Clue | ProficiencyResult): ProvenanceRecord {
  const { _id, departmentId, recordedAt, revision } = finding;
  return {
    ...{ departmentId, sourceRecordId: _id, asOf: recordedAt, fetchedAt: recordedAt },
    ...{ receipt: sm3Hex(canonicalJson(finding)), adapterVersion: `finding ${revision}` },
  };
}

export const proficiencyOf = (finding: ProficiencyResult): ProficiencyOutcome => {
  const { parameter, grade, evaluatedOn, closedOn } = finding;
  return { parameter, grade, evaluatedOn, closedOn, provenance: provenanceOf(finding) };
};

/** A clue about one report that has been confirmed is a false report; all other clues are nobody's guilt. */
export function confirmedByClue(clue: Clue): ConfirmedFalseReport | null {
  const { reportNumber, state, recordedAt, note } = clue;
  if (state !== 'CONFIRMED' || reportNumber === null) return null;
  return {
    ...{ reportNumber, vehicle: null, confirmedOn: calendarDateOf(recordedAt), subject: note, documentNumber: null },
    provenance: provenanceOf(clue),
  };
}
