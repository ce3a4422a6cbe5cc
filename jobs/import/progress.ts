/** Shows how far an import has come: a bar on a terminal, else a line now and then. */
import cliProgress from 'cli-progress';

export interface ImportProgress {
  readonly rows: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ProgressDisplay {
  show(progress: ImportProgress): void;
  /** To be called however the import ended. */
  stop(): void;
}

const ROWS_PER_LINE = 10_000;
const PERCENT = 100;

/** @param stream usually `process.stderr`, so that standard output stays free for the report */
export function progressDisplay(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): ProgressDisplay {
  return stream.isTTY === true ? bar(stream) : lines(stream);
}

function bar(stream: NodeJS.WritableStream): ProgressDisplay {
  const display = new cliProgress.SingleBar({
    stream,
    format: '{bar} {percentage}% | {rows} rows | {duration_formatted}',
    hideCursor: true,
  });
  let isStarted = false;
  return {
    show({ rows, bytes, totalBytes }) {
      if (!isStarted) display.start(totalBytes, 0, { rows: 0 });
      isStarted = true;
      display.update(bytes, { rows });
    },
    stop() {
      if (isStarted) display.stop();
    },
  };
}

function lines(stream: NodeJS.WritableStream): ProgressDisplay {
  let nextAt = ROWS_PER_LINE;
  return {
    show({ rows, bytes, totalBytes }) {
      if (rows < nextAt) return;
      nextAt = rows - (rows % ROWS_PER_LINE) + ROWS_PER_LINE;
      stream.write(`${rows} rows, ${Math.floor((bytes / Math.max(totalBytes, 1)) * PERCENT)}% of the file\n`);
    },
    stop: () => undefined,
  };
}
