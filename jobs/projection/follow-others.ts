/** What credit profiles rest on beside the departments' records: notices, repairs, recognitions, the hub's own findings. */
import type { Connection } from 'mongoose';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import type { CreditEvent } from '../../schema/credit/credit-case.ts';
import { LogFollower } from '../../schema/credit/follow-log.ts';
import type { EventLog } from '../../schema/events/event-log.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { markNews, type RecognitionReviewParts } from '../../schema/recognition/recognition-review.ts';
import { recognitionLog } from '../../schema/recognition/recognition-store.ts';

export interface FollowedParts extends RecognitionReviewParts {
  readonly connection: Connection;
  readonly log: EventLog<CreditEvent>;
}

/** Of a recognition a profile knows only whether it was revoked. */
const WEIGHS: ReadonlySet<string> = new Set(['REVOKED', 'RESTORED']);

const distinct = (codes: readonly string[]): CreditCode[] => [...new Set(codes)] as CreditCode[];

/**
 * Tells of every institution about which something has happened since the last time, at least once.
 * @param changed resolves when what rests on it has been computed
 */
export async function followOthers(
  { connection, log, ...review }: FollowedParts,
  changed: (codes: readonly CreditCode[]) => Promise<void>,
): Promise<void> {
  const notices = new LogFollower(connection, noticeLog(connection), 'credit-profiles:notices');
  await notices.run((events) => changed(distinct(events.map(({ subjectCode }) => subjectCode))));
  const recognitions = new LogFollower(connection, recognitionLog(connection), 'credit-profiles:recognitions');
  await recognitions.run((events) =>
    changed(distinct(events.flatMap(({ kind, institutionCode }) => (WEIGHS.has(kind) ? [institutionCode] : [])))),
  );
  const cases = new LogFollower(connection, log, 'credit-profiles:credit');
  await cases.run((events) => changed(distinct(events.map(({ creditCode }) => creditCode))));
  // A finding is settled only when both that rest on it have been told.
  await markNews({
    ...review,
    store: {
      async markChanged(codes, now) {
        await review.store.markChanged(codes, now);
        await changed(distinct(codes));
      },
    },
  });
}
