/** What may happen to a recognition, and in which state; what each relying department is told. */
import { describe, expect, it } from '@jest/globals';
import type { ChannelReply } from '../../schema/delivery/message.ts';
import { applyStanding, decideByHand, isReproducible, revoke, tick, verify } from '../../schema/recognition/case.ts';
import type { RecognitionChange } from '../../schema/recognition/change.ts';
import { decide } from '../../schema/recognition/decide.ts';
import { begin, end, resend } from '../../schema/recognition/dispatch.ts';
import { envelopeOf } from '../../schema/recognition/envelope.ts';
import type { Evidence, SeenListEntry } from '../../schema/recognition/evidence.ts';
import {
  lastDecision,
  type Recognition,
  type RecognitionState,
  type ToldState,
} from '../../schema/recognition/recognition.ts';
import { rulesOn } from '../../schema/recognition/rules.ts';
import { standingOf } from '../../schema/recognition/standing.ts';
import { confirm } from '../../schema/recognition/targets.ts';
import {
  at,
  changed,
  day,
  evidence,
  HEARING,
  kindsOf,
  NOW,
  numbered,
  recognised,
  silence,
  submitted,
  verified,
} from './cases.ts';

const listed = (listedOn: string, removedOn: string | null = null): Evidence => {
  const entry: SeenListEntry = {
    listType: 'SERIOUS_MR',
    listedOn: day(listedOn),
    removedOn: removedOn === null ? null : day(removedOn),
  };
  const [answer] = evidence().listEntries;
  return evidence({ listEntries: answer === undefined ? [] : [{ ...answer, records: [entry] }] });
};
const cma = (status: 'REVOKED' | 'SUSPENDED'): Evidence => {
  const { onDay, now } = evidence().qualifications;
  const with_ = (answers: typeof onDay) =>
    answers.map((answer) => ({ ...answer, records: answer.records.map((record) => ({ ...record, status })) }));
  return evidence({ qualifications: { onDay: with_(onDay), now: with_(now) } });
};
/** The certificate ended after the day of the report. */
const endedSince = (): Evidence =>
  evidence({ qualifications: { ...evidence().qualifications, now: cma('REVOKED').qualifications.now } });

const reviewed = (recognition: Recognition, seen: Evidence): Recognition =>
  changed(
    recognition,
    (change) =>
      applyStanding(change, { ...standingOf(change.recognition, seen), seenChanges: recognition.changeCount }),
    NOW,
    'hub',
  );
const confirmedBy = (recognition: Recognition, departmentId: string, state: ToldState = 'RECOGNIZED'): Recognition =>
  changed(recognition, (change) => confirm(change, departmentId, state, HEARING));
const sent = (recognition: Recognition, outcome: ChannelReply['outcome'] = 'ACCEPTED'): Recognition =>
  numbered(recognition).targets.reduce((all, { messages }) => {
    const messageId = messages.at(-1)?.id ?? '';
    const reply = { outcome, httpStatus: 200, detail: 'x', receiptNumber: null, replyDigest: null, retryAfterMs: null };
    const begun = changed(all, (change) => void begin(change, messageId, 'test', 20_000));
    return changed(begun, (change) => end(change, messageId, reply, 0.5));
  }, numbered(recognition));
const synced = (): Recognition =>
  ['ecology', 'transport'].reduce((all, id) => confirmedBy(all, id), sent(recognised()));
const newEvents = (before: Recognition, after: Recognition): string[] =>
  kindsOf(after.pendingEvents.slice(before.pendingEvents.length));

describe('a recognition that the checks settle', () => {
  it('is handed in, checked and recognised in one write, and goes to those that rely on it', () => {
    const recognition = recognised();
    expect(recognition).toMatchObject({
      state: 'RECOGNIZED',
      validTo: '2027-02-11',
      hasOpen: true,
      restsOn: '91520602MAYDM0078A',
    });
    expect(kindsOf(recognition.pendingEvents)).toEqual([
      'SUBMITTED',
      'VERIFYING',
      'RECOGNIZED',
      'SYNC_QUEUED ecology',
      'SYNC_QUEUED transport',
    ]);
    expect(isReproducible(lastDecision(recognition))).toBe(true);
  });

  it('is synchronised when every relying department has said so, whatever the transport knows', () => {
    const half = confirmedBy(sent(recognised()), 'ecology');
    expect([half.state, half.targets.map(({ state }) => state)]).toEqual(['RECOGNIZED', ['SIGNED', 'SENT']]);
    const whole = confirmedBy(half, 'transport');
    expect(newEvents(half, whole)).toEqual(['SYNC_CONFIRMED transport', 'SYNCED']);
    expect(whole.state).toBe('SYNCED');
    const early = ['ecology', 'transport'].reduce((all, id) => confirmedBy(all, id), recognised());
    expect([early.state, early.hasOpen]).toEqual(['SYNCED', false]);
  });

  it('stays recognised where nobody relies on it', () => {
    expect(recognised('r2', [])).toMatchObject({ state: 'RECOGNIZED', hasOpen: false });
  });

  it('is rejected with its reasons, and nobody is told', () => {
    const recognition = verified(submitted(), listed('2026-01-01'));
    expect(recognition).toMatchObject({ state: 'REJECTED', validTo: null, hasOpen: false, restsOn: null });
    expect(recognition.pendingEvents.at(-1)).toMatchObject({ kind: 'REJECTED', detail: 'RJ08' });
  });

  it('waits while a source is silent, and is settled when it answers', () => {
    const waiting = verified(submitted(), silence());
    expect(waiting).toMatchObject({ state: 'NEED_MORE', hasOpen: false });
    expect(waiting.decideBy).toEqual(at('2026-04-08T23:59:59.999+08:00'));
    expect(waiting.nextClockAt).toEqual(at('2026-03-31T10:30:00+08:00'));
    const settled = verified(waiting);
    expect(newEvents(waiting, settled).slice(0, 2)).toEqual(['VERIFYING', 'RECOGNIZED']);
    expect(settled.decisions.map(({ outcome }) => outcome)).toEqual(['NEED_MORE', 'RECOGNIZED']);
  });
});

describe('a person', () => {
  it('settles what the checks could not, under their name and with their reason', () => {
    const waiting = verified(submitted(), endedSince());
    expect(waiting.state).toBe('NEED_MORE');
    const decided = changed(waiting, (change) =>
      decideByHand(change, 'RECOGNIZED', 'the report is older than the revocation'),
    );
    expect(decided).toMatchObject({ state: 'RECOGNIZED', validTo: '2027-02-11', decideBy: null });
    expect(lastDecision(decided)).toMatchObject({
      manner: 'MANUAL',
      actor: 'clerk',
      reason: 'the report is older than the revocation',
    });
    expect(reviewed(decided, endedSince())).toMatchObject({ state: 'RECOGNIZED', flags: [] });
  });

  it('revokes it for good: whatever becomes of its causes', () => {
    const revoked = changed(synced(), (change) => revoke(change, 'recognised by mistake'));
    expect(revoked).toMatchObject({ state: 'REVOKED', restsOn: null });
    expect(revoked.targets.map(({ told, state }) => `${told ?? ''} ${state}`)).toEqual([
      'REVOKED PENDING',
      'REVOKED PENDING',
    ]);
    expect(reviewed(revoked, evidence())).toBe(revoked);
    const confirmed = confirmedBy(revoked, 'ecology', 'REVOKED');
    expect(confirmed.targets[0]?.state).toBe('CONFIRMED_LIFT');
  });
});

describe('an illegal move is refused, naming the state', () => {
  const states: Readonly<Partial<Record<RecognitionState, Recognition>>> = {
    SUBMITTED: submitted(),
    NEED_MORE: verified(submitted(), silence()),
    RECOGNIZED: recognised(),
    REJECTED: verified(submitted(), listed('2026-01-01')),
    SYNCED: synced(),
    SUSPENDED: reviewed(recognised(), listed('2026-01-01')),
    REVOKED: changed(recognised(), (change) => revoke(change, 'x')),
    EXPIRED: changed(recognised(), tick, at('2027-02-12')),
  };
  const seen = evidence();
  const moves: Readonly<Record<string, readonly [(change: RecognitionChange) => void, readonly RecognitionState[]]>> = {
    verify: [(change) => verify(change, seen, decide(seen, rulesOn(seen.decidedOn))), ['SUBMITTED', 'NEED_MORE']],
    revoke: [(change) => revoke(change, 'x'), ['RECOGNIZED', 'SYNCED', 'SUSPENDED', 'EXPIRED']],
  };
  const cases = Object.entries(moves).flatMap(([name, [move, allowed]]) =>
    Object.entries(states).map(([state, recognition]) => ({
      name,
      move,
      state,
      recognition,
      isAllowed: allowed.some((each) => each === state),
    })),
  );

  it.each(cases)('$name of one that is $state: allowed $isAllowed', ({ move, state, recognition, isAllowed }) => {
    expect(recognition.state).toBe(state);
    const act = (): Recognition => changed(recognition, move);
    if (isAllowed) expect(act().revision).toBe(recognition.revision + 1);
    else
      expect(act).toThrow(
        expect.objectContaining({
          code: 'RECOGNITION_STATE',
          details: { state },
          message: expect.stringContaining(state),
        }),
      );
  });

  it.each(['RECOGNIZED', 'REJECTED', 'SYNCED', 'SUSPENDED', 'REVOKED', 'EXPIRED'] as const)(
    'a decision by hand on one that is %s',
    (state) => {
      const recognition = states[state] ?? submitted();
      expect(() => changed(recognition, (change) => decideByHand(change, 'RECOGNIZED', 'x'))).toThrow(
        expect.objectContaining({ code: 'RECOGNITION_STATE', details: { state } }),
      );
    },
  );

  it('a confirmation of something else than was told, or by somebody who was told nothing', () => {
    const recognition = recognised();
    expect(() => confirmedBy(recognition, 'ecology', 'REVOKED')).toThrow(
      expect.objectContaining({ code: 'CONFLICT', details: { state: 'RECOGNIZED' } }),
    );
    expect(() => confirmedBy(recognition, 'public-security')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
    expect(() => confirmedBy(verified(submitted(), silence()), 'ecology')).toThrow(
      expect.objectContaining({ code: 'CONFLICT' }),
    );
  });
});

describe('what becomes of what it rests on', () => {
  it('suspends it when the cause may pass, and restores it when it has', () => {
    const suspended = reviewed(synced(), cma('SUSPENDED'));
    expect(suspended).toMatchObject({
      state: 'SUSPENDED',
      holds: [{ code: 'RJ03', cause: 'CMA_SUSPENDED', consequence: 'SUSPEND' }],
    });
    expect(kindsOf(suspended.pendingEvents)).toEqual(
      expect.arrayContaining(['SUSPENDED', 'SYNC_QUEUED ecology', 'SYNC_QUEUED transport']),
    );
    const restored = reviewed(suspended, evidence());
    expect(newEvents(suspended, restored)).toEqual(['RESTORED', 'SYNC_QUEUED ecology', 'SYNC_QUEUED transport']);
    expect(restored).toMatchObject({ state: 'RECOGNIZED', holds: [] });
    expect(['ecology', 'transport'].reduce((all, id) => confirmedBy(all, id), restored).state).toBe('SYNCED');
  });

  it('revokes it when the certificate was revoked with effect before the day of the report', () => {
    const revoked = reviewed(sent(recognised()), cma('REVOKED'));
    expect(revoked).toMatchObject({ state: 'REVOKED', holds: [{ code: 'RJ03', consequence: 'REVOKE' }] });
    expect(reviewed(revoked, evidence())).toMatchObject({ state: 'RECOGNIZED' });
  });

  it('only flags it for review when the end came after the day of the report', () => {
    const before = synced();
    const flagged = reviewed(before, endedSince());
    expect(flagged).toMatchObject({ state: 'SYNCED', holds: [], flags: [{ code: 'RJ03' }] });
    expect(newEvents(before, flagged)).toEqual(['REVIEW_FLAGGED']);
    expect(reviewed(before, listed('2026-03-01'))).toMatchObject({ state: 'SYNCED', flags: [{ code: 'RJ08' }] });
  });

  it('revokes it when the report has been withdrawn', () => {
    const [answer] = evidence().reports;
    const withdrawn = evidence({ reports: answer === undefined ? [] : [{ ...answer, records: [] }] });
    const revoked = reviewed(synced(), withdrawn);
    expect(revoked).toMatchObject({ state: 'REVOKED', holds: [{ code: 'RJ01', cause: 'NOT_REGISTERED' }], flags: [] });
  });

  it('changes nothing while a source is silent: neither for the worse nor for the better', () => {
    expect(reviewed(synced(), silence())).toMatchObject({ state: 'SYNCED', holds: [] });
    const suspended = reviewed(synced(), listed('2026-01-01'));
    expect(reviewed(suspended, silence())).toMatchObject({ state: 'SUSPENDED', holds: suspended.holds });
  });

  it('tells nobody twice', () => {
    const suspended = reviewed(synced(), listed('2026-01-01'));
    expect(reviewed(suspended, listed('2026-01-01'))).toBe(suspended);
    expect(suspended.targets.map(({ messages }) => messages.map(({ kind }) => kind))).toEqual([
      ['RECOGNIZED', 'SUSPENDED'],
      ['RECOGNIZED', 'SUSPENDED'],
    ]);
  });
});

describe('a relying department', () => {
  it('that cannot have heard of it is not told of its end', () => {
    const suspended = reviewed(recognised(), listed('2026-01-01'));
    expect(suspended).toMatchObject({ state: 'SUSPENDED', hasOpen: false });
    expect(suspended.targets.map(({ state }) => state)).toEqual(['CONFIRMED_LIFT', 'CONFIRMED_LIFT']);
    const restored = reviewed(suspended, evidence());
    expect(restored.targets.map(({ messages }) => messages.map(({ kind, state }) => `${kind} ${state}`))).toEqual([
      ['RECOGNIZED CANCELLED', 'RECOGNIZED PENDING'],
      ['RECOGNIZED CANCELLED', 'RECOGNIZED PENDING'],
    ]);
  });

  it('to whom a call was begun may have heard of it', () => {
    const recognition = numbered(recognised());
    const messageId = recognition.targets[0]?.messages[0]?.id ?? '';
    const begun = changed(recognition, (change) => void begin(change, messageId, 'test', 20_000));
    const revoked = changed(begun, (change) => revoke(change, 'x'));
    expect(revoked.targets.map(({ told, state }) => `${told ?? ''} ${state}`)).toEqual([
      'REVOKED PENDING',
      'REVOKED CONFIRMED_LIFT',
    ]);
  });

  it('that refuses a message is listed as dead, until a person has it sent again', () => {
    const dead = sent(recognised(), 'REFUSED');
    expect(dead).toMatchObject({ state: 'RECOGNIZED', hasDead: true, targets: [{ state: 'DEAD' }, { state: 'DEAD' }] });
    const again = changed(dead, (change) => resend(change, 'ecology', 'their system works again'));
    expect(again.targets.map(({ state }) => state)).toEqual(['PENDING', 'DEAD']);
    expect(() => changed(again, (change) => resend(change, 'ecology', 'x'))).toThrow(
      expect.objectContaining({ code: 'CONFLICT' }),
    );
  });

  it('gets the same bytes on every attempt, and no name of a person', () => {
    const recognition = numbered(recognised());
    const message = recognition.targets[0]?.messages[0];
    if (message === undefined) throw new Error('no message');
    const first = envelopeOf(recognition, message);
    const later = envelopeOf(sent(recognition, 'UNREACHABLE'), message);
    expect(later.body).toBe(first.body);
    expect(first).toMatchObject({ type: 'recognition.recognized', id: 'r1.ecology.1' });
    expect(JSON.parse(first.body)).toMatchObject({
      recognitionId: 'r1',
      state: 'RECOGNIZED',
      number: 'BG-1',
      validTo: '2027-02-11',
    });
    expect(first.body).not.toContain('digest of a name');
  });
});

describe('the clock', () => {
  it('ends it after its last day, and tells once who has let time pass', () => {
    const recognition = recognised();
    const lastHour = at('2027-02-11T23:00:00+08:00');
    expect(changed(recognition, tick, lastHour).state).toBe('RECOGNIZED');
    const expired = changed(recognition, tick, at('2027-02-12'));
    expect(expired).toMatchObject({ state: 'EXPIRED', restsOn: null, nextClockAt: null });
    expect(newEvents(recognition, expired)).toEqual(['EXPIRED', 'SYNC_OVERDUE ecology', 'SYNC_OVERDUE transport']);
    const overdue = changed(recognition, tick, at('2026-04-10'));
    expect(newEvents(recognition, overdue)).toEqual(['SYNC_OVERDUE ecology', 'SYNC_OVERDUE transport']);
    expect(changed(overdue, tick, at('2026-04-11'))).toBe(overdue);
  });

  it('ends one that is suspended as well, and none that is revoked', () => {
    expect(changed(reviewed(synced(), listed('2026-01-01')), tick, at('2027-02-12')).state).toBe('EXPIRED');
    expect(changed(reviewed(synced(), cma('REVOKED')), tick, at('2027-02-12')).state).toBe('REVOKED');
  });

  it('tells that a person lets a decision wait', () => {
    const waiting = verified(submitted(), endedSince());
    expect(newEvents(waiting, changed(waiting, tick, at('2026-04-09')))).toEqual(['DECISION_OVERDUE']);
  });
});
