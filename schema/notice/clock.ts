/**
 * The statutory clocks of a notice: what is due, when it is next due, and what the hub then does. Alerts are raised once;
 * a new deadline (a second feedback, say) raises its own.
 */
import { calendarDateOf, endOfDay, startOfDay } from '../time/calendar-date.ts';
import type { NoticeChange } from './change.ts';
import { currentVersion, type Delivery, type Notice, type NoticeState } from './notice.ts';
import { daysAfter, TIME_LIMITS, workingDaysAfter, workingDaysBefore } from './time-limits.ts';

/** An alert that a delivery's clock raises. */
interface Alert {
  readonly kind: string;
  readonly at: Date;
}

const dayOf = (at: Date): string => calendarDateOf(at);

/** One alert per deadline: the deadline is part of the mark. */
const markOf = ({ kind }: Alert, deadline: Date): string => `${kind} ${dayOf(deadline)}`;

interface Due {
  readonly alert: Alert;
  readonly mark: string;
}

function dueAt(deadline: Date, reminderAt: Date, name: string): Due[] {
  const alerts: readonly Alert[] = [
    { kind: `${name}_REMINDER`, at: reminderAt },
    { kind: `${name}_OVERDUE`, at: deadline },
    // Domain reference 5.1: reminder first, escalation when the time is up.
    { kind: `${name}_ESCALATED`, at: deadline },
  ];
  return alerts.map((alert) => ({ alert, mark: markOf(alert, deadline) }));
}

/** Whether the recipient has let its time pass, as far as the clock has seen. */
export function isOverdue({
  signBy,
  feedbackBy,
  liftBy,
  signedAt,
  liftConfirmedAt,
  superseded,
  alerts,
}: Delivery): boolean {
  const has = (name: string, deadline: Date): boolean => alerts.includes(`${name}_OVERDUE ${dayOf(deadline)}`);
  if (liftBy !== null) return liftConfirmedAt === null && has('LIFT', liftBy);
  if (superseded) return false;
  return signedAt === null ? has('SIGN', signBy) : has('FEEDBACK', feedbackBy);
}

const STANDING: ReadonlySet<NoticeState> = new Set([
  'PUBLISHED',
  'PUSHED',
  'SIGNED',
  'EXECUTING',
  'FED_BACK',
  'EFFECTIVE',
  'REPAIR_PENDING',
]);

/** What the clock of one delivery has still to raise, in order of time. */
function duesOf({ state }: Notice, delivery: Delivery): readonly Due[] {
  const { signBy, feedbackBy, liftBy, signedAt, sentAt, returnReason, liftConfirmedAt, alerts } = delivery;
  const dues: Due[] = [];
  if (liftBy !== null && liftConfirmedAt === null)
    dues.push(...dueAt(liftBy, startOfDay(calendarDateOf(liftBy)), 'LIFT'));
  if (STANDING.has(state) && !delivery.superseded && returnReason === null) {
    if (signedAt === null) {
      const since = sentAt ?? workingDaysBefore(signBy, TIME_LIMITS.signWorkingDays);
      dues.push(...dueAt(signBy, workingDaysAfter(since, TIME_LIMITS.signReminderWorkingDays), 'SIGN'));
    } else {
      dues.push(
        ...dueAt(feedbackBy, workingDaysBefore(feedbackBy, TIME_LIMITS.feedbackReminderWorkingDays), 'FEEDBACK'),
      );
    }
  }
  return dues.filter(({ mark }) => !alerts.includes(mark)).sort((a, b) => a.alert.at.getTime() - b.alert.at.getTime());
}

/** When the last day has passed on which the notice holds. */
const endsAt = (notice: Notice): Date => endOfDay(currentVersion(notice).content.endDate);

const beginsAt = (notice: Notice): Date => startOfDay(currentVersion(notice).content.startDate);

const archiveAt = ({ closedAt }: Notice): Date | null =>
  closedAt === null ? null : daysAfter(closedAt, TIME_LIMITS.archiveDays);

/** Whether the clock may end it. */
export const mayExpire = ({ state }: Notice): boolean => STANDING.has(state) || state === 'RETURNED';

/** When the clock has something to do next; null = never. */
export function nextClockAt(notice: Notice, now: Date): Date | null {
  const { state } = notice;
  const times: Date[] = notice.deliveries.flatMap((delivery) => duesOf(notice, delivery).map(({ alert }) => alert.at));
  if (mayExpire(notice)) times.push(endsAt(notice));
  if (state === 'FED_BACK' && beginsAt(notice) > now) times.push(beginsAt(notice));
  const archive = archiveAt(notice);
  if ((state === 'LIFTED' || state === 'WITHDRAWN') && archive !== null) times.push(archive);
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));
}

/** Whether the last day has passed. */
export const isOver = (notice: Notice, now: Date): boolean => mayExpire(notice) && endsAt(notice) < now;

/** Raises what is due by now and archives what is done. Expiry is the caller's: it needs a signature. */
export function tick(change: NoticeChange): void {
  const { now } = change;
  for (const { id, departmentId } of change.notice.deliveries) {
    for (const { alert, mark } of duesOf(change.notice, change.deliveryOf(id))) {
      if (alert.at > now) continue;
      change.setDelivery(id, { alerts: [...change.deliveryOf(id).alerts, mark] });
      change.emit(alert.kind, { departmentId });
    }
  }
  const { state } = change.notice;
  // The day on which the measures begin may have come; the state follows from the deliveries.
  if (state === 'FED_BACK') change.tellState();
  const archive = archiveAt(change.notice);
  if ((state === 'LIFTED' || state === 'WITHDRAWN') && archive !== null && archive <= now) {
    change.advance(['LIFTED', 'WITHDRAWN'], 'ARCHIVED', 'archive');
  }
}
