/** Turns what a layout read into changes with provenance. The receipt is that of the file. */
import type { SourceChange } from '../../schema/ports.ts';
import type { DraftChange } from '../../sources/kit/adapter.ts';
import type { FileDraft } from '../../sources/kit/file-layout.ts';
import { stampDraft } from '../../sources/kit/stamp-draft.ts';
import type { ImportedRecord } from './sink.ts';

export interface FileProvenance {
  readonly departmentId: string;
  readonly adapterVersion: string;
  /** SM3 of the file. */
  readonly receipt: string;
  /** When the department wrote the file: as of when a row without its own time is true. */
  readonly exportedAt: Date;
  readonly fetchedAt: Date;
}

/** Records get the ids that the same records get when they are read from the department. */
export function stamp(change: DraftChange<FileDraft>, file: FileProvenance): SourceChange<ImportedRecord> {
  if (change.kind === 'DELETE') return change;
  const { kind, updatedAt, subjects, draft } = change;
  const record: ImportedRecord = stampDraft(draft, { ...file, trueAt: file.exportedAt });
  return { kind, recordId: draft.sourceRecordId, updatedAt, subjects, record };
}
