/** Progress of feeds being read: bars on a terminal, nothing elsewhere (the outcome is printed at the end). */
import cliProgress from 'cli-progress';
import type { ReplicatedRead } from '../../schema/ports.ts';

export interface FeedBars {
  show(read: ReplicatedRead, done: number, total: number | null): void;
  stop(): void;
}

export function feedBars(stream: NodeJS.WriteStream): FeedBars {
  if (!stream.isTTY) return { show: () => undefined, stop: () => undefined };
  const bars = new cliProgress.MultiBar({ stream, format: '{read} {bar} {value}/{total}', hideCursor: true });
  const shown = new Map<ReplicatedRead, cliProgress.SingleBar>();
  return {
    show(read, done, total) {
      const bar = shown.get(read) ?? bars.create(total ?? done, done, { read: read.padEnd(16) });
      shown.set(read, bar);
      // A department that names no total is shown as complete up to what has come.
      bar.setTotal(Math.max(total ?? 0, done));
      bar.update(done);
    },
    stop: () => bars.stop(),
  };
}
