/** The statutory clocks of all notices: reminders, overdue, escalation, expiry and archive, as far as they are due. */
import { isOver, tick } from '../../schema/notice/clock.ts';
import type { Notice } from '../../schema/notice/notice.ts';
import type { NoticeService } from '../../schema/notice/notice-service.ts';
import { HUB_ACTOR } from '../../schema/notice/notice-store.ts';

const PAGE = 200;

export interface ClockOutcome {
  readonly expired: number;
  readonly ticked: number;
}

/**
 * May run twice and in several processes at once: an alert that has been raised is not raised again.
 * @throws AggregateError when some of them failed, after all others have been seen to: one department without a signing key
 *   must not keep everybody else's reminders back
 */
export async function runClock(service: NoticeService, now: Date): Promise<ClockOutcome> {
  const { store } = service;
  let expired = 0;
  let ticked = 0;
  const failures: unknown[] = [];
  const run = async (notice: Notice): Promise<void> => {
    await store.change(notice._id, HUB_ACTOR, tick);
    ticked += 1;
    if (!isOver(notice, now)) return;
    await service.expire(notice._id);
    expired += 1;
  };
  for (let after = ''; ;) {
    const due = await store.model
      .find({ nextClockAt: { $lte: now }, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(PAGE)
      .lean<Notice[]>();
    for (const notice of due) await run(notice).catch((error: unknown) => failures.push(error));
    const last = due.at(-1);
    if (last === undefined || due.length < PAGE) break;
    after = last._id;
  }
  if (failures.length > 0) throw new AggregateError(failures, `the clocks of ${failures.length} notices could not run`);
  return { expired, ticked };
}
