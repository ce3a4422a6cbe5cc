/** A joint-punishment notice from draft to end, as departments, operators and the public see it. Needs the built hub. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { verifyEvidence } from '../../schema/notice/evidence/verify-evidence.ts';
import { readPublicKey, verifyBytes } from '../../schema/signing/algorithms.ts';
import { parseKeyRing, type PublicKey } from '../../schema/signing/public-key.ts';
import { addDays, calendarDateOf } from '../../schema/time/calendar-date.ts';
import { killHubs } from '../gateway/support/hub-process.ts';
import {
  decision,
  deliveryTo,
  INSTITUTION_A,
  ISSUE,
  kindsOf,
  noticeIn,
  read,
  readUntil,
  SHOWN,
} from './support/notices.ts';
import { OWN_ADDRESS, StoryHub, until, type User } from './support/story-hub.ts';

const DEPARTMENTS = ['market-regulation', 'ecology', 'transport', 'public-security'] as const;

let hub: StoryHub;
/** Of market regulation, which determines; the others receive. */
let clerk: User;
let ecologist: User;
let policeman: User;
let supervisor: User;
let operator: User;

beforeAll(async () => {
  hub = await StoryHub.start();
  const words = ['--roles', 'determiner', '--regions', '52', '--department', 'market-regulation'];
  clerk = hub.userWith((await hub.command('keys', 'create', 'clerk', ...words)).trim().split('\n').at(-1) ?? '');
  ecologist = await hub.user('ecologist', 'RECIPIENT', 'ecology');
  policeman = await hub.user('policeman', 'RECIPIENT', 'public-security');
  supervisor = await hub.user('supervisor', 'SUPERVISOR', null);
  operator = await hub.user('operator', 'OPERATOR', null);
});
afterAll(async () => {
  await hub.stop();
  killHubs();
});

const issue = async (idempotencyKey: string, over: object = {}) => {
  const input = { idempotencyKey, subjectCode: INSTITUTION_A, ...decision(hub.now), ...over };
  return noticeIn(await clerk.ask(ISSUE, { input }), 'issueNotice');
};
/** One of the acts that take a notice's id. */
const act = async (user: User, name: string, noticeId: string) =>
  await user.ask(`mutation Act($noticeId: ID!) { ${name}(noticeId: $noticeId) { ${SHOWN} } }`, { noticeId });
const endBy = async (name: 'liftNotice' | 'withdrawNotice', noticeId: string, reason: string) =>
  noticeIn(
    await clerk.ask(
      `mutation End($noticeId: ID!, $reason: String!) { ${name}(noticeId: $noticeId, reason: $reason) { ${SHOWN} } }`,
      { noticeId, reason },
    ),
    name,
  );

describe('a notice to four departments', () => {
  const recipients = DEPARTMENTS.map((department) => ({ department }));
  const measures = [{ measureId: 'M204' }, { measureId: 'M205' }];
  let id = '';
  let publicKeys: readonly PublicKey[] = [];

  it('is drafted, determined, told to the party and published, and until then concerns nobody else', async () => {
    const draft = await issue('story-four-departments', { recipients, measures, stage: 'DRAFT' });
    ({ id } = draft);
    expect(draft).toMatchObject({ state: 'DRAFT', version: 1, deliveries: [] });
    expect(draft.number).toMatch(/^LHCJ520115\d{4}\d{2}\d{6}$/);
    for (const [name, state] of [
      ['determineNotice', 'DETERMINED'],
      ['recordPartyNotified', 'PARTY_NOTIFIED'],
    ] as const) {
      expect(noticeIn(await act(clerk, name, id), name)).toMatchObject({ state, deliveries: [] });
    }
    const questions = [
      '{ notices { edges { node { id } } } }',
      '{ noticeEvents { edges { node { kind } } } }',
      '{ deadDeliveries { edges { node { id } } } }',
      `{ notice(id: "${id}") { state } }`,
      `mutation { signNotice(deliveryId: "${id}.1.ecology") { state } }`,
      'mutation { signNotice(deliveryId: "there.is.none") { state } }',
    ];
    for (const question of questions) {
      expect(await hub.public.ask(question)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
    for (const department of DEPARTMENTS) expect((await hub.desk(department)).received).toEqual([]);
    const published = noticeIn(await act(clerk, 'publishNotice', id), 'publishNotice');
    expect(published.deliveries.map(({ department }) => department.id)).toEqual(DEPARTMENTS);
  });

  it('reaches each by its own way, is signed for and carried out, and so comes into effect', async () => {
    const notice = await readUntil(clerk, id, (each) => kindsOf(each).includes('EFFECTIVE'));
    const ways = notice.deliveries.map(({ department, attempts }) => [
      department.id,
      attempts.map(({ message, channel, outcome, receiptNumber }) => ({ message, channel, outcome, receiptNumber })),
    ]);
    const accepted = (channel: string, receiptNumber: string | null) => [
      { message: 'NOTICE', channel, outcome: 'ACCEPTED', receiptNumber },
    ];
    expect(ways).toEqual([
      ['market-regulation', accepted('webhook', 'R1')],
      ['ecology', accepted('webhook', 'R1')],
      ['transport', accepted('exchange-row', null)],
      ['public-security', accepted('soap', 'R1')],
    ]);
    expect(notice.deliveries.map(({ state, feedback }) => [state, feedback.map(({ measureId }) => measureId)])).toEqual(
      [
        ['EXECUTED', ['M204']],
        ['EXECUTED', ['M204', 'M205']],
        ['EXECUTED', ['M204']],
        ['EXECUTED', ['M204', 'M205']],
      ],
    );
    const steps = kindsOf(notice).filter((kind) => !kind.startsWith('DELIVERY_') && kind !== 'SIGNED');
    expect(steps).toEqual(['DRAFT', 'DETERMINED', 'PARTY_NOTIFIED', 'PUBLISHED', 'PUSHED', 'EXECUTING', 'EFFECTIVE']);
  });

  it('carries the signature of the determining department, to the byte, over every way', async () => {
    publicKeys = parseKeyRing(await hub.command('signing-keys', 'export')) ?? [];
    const { signedText, signature } = await read(clerk, id);
    const key = publicKeys.find(({ keyId }) => keyId === signature.keyId);
    expect(key).toMatchObject({ owner: 'market-regulation', algorithm: 'SM2_SM3' });
    for (const department of DEPARTMENTS) {
      const [received] = (await hub.desk(department)).received;
      expect(received?.message).toMatchObject({ type: 'notice.issued', signedText, signature });
    }
    const publicKey = readPublicKey('SM2_SM3', key?.publicKeyPem ?? '');
    expect(publicKey && verifyBytes('SM2_SM3', publicKey, Buffer.from(signedText), signature.value)).toBe(true);
  });

  it('is lifted at once, and closed only when the last recipient has confirmed', async () => {
    await hub.behave('public-security', { confirmsEnd: false });
    expect(await endBy('liftNotice', id, '信用修复完成')).toMatchObject({ state: 'LIFTED', closedAt: null });
    const open = await readUntil(
      clerk,
      id,
      ({ deliveries }) => deliveries.filter(({ state }) => state === 'CONFIRMED_LIFT').length === 3,
    );
    const police = deliveryTo(open, 'public-security');
    await until(
      () => hub.desk('public-security'),
      ({ received }) => received.some(({ message }) => message.type === 'notice.lifted'),
    );
    expect([open.state, open.closedAt, police.state]).toEqual(['LIFTED', null, 'EXECUTED']);

    const confirm = 'mutation Confirm($id: ID!) { confirmLift(deliveryId: $id) { state liftConfirmedAt } }';
    const foreign = await ecologist.ask(confirm, { id: police.id });
    expect(foreign.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const own = await policeman.ask(confirm, { id: police.id });
    expect(own.data).toMatchObject({ confirmLift: { state: 'CONFIRMED_LIFT' } });
    const closed = await read(clerk, id);
    expect(closed.state).toBe('LIFTED');
    expect(closed.closedAt).not.toBeNull();
    expect(
      (await readUntil(clerk, id, (each) => kindsOf(each).includes('ALL_CONFIRMED'))).timeline.at(-1),
    ).toMatchObject({
      kind: 'ALL_CONFIRMED',
      actor: 'policeman',
    });
    await hub.behave('public-security', {});
  });

  it('leaves evidence that anybody can verify with the departments’ public keys', async () => {
    const { number } = await read(clerk, id);
    const pack = await hub.command('notice', 'export', number);
    const { isGood, usedKeys } = verifyEvidence(Buffer.from(pack), publicKeys);
    expect(isGood).toBe(true);
    expect(usedKeys.map(({ owner }) => owner).sort()).toEqual(['hub', 'market-regulation']);
  });
});

describe('a notice that is not quite right', () => {
  const input = () => ({ idempotencyKey: 'story-once', subjectCode: INSTITUTION_A, ...decision(hub.now) });
  const refusal = async (over: object) => (await clerk.ask(ISSUE, { input: { ...input(), ...over } })).errors;

  it('is issued once under one key, and refused under the same key with other content', async () => {
    const [one, same] = await Promise.all([
      issue('story-once', { stage: 'DRAFT' }),
      issue('story-once', { stage: 'DRAFT' }),
    ]);
    expect(same.number).toBe(one.number);
    expect(await refusal({ stage: 'DRAFT', factsSummary: '另有事实' })).toMatchObject([
      { message: expect.stringContaining(one.number), extensions: { code: 'CONFLICT' } },
    ]);
  });

  it('is refused with a measure that the list does not have, or not for this case', async () => {
    for (const over of [
      { measures: [{ measureId: 'M199' }] },
      { severity: 'MINOR', listType: null, measures: [{ measureId: 'M205' }], endDate: calendarDateOf(hub.now) },
    ]) {
      expect(await refusal({ idempotencyKey: 'story-measure', ...over })).toMatchObject([
        { extensions: { code: 'MEASURE_NOT_IN_LIST', measureId: over.measures[0]?.measureId } },
      ]);
    }
  });

  it('is not moved where its state does not allow it, and the state is named', async () => {
    const { id } = await issue('story-once', { stage: 'DRAFT' });
    expect((await act(clerk, 'publishNotice', id)).errors).toMatchObject([
      { message: expect.stringContaining('DRAFT'), extensions: { code: 'NOTICE_STATE', state: 'DRAFT' } },
    ]);
    expect((await act(ecologist, 'determineNotice', id)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('a notice that comes back', () => {
  let id = '';

  it('is shown as returned with the reason, put right in a new version, and what was signed of the old one stays', async () => {
    await hub.behave('transport', { returnsWith: '不属本部门职责' });
    const recipients = [{ department: 'ecology' }, { department: 'transport' }];
    ({ id } = await issue('story-returned', { recipients }));
    const returned = await readUntil(
      clerk,
      id,
      (each) => each.state === 'RETURNED' && deliveryTo(each, 'ecology').state === 'EXECUTED',
    );
    expect(deliveryTo(returned, 'transport')).toMatchObject({ state: 'RETURNED', returnReason: '不属本部门职责' });

    const revise = `mutation Revise($noticeId: ID!, $input: NoticeContentInput!) {
      reviseNotice(noticeId: $noticeId, input: $input, reason: "更正接收部门") { ${SHOWN} }
    }`;
    const revised = {
      ...decision(hub.now),
      recipients: [{ department: 'ecology' }, { department: 'public-security' }],
    };
    noticeIn(await clerk.ask(revise, { noticeId: id, input: revised }), 'reviseNotice');
    const second = await readUntil(
      clerk,
      id,
      (each) => each.state === 'EFFECTIVE' && deliveryTo(each, 'transport').state === 'CONFIRMED_LIFT',
    );
    expect(second.version).toBe(2);
    const versions = second.deliveries.map(({ version, superseded, department, state, signedAt }) => [
      version,
      superseded,
      department.id,
      state,
      signedAt !== null,
    ]);
    expect(versions).toEqual([
      [1, true, 'ecology', 'EXECUTED', true],
      [1, true, 'transport', 'CONFIRMED_LIFT', false],
      [2, false, 'ecology', 'EXECUTED', true],
      [2, false, 'public-security', 'EXECUTED', true],
    ]);
    await hub.behave('transport', {});
  });

  it('is withdrawn as if it had never been: whoever may know of it undoes it and confirms', async () => {
    const withdrawn = await endBy('withdrawNotice', id, '原处罚决定被复议机关撤销');
    expect(withdrawn).toMatchObject({ state: 'WITHDRAWN', endReason: '原处罚决定被复议机关撤销' });
    const closed = await readUntil(clerk, id, ({ closedAt }) => closedAt !== null);
    expect(closed.state).toBe('WITHDRAWN');
    const sent = closed.deliveries.map(({ version, department, attempts }) => [
      `${department.id} ${version}`,
      attempts.map(({ message }) => message),
    ]);
    expect(Object.fromEntries(sent)).toEqual({
      'ecology 1': ['NOTICE'],
      'transport 1': ['NOTICE', 'WITHDRAWAL'],
      'ecology 2': ['NOTICE', 'WITHDRAWAL'],
      'public-security 2': ['NOTICE', 'WITHDRAWAL'],
    });
  });
});

describe('a department that does not take it', () => {
  const dead = async () => {
    const { data } = await supervisor.ask(`{ deadDeliveries { edges { node {
      id department { id } notice { number } attempts { outcome detail }
    } } } }`);
    return z
      .object({ deadDeliveries: z.object({ edges: z.array(z.object({ node: z.looseObject({ id: z.string() }) })) }) })
      .parse(data)
      .deadDeliveries.edges.map(({ node }) => node);
  };
  const repeat = (user: User, id: string) =>
    user.ask('mutation Again($id: ID!) { redeliver(deliveryId: $id, reason: "已恢复") { id state } }', { id });
  const whole = async (id: string) => await readUntil(clerk, id, ({ state }) => state === 'EFFECTIVE');

  it('is listed by name and reason, and gets it when a person has it sent again', async () => {
    await hub.fault('public-security', 'refused');
    const { id, number } = await issue('story-refused', { recipients: [{ department: 'public-security' }] });
    const [refused, ...others] = await until(dead, (list) => list.length > 0);
    expect(others).toEqual([]);
    expect(refused).toMatchObject({
      department: { id: 'public-security' },
      notice: { number },
      attempts: [{ outcome: 'REFUSED', detail: expect.stringContaining('Public Security') }],
    });
    await hub.fault('public-security', null);
    const deliveryId = refused?.id ?? '';
    expect((await repeat(ecologist, deliveryId)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await repeat(supervisor, deliveryId)).errors).toEqual([]);
    const notice = await whole(id);
    expect(notice.timeline).toContainEqual({
      kind: 'DELIVERY_REPEATED',
      department: { id: 'public-security' },
      detail: 'supervisor: 已恢复',
      actor: 'supervisor',
    });
    expect(await dead()).toEqual([]);
  });

  it('for five days is given up, its endpoint disabled with an alarm; enabled again it gets what waited', async () => {
    await hub.fault('ecology', 'down');
    const { id } = await issue('story-down', { recipients: [{ department: 'ecology' }] });
    await readUntil(clerk, id, (each) => deliveryTo(each, 'ecology').attempts.length > 0);
    await hub.pass(6);
    const alarmed = await readUntil(clerk, id, (each) => {
      const kinds = kindsOf(each);
      return kinds.includes('DELIVERY_DEAD') && kinds.includes('ENDPOINT_DISABLED') && kinds.includes('SIGN_OVERDUE');
    });
    expect(deliveryTo(alarmed, 'ecology')).toMatchObject({ state: 'DEAD', overdue: true });
    const log = await supervisor.ask(`{ noticeEvents(first: 1000) { edges { node {
      kind department { id } notice { id } detail
    } } } }`);
    const { noticeEvents } = z
      .object({ noticeEvents: z.object({ edges: z.array(z.object({ node: z.looseObject({ kind: z.string() }) })) }) })
      .parse(log.data);
    const alarms = noticeEvents.edges.filter(({ node }) => node.kind === 'ENDPOINT_DISABLED');
    expect(alarms).toHaveLength(1);
    expect(alarms[0]?.node).toMatchObject({
      department: { id: 'ecology' },
      notice: { id },
      detail: expect.stringMatching(/^No call has succeeded since .*The connection was refused\.$/),
    });
    expect(await dead()).toMatchObject([{ department: { id: 'ecology' } }]);

    await hub.fault('ecology', null);
    const { data } = await operator.ask('{ endpoints { id state department { id } } }');
    const { endpoints } = z
      .object({
        endpoints: z.array(z.object({ id: z.string(), state: z.string(), department: z.object({ id: z.string() }) })),
      })
      .parse(data);
    const [endpoint] = endpoints.filter(({ department }) => department.id === 'ecology');
    expect(endpoint?.state).toBe('DISABLED');
    const enable = 'mutation Enable($id: ID!) { enableEndpoint(endpointId: $id) { state } }';
    expect((await operator.ask(enable, { id: endpoint?.id })).errors).toEqual([]);
    expect((await repeat(clerk, deliveryTo(alarmed, 'ecology').id)).errors).toEqual([]);
    expect(deliveryTo(await whole(id), 'ecology').overdue).toBe(false);
  });
});

describe('the last day', () => {
  it('ends a notice by itself, at every recipient that has ever received it', async () => {
    const recipients = [{ department: 'ecology' }, { department: 'transport' }];
    const endDate = addDays(calendarDateOf(hub.now), 20);
    const { id } = await issue('story-expiry', { recipients, endDate });
    await readUntil(clerk, id, ({ state }) => state === 'EFFECTIVE');
    await hub.pass(21);
    const expired = await readUntil(clerk, id, ({ closedAt }) => closedAt !== null);
    expect(expired).toMatchObject({ state: 'LIFTED', endReason: 'The last day of the notice has passed.' });
    expect(expired.timeline.find(({ kind }) => kind === 'LIFTED')).toMatchObject({ detail: 'EXPIRED', actor: 'hub' });
    for (const department of ['ecology', 'transport']) {
      expect(deliveryTo(expired, department)).toMatchObject({ state: 'CONFIRMED_LIFT' });
      const { received } = await hub.desk(department);
      const own = received.filter(({ message }) => message.deliveryId === deliveryTo(expired, department).id);
      expect(own.map(({ message }) => message.type)).toEqual(['notice.issued', 'notice.lifted']);
    }
  });
});

describe('the hub, killed and started again', () => {
  it('delivers what had not arrived, and leaves alone what departments have registered', async () => {
    const url = `http://${OWN_ADDRESS}/notices`;
    const register = `mutation Register($url: String!) {
      registerEndpoint(input: { department: "market-regulation", url: $url }) { state }
    }`;
    expect((await operator.ask(register, { url })).errors).toEqual([]);
    await hub.fault('ecology', 'down');
    const recipients = [{ department: 'ecology' }, { department: 'transport' }];
    const { id } = await issue('story-killed', { recipients });
    await readUntil(clerk, id, (each) => deliveryTo(each, 'ecology').attempts.length > 0);
    await readUntil(clerk, id, (each) => deliveryTo(each, 'transport').state === 'EXECUTED');

    await hub.killAndStart();
    const notice = await readUntil(clerk, id, ({ state }) => state === 'EFFECTIVE');
    const { received } = await hub.desk('ecology');
    expect(received.map(({ message, copies }) => [message.deliveryId, copies])).toEqual([
      [deliveryTo(notice, 'ecology').id, 1],
    ]);
    expect((await hub.desk('transport')).received).toEqual([]);
    const { data } = await operator.ask('{ endpoints { department { id } url } }');
    expect(data).toMatchObject({
      endpoints: expect.arrayContaining([{ department: { id: 'market-regulation' }, url }]),
    });
  });
});
