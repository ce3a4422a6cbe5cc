/** How far a screening has come: a bar on a terminal, nothing elsewhere (the outcome is printed at the end). */
import cliProgress from 'cli-progress';
import type { Screen } from '../sync/feed-bars.ts';

export interface ScreeningBar {
  show(done: number, total: number): void;
  /** To be called however it ended. */
  stop(): void;
}

export function screeningBar(stream: Screen): ScreeningBar {
  if (stream.isTTY !== true) return { show: () => undefined, stop: () => undefined };
  const bar = new cliProgress.SingleBar({
    stream,
    format: '{bar} {percentage}% | {value}/{total} rows | {duration_formatted} | ETA {eta_formatted}',
    hideCursor: true,
  });
  let isStarted = false;
  return {
    show(done, total) {
      if (!isStarted) bar.start(total, done);
      isStarted = true;
      bar.update(done);
    },
    stop() {
      if (isStarted) bar.stop();
    },
  };
}
