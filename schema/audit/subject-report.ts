/** Who looked at an institution, a report or a person: when, and why. */
import { parseCreditCode } from '../codes/credit-code.ts';
import type { AuditRecord } from './audit-record.ts';
import type { AuditStore, TimeRange } from './audit-store.ts';
import { SUBJECT_KINDS, subjectKey, type PersonKeys } from './subject-key.ts';

/** One look, or one that was refused. */
export interface Look {
  readonly at: string;
  readonly operationId: string;
  readonly subject: string;
  readonly departmentId: string | null;
  readonly roles: readonly string[];
  readonly purpose: string | null;
  readonly caseNumber: string | null;
  /** Its name, or the fields of its root. */
  readonly operation: string;
  /** ASKED: by name or number. SHOWN: its facts were given. */
  readonly how: 'ASKED' | 'SHOWN';
  readonly result: string;
  readonly codes: readonly string[];
}

const isCreditCode = (word: string): boolean => {
  try {
    return parseCreditCode(word) === word;
  } catch {
    return false;
  }
};

/**
 * Under what a word may stand on record: a credit code, the number of a report, certificate or notice, a plate or VIN,
 * or the name of a person.
 * @param keys null: persons and vehicles are not on record
 */
export function keysOf(word: string, keys: PersonKeys | null): readonly string[] {
  const tidied = word.normalize('NFKC').trim();
  if (isCreditCode(tidied)) return [`institution:${tidied}`];
  const numbers = SUBJECT_KINDS.map((kind) => subjectKey(kind, tidied)).filter((key) => key !== null);
  return [...numbers, ...(keys === null ? [] : [keys.person(tidied), keys.vehicle(tidied)])];
}

function lookOf(record: AuditRecord, keys: ReadonlySet<string>): Look {
  const { at, operationId, caller, purpose, caseNumber, operation, outcome } = record;
  return {
    ...{ at, operationId, purpose, caseNumber },
    subject: caller.subject,
    departmentId: caller.departmentId,
    roles: caller.roles,
    operation: operation.name ?? operation.fields.join(' '),
    how: outcome?.subjects.some((key) => keys.has(key)) === true ? 'SHOWN' : 'ASKED',
    result: outcome?.result ?? 'UNKNOWN',
    codes: outcome?.codes ?? [],
  };
}

/**
 * Oldest first. An operation is told of once, with its end; one whose end is not on record, with its beginning.
 * @param wanted under what it may stand on record
 */
export async function* looksAt(store: AuditStore, wanted: readonly string[], range: TimeRange): AsyncGenerator<Look> {
  const named = new Set(wanted);
  const begun = new Map<string, AuditRecord>();
  for await (const record of store.naming(wanted, range)) {
    if (record.kind === 'OPENED') begun.set(record.operationId, record);
    else {
      begun.delete(record.operationId);
      yield lookOf(record, named);
    }
  }
  for (const record of begun.values()) yield lookOf(record, named);
}
