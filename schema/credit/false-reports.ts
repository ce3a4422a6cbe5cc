/** Reports that departments have found to be false; each department speaks of its own findings. */
import type { Caller } from '../access/caller.ts';
import { demand, demandEver } from '../access/policy.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import { HubError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { parseRegionCode } from '../region/region.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import type { CaseStore } from './case-store.ts';
import { NEW_CASE, withEvent, type CreditCase } from './credit-case.ts';
import type { ConfirmedFalseReport } from './false-report.ts';
import { reasonOf } from './reason.ts';

export interface FalseReportCase extends CreditCase {
  readonly type: 'FALSE_REPORT';
  readonly finding: ConfirmedFalseReport;
  readonly withdrawnAt: Date | null;
}

export interface FalseReportFinding {
  readonly creditCode: CreditCode;
  /** Of the institution; null where the register does not say. */
  readonly regionCode: string | null;
  readonly reportNumber: string;
  /** VIN or another mark; only its digest is kept. */
  readonly vehicle: string | null;
  readonly confirmedOn: CalendarDate;
  readonly subject: string;
  readonly documentNumber: string | null;
}

const REPORT_NUMBER = /^[\p{L}\p{N}〔〕()[\]._/-]{4,64}$/u;

export class FalseReports {
  readonly #store: CaseStore<FalseReportCase>;
  readonly #clock: Clock;

  constructor(store: CaseStore<FalseReportCase>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Puts a finding of the caller's department on record; one that was withdrawn holds again. Repeated, it changes nothing. */
  async confirm(caller: Caller, finding: FalseReportFinding): Promise<FalseReportCase> {
    const { departmentId } = caller;
    const { creditCode, reportNumber, vehicle, confirmedOn, documentNumber } = finding;
    demand(caller, 'falseReport:confirm', {
      departmentIds: departmentId === null ? [] : [departmentId],
      regionCode: finding.regionCode,
    });
    const now = this.#clock.now();
    if (!REPORT_NUMBER.test(reportNumber))
      throw new HubError('INPUT_INVALID', 'This cannot be the number of a report.');
    if (confirmedOn > calendarDateOf(now)) throw new HubError('INPUT_INVALID', '"confirmedOn" lies in the future.');
    const facts = {
      ...{ reportNumber, confirmedOn, documentNumber, subject: reasonOf(finding.subject) },
      vehicle: vehicle === null ? null : sm3Hex(vehicle.trim().toUpperCase()),
    };
    const source = departmentId ?? '';
    const provenance = {
      ...{ departmentId: source, sourceRecordId: reportNumber, asOf: now, fetchedAt: now },
      ...{ receipt: sm3Hex(canonicalJson(facts)), adapterVersion: 'finding' },
    };
    const opened: FalseReportCase = withEvent(
      {
        ...NEW_CASE,
        ...{ _id: `false-report.${source}.${creditCode}.${sm3Hex(reportNumber).slice(0, 32)}`, type: 'FALSE_REPORT' },
        ...{ creditCode, regionCode: parseRegionCode(finding.regionCode ?? creditCode.slice(2, 8)), openedAt: now },
        ...{ departmentIds: [source], nextClockAt: null, finding: { ...facts, provenance }, withdrawnAt: null },
      },
      { kind: 'FALSE_REPORT_CONFIRMED', at: now, actor: caller.subject, detail: reportNumber },
    );
    if (await this.#store.insert(opened)) return opened;
    return await this.#store.update(opened._id, (known) =>
      known.withdrawnAt === null
        ? known
        : withEvent(
            { ...known, finding: opened.finding, withdrawnAt: null },
            { kind: 'FALSE_REPORT_CONFIRMED', at: now, actor: caller.subject, detail: reportNumber },
          ),
    );
  }

  /** The finding does not hold. Repeated, it changes nothing. */
  async withdraw(caller: Caller, id: string, reason: string): Promise<FalseReportCase> {
    demandEver(caller, 'falseReport:confirm');
    const { departmentIds, regionCode } = await this.#store.get(id);
    demand(caller, 'falseReport:confirm', { departmentIds, regionCode });
    const detail = reasonOf(reason);
    const at = this.#clock.now();
    return await this.#store.update(id, (known) =>
      known.withdrawnAt !== null
        ? known
        : withEvent(
            { ...known, withdrawnAt: at },
            { kind: 'FALSE_REPORT_WITHDRAWN', at, actor: caller.subject, detail },
          ),
    );
  }
}
