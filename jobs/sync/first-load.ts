/** The first full reading of every feed, shown to whoever started the hub on a terminal, and its end in one line. */
import type { Clock, ReplicatedRead } from '../../schema/ports.ts';
import { feedOf, type Feed } from '../../schema/replica/facts.ts';
import type { FeedState } from '../../schema/replica/feed-states.ts';
import type { FeedBars } from './feed-bars.ts';

export interface FirstLoadParts {
  /** All that the hub follows. */
  readonly feeds: readonly Feed[];
  readonly states: () => Promise<ReadonlyMap<Feed, FeedState>>;
  readonly bars: FeedBars;
  readonly clock: Clock;
}

export interface FirstLoad {
  progress(departmentId: string, read: ReplicatedRead, done: number, total: number | null): void;
  /** A run has come to its end. @param outcome what it gave back */
  ended(departmentId: string, read: ReplicatedRead, outcome: object): Promise<void>;
  /** From now on there is something to see; nothing where all had been read before. */
  show(): void;
}

const ALL = 'feeds complete';
const nameOf = (feed: Feed): string => feed.replace('|', ' ');
const countOf = (outcome: object): number =>
  'records' in outcome && typeof outcome.records === 'number' ? outcome.records : 0;

export async function watchFirstLoad({ feeds, states, bars, clock }: FirstLoadParts): Promise<FirstLoad> {
  const beganAt = clock.now();
  const pending = new Set(feeds);
  const doneOf = new Map<Feed, { readonly done: number; readonly total: number | null }>();
  let records = 0;
  let isShown = false;
  let line: string | null = null;

  const finish = (feed: Feed): void => {
    if (!pending.delete(feed)) return;
    doneOf.delete(feed);
    if (isShown) bars.finish(nameOf(feed));
  };
  /** Also what another process, or an earlier one, has read. */
  const lookForOthers = async (): Promise<void> => {
    for (const [feed, { loadedAt }] of await states()) if (loadedAt !== null) finish(feed);
  };
  const draw = (): void => {
    if (!isShown || pending.size === 0) return;
    bars.show(ALL, feeds.length - pending.size, feeds.length);
    for (const [feed, { done, total }] of doneOf) bars.show(nameOf(feed), done, total);
  };
  const conclude = (): void => {
    if (!isShown || line === null) return;
    bars.stop(line);
    line = null;
  };

  await lookForOthers();
  return {
    progress(departmentId, read, done, total) {
      const feed = feedOf(departmentId, read);
      if (!pending.has(feed)) return;
      doneOf.set(feed, { done, total });
      draw();
    },
    async ended(departmentId, read, outcome) {
      const feed = feedOf(departmentId, read);
      if (!pending.has(feed)) return;
      records += countOf(outcome);
      finish(feed);
      await lookForOthers();
      if (pending.size === 0) {
        const seconds = (clock.now().getTime() - beganAt.getTime()) / 1_000;
        line = `replica complete: ${records} records in ${seconds.toFixed(1)} s`;
      }
      draw();
      conclude();
    },
    show() {
      isShown = true;
      draw();
      conclude();
    },
  };
}
