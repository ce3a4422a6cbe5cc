/** What is on record of institutions beside what departments hold: notices, repairs, reports found to be false. */
import type { Connection } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import type { Notice } from '../notice/notice.ts';
import { noticeModel } from '../notice/notice.model.ts';
import { NO_HISTORY, type History } from './credit-profile.ts';
import { outcomeOf } from './notice-history.ts';

export class CreditHistory {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @returns the history of each that has one */
  async of(codes: readonly CreditCode[]): Promise<ReadonlyMap<string, History>> {
    const history = new Map<string, History>();
    const notices = await noticeModel(this.#connection)
      .find({ 'subject.creditCode': { $in: codes } } as Record<string, unknown>, { deliveries: 0, pendingEvents: 0 })
      .lean<Notice[]>();
    for (const notice of notices) {
      const outcome = outcomeOf(notice);
      if (outcome === null) continue;
      const known = history.get(notice.subject.creditCode) ?? NO_HISTORY;
      history.set(notice.subject.creditCode, { ...known, notices: [...known.notices, outcome] });
    }
    return history;
  }
}
