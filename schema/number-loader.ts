/** Look-ups by a number instead of an institution, batched over all departments that offer them. */
import DataLoader from 'dataloader';
import type { ReadGuard } from './access/read-guard.ts';
import type { SubjectKind } from './audit/subject-key.ts';
import { answerAt, denied, unsupported, type DepartmentAnswer, type DepartmentAnswers } from './department-answer.ts';
import { FACET_OF_READ, type CallScope, type DepartmentSource, type ReadName, type SourceReads } from './ports.ts';

/** Reads that are asked with a plain number or id. */
export type NumberRead = { [K in ReadName]: SourceReads[K]['request'] extends string ? K : never }[ReadName];

/** As what the numbers stand on record. */
const SUBJECT_OF: Readonly<Record<NumberRead, SubjectKind>> = {
  reportsByNumber: 'report',
  certificates: 'certificate',
  processSeries: 'inspection',
};

export function createNumberLoader<K extends NumberRead>(
  read: K,
  sources: readonly DepartmentSource[],
  scope: CallScope,
  guard: ReadGuard,
): DataLoader<string, DepartmentAnswers<SourceReads[K]['record']>> {
  return new DataLoader(async (numbers) => {
    for (const number of numbers) scope.trace?.touch(SUBJECT_OF[read], number);
    const requests = numbers as readonly SourceReads[K]['request'][];
    const answersOf = await Promise.all(
      sources.map(async (source): Promise<(index: number) => DepartmentAnswer<SourceReads[K]['record']>> => {
        const question = { department: source.department, facet: FACET_OF_READ[read] };
        if (!source.reads.has(read)) return () => unsupported(question);
        const allowance = guard.ofNumber(read, source.department);
        if (typeof allowance !== 'string') {
          scope.trace?.denied();
          return () => denied(question, allowance);
        }
        const reply = await source.read(read, requests, scope);
        return (index) => answerAt(question, reply, index);
      }),
    );
    return numbers.map((_, index) => answersOf.map((answerOf) => answerOf(index)));
  });
}
