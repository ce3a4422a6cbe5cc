/** Log lines between the bars of one terminal would leave neither readable; they go above them. */
import type { FeedBars } from '../../jobs/sync/feed-bars.ts';
import { createLogger, type Logger } from '../logging.ts';

export function loggerBeside(bars: FeedBars, level: string): Logger {
  if (!process.stdout.isTTY || !process.stderr.isTTY) return createLogger(level);
  return createLogger(level, {
    write(line) {
      if (!bars.print(line)) process.stdout.write(line);
    },
  });
}
