/** What is on record of institutions beside what departments hold: notices, repairs, reports found to be false. */
import type { Connection } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import type { Notice } from '../notice/notice.ts';
import { noticeModel } from '../notice/notice.model.ts';
import { CaseStore } from './case-store.ts';
import { NO_HISTORY, type History } from './credit-profile.ts';
import type { FalseReportCase } from './false-reports.ts';
import { outcomeOf } from './notice-history.ts';
import type { Finding } from '../recognition/finding.ts';
import { FindingStore } from '../recognition/finding-store.ts';
import type { Recognition } from '../recognition/recognition.ts';
import { recognitionModel } from '../recognition/recognition.model.ts';
import { confirmedByClue, proficiencyOf, revokedResults, type SeenRecognition } from './recognition-history.ts';
import { repairedBy, type RepairCase } from './repair-case.ts';

/** What a department has put on record as a false report is counted once, also when it came by a clue. */
function withFinding(known: History, finding: Finding): Partial<History> {
  if (finding.kind === 'PROFICIENCY') return { proficiency: [...known.proficiency, proficiencyOf(finding)] };
  const report = confirmedByClue(finding);
  const isKnown = known.falseReports.some(
    ({ reportNumber, provenance }) =>
      reportNumber === report?.reportNumber && provenance.departmentId === finding.departmentId,
  );
  return report === null || isKnown ? {} : { falseReports: [...known.falseReports, report] };
}

export class CreditHistory {
  readonly #connection: Connection;
  readonly #repairs: CaseStore<RepairCase>;
  readonly #falseReports: CaseStore<FalseReportCase>;
  readonly #findings: FindingStore;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#repairs = new CaseStore(connection, 'REPAIR');
    this.#falseReports = new CaseStore(connection, 'FALSE_REPORT');
    this.#findings = new FindingStore(connection);
  }

  /** @returns the history of each that has one */
  async of(codes: readonly CreditCode[]): Promise<ReadonlyMap<string, History>> {
    const history = new Map<string, History>();
    const add = (code: string, more: (known: History) => Partial<History>): void => {
      const known = history.get(code) ?? NO_HISTORY;
      history.set(code, { ...known, ...more(known) });
    };
    const [notices, repairs, falseReports, recognitions, findings] = await Promise.all([
      this.#noticesOf(codes),
      this.#repairs.of(codes),
      this.#falseReports.of(codes),
      this.#revokedOf(codes),
      this.#findings.ofInstitutions(codes),
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
    for (const [code, revoked] of recognitions) add(code, () => ({ recognitions: revokedResults(revoked) }));
    for (const finding of findings) add(finding.creditCode, (known) => withFinding(known, finding));
    return history;
  }

  async #revokedOf(codes: readonly CreditCode[]): Promise<ReadonlyMap<string, readonly SeenRecognition[]>> {
    const fields = { number: 1, holds: 1, revokedAt: 1, requesterId: 1, 'institution.creditCode': 1 } as const;
    const found = await recognitionModel(this.#connection)
      .find({ 'institution.creditCode': { $in: codes }, state: 'REVOKED' } as Record<string, unknown>, fields)
      .lean<(SeenRecognition & Pick<Recognition, 'institution'>)[]>();
    const revoked = new Map<string, SeenRecognition[]>();
    for (const recognition of found) {
      const { creditCode } = recognition.institution;
      revoked.set(creditCode, [...(revoked.get(creditCode) ?? []), recognition]);
    }
    return revoked;
  }

  async #noticesOf(codes: readonly CreditCode[]): Promise<readonly Notice[]> {
    return await noticeModel(this.#connection)
      .find({ 'subject.creditCode': { $in: codes } } as Record<string, unknown>, { deliveries: 0, pendingEvents: 0 })
      .lean<Notice[]>();
  }
}
