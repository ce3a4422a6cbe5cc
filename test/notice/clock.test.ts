import { describe, expect, it } from '@jest/globals';
import type { ChannelReply } from '../../schema/delivery/message.ts';
import { tick } from '../../schema/notice/clock.ts';
import { begin, end } from '../../schema/notice/dispatch.ts';
import { lift } from '../../schema/notice/end.ts';
import type { Notice } from '../../schema/notice/notice.ts';
import { confirmLift, feedBack, sign } from '../../schema/notice/receive.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';
import { at, atStage, changed, deliveryTo, ending, HEARING, kindsOf, MONDAY, numbered } from './cases.ts';

const ECOLOGY_ONLY = { recipients: [{ departmentId: 'ecology', mandatory: true }] };
const ecology = deliveryTo('ecology');
const ACCEPTED: ChannelReply = {
  outcome: 'ACCEPTED',
  httpStatus: 200,
  detail: null,
  receiptNumber: null,
  replyDigest: null,
  retryAfterMs: null,
};

function sent(over = {}): Notice {
  const published = numbered(atStage('PUBLISHED', { ...ECOLOGY_ONLY, ...over }));
  const begun = changed(published, (change) => void begin(change, `${ecology}.NOTICE`, 'webhook', 60_000));
  return numbered(changed(begun, (change) => end(change, `${ecology}.NOTICE`, ACCEPTED, 0)));
}
const ticked = (notice: Notice, now: Date): Notice => numbered(changed(notice, tick, now, 'hub'));
/** Kinds of the alerts that ticking at these times raises. */
const alertsAt = (notice: Notice, times: readonly Date[]): string[][] => {
  let next = notice;
  return times.map((now) => {
    const after = changed(next, tick, now, 'hub');
    next = numbered(after);
    return kindsOf(after.pendingEvents);
  });
};

describe('the time to sign', () => {
  it('is three working days: reminder after two, overdue and escalation after three, each once', () => {
    const [before, reminded, again, over, later] = alertsAt(sent(), [
      at('2026-03-04T23:59:00+08:00'),
      at('2026-03-05T00:00:00+08:00'),
      at('2026-03-05T12:00:00+08:00'),
      at('2026-03-06T00:00:00+08:00'),
      at('2026-03-20'),
    ]);
    expect([before, reminded, again, over, later]).toEqual([
      [],
      ['SIGN_REMINDER'],
      [],
      ['SIGN_OVERDUE', 'SIGN_ESCALATED'],
      [],
    ]);
  });

  it('does not run over holidays, and runs on the weekend days that replace them', () => {
    // National Day 2026: rest from 1 to 7 October, work on Sunday 20 September and Saturday 10 October.
    const delivered = { ...sent(), publishedAt: at('2026-09-30') };
    const holiday = changed(
      numbered(atStage('PUBLISHED', { ...ECOLOGY_ONLY, endDate: parseCalendarDate('2029-01-01') })),
      (change) => void begin(change, `${ecology}.NOTICE`, 'webhook', 60_000),
      at('2026-09-30'),
    );
    const late = changed(holiday, (change) => end(change, `${ecology}.NOTICE`, ACCEPTED, 0), at('2026-09-30'));
    expect(late.deliveries[0]?.signBy).toEqual(at('2026-10-10T23:59:59.999+08:00'));
    expect(delivered.deliveries[0]?.signBy).toEqual(at('2026-03-05T23:59:59.999+08:00'));
  });

  it('shows a notice as overdue until it is signed', () => {
    const overdue = ticked(sent(), at('2026-03-09'));
    expect(overdue.overdue).toBe(true);
    expect(changed(overdue, (change) => sign(change, ecology, HEARING), at('2026-03-09')).overdue).toBe(false);
  });
});

describe('feedback', () => {
  it('is due fifteen working days after signing, then each quarter, with alerts of its own each time', () => {
    const signed = numbered(changed(sent(), (change) => sign(change, ecology, HEARING)));
    expect(signed.deliveries[0]?.feedbackBy).toEqual(at('2026-03-23T23:59:59.999+08:00'));
    expect(
      alertsAt(signed, [at('2026-03-19T09:00:00+08:00'), at('2026-03-20T09:00:00+08:00'), at('2026-03-24')]),
    ).toEqual([[], ['FEEDBACK_REMINDER'], ['FEEDBACK_OVERDUE', 'FEEDBACK_ESCALATED']]);
    const said = [
      { measureId: 'M204', result: 'EXECUTED', caseCount: 1, executedAt: null, description: null },
    ] as const;
    const fedBack = numbered(changed(signed, (change) => feedBack(change, ecology, said, HEARING), at('2026-03-20')));
    expect(fedBack.deliveries[0]?.feedbackBy).toEqual(at('2026-06-20T23:59:59.999+08:00'));
    expect(alertsAt(fedBack, [at('2026-06-25')])).toEqual([
      ['FEEDBACK_REMINDER', 'FEEDBACK_OVERDUE', 'FEEDBACK_ESCALATED'],
    ]);
  });
});

describe('the end', () => {
  it('raises alerts while it is unconfirmed, and the archive follows thirty days after the last confirmation', () => {
    const lifted = numbered(changed(sent(), (change) => lift(change, ending('LIFTED'))));
    expect(alertsAt(lifted, [at('2026-03-05T09:00:00+08:00'), at('2026-03-06')])).toEqual([
      ['LIFT_REMINDER'],
      ['LIFT_OVERDUE', 'LIFT_ESCALATED'],
    ]);
    const closed = numbered(changed(lifted, (change) => confirmLift(change, ecology, HEARING), at('2026-03-04')));
    expect(closed.nextClockAt).toEqual(at('2026-04-03T23:59:59.999+08:00'));
    expect(ticked(closed, at('2026-04-03')).state).toBe('LIFTED');
    const archived = ticked(closed, at('2026-04-04'));
    expect([archived.state, archived.nextClockAt]).toEqual(['ARCHIVED', null]);
  });

  it('stops the clocks of signing and feedback', () => {
    const lifted = numbered(changed(sent(), (change) => lift(change, ending('LIFTED'))));
    expect(alertsAt(lifted, [at('2027-01-01')])[0]?.some((kind) => kind.startsWith('SIGN'))).toBe(false);
  });
});

describe('the day on which measures begin', () => {
  it('brings a reported notice into effect', () => {
    const later = sent({ startDate: parseCalendarDate('2026-03-16') });
    const said = [
      { measureId: 'M204', result: 'EXECUTED', caseCount: 0, executedAt: null, description: null },
    ] as const;
    const signed = changed(later, (change) => sign(change, ecology, HEARING));
    const fedBack = numbered(changed(signed, (change) => feedBack(change, ecology, said, HEARING)));
    expect([fedBack.state, fedBack.nextClockAt]).toEqual(['FED_BACK', at('2026-03-16T00:00:00+08:00')]);
    const begun = changed(fedBack, tick, at('2026-03-16'), 'hub');
    expect([begun.state, kindsOf(begun.pendingEvents)]).toEqual(['EFFECTIVE', ['EFFECTIVE']]);
  });
});

describe('the next hour of the clock', () => {
  it('is never in the past once the clock has run, but for the last day of the notice', () => {
    let notice = sent();
    for (let day = 0; day < 400; day += 1) {
      const now = new Date(MONDAY.getTime() + day * 86_400_000);
      notice = ticked(notice, now);
      expect(notice.nextClockAt === null || notice.nextClockAt > now).toBe(true);
    }
    expect(notice.nextClockAt).toEqual(at('2029-03-01T23:59:59.999+08:00'));
  });
});
