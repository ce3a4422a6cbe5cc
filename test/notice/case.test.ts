import { describe, expect, it } from '@jest/globals';
import type { ChannelReply } from '../../schema/delivery/message.ts';
import { HubError } from '../../schema/errors.ts';
import * as steps from '../../schema/notice/case.ts';
import { chainOf, CHAIN_START, type NoticeChange } from '../../schema/notice/change.ts';
import { begin, end, redeliver } from '../../schema/notice/dispatch.ts';
import { lift, withdraw } from '../../schema/notice/end.ts';
import { NOTICE_STATES, type Notice, type NoticeState } from '../../schema/notice/notice.ts';
import { confirmLift, feedBack, giveBack, sign } from '../../schema/notice/receive.ts';
import { at, atStage, changed, deliveryTo, ending, HEARING, kindsOf, MONDAY, numbered, version } from './cases.ts';

const ACCEPTED: ChannelReply = {
  outcome: 'ACCEPTED',
  httpStatus: 200,
  detail: null,
  receiptNumber: 'R1',
  replyDigest: null,
  retryAfterMs: null,
};
const REFUSED: ChannelReply = { ...ACCEPTED, outcome: 'REFUSED', httpStatus: 403, detail: 'not for us' };
const DEPARTMENTS = ['ecology', 'transport'];

/** Delivers what is open to these departments. */
function delivered(notice: Notice, departments = DEPARTMENTS, reply = ACCEPTED, now = MONDAY): Notice {
  let next = numbered(notice);
  for (const { messages, departmentId } of next.deliveries) {
    for (const { id, state } of messages) {
      if (state !== 'PENDING' || !departments.includes(departmentId)) continue;
      next = changed(next, (change) => void begin(change, id, 'webhook', 60_000), now, 'hub');
      next = changed(next, (change) => end(change, id, reply, 0.5), now, 'hub');
    }
  }
  return numbered(next);
}
const everywhere = (notice: Notice, command: (change: NoticeChange, deliveryId: string) => void, number = 1): Notice =>
  DEPARTMENTS.reduce(
    (before, department) => changed(before, (change) => command(change, deliveryTo(department, number))),
    notice,
  );
const signedBy = (notice: Notice): Notice => everywhere(notice, (change, id) => sign(change, id, HEARING));
const executed = [
  { measureId: 'M204', result: 'EXECUTED', caseCount: 1, executedAt: null, description: null },
] as const;
const fedBackBy = (notice: Notice): Notice =>
  everywhere(notice, (change, id) => feedBack(change, id, executed, HEARING));

describe('a notice takes its way', () => {
  it('from draft to in effect, by the acts of its recipients', () => {
    const published = atStage('PUBLISHED');
    expect(kindsOf(published.pendingEvents)).toEqual([
      ...['DRAFT', 'DETERMINED', 'PARTY_NOTIFIED', 'PUBLISHED', 'DELIVERY_QUEUED', 'DELIVERY_QUEUED'],
    ]);
    const pushed = delivered(published);
    expect([published.state, pushed.state]).toEqual(['PUBLISHED', 'PUSHED']);
    const signed = signedBy(pushed);
    expect(signed.state).toBe('SIGNED');
    const effective = fedBackBy(signed);
    expect(effective.state).toBe('EFFECTIVE');
    expect(kindsOf(effective.pendingEvents)).toEqual([
      ...['DELIVERY_SIGNED', 'DELIVERY_SIGNED', 'SIGNED'],
      ...['DELIVERY_FED_BACK', 'EXECUTING', 'DELIVERY_FED_BACK', 'EFFECTIVE'],
    ]);
  });

  it('waits for every mandatory recipient and for no other', () => {
    const recipients = [
      { departmentId: 'ecology', mandatory: true },
      { departmentId: 'transport', mandatory: false },
    ];
    expect(delivered(atStage('PUBLISHED', { recipients }), ['transport']).state).toBe('PUBLISHED');
    expect(delivered(atStage('PUBLISHED', { recipients }), ['ecology']).state).toBe('PUSHED');
  });

  it('stays fed back while something is not carried out, or has not begun', () => {
    const signed = signedBy(delivered(atStage('PUBLISHED')));
    const failed = [{ ...executed[0], result: 'FAILED' as const }];
    expect(everywhere(signed, (change, id) => feedBack(change, id, failed, HEARING)).state).toBe('FED_BACK');
    const later = { startDate: version().content.endDate };
    expect(fedBackBy(signedBy(delivered(atStage('PUBLISHED', later)))).state).toBe('FED_BACK');
  });

  it('goes over an objection, or back to be determined anew', () => {
    const objected = changed(atStage('PARTY_NOTIFIED'), (change) => steps.raiseObjection(change, 'it says no'));
    expect(changed(objected, (change) => steps.publish(change, 'does not hold')).state).toBe('PUBLISHED');
    expect(changed(objected, (change) => steps.allowObjection(change, 'holds')).state).toBe('DETERMINED');
    expect(changed(objected, (change) => withdraw(change, ending('WITHDRAWN'))).state).toBe('WITHDRAWN');
  });

  it('returns from a refused repair to where it was, and ends by an approved one', () => {
    const effective = fedBackBy(signedBy(delivered(atStage('PUBLISHED'))));
    const pending = changed(effective, (change) => steps.requestRepair(change, 'obligations met'));
    expect(pending.state).toBe('REPAIR_PENDING');
    expect(changed(pending, (change) => steps.refuseRepair(change, 'too early')).state).toBe('EFFECTIVE');
    expect(changed(pending, (change) => lift(change, ending('LIFTED'))).state).toBe('LIFTED');
  });
});

describe('an illegal move is refused with the state named', () => {
  const command: Readonly<Record<string, { from: readonly NoticeState[]; run: (change: NoticeChange) => void }>> = {
    determine: { from: ['DRAFT'], run: steps.determine },
    notifyParty: { from: ['DETERMINED'], run: steps.notifyParty },
    raiseObjection: { from: ['PARTY_NOTIFIED'], run: (change) => steps.raiseObjection(change, 'x') },
    allowObjection: { from: ['OBJECTION'], run: (change) => steps.allowObjection(change, 'x') },
    publish: { from: ['PARTY_NOTIFIED', 'OBJECTION'], run: (change) => steps.publish(change) },
    cancel: { from: ['DRAFT'], run: (change) => steps.cancel(change, 'x') },
    requestRepair: {
      from: ['PUSHED', 'SIGNED', 'EXECUTING', 'FED_BACK', 'EFFECTIVE'],
      run: (change) => steps.requestRepair(change, 'x'),
    },
    refuseRepair: { from: ['REPAIR_PENDING'], run: (change) => steps.refuseRepair(change, 'x') },
    lift: {
      from: ['PUBLISHED', 'PUSHED', 'SIGNED', 'RETURNED', 'EXECUTING', 'FED_BACK', 'EFFECTIVE', 'REPAIR_PENDING'],
      run: (change) => lift(change, ending('LIFTED')),
    },
    withdraw: {
      from: [
        ...(['DETERMINED', 'PARTY_NOTIFIED', 'OBJECTION', 'PUBLISHED', 'PUSHED', 'SIGNED', 'RETURNED'] as const),
        ...(['EXECUTING', 'FED_BACK', 'EFFECTIVE', 'REPAIR_PENDING'] as const),
      ],
      run: (change) => withdraw(change, ending('WITHDRAWN')),
    },
  };
  const cases = Object.entries(command).flatMap(([name, { from, run }]) =>
    NOTICE_STATES.map((state) => ({ name, state, run, allowed: from.includes(state) })),
  );

  it.each(cases)('$name from $state: $allowed', ({ state, run, allowed }) => {
    const notice: Notice = { ...atStage('DETERMINED'), state };
    const attempt = (): Notice => changed(notice, run);
    if (allowed) expect(attempt().state).not.toBe(state);
    else expect(attempt).toThrow(expect.objectContaining({ code: 'NOTICE_STATE', details: { state } }));
  });
});

describe('a later version', () => {
  it('takes the place of the one that stands; what was signed stays on record', () => {
    const signed = signedBy(delivered(atStage('PUBLISHED')));
    const revised = changed(signed, (change) =>
      steps.revise(change, version(2, { factsSummary: 'more' }), 'more facts'),
    );
    expect(revised.state).toBe('PUBLISHED');
    expect(revised.deliveries.map(({ id, superseded, state }) => [id, superseded, state])).toEqual([
      ['n1.1.ecology', true, 'SIGNED'],
      ['n1.1.transport', true, 'SIGNED'],
      ['n1.2.ecology', false, 'PENDING'],
      ['n1.2.transport', false, 'PENDING'],
    ]);
    expect(() => changed(revised, (change) => feedBack(change, 'n1.1.ecology', executed, HEARING))).toThrow('replaced');
    const again = everywhere(delivered(revised), (change, id) => sign(change, id, HEARING), 2);
    expect(again.state).toBe('SIGNED');
  });

  it('tells a department that it drops to undo the old one, and only when it may have heard of it', () => {
    const only = { recipients: [{ departmentId: 'ecology', mandatory: true }] };
    const known = changed(delivered(atStage('PUBLISHED')), (change) => steps.revise(change, version(2, only), 'x'));
    expect(known.deliveries.find(({ id }) => id === 'n1.1.transport')?.messages.map(({ kind }) => kind)).toEqual([
      'NOTICE',
      'WITHDRAWAL',
    ]);
    const unknown = changed(atStage('PUBLISHED'), (change) => steps.revise(change, version(2, only), 'x'));
    expect(unknown.deliveries.find(({ id }) => id === 'n1.1.transport')?.messages.map(({ state }) => state)).toEqual([
      'CANCELLED',
    ]);
  });

  it('must follow the last one', () => {
    expect(() => changed(atStage('PUBLISHED'), (change) => steps.revise(change, version(3), 'x'))).toThrow(
      'does not follow',
    );
  });
});

describe('an ended notice', () => {
  const stages: readonly (readonly [string, () => Notice])[] = [
    ['not sent yet', () => atStage('PUBLISHED')],
    ['received by one', () => delivered(atStage('PUBLISHED'), ['ecology'])],
    [
      'called but not reached',
      () => delivered(atStage('PUBLISHED'), ['ecology'], { ...ACCEPTED, outcome: 'UNREACHABLE' }),
    ],
    ['signed by all', () => signedBy(delivered(atStage('PUBLISHED')))],
  ];

  it.each(stages)('%s: is told to everybody who may have heard of it, and to nobody else', (_, make) => {
    const before = make();
    const mayKnow = before.deliveries
      .filter(({ messages }) => messages.some(({ attempts }) => attempts.length > 0))
      .map(({ departmentId }) => departmentId);
    const lifted = changed(before, (change) => lift(change, ending('LIFTED')));
    const told = lifted.deliveries.filter(({ messages }) => messages.some(({ kind }) => kind === 'LIFT'));
    expect(told.map(({ departmentId }) => departmentId)).toEqual(mayKnow);
    expect(
      lifted.deliveries
        .flatMap(({ messages }) => messages)
        .filter(({ kind, state }) => kind === 'NOTICE' && state === 'PENDING'),
    ).toEqual([]);
    expect(lifted.closedAt === null).toBe(mayKnow.length > 0);
  });

  it('closes only when all have confirmed', () => {
    const lifted = changed(signedBy(delivered(atStage('PUBLISHED'))), (change) => lift(change, ending('LIFTED')));
    const half = changed(lifted, (change) => confirmLift(change, deliveryTo('ecology'), HEARING));
    expect(half.closedAt).toBeNull();
    const whole = changed(half, (change) => confirmLift(change, deliveryTo('transport'), HEARING));
    expect(whole.closedAt).toEqual(MONDAY);
    expect(kindsOf(whole.pendingEvents).slice(-2)).toEqual(['LIFT_CONFIRMED', 'ALL_CONFIRMED']);
  });

  it('reaches a recipient by the latest version of which it may know', () => {
    const signed = signedBy(delivered(atStage('PUBLISHED')));
    const revised = changed(signed, (change) => steps.revise(change, version(2), 'x'));
    const lifted = changed(delivered(revised, ['ecology']), (change) => lift(change, ending('LIFTED')));
    const told = lifted.deliveries.filter(({ messages }) => messages.some(({ kind }) => kind === 'LIFT'));
    expect(told.map(({ id }) => id)).toEqual(['n1.1.transport', 'n1.2.ecology']);
  });

  it('says when it was lifted, and that a withdrawn one is to be undone within a day', () => {
    const signed = signedBy(delivered(atStage('PUBLISHED')));
    const [lifted] = changed(signed, (change) => lift(change, ending('LIFTED'))).deliveries;
    const [withdrawn] = changed(signed, (change) => withdraw(change, ending('WITHDRAWN'))).deliveries;
    expect(lifted?.liftBy).toEqual(at('2026-03-05T23:59:59.999+08:00'));
    expect(withdrawn?.liftBy).toEqual(at('2026-03-03T23:59:59.999+08:00'));
    expect(withdrawn?.messages.at(-1)?.kind).toBe('WITHDRAWAL');
  });
});

describe('a recipient', () => {
  const sent = (): Notice => delivered(atStage('PUBLISHED'));
  const signed = (): Notice => signedBy(sent());
  const ecology = deliveryTo('ecology');

  it.each<[string, () => Notice, (change: NoticeChange) => void]>([
    ['signs', signed, (change) => sign(change, ecology, HEARING)],
    [
      'returns',
      () => changed(sent(), (change) => giveBack(change, ecology, 'not ours', HEARING)),
      (change) => giveBack(change, ecology, 'not ours', HEARING),
    ],
    ['feeds back', () => fedBackBy(signed()), (change) => feedBack(change, ecology, executed, HEARING)],
    [
      'confirms the end',
      () =>
        changed(
          changed(signed(), (change) => lift(change, ending('LIFTED'))),
          (change) => confirmLift(change, ecology, HEARING),
        ),
      (change) => confirmLift(change, ecology, HEARING),
    ],
  ])('%s twice and nothing changes', (_, make, repeat) => {
    const once = make();
    expect(changed(once, repeat)).toBe(once);
  });

  it('may sign before the transport knows that it was reached', () => {
    const early = changed(numbered(atStage('PUBLISHED')), (change) => sign(change, ecology, HEARING));
    expect(early.deliveries[0]).toMatchObject({ state: 'SIGNED', sentAt: MONDAY });
  });

  it.each<[string, () => Notice, (change: NoticeChange) => void, string]>([
    ['return what it has signed for', signed, (change) => giveBack(change, ecology, 'x', HEARING), 'CONFLICT'],
    ['feed back unsigned', sent, (change) => feedBack(change, ecology, executed, HEARING), 'CONFLICT'],
    ['feed back nothing', signed, (change) => feedBack(change, ecology, [], HEARING), 'INPUT_INVALID'],
    [
      'feed back a measure that is not its own',
      signed,
      (change) => feedBack(change, ecology, [{ ...executed[0], measureId: 'M101' }], HEARING),
      'INPUT_INVALID',
    ],
    [
      'feed back a measure twice',
      signed,
      (change) => feedBack(change, ecology, [executed[0], executed[0]], HEARING),
      'INPUT_INVALID',
    ],
    [
      'count half a case',
      signed,
      (change) => feedBack(change, ecology, [{ ...executed[0], caseCount: 0.5 }], HEARING),
      'INPUT_INVALID',
    ],
    ['confirm an end that has not come', signed, (change) => confirmLift(change, ecology, HEARING), 'CONFLICT'],
    ['act on another’s delivery id', signed, (change) => sign(change, 'n1.9.ecology', HEARING), 'INPUT_INVALID'],
    [
      'sign what has ended',
      () => changed(sent(), (change) => lift(change, ending('LIFTED'))),
      (change) => sign(change, ecology, HEARING),
      'NOTICE_STATE',
    ],
  ])('cannot %s', (_, make, command, code) => {
    expect(() => changed(make(), command)).toThrow(expect.objectContaining({ code }));
    expect(() => changed(make(), command)).toThrow(HubError);
  });

  it('that has returned it brings the case to RETURNED until it is delivered again, as a new message', () => {
    const returned = changed(sent(), (change) => giveBack(change, ecology, 'wrong office', HEARING));
    expect(returned.state).toBe('RETURNED');
    const again = changed(returned, (change) => redeliver(change, ecology, 'talked on the phone'));
    expect(again.state).toBe('PUBLISHED');
    const messages = again.deliveries[0]?.messages.map(({ id, state }) => [id, state]);
    expect(messages).toEqual([
      ['n1.1.ecology.NOTICE', 'SENT'],
      ['n1.1.ecology.NOTICE-2', 'PENDING'],
    ]);
    expect(signedBy(delivered(again)).state).toBe('SIGNED');
  });
});

describe('a delivery that is refused', () => {
  const dead = (): Notice => delivered(atStage('PUBLISHED'), ['ecology'], REFUSED);

  it('is dead, says why, and goes out again under the same key when a person says so', () => {
    const notice = dead();
    expect(notice.deliveries[0]).toMatchObject({ state: 'DEAD', sentAt: null });
    expect(notice.hasDead).toBe(true);
    const again = changed(
      notice,
      (change) => redeliver(change, deliveryTo('ecology'), 'they have mended it'),
      MONDAY,
      'li',
    );
    expect(again.pendingEvents.at(-1)).toMatchObject({ kind: 'DELIVERY_REPEATED', actor: 'li' });
    const sent = delivered(again, ['ecology']);
    expect(sent.deliveries[0]?.messages.map(({ id, state, attempts }) => [id, state, attempts.length])).toEqual([
      ['n1.1.ecology.NOTICE', 'SENT', 2],
    ]);
    expect(sent.deliveries[0]?.state).toBe('SENT');
    expect(sent.hasDead).toBe(false);
  });

  it('is not repeated once the notice has ended; its end is delivered instead', () => {
    const lifted = changed(dead(), (change) => lift(change, ending('LIFTED')));
    const open = lifted.deliveries[0]?.messages.filter(({ state }) => state === 'PENDING').map(({ kind }) => kind);
    expect(open).toEqual(['LIFT']);
    expect(() => changed(lifted, (change) => redeliver(change, deliveryTo('ecology'), 'x'))).toThrow('neither dead');
  });
});

describe('the events of a notice', () => {
  it('are a chain: each digest ties it to the one before', () => {
    const { pendingEvents, lastChain } = fedBackBy(signedBy(atStage('PUBLISHED')));
    let previous = CHAIN_START;
    for (const [index, { chain, ...event }] of pendingEvents.entries()) {
      expect(event.ordinal).toBe(index + 1);
      expect(chain).toBe(chainOf(previous, event));
      previous = chain;
    }
    expect(previous).toBe(lastChain);
    expect(pendingEvents.length).toBeGreaterThan(8);
  });
});
