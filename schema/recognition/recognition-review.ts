/**
 * Told by the replica's projector which institutions have changed, marks what rests on them as due to be looked at. The look
 * itself is the clock's: it needs the departments, and the mark survives whoever is killed in between.
 */
import type { ChangeConsumer } from '../replica/projector.ts';
import type { Clock } from '../ports.ts';
import type { FindingStore } from './finding-store.ts';
import type { RecognitionStore } from './recognition-store.ts';

export interface RecognitionReviewParts {
  readonly store: Pick<RecognitionStore, 'markChanged'>;
  readonly findings: Pick<FindingStore, 'news' | 'settle'>;
  readonly clock: Clock;
}

const NEWS_AT_ONCE = 200;

/** Findings of the hub's own whose institutions have not been marked yet. */
export async function markNews({ store, findings, clock }: RecognitionReviewParts): Promise<void> {
  for (;;) {
    const news = await findings.news(NEWS_AT_ONCE);
    if (news.length === 0) return;
    await store.markChanged([...new Set(news.map(({ creditCode }) => creditCode))], clock.now());
    await findings.settle(news);
  }
}

export const recognitionReview = (parts: RecognitionReviewParts): ChangeConsumer => ({
  name: 'recognition-review',
  layout: 1,
  refresh: (codes) => parts.store.markChanged(codes, parts.clock.now()),
  refreshDue: () => markNews(parts),
});
