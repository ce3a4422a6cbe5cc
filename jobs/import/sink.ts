import type { ReplicatedRead, SourceChange, SourceReads } from '../../schema/ports.ts';

export type ImportedRecord = SourceReads[ReplicatedRead]['record'];

export interface SinkCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** Takes what a file says. */
export interface ImportSink {
  /**
   * Keeps a batch; the next one waits until this one is kept. No record id comes twice in one file. May be given the
   * same changes again, which then count as unchanged: record ids and content of a file are the same in every run,
   * only `provenance.fetchedAt` differs.
   */
  write(read: ReplicatedRead, changes: readonly SourceChange<ImportedRecord>[]): Promise<SinkCounts>;
}
