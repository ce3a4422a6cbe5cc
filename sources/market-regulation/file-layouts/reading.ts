/** What a row that was read without problems becomes. */
import type { CreditCode } from '../../../schema/codes/credit-code.ts';
import type { FileDraft, RowReading } from '../../kit/file-layout.ts';
import { readNativeInstant } from '../../kit/native-dates.ts';
import type { FileRow } from './file-row.ts';

/** Says only that it is one: nothing else of such a row is looked at. */
export function naturalPerson(column: string): RowReading {
  return {
    problems: [{ column, code: 'NATURAL_PERSON', message: 'is about a natural person, whom the hub does not keep' }],
  };
}

/** The department's own time of a row: its last change, else its time stamp. */
export function updatedAtOf(...texts: readonly (string | null)[]): Date | null {
  const text = texts.find((each) => each !== null) ?? null;
  return text === null ? null : readNativeInstant(text);
}

/**
 * @param code null only where the row has a problem already
 * @param drafts made only when the row has no problem; null = withdrawn, which removes the record
 */
export function readingOf(
  row: FileRow,
  code: CreditCode | null,
  withdrawn: { readonly recordId: string; readonly updatedAt: Date | null } | null,
  drafts: () => readonly FileDraft[],
): RowReading {
  if (row.problems.length > 0 || code === null) return { problems: row.problems };
  if (withdrawn !== null) return { changes: [{ kind: 'DELETE', ...withdrawn }] };
  return {
    changes: drafts().map((draft) => ({
      kind: 'UPSERT',
      updatedAt: draft.asOf,
      subjects: [`code:${code}`],
      draft,
    })),
  };
}
