/** Progress of feeds being read: bars on a terminal, nothing elsewhere (the outcome is printed at the end). */
import cliProgress from 'cli-progress';

/** A stream that may be a terminal. */
export type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean };

export interface FeedBars {
  /** @param feed what is read, for people @param total null where the department names none */
  show(feed: string, done: number, total: number | null): void;
  /** Takes the feed's bar away. */
  finish(feed: string): void;
  /** Writes whole lines above the bars. @returns false when there are no bars, and nothing was written */
  print(lines: string): boolean;
  /** @param lastLine is written in their place, without a line break */
  stop(lastLine?: string): void;
}

const NONE: FeedBars = { show: () => undefined, finish: () => undefined, print: () => false, stop: () => undefined };
/** The longest: "public-security qualifications". */
const NAME_WIDTH = 31;
const BAR_WIDTH = 24;

/** @param vanish whether nothing of the bars is left when they are stopped */
export function feedBars(stream: Screen, { vanish = false }: { readonly vanish?: boolean } = {}): FeedBars {
  if (stream.isTTY !== true) return NONE;
  const bars = new cliProgress.MultiBar({
    stream,
    format: '{feed} {bar} {value}/{total}',
    barsize: BAR_WIDTH,
    hideCursor: true,
    clearOnComplete: vanish,
    // Lines that are printed above must wrap, and push the bars down, which must then be drawn again.
    linewrap: true,
    forceRedraw: true,
  });
  const shown = new Map<string, cliProgress.SingleBar>();
  return {
    show(feed, done, total) {
      const bar = shown.get(feed) ?? bars.create(total ?? done, done, { feed: feed.padEnd(NAME_WIDTH) });
      shown.set(feed, bar);
      // A department that names no total is shown as complete up to what has come.
      bar.setTotal(Math.max(total ?? 0, done));
      bar.update(done);
    },
    finish(feed) {
      const bar = shown.get(feed);
      if (bar === undefined) return;
      shown.delete(feed);
      bars.remove(bar);
    },
    print(lines) {
      if (!bars.isActive) return false;
      bars.log(lines);
      bars.update();
      return true;
    },
    stop(lastLine) {
      if (bars.isActive) bars.stop();
      if (lastLine !== undefined) stream.write(`${lastLine}\n`);
    },
  };
}
