/** What one department said to one question, with the status that coverage shows. */
import type { Refusal } from './access/sight.ts';
import type { CoverageStatus } from './enums.ts';
import { HubError } from './errors.ts';
import type { DepartmentDescriptor, RecordSet, SourceAnswer } from './ports.ts';
import type { Facet } from './records.ts';

export interface CoverageEntry {
  readonly department: DepartmentDescriptor;
  readonly facet: Facet;
  readonly status: CoverageStatus;
  readonly asOf: Date | null;
  readonly reason: string | null;
}

export interface DepartmentAnswer<T> {
  readonly coverage: CoverageEntry;
  readonly records: readonly T[];
}

/** One answer per department that is part of the question, in order of department code. */
export type DepartmentAnswers<T> = readonly DepartmentAnswer<T>[];

interface Question {
  readonly department: DepartmentDescriptor;
  readonly facet: Facet;
}

export function unsupported<T>(question: Question): DepartmentAnswer<T> {
  return { coverage: { ...question, status: 'UNSUPPORTED', asOf: null, reason: null }, records: [] };
}

export function unavailable<T>(question: Question, code: string, reason: string): DepartmentAnswer<T> {
  return { coverage: { ...question, status: 'UNAVAILABLE', asOf: null, reason: `${code}: ${reason}` }, records: [] };
}

/** The caller may not see it, so it was not asked. */
export function denied<T>(
  question: Question,
  { code, message }: Pick<Refusal, 'code' | 'message'>,
): DepartmentAnswer<T> {
  return { coverage: { ...question, status: 'DENIED', asOf: null, reason: `${code}: ${message}` }, records: [] };
}

/** Asked, and nothing is on record. */
export function nothingOnRecord<T>(
  question: Question,
  asOf: Date,
  status: 'LIVE' | 'REPLICA' = 'LIVE',
): DepartmentAnswer<T> {
  return { coverage: { ...question, status, asOf, reason: null }, records: [] };
}

const recordsOf = (count: number): string => `${count} record${count === 1 ? '' : 's'}`;

/** Why records are not shown; empty when all are. */
function omissionsOf({ department }: Question, { malformed, unattributed = 0 }: RecordSet<unknown>): string[] {
  const [first] = malformed;
  const which = first === undefined || first.recordId === null ? '' : ` of record ${first.recordId}`;
  return [
    ...(first === undefined
      ? []
      : [`SOURCE_MALFORMED: ${recordsOf(malformed.length)} left out; field ${first.field}${which}: ${first.problem}`]),
    ...(unattributed === 0
      ? []
      : [
          `SOURCE_MALFORMED: ${recordsOf(unattributed)} of ${department.name} cannot be read and may concern any institution`,
        ]),
  ];
}

/** An answer that holds, less the records that could not be read. */
export function answered<T>(
  question: Question,
  set: RecordSet<T>,
  asOf: Date,
  status: 'LIVE' | 'REPLICA' | 'STALE' = 'LIVE',
  staleness: string | null = null,
): DepartmentAnswer<T> {
  const { records } = set;
  const omissions = omissionsOf(question, set);
  if (omissions.length === 0) return { coverage: { ...question, status, asOf, reason: staleness }, records };
  const reason = [...(staleness === null ? [] : [staleness]), ...omissions].join('; ');
  return { coverage: { ...question, status: 'PARTIAL', asOf, reason }, records };
}

/** Adds a reservation to an answer that would otherwise look complete. */
export function withReservation<T>(answer: DepartmentAnswer<T>, reason: string | null): DepartmentAnswer<T> {
  if (reason === null || answer.coverage.status === 'UNAVAILABLE') return answer;
  const reasons = answer.coverage.reason === null ? reason : `${answer.coverage.reason}; ${reason}`;
  return { ...answer, coverage: { ...answer.coverage, status: 'PARTIAL', reason: reasons } };
}

const notAnswered = <T>(question: Question): DepartmentAnswer<T> =>
  unavailable(question, 'INTERNAL', `${question.department.name} did not answer every request of a call.`);

/** The answer to the request at `index` of a batched call. */
export function answerAt<T>(question: Question, answer: SourceAnswer<T>, index: number): DepartmentAnswer<T> {
  switch (answer.status) {
    case 'UNSUPPORTED':
      return unsupported(question);
    case 'UNAVAILABLE':
      return unavailable(question, answer.code, answer.reason);
    case 'EACH': {
      const own = answer.answers[index];
      if (own === undefined) return notAnswered(question);
      if (own.status === 'UNAVAILABLE') return unavailable(question, own.code, own.reason);
      return answered(question, own.set, own.asOf, own.status, own.reason);
    }
    case 'LIVE': {
      const set = answer.sets[index];
      // A request without its set was not answered, which must not look like an empty record.
      if (set === undefined) return notAnswered(question);
      return answered(question, set, answer.asOf);
    }
  }
}

/** An old answer that has nothing does not say that there is nothing now. */
const NOT_IN_FULL: ReadonlySet<CoverageStatus> = new Set(['UNAVAILABLE', 'PARTIAL', 'STALE']);

/**
 * For questions whose answer would be null: null may only be said when everybody answered.
 * @throws HubError naming the silent departments
 */
export function failIfSilent(answers: DepartmentAnswers<unknown>): void {
  const silent = answers.filter(({ coverage }) => NOT_IN_FULL.has(coverage.status));
  const [first] = silent;
  if (first === undefined) return;
  const names = silent.map(({ coverage }) => coverage.department.name).join(', ');
  throw new HubError(
    'SOURCE_UNAVAILABLE',
    `Nothing was found, but ${names} did not answer in full, so it cannot be said that there is nothing. ${first.coverage.reason ?? ''}`.trim(),
    { details: { departments: silent.map(({ coverage }) => coverage.department.id).join(',') } },
  );
}
