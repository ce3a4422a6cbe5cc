/** A repair from the application to the word of the last department that holds the entry. Pure. */
import { HubError } from '../errors.ts';
import { workingDaysAfter } from '../notice/time-limits.ts';
import { calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import { withEvent, type CreditCase } from './credit-case.ts';
import { telling, told } from './repair-dispatch.ts';
import { REPAIR_CLOCKS } from './publicity-rules.ts';
import type { Repaired, RepairTarget } from './repaired.ts';

export const REPAIR_STATES = ['APPLIED', 'ACCEPTED', 'REJECTED', 'APPROVED', 'SYNCHRONISED'] as const;
export type RepairState = (typeof REPAIR_STATES)[number];

/** A department that holds the entry and says when it has ended it. */
export interface RepairHolder {
  readonly departmentId: string;
  readonly confirmedAt: Date | null;
  readonly confirmedBy: string | null;
}

export interface RepairCase extends CreditCase {
  readonly type: 'REPAIR';
  readonly state: RepairState;
  readonly target: RepairTarget;
  readonly determinerId: string;
  /** Edition of the rule by which it may be applied for. */
  readonly edition: string;
  readonly appliedBy: string;
  /** What was done to set it right, and what is promised. */
  readonly statement: string;
  readonly evidence: readonly string[];
  readonly acceptedAt: Date | null;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  /** Of a refused one: from when it may be applied for again. */
  readonly retryFrom: CalendarDate | null;
  /** By when the next step is due; null when there is none. */
  readonly dueAt: Date | null;
  readonly isExtended: boolean;
  readonly overdueTold: boolean;
  /** Empty until it is approved. */
  readonly holders: readonly RepairHolder[];
  /** Notices about the same decision still have to follow. */
  readonly noticesPending: boolean;
}

function demandState({ state }: RepairCase, allowed: readonly RepairState[], act: string): void {
  if (allowed.includes(state)) return;
  throw new HubError('CONFLICT', `The repair is ${state}; "${act}" is possible from ${allowed.join(', ')}.`, {
    details: { state },
  });
}

/** What a step sets; its clock begins anew. */
const step = (repair: RepairCase, part: Partial<RepairCase>, dueAt: Date | null): RepairCase => ({
  ...repair,
  ...part,
  dueAt,
  nextClockAt: dueAt,
  overdueTold: false,
});

export function accept(repair: RepairCase, actor: string, now: Date): RepairCase {
  if (repair.state === 'ACCEPTED') return repair;
  demandState(repair, ['APPLIED'], 'accept');
  const dueAt = workingDaysAfter(now, REPAIR_CLOCKS.decideWorkingDays);
  const accepted = step(repair, { state: 'ACCEPTED', acceptedAt: now, noticesPending: true }, dueAt);
  return withEvent(accepted, { kind: 'REPAIR_ACCEPTED', at: now, actor });
}

/** Once, when the matter is complex. */
export function extend(repair: RepairCase, actor: string, now: Date, reason: string): RepairCase {
  demandState(repair, ['ACCEPTED'], 'extend');
  if (repair.isExtended) throw new HubError('CONFLICT', 'The time to decide has been extended before.');
  const dueAt = workingDaysAfter(repair.dueAt ?? now, REPAIR_CLOCKS.extensionWorkingDays);
  return withEvent(step(repair, { isExtended: true }, dueAt), {
    ...{ kind: 'REPAIR_EXTENDED', at: now, actor, detail: reason },
  });
}

export interface RepairDecision {
  readonly actor: string;
  readonly now: Date;
  readonly reason: string;
}

/** @param retryFrom the first day on which it may be applied for again */
export function reject(
  repair: RepairCase,
  { actor, now, reason }: RepairDecision,
  retryFrom: CalendarDate,
): RepairCase {
  if (repair.state === 'REJECTED') return repair;
  demandState(repair, ['APPLIED', 'ACCEPTED'], 'refuse');
  const part = {
    state: 'REJECTED',
    decidedAt: now,
    decidedBy: actor,
    reason,
    retryFrom,
    noticesPending: true,
  } as const;
  const detail = `${reason} Again from ${retryFrom}.`;
  return withEvent(step(repair, part, null), { kind: 'REPAIR_REJECTED', at: now, actor, detail });
}

/** @param holders ids of the departments that hold the entry */
export function approve(
  repair: RepairCase,
  { actor, now, reason }: RepairDecision,
  holders: readonly string[],
): RepairCase {
  if (repair.state === 'APPROVED' || repair.state === 'SYNCHRONISED') return repair;
  demandState(repair, ['ACCEPTED'], 'approve');
  const approved = step(
    repair,
    {
      ...{ state: 'APPROVED', decidedAt: now, decidedBy: actor, reason, noticesPending: true },
      holders: holders.map((departmentId) => ({ departmentId, confirmedAt: null, confirmedBy: null })),
      departmentIds: [...new Set([repair.determinerId, ...holders])],
    },
    workingDaysAfter(now, REPAIR_CLOCKS.synchroniseWorkingDays),
  );
  return withEvent(telling(approved, holders, now), { kind: 'REPAIR_APPROVED', at: now, actor, detail: reason });
}

/** A department says that it neither shows nor uses the entry any more. */
export function confirm(repair: RepairCase, departmentId: string, actor: string, now: Date): RepairCase {
  const own = repair.holders.find((holder) => holder.departmentId === departmentId);
  if (own === undefined || own.confirmedAt !== null) {
    demandState(repair, ['APPROVED', 'SYNCHRONISED'], 'confirm');
    if (own === undefined) throw new HubError('INPUT_INVALID', `"${departmentId}" does not hold the entry.`);
    return repair;
  }
  const holders = repair.holders.map((holder) =>
    holder === own ? { departmentId, confirmedAt: now, confirmedBy: actor } : holder,
  );
  const confirmed = withEvent(told({ ...repair, holders }, departmentId, now), {
    ...{ kind: 'REPAIR_CONFIRMED', at: now, actor, detail: departmentId },
  });
  if (holders.some(({ confirmedAt }) => confirmedAt === null)) return confirmed;
  return withEvent(step(confirmed, { state: 'SYNCHRONISED' }, null), { kind: 'REPAIR_SYNCHRONISED', at: now, actor });
}

/** Tells once that the time of a step is up. */
export function tick(repair: RepairCase, now: Date): RepairCase {
  const { dueAt, overdueTold } = repair;
  if (dueAt === null || overdueTold || dueAt > now) return repair;
  return withEvent(
    { ...repair, overdueTold: true, nextClockAt: null },
    { kind: `REPAIR_${repair.state}_OVERDUE`, at: now, actor: 'hub' },
  );
}

/** What the repair ends; null while it has not been approved. */
export function repairedBy({ _id: repairId, state, target, decidedAt }: RepairCase): Repaired | null {
  const isApproved = state === 'APPROVED' || state === 'SYNCHRONISED';
  return isApproved && decidedAt !== null ? { repairId, target, approvedOn: calendarDateOf(decidedAt) } : null;
}
