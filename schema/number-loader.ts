/** Look-ups by a number instead of an institution, batched over all departments that offer them. */
import DataLoader from 'dataloader';
import { answerAt, unsupported, type DepartmentAnswers } from './department-answer.ts';
import type { SubjectKind } from './audit/subject-key.ts';
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
): DataLoader<string, DepartmentAnswers<SourceReads[K]['record']>> {
  return new DataLoader(async (numbers) => {
    for (const number of numbers) scope.trace?.touch(SUBJECT_OF[read], number);
    const replies = await Promise.all(
      sources.map(async (source) => ({
        question: { department: source.department, facet: FACET_OF_READ[read] },
        reply: source.reads.has(read)
          ? await source.read(read, numbers as readonly SourceReads[K]['request'][], scope)
          : null,
      })),
    );
    return numbers.map((_, index) =>
      replies.map(({ question, reply }) => (reply === null ? unsupported(question) : answerAt(question, reply, index))),
    );
  });
}
