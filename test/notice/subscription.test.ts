/** noticeEvents as a subscription: the log of notices, as each caller may see it, over the real graph. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../../schema/access/caller.ts';
import * as steps from '../../schema/notice/case.ts';
import { sign } from '../../schema/notice/receive.ts';
import type { Notice } from '../../schema/notice/notice.ts';
import { RawEventStream } from '../gateway/support/raw-event-stream.ts';
import { RawWebSocket } from '../gateway/support/raw-web-socket.ts';
import { blankNotice, changed, HEARING } from './cases.ts';
import { openGateway, openNoticeWorld, type Gateway, type NoticeWorld } from './notice-world.ts';

const FOLLOW = `subscription ($after: Cursor, $filter: NoticeFilter) {
  noticeEvents(after: $after, filter: $filter) { cursor kind state subjectCode notice { id number } department { id } }
}`;

interface Told {
  readonly cursor: string;
  readonly kind: string;
  readonly notice: { readonly id: string };
  readonly department: { readonly id: string } | null;
}

let world: NoticeWorld;
let gateway: Gateway;
let origin: string;
let beginning: string;
const streams: RawEventStream[] = [];

const noticeOf = (id: string, over: Partial<Notice>, regionCode: string): Notice => {
  const blank = { ...blankNotice({ recipients: [{ departmentId: 'ecology', mandatory: true }] }, id), ...over };
  return changed({ ...blank, subject: { ...blank.subject, regionCode } }, (change) => {
    change.emit('DRAFT');
    steps.takeTo(change, 'PUBLISHED');
  });
};

beforeAll(async () => {
  world = await openNoticeWorld();
  gateway = await openGateway(world.server.connection, { doorbell: world.doorbell });
  origin = `http://127.0.0.1:${gateway.port}`;
  const auditor = await world.token(['AUDITOR']);
  const first = await follow(auditor);
  beginning = (await first.block(({ id }) => id !== undefined)).id ?? '';
  await world.store.insert(noticeOf('n1', { determinerId: 'market-regulation' }, '520115'));
  await world.store.insert(noticeOf('n2', { determinerId: 'transport' }, '520303'));
  await world.store.change('n1', { name: 'clerk' }, (change) => sign(change, 'n1.1.ecology', HEARING));
  await first.block(({ data }) => data?.includes('DELIVERY_SIGNED') === true);
});
afterAll(async () => {
  streams.forEach((stream) => stream.leave());
  await gateway.close();
  await world.close();
});

async function follow(token: string | null, variables: object = {}): Promise<RawEventStream> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const stream = await RawEventStream.subscribe(`${origin}/graphql/stream`, FOLLOW, { ...variables }, headers);
  streams.push(stream);
  return stream;
}

const toldBy = (stream: RawEventStream): readonly Told[] =>
  (stream.events('next') as { data: { noticeEvents: Told } }[]).map(({ data }) => data.noticeEvents);

/** What a caller is told from the beginning up to now. */
async function toldTo(
  caller: readonly [roles: readonly Role[], departmentId?: string | null, regions?: readonly string[]],
  filter: object = {},
): Promise<readonly Told[]> {
  const stream = await follow(await world.token(...caller), { after: beginning, filter });
  const head = await world.log.head();
  // Its place is told when it has been served up to here, whether or not the last events were meant for it.
  await stream.block(({ id }) => id !== undefined && numberOf(id) >= head);
  return toldBy(stream);
}

const numberOf = (cursor: string): number =>
  (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, number])[1];
const noticesIn = (told: readonly Told[]): string[] => [...new Set(told.map(({ notice }) => notice.id))].sort();

describe('noticeEvents', () => {
  it('tells all that happened, in order, with the notice as it now is', async () => {
    const told = await toldTo([['AUDITOR']]);
    expect(told.map(({ cursor }) => numberOf(cursor))).toEqual(told.map((_, index) => index + 1));
    const own = told.filter(({ notice }) => notice.id === 'n1').map(({ kind }) => kind);
    expect([own[0], own.at(-1)]).toEqual(['DRAFT', expect.stringContaining('SIGNED')]);
    expect(told.find(({ kind }) => kind === 'DELIVERY_SIGNED')).toMatchObject({
      subjectCode: '91520115MAYDM00198',
      notice: { id: 'n1', number: expect.stringMatching(/^LHCJ/) as unknown },
      department: { id: 'ecology' },
    });
  });

  it.each([
    ['an enforcer of the province', [['ENFORCER'], null, ['52']], ['n1', 'n2']],
    ['an enforcer of one city', [['ENFORCER'], null, ['5203']], ['n2']],
    ['the recipient, wherever the institution is', [['RECIPIENT'], 'ecology', ['5201']], ['n1', 'n2']],
    ['the department that determined it', [['DETERMINER'], 'transport', ['52']], ['n2']],
    ['a department that it does not concern', [['RECIPIENT'], 'public-security', ['52']], []],
  ] as const)('tells %s what the policy lets it see', async (_, caller, expected) => {
    expect(noticesIn(await toldTo(caller))).toEqual(expected);
  });

  it.each([
    [{ recipient: 'ecology' }, ['n1', 'n2']],
    [{ recipient: 'transport' }, []],
    [{ region: '5201' }, ['n1']],
    [{ determiner: 'transport' }, ['n2']],
    [{ subject: '91520115MAYDM00198', region: '520303' }, ['n2']],
    [{ subject: '91520201MAYDM0027Y' }, []],
    [{ state: ['SIGNED'] }, ['n1']],
    [{ overdueOnly: true }, []],
  ])('is filtered by %j', async (filter, expected) => {
    expect(noticesIn(await toldTo([['AUDITOR']], filter))).toEqual(expected);
  });

  it('goes on at a cursor of the query, which pages the same log', async () => {
    const token = await world.token(['AUDITOR']);
    const answer = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ noticeEvents(first: 4) { edges { cursor } pageInfo { endCursor } } }' }),
    });
    const { data } = (await answer.json()) as { data: { noticeEvents: { pageInfo: { endCursor: string } } } };
    const stream = await follow(token, { after: data.noticeEvents.pageInfo.endCursor });
    await stream.block(({ event }) => event === 'next');
    expect(numberOf(toldBy(stream)[0]?.cursor ?? '')).toBe(5);
  });

  it.each([
    ['the public', null, 'UNAUTHENTICATED'],
    ['callers without a role for it', ['OPERATOR'], 'FORBIDDEN'],
  ] as const)('is refused to %s', async (_, roles, code) => {
    const stream = await follow(roles === null ? null : await world.token(roles));
    await stream.ended;
    expect(stream.events('next')).toMatchObject([{ errors: [{ extensions: { code } }] }]);
  });

  it('is refused for what is wrong in its filter', async () => {
    const stream = await follow(await world.token(['AUDITOR']), { filter: { region: 'Guizhou' } });
    await stream.ended;
    expect(stream.events('next')).toMatchObject([{ errors: [{ extensions: { code: 'INPUT_INVALID' } }] }]);
  });

  describe('whose key is revoked, by another process, while nothing happens', () => {
    const revoke = (token: string) => world.keys.revoke(/^jch_(.{8})_/.exec(token)?.[1] ?? '');

    it('closes its WebSocket', async () => {
      const token = await world.token(['AUDITOR']);
      const socket = await new RawWebSocket(origin).acknowledged({ authorization: `Bearer ${token}` });
      socket.subscribe('1', FOLLOW);
      await socket.message(({ type }) => type === 'ping');
      expect(await revoke(token)).toBe(true);
      expect(await socket.closed).toEqual({
        code: 4401,
        reason: 'The credentials are no longer valid; the subscription ends.',
      });
    });

    it('ends its event stream', async () => {
      const token = await world.token(['AUDITOR']);
      const stream = await follow(token);
      await stream.block(({ id }) => id !== undefined);
      expect(await revoke(token)).toBe(true);
      await stream.ended;
      expect(stream.events('next')).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
    });
  });
});
