/** Reads a department's export file and hands its valid rows on. */
import { HubError } from '../../schema/errors.ts';
import type { Clock } from '../../schema/ports.ts';
import type { SourceDefinition } from '../../sources/kit/define-source.ts';
import type { FileLayout } from '../../sources/kit/file-layout.ts';
import type { Charset } from './charset.ts';
import { Feedback, feedbackPathOf } from './feedback.ts';
import { fileProblem } from './file-problem.ts';
import { ImportRun } from './import-run.ts';
import { inspectFile } from './inspect-file.ts';
import type { InspectedFile } from './inspect-file.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { ImportLimits } from './limits.ts';
import { openFile, openTable, refuseChange } from './open-file.ts';
import type { ImportProgress } from './progress.ts';
import type { ImportSink, SinkCounts } from './sink.ts';

export interface ImportOptions {
  readonly path: string;
  /** The department that wrote the file. */
  readonly source: Pick<SourceDefinition, 'department' | 'adapterVersion' | 'fileLayouts'>;
  /** One of the department's `fileLayouts`, e.g. "penalty". */
  readonly layout: string;
  readonly sink: ImportSink;
  /** Of a CSV file; detected when absent. */
  readonly charset?: Charset;
  /** When the department wrote the file; the file's own time of change when absent. Rows with a time stamp have theirs. */
  readonly exportedAt?: Date;
  readonly clock?: Clock;
  /** Called after every piece that was read. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Stops between two pieces; what was handed on until then stays. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<ImportLimits>;
}

export interface ImportReport extends SinkCounts {
  readonly layout: string;
  /** The version that the columns decided, e.g. "2021". */
  readonly version: string;
  readonly format: InspectedFile['format'];
  /** null for XLSX. */
  readonly charset: Charset | null;
  /** SM3 of the file, as it stands in the provenance of its records. */
  readonly receipt: string;
  /** Filled rows after the header; each was accepted or refused. */
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
  /** How often each code stands in the feedback; a row may have several. */
  readonly problems: Readonly<Record<string, number>>;
  readonly feedbackPath: string;
  readonly milliseconds: number;
}

function findLayout({ department, fileLayouts = {} }: ImportOptions['source'], name: string): FileLayout {
  const layout = Object.hasOwn(fileLayouts, name) ? fileLayouts[name] : undefined;
  if (layout !== undefined) return layout;
  const known = Object.keys(fileLayouts).sort().join(', ');
  throw fileProblem(
    'LAYOUT_UNKNOWN',
    known === ''
      ? `Files of ${department.id} cannot be imported.`
      : `${department.id} has no such layout; it has: ${known}.`,
  );
}

/**
 * Reads a file row by row: valid rows go to the sink in batches, the others into the feedback file beside it. Only a
 * bounded part of the file is in memory, and no more of it is read while the sink is busy.
 * @throws HubError INPUT_INVALID with `details.reason`, one of the file problems, when the file as a whole cannot be
 *   used or is damaged in the middle: then `details.accepted` tells how many rows had been handed on before. Everything
 *   that the sink throws passes. The feedback file says in each case how far reading came.
 */
export async function importFile(options: ImportOptions): Promise<ImportReport> {
  const startedAt = performance.now();
  const layout = findLayout(options.source, options.layout);
  const fetchedAt = options.clock?.now() ?? new Date();
  const handle = await openFile(options.path);
  try {
    const feedbackPath = feedbackPathOf(options.path);
    const feedback = await Feedback.create(feedbackPath);
    let run: ImportRun | null = null;
    try {
      const before = await handle.stat();
      const limits = { ...DEFAULT_LIMITS, ...options.limits };
      const inspected = await inspectFile(handle, options.charset ?? null);
      const table = await openTable({ handle, sizeBytes: inspected.sizeBytes, limits }, inspected);
      run = new ImportRun({
        layout,
        limits,
        sink: options.sink,
        feedback,
        provenance: {
          departmentId: options.source.department.id,
          adapterVersion: options.source.adapterVersion,
          receipt: inspected.receipt,
          exportedAt: options.exportedAt ?? before.mtime,
          fetchedAt,
        },
      });
      for await (const { rows, bytes } of table.chunks()) {
        options.signal?.throwIfAborted();
        await run.take(rows);
        options.onProgress?.({ rows: run.rows, bytes, totalBytes: table.totalBytes });
      }
      const { version, counts } = await run.finish();
      await refuseChange(handle, before);
      return {
        layout: options.layout,
        version,
        format: inspected.format,
        charset: inspected.format === 'CSV' ? inspected.charset : null,
        receipt: inspected.receipt,
        ...counts,
        feedbackPath,
        milliseconds: Math.round(performance.now() - startedAt),
      };
    } catch (error) {
      await noteFailure(feedback, error);
      throw withAccepted(error, run?.accepted ?? 0);
    } finally {
      await feedback.close();
    }
  } finally {
    await handle.close();
  }
}

function withAccepted(error: unknown, accepted: number): unknown {
  if (!(error instanceof HubError)) return error;
  const { code, message, cause, details } = error;
  return new HubError(code, message, { cause, details: { ...details, accepted } });
}

/** The last line of the feedback says why the file was not read to its end. */
async function noteFailure(feedback: Feedback, error: unknown): Promise<void> {
  if (!(error instanceof HubError)) {
    await feedback.add({ rowNumber: null, column: '', code: 'STOPPED', message: 'reading stopped; import again' });
    return;
  }
  const { reason, row } = error.details;
  await feedback.add({
    rowNumber: typeof row === 'number' ? row : null,
    column: '',
    code: typeof reason === 'string' ? reason : 'STOPPED',
    message: error.message,
  });
}
