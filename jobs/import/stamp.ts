/** Turns what a layout read into changes with provenance. The receipt is that of the file. */
import type { SourceChange } from '../../schema/ports.ts';
import type { ProvenanceRecord } from '../../schema/records.ts';
import type { DraftChange } from '../../sources/kit/adapter.ts';
import type { FileDraft } from '../../sources/kit/file-layout.ts';
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
  const { sourceRecordId, asOf, ...facts } = draft;
  const { departmentId, adapterVersion, receipt, exportedAt, fetchedAt } = file;
  const provenance: ProvenanceRecord = {
    departmentId,
    sourceRecordId,
    asOf: asOf ?? exportedAt,
    fetchedAt,
    receipt,
    adapterVersion,
  };
  const record: ImportedRecord = { ...facts, id: `${departmentId}~${sourceRecordId}`, provenance };
  return { kind, recordId: sourceRecordId, updatedAt, subjects, record };
}
