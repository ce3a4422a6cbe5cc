/** What is on record of institutions beside what departments hold: notices, repairs, reports found to be false. */
import type { Connection } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import type { Notice } from '../notice/notice.ts';
import { noticeModel } from '../notice/notice.model.ts';
import { CaseStore } from './case-store.ts';
import { NO_HISTORY, type History } from './credit-profile.ts';
import type { FalseReportCase } from './false-reports.ts';
import { outcomeOf } from './notice-history.ts';
import { repairedBy, type RepairCase } from './repair-case.ts';

export class CreditHistory {
  readonly #connection: Connection;
  readonly #repairs: CaseStore<RepairCase>;
  readonly #falseReports: CaseStore<FalseReportCase>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#repairs = new CaseStore(connection, 'REPAIR');
    this.#falseReports = new CaseStore(connection, 'FALSE_REPORT');
  }

  /** @returns the history of each that has one */
  async of(codes: readonly CreditCode[]): Promise<ReadonlyMap<string, History>> {
    const history = new Map<string, History>();
    const add = (code: string, more: (known: History) => Partial<History>): void => {
      const known = history.get(code) ?? NO_HISTORY;
      history.set(code, { ...known, ...more(known) });
    };
    const [notices, repairs, falseReports] = await Promise.all([
      this.#noticesOf(codes),
      this.#repairs.of(codes),
      this.#falseReports.of(codes),
    ]);
    for (const notice of notices) {
      const outcome = outcomeOf(notice);
      if (outcome !== null) add(notice.subject.creditCode, (known) => ({ notices: [...known.notices, outcome] }));
    }
    for (const repair of repairs) {
      const repaired = repairedBy(repair);
      if (repaired !== null) add(repair.creditCode, (known) => ({ repairs: [...known.repairs, repaired] }));
    }
    for (const { creditCode, finding, withdrawnAt } of falseReports) {
      if (withdrawnAt === null) add(creditCode, (known) => ({ falseReports: [...known.falseReports, finding] }));
    }
    return history;
  }

  async #noticesOf(codes: readonly CreditCode[]): Promise<readonly Notice[]> {
    return await noticeModel(this.#connection)
      .find({ 'subject.creditCode': { $in: codes } } as Record<string, unknown>, { deliveries: 0, pendingEvents: 0 })
      .lean<Notice[]>();
  }
}
