/**
 * One question to every department, batched: per operation each department gets at most one call for all the
 * institutions of a page (design rule: upstream calls do not grow with the page).
 */
import DataLoader from 'dataloader';
import { publishedOf } from './access/published.ts';
import type { ReadGuard } from './access/read-guard.ts';
import type { CreditCode } from './codes/credit-code.ts';
import {
  answerAt,
  denied,
  nothingOnRecord,
  unavailable,
  unsupported,
  withReservation,
  type DepartmentAnswer,
  type DepartmentAnswers,
} from './department-answer.ts';
import {
  FACET_OF_READ,
  type CallScope,
  type DepartmentSource,
  type ReadName,
  type SourceReads,
  type SubjectReference,
} from './ports.ts';
import type { SubjectReferences } from './subject-references.ts';
import type { CalendarDate } from './time/calendar-date.ts';

/** Reads that are asked per institution. */
export type SubjectRead = {
  [K in ReadName]: SourceReads[K]['request'] extends SubjectReference ? K : never;
}[ReadName];

/** What is asked about one institution beyond who it is, e.g. the window of inspections. */
export type Terms<K extends SubjectRead> = Omit<SourceReads[K]['request'], keyof SubjectReference>;

export interface SubjectQuestion<K extends SubjectRead> {
  readonly creditCode: CreditCode;
  readonly terms: Terms<K>;
  /** Ask these departments only; null = all. */
  readonly departmentIds: readonly string[] | null;
}

/** Reads that find an institution without a local number too (penalties name the credit code on the document). */
const ALSO_BY_CODE: ReadonlySet<ReadName> = new Set(['penalties']);

interface LoaderParts {
  readonly sources: readonly DepartmentSource[];
  readonly references: SubjectReferences;
  readonly scope: CallScope;
  /** The sources say what was known then; null = they are the departments as they are. */
  readonly asOf: Date | null;
  readonly guard: ReadGuard;
  /** The day on which something is public or not: today, also for what was known at another time. */
  readonly today: () => CalendarDate;
}

function keyOf(question: { creditCode: string; terms: unknown; departmentIds: readonly string[] | null }): string {
  return JSON.stringify([question.creditCode, question.terms, question.departmentIds]);
}

/** Asks one department for the whole batch. */
async function askDepartment<K extends SubjectRead>(
  read: K,
  source: DepartmentSource,
  questions: readonly SubjectQuestion<K>[],
  { references, scope, asOf }: LoaderParts,
): Promise<readonly DepartmentAnswer<SourceReads[K]['record']>[]> {
  const question = { department: source.department, facet: FACET_OF_READ[read] };
  const subjects = await Promise.all(
    questions.map(({ creditCode }) => references.of(source, creditCode, ALSO_BY_CODE.has(read))),
  );
  const requests: SourceReads[K]['request'][] = [];
  const positions = subjects.map((subject, index) => {
    if (subject.askable !== true) return -1;
    return requests.push({ ...questions[index]?.terms, ...subject.reference }) - 1;
  });
  const reply = requests.length === 0 ? null : await source.read(read, requests, scope);
  return subjects.map((subject, index) => {
    if (subject.askable === 'unknown') return unavailable(question, subject.code, subject.reason);
    const answer =
      subject.askable && reply !== null
        ? answerAt(question, reply, positions[index] ?? -1)
        : nothingOnRecord<SourceReads[K]['record']>(
            question,
            subject.askable ? new Date() : subject.asOf,
            asOf === null ? 'LIVE' : 'REPLICA',
          );
    return withReservation(answer, subject.reservation);
  });
}

/** Asks one department for that part of the batch that the caller may see. */
async function askAllowed<K extends SubjectRead>(
  read: K,
  source: DepartmentSource,
  questions: readonly SubjectQuestion<K>[],
  parts: LoaderParts,
): Promise<readonly DepartmentAnswer<SourceReads[K]['record']>[]> {
  const question = { department: source.department, facet: FACET_OF_READ[read] };
  if (!source.reads.has(read)) return questions.map(() => unsupported(question));
  const allowances = await Promise.all(
    questions.map(({ creditCode }) => parts.guard.of(read, source.department, creditCode)),
  );
  const allowed = questions.filter((_, index) => typeof allowances[index] === 'string');
  const answers = allowed.length === 0 ? [] : await askDepartment(read, source, allowed, parts);
  const inOrder = answers.values();
  return allowances.map((allowance) => {
    if (typeof allowance !== 'string') {
      parts.scope.trace?.denied();
      return denied(question, allowance);
    }
    const answer = inOrder.next().value ?? unavailable<SourceReads[K]['record']>(question, 'INTERNAL', 'No answer.');
    return allowance === 'ALL' ? answer : publishedOf(read, answer, parts.today());
  });
}

/**
 * @returns a loader of one answer per department; answers are never errors, failure is in the coverage
 */
export function createFacetLoader<K extends SubjectRead>(
  read: K,
  parts: LoaderParts,
): DataLoader<SubjectQuestion<K>, DepartmentAnswers<SourceReads[K]['record']>, string> {
  return new DataLoader<SubjectQuestion<K>, DepartmentAnswers<SourceReads[K]['record']>, string>(
    async (questions) => {
      const answers = questions.map(() => [] as DepartmentAnswer<SourceReads[K]['record']>[]);
      const perSource = await Promise.all(
        parts.sources.map(async (source) => {
          const concerned = [...questions.entries()].filter(
            ([, { departmentIds }]) => departmentIds === null || departmentIds.includes(source.department.id),
          );
          const asked = concerned.map(([, question]) => question);
          return { concerned, replies: asked.length === 0 ? [] : await askAllowed(read, source, asked, parts) };
        }),
      );
      for (const { concerned, replies } of perSource) {
        for (const [position, [index]] of concerned.entries()) {
          const reply = replies[position];
          if (reply === undefined) continue;
          parts.scope.trace?.received(reply.records.length);
          answers[index]?.push(reply);
        }
      }
      return answers;
    },
    { cacheKeyFn: keyOf },
  );
}
