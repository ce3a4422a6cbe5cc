/** Repairs: who may, then the step, then one atomic write; notices about the same decision follow. */
import type { Caller } from '../access/caller.ts';
import { demand, demandEver, type Action } from '../access/policy.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import { HubError } from '../errors.ts';
import { institutionNode } from '../institution/institution-node.ts';
import { workingDaysAfter } from '../notice/time-limits.ts';
import type { Clock } from '../ports.ts';
import type { InstitutionFacts } from '../replica/institution-facts.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import type { CaseStore } from './case-store.ts';
import { NEW_CASE, withEvent } from './credit-case.ts';
import { inOneOrder, type CreditInputs } from './credit-inputs.ts';
import { REPAIR_CLOCKS } from './publicity-rules.ts';
import { reasonOf } from './reason.ts';
import * as steps from './repair-case.ts';
import { repairedBy, type RepairCase } from './repair-case.ts';
import { resend } from './repair-dispatch.ts';
import { eligibilityOf, type Eligibility } from './repair-eligibility.ts';
import { isAbout, listEntryTarget, penaltyTarget, targetKey, type Repaired, type RepairTarget } from './repaired.ts';

export interface RepairServiceParts {
  readonly store: CaseStore<RepairCase>;
  readonly clock: Clock;
  /** What departments hold of an institution now; null when it is not registered. */
  factsOf(creditCode: CreditCode): Promise<InstitutionFacts | null>;
}

export interface RepairRequest {
  readonly creditCode: CreditCode;
  readonly target: RepairTarget;
  /** The obligations of the decision are fulfilled, or the cause of the entry is removed. */
  readonly obligationsMet: boolean;
  /** The party has made its public commitment. */
  readonly committed: boolean;
  readonly statement: string;
  readonly evidence: readonly string[];
}

interface OnRecord {
  readonly facts: InstitutionFacts;
  readonly inputs: Pick<CreditInputs, 'penalties' | 'listEntries' | 'repairs'>;
}

const MOST_EVIDENCE = 20;
const OPEN: readonly string[] = ['APPLIED', 'ACCEPTED'];

export class RepairService {
  readonly #parts: RepairServiceParts;

  constructor(parts: RepairServiceParts) {
    this.#parts = parts;
  }

  get store(): CaseStore<RepairCase> {
    return this.#parts.store;
  }

  /**
   * An application, as a department takes it in for the party.
   * @throws HubError INPUT_INVALID, CONFLICT saying what stands against it and from when it is possible, and of the policy
   */
  async apply(caller: Caller, request: RepairRequest): Promise<RepairCase> {
    demandEver(caller, 'repair:apply');
    const { creditCode, target } = request;
    const statement = reasonOf(request.statement);
    if (request.evidence.length > MOST_EVIDENCE)
      throw new HubError('INPUT_INVALID', `At most ${MOST_EVIDENCE} pieces of evidence can be named.`);
    const { facts, inputs } = await this.#onRecord(creditCode);
    const { regionCode } = facts.description;
    demand(caller, 'repair:apply', { regionCode });
    const now = this.#parts.clock.now();
    const eligibility = this.#eligible(target, inputs, now);
    if (!request.obligationsMet || !request.committed)
      throw new HubError('CONFLICT', 'Repair needs fulfilled obligations and a public commitment of the party.');
    const same = (await this.store.of([creditCode])).filter((repair) => isAbout(repair.target, target));
    const open = same.find(({ state }) => OPEN.includes(state));
    if (open !== undefined) throw new HubError('CONFLICT', `The repair has been applied for: ${open._id}.`);
    const today = calendarDateOf(now);
    const refused = same.findLast(({ retryFrom }) => retryFrom !== null && today < retryFrom);
    if (refused !== undefined) throw tooEarly(refused.retryFrom ?? today, refused.reason ?? '');
    const dueAt = workingDaysAfter(now, REPAIR_CLOCKS.forwardWorkingDays);
    const applied: RepairCase = withEvent(
      {
        ...NEW_CASE,
        ...{ _id: repairId(creditCode, target, same.length + 1), type: 'REPAIR', state: 'APPLIED' },
        ...{ creditCode, target, statement },
        regionCode: institutionNode(creditCode, facts.description).regionCode,
        ...{ openedAt: now, appliedBy: caller.subject, evidence: request.evidence, edition: eligibility.edition },
        ...{ determinerId: eligibility.determinerId, departmentIds: [eligibility.determinerId] },
        ...{ acceptedAt: null, decidedAt: null, decidedBy: null, reason: null, retryFrom: null, isExtended: false },
        ...{ dueAt, nextClockAt: dueAt, overdueTold: false, holders: [], noticesPending: false },
      },
      { kind: 'REPAIR_APPLIED', at: now, actor: caller.subject },
    );
    // Of two that apply for the same at once, one is told.
    if (!(await this.store.insert(applied)))
      throw new HubError('CONFLICT', `The repair has been applied for: ${applied._id}.`);
    return applied;
  }

  /** What has been repaired of each institution, same order. */
  async repairedOf(creditCodes: readonly CreditCode[]): Promise<(readonly Repaired[])[]> {
    const cases = await this.store.of(creditCodes);
    return creditCodes.map((code) =>
      cases.filter(({ creditCode }) => creditCode === code).flatMap((repair) => repairedBy(repair) ?? []),
    );
  }

  async accept(caller: Caller, id: string): Promise<RepairCase> {
    await this.#demanded(caller, 'repair:decide', id);
    return await this.store.update(id, (repair) => steps.accept(repair, caller.subject, this.#parts.clock.now()));
  }

  async extend(caller: Caller, id: string, reason: string): Promise<RepairCase> {
    await this.#demanded(caller, 'repair:decide', id);
    const words = reasonOf(reason);
    return await this.store.update(id, (repair) =>
      steps.extend(repair, caller.subject, this.#parts.clock.now(), words),
    );
  }

  /**
   * @param notBefore of a refusal: the department's own day from which it may be applied for again; the rule's when later
   * @throws HubError CONFLICT when it is approved before its time, and those of the policy
   */
  async decide(
    caller: Caller,
    id: string,
    isApproved: boolean,
    reason: string,
    notBefore: CalendarDate | null = null,
  ): Promise<RepairCase> {
    const known = await this.#demanded(caller, 'repair:decide', id);
    const decision = { actor: caller.subject, now: this.#parts.clock.now(), reason: reasonOf(reason) };
    if (repairedBy(known) !== null && isApproved) return known;
    if (isApproved && notBefore !== null) throw new HubError('INPUT_INVALID', '"retryFrom" belongs to a refusal.');
    const { facts, inputs } = await this.#onRecord(known.creditCode);
    if (!isApproved) {
      const today = calendarDateOf(decision.now);
      const days = [today, eligibilityOf(known.target, inputs, today)?.from ?? today, notBefore ?? today];
      const retryFrom = days.reduce((latest, each) => (each > latest ? each : latest));
      return await this.store.update(id, (repair) => steps.reject(repair, decision, retryFrom));
    }
    this.#eligible(known.target, inputs, decision.now);
    const holders = holdersOf(known.target, facts);
    return await this.store.update(id, (repair) => steps.approve(repair, decision, holders));
  }

  /** A department that holds the entry says that it has ended it. Repeated, it changes nothing. */
  async confirm(caller: Caller, id: string): Promise<RepairCase> {
    demandEver(caller, 'repair:confirm');
    const known = await this.store.get(id);
    const departmentIds = known.holders.map(({ departmentId }) => departmentId);
    demand(caller, 'repair:confirm', { departmentIds });
    const departmentId = caller.departmentId ?? '';
    return await this.store.update(id, (repair) =>
      steps.confirm(repair, departmentId, caller.subject, this.#parts.clock.now()),
    );
  }

  /**
   * Has what could not be delivered sent again, under the caller's name.
   * @throws HubError CONFLICT when nothing of it is dead, and those of the policy
   */
  async resend(caller: Caller, id: string, departmentId: string, reason: string): Promise<RepairCase> {
    await this.#demanded(caller, 'delivery:repeat', id);
    const order = { actor: caller.subject, now: this.#parts.clock.now(), reason: reasonOf(reason) };
    return await this.store.update(id, (repair) => resend(repair, departmentId, order));
  }

  #eligible(target: RepairTarget, inputs: OnRecord['inputs'], now: Date): Eligibility {
    const today = calendarDateOf(now);
    const eligibility = eligibilityOf(target, inputs, today);
    if (eligibility === null)
      throw new HubError('INPUT_INVALID', 'No department holds such an entry of the institution.');
    if (eligibility.obstacle !== null) throw new HubError('CONFLICT', eligibility.obstacle);
    if (today < eligibility.from) throw tooEarly(eligibility.from, eligibility.title);
    return eligibility;
  }

  async #onRecord(creditCode: CreditCode): Promise<OnRecord> {
    const [facts, cases] = await Promise.all([this.#parts.factsOf(creditCode), this.store.of([creditCode])]);
    if (facts === null) throw new HubError('INPUT_INVALID', 'No institution is registered under this credit code.');
    const repairs = cases.flatMap((repair) => repairedBy(repair) ?? []);
    const { description, penalties, listEntries } = facts;
    const inputs = inOneOrder({
      ...{ description, penalties, listEntries, repairs },
      ...{ qualifications: [], notices: [], recognitions: [], proficiency: [], falseReports: [] },
    });
    return { facts, inputs };
  }

  async #demanded(caller: Caller, action: Action, id: string): Promise<RepairCase> {
    demandEver(caller, action);
    const repair = await this.store.get(id);
    demand(caller, action, { departmentIds: [repair.determinerId], regionCode: repair.regionCode });
    return repair;
  }
}

const KEY_DIGITS = 24;

/** The nth application for the same record; no two of them have one id. */
const repairId = (creditCode: CreditCode, target: RepairTarget, ordinal: number): string =>
  `repair-${sm3Hex(`${creditCode} ${targetKey(target)}`).slice(0, KEY_DIGITS)}-${ordinal}`;

const tooEarly = (from: CalendarDate, why: string): HubError =>
  new HubError('CONFLICT', `The repair may be applied for from ${from}: ${why}`, { details: { from } });

/** Every department that holds a record of the same. */
function holdersOf(target: RepairTarget, { penalties, listEntries }: InstitutionFacts): readonly string[] {
  const records = [
    ...penalties.filter((penalty) => isAbout(penaltyTarget(penalty), target)),
    ...listEntries.filter((entry) => isAbout(listEntryTarget(entry), target)),
  ];
  return [...new Set(records.map(({ provenance }) => provenance.departmentId))].sort();
}
