/** recognitionEvents as a subscription: the log of recognitions over both transports, as each caller may see it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../gateway/logging.ts';
import { openRecognitions, type OpenedRecognitions } from '../../gateway/process/open-recognitions.ts';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import type { Role } from '../../schema/access/caller.ts';
import type { RecognitionParts } from '../../schema/context.ts';
import { Lease } from '../../schema/events/lease.ts';
import { revoke } from '../../schema/recognition/case.ts';
import type { RecognitionEvent } from '../../schema/recognition/recognition.ts';
import { recognitionOutbox } from '../../schema/recognition/recognition-store.ts';
import { confirm } from '../../schema/recognition/targets.ts';
import { RawEventStream } from '../gateway/support/raw-event-stream.ts';
import { RawWebSocket } from '../gateway/support/raw-web-socket.ts';
import { openGateway, openNoticeWorld, type Gateway, type NoticeWorld } from '../notice/notice-world.ts';
import { fakeDepartment, registryOf } from '../schema/support/fake-departments.ts';
import { HEARING, recognised } from './cases.ts';

const FOLLOW = `subscription ($after: Cursor, $filter: RecognitionFilter) {
  recognitionEvents(after: $after, filter: $filter) { cursor kind state recognition { id number } department { id } }
}`;

interface Told {
  readonly cursor: string;
  readonly kind: string;
  readonly recognition: { readonly id: string };
}
type Caller = readonly [roles: readonly Role[], departmentId?: string | null, regions?: readonly string[]];

const fail = (error: unknown): never => {
  throw error;
};

let world: NoticeWorld;
let opened: OpenedRecognitions;
let parts: RecognitionParts;
let sequencer: Sequencer<RecognitionEvent>;
let gateway: Gateway;
let beginning: string;
const streams: RawEventStream[] = [];

const origin = (): string => `http://127.0.0.1:${gateway.port}`;
const numberOf = (cursor: string): number =>
  (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, number])[1];
const numbersUpTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

async function openDoor(): Promise<void> {
  const { connection } = world.server;
  const log = createLogger('silent');
  const clock = { now: () => new Date() };
  opened = await openRecognitions({ connection, doorbell: world.doorbell, clock, log, onNews: () => undefined });
  parts = opened.partsFor({ registry: registryOf([fakeDepartment('ecology'), fakeDepartment('transport')]) });
  gateway = await openGateway(connection, { doorbell: world.doorbell, recognitions: parts });
}
async function closeDoor(): Promise<void> {
  await gateway.close();
  await opened.close();
}

async function follow(token: string | null, variables: object = {}): Promise<RawEventStream> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const stream = await RawEventStream.subscribe(`${origin()}/graphql/stream`, FOLLOW, { ...variables }, headers);
  streams.push(stream);
  return stream;
}
const toldBy = (stream: RawEventStream): readonly Told[] =>
  (stream.events('next') as { data: { recognitionEvents: Told } }[]).map(({ data }) => data.recognitionEvents);

/** Puts a recognition on record, which a department then asks for. */
const put = async (id: string, relyingIds: readonly string[], regionCode: string): Promise<void> => {
  const made = recognised(id, relyingIds);
  const moved = made.pendingEvents.map((event) => ({ ...event, regionCode }));
  await parts.service.store.insert({
    ...made,
    institution: { ...made.institution, regionCode },
    pendingEvents: moved,
  });
};
const happen = async (id: string): Promise<void> => {
  const { store } = parts.service;
  await store.change(id, { name: 'ecology-desk' }, (change) => confirm(change, 'ecology', 'RECOGNIZED', HEARING));
  await store.change(id, { name: 'clerk' }, (change) => revoke(change, 'recognised by mistake'));
};
/** The head of the log when all that has happened is in it. */
async function settled(): Promise<number> {
  await sequencer.run();
  return await parts.log.head();
}

beforeAll(async () => {
  world = await openNoticeWorld();
  await openDoor();
  sequencer = new Sequencer({
    outbox: recognitionOutbox(parts.service.store),
    log: parts.log,
    lease: new Lease(world.server.connection, 'sequencer:recognitions', 10_000),
    doorbell: world.doorbell,
    onNumbered: () => Promise.resolve(),
    onFailure: fail,
  });
  const first = await follow(await world.token(['AUDITOR']));
  beginning = (await first.block(({ id }) => id !== undefined)).id ?? '';
  await put('r1', ['ecology'], '520115');
  await put('r2', ['ecology', 'transport'], '520303');
  await happen('r1');
  await settled();
}, 60_000);
afterAll(async () => {
  streams.forEach((stream) => stream.leave());
  await closeDoor();
  await world.close();
});

/** What a caller is told from the beginning up to now. */
async function toldTo(caller: Caller, filter: object = {}): Promise<readonly Told[]> {
  const stream = await follow(await world.token(...caller), { after: beginning, filter });
  const head = await parts.log.head();
  await stream.block(({ id }) => id !== undefined && numberOf(id) >= head);
  return toldBy(stream);
}
const idsIn = (told: readonly Told[]): string[] => [...new Set(told.map(({ recognition }) => recognition.id))].sort();

describe('recognitionEvents', () => {
  it('tells all that happened, in order, with the recognition as it now is', async () => {
    const told = await toldTo([['AUDITOR']]);
    expect(told.map(({ cursor }) => numberOf(cursor))).toEqual(numbersUpTo(await parts.log.head()));
    const own = told.filter(({ recognition }) => recognition.id === 'r1').map(({ kind }) => kind);
    expect(own).toEqual(expect.arrayContaining(['SUBMITTED', 'VERIFYING', 'RECOGNIZED', 'SYNCED', 'REVOKED']));
    expect(told.find(({ kind }) => kind === 'REVOKED')).toMatchObject({
      state: 'REVOKED',
      recognition: { id: 'r1', number: 'BG-1' },
    });
  });

  it.each([
    ['an enforcer of the province', [['ENFORCER'], null, ['52']], ['r1', 'r2']],
    ['an enforcer of one city', [['ENFORCER'], null, ['5203']], ['r2']],
    ['a relying department, wherever the institution is', [['RECIPIENT'], 'transport', ['5201']], ['r2']],
    ['the department that asked for it', [['DETERMINER'], 'market-regulation', ['52']], ['r1', 'r2']],
    ['a department that does not rely on any', [['RECIPIENT'], 'public-security', ['52']], []],
  ] as const)('tells %s what the policy lets it see', async (_, caller, expected) => {
    expect(idsIn(await toldTo(caller))).toEqual(expected);
  });

  it.each([
    [{ state: ['REVOKED'] }, ['r1']],
    [{ institution: '91520602MAYDM0078A' }, ['r1', 'r2']],
    [{ institution: '91520115MAYDM00198' }, []],
    [{ requester: 'ecology' }, []],
    [{ flaggedOnly: true }, []],
  ])('is filtered by %j', async (filter, expected) => {
    expect(idsIn(await toldTo([['AUDITOR']], filter))).toEqual(expected);
  });

  it.each([
    ['the public', null, 'UNAUTHENTICATED'],
    ['callers without a role for it', ['OPERATOR'], 'FORBIDDEN'],
  ] as const)('is refused to %s', async (_, roles, code) => {
    const stream = await follow(roles === null ? null : await world.token(roles));
    await stream.ended;
    expect(stream.events('next')).toMatchObject([{ errors: [{ extensions: { code } }] }]);
  });

  it('is refused for a cursor of another log', async () => {
    const after = Buffer.from(JSON.stringify(['notice-event', 1])).toString('base64url');
    const stream = await follow(await world.token(['AUDITOR']), { after });
    await stream.ended;
    expect(stream.events('next')).toMatchObject([{ errors: [{ extensions: { code: 'INPUT_INVALID' } }] }]);
  });

  it('goes on over an event stream and a WebSocket where the hub broke them off, without a gap or a double', async () => {
    const token = await world.token(['AUDITOR']);
    const stream = await follow(token, { after: beginning });
    const socket = await new RawWebSocket(origin()).acknowledged({ authorization: `Bearer ${token}` });
    socket.subscribe('1', FOLLOW, { after: beginning });
    const overStream = (each: RawEventStream): string[] => toldBy(each).map(({ cursor }) => cursor);
    const overSocket = (each: RawWebSocket): string[] =>
      each.ofType('next').map(({ payload }) => (payload as { extensions: { cursor: string } }).extensions.cursor);
    await stream.block(({ id, event }) => event === 'next' && numberOf(id ?? '') >= 3);
    await socket.message(({ type }) => type === 'next');
    await closeDoor();
    await Promise.all([stream.ended, socket.closed]);
    const [seen, seenOverSocket] = [overStream(stream), overSocket(socket)];
    await openDoor();
    await put('r3', ['ecology'], '520115');
    await happen('r3');
    const head = await settled();
    const again = await follow(token, { after: seen.at(-1) });
    const socketAgain = await new RawWebSocket(origin()).acknowledged({ authorization: `Bearer ${token}` });
    socketAgain.subscribe('1', FOLLOW, { after: seenOverSocket.at(-1) });
    await again.block(({ id, event }) => event === 'next' && numberOf(id ?? '') >= head);
    await socketAgain.message(() => numberOf(overSocket(socketAgain).at(-1) ?? beginning) === head);
    socketAgain.close();
    expect([...seen, ...overStream(again)].map(numberOf)).toEqual(numbersUpTo(head));
    expect([...seenOverSocket, ...overSocket(socketAgain)].map(numberOf)).toEqual(numbersUpTo(head));
  });
});
