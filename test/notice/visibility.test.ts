/** Lists, the log and single notices show a caller the same: what the policy says. */
import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES, type Caller } from '../../schema/access/caller.ts';
import { may } from '../../schema/access/policy.ts';
import { EventLog } from '../../schema/events/event-log.ts';
import { eventMatches, listNoticeEvents, maySeeEvent } from '../../schema/notice/notice-event-list.ts';
import { conditionsOf, listDeadDeliveries, listNotices } from '../../schema/notice/notice-list.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import { recipientsOf, type Notice, type NoticeEvent } from '../../schema/notice/notice.ts';
import { parseRegionPrefix } from '../../schema/region/region.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { blankNotice, changed, version } from './cases.ts';
import { publish, revise, takeTo } from '../../schema/notice/case.ts';

const DEPARTMENTS = ['market-regulation', 'ecology', 'transport', 'public-security'];
const REGIONS = ['520115', '520303', null];

/** Notices of every determiner, recipient and region. */
function allNotices(): Notice[] {
  let count = 0;
  return DEPARTMENTS.flatMap((determinerId) =>
    DEPARTMENTS.flatMap((recipient) =>
      REGIONS.map((regionCode) => {
        count += 1;
        const blank = blankNotice({ recipients: [{ departmentId: recipient, mandatory: true }] }, `n${count}`);
        const own: Notice = { ...blank, determinerId, subject: { ...blank.subject, regionCode } };
        return changed(own, (change) => {
          change.emit('DRAFT');
          takeTo(change, 'PUBLISHED');
        });
      }),
    ),
  );
}

let server: StoreUnderTest;
let store: NoticeStore;
let log: EventLog<NoticeEvent>;
const notices = allNotices();
beforeAll(async () => {
  server = await openStore();
  store = new NoticeStore(server.connection);
  log = new EventLog<NoticeEvent>(server.connection, 'notice_events');
  await Promise.all([store.open(), log.open()]);
  for (const notice of notices) await store.insert(notice);
  await log.append(notices.flatMap(({ pendingEvents }) => [...pendingEvents]));
});
afterAll(() => server.close());

const callers = ROLES.filter((role) => role !== 'PUBLIC').flatMap((role) =>
  [null, 'ecology'].flatMap((departmentId) =>
    [['52'], ['5201'], ['5203', '520115'], []].map((regions): Caller => ({
      subject: 'x',
      departmentId,
      roles: ['PUBLIC', role],
      regions,
      credentialId: 'k',
    })),
  ),
);
const named = callers.map(
  (caller) => [`${caller.roles[1]} ${caller.departmentId ?? '-'} [${caller.regions.join()}]`, caller] as const,
);
const readable = (caller: Caller): Notice[] =>
  notices.filter((notice) =>
    may(caller, 'notice:read', {
      departmentIds: [notice.determinerId, ...recipientsOf(notice)],
      regionCode: notice.subject.regionCode,
    }),
  );

async function listed(caller: Caller): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const page = await listNotices(store, caller, {}, 7, after);
    ids.push(...page.edges.map(({ node }) => node.id));
    if (!page.pageInfo.hasNextPage) return ids;
    after = page.pageInfo.endCursor;
  }
}

describe('a caller sees of notices what the policy says', () => {
  it.each(named)('%s', async (_, caller) => {
    const expected = readable(caller).map(({ _id }) => _id);
    try {
      expect((await listed(caller)).sort()).toEqual(expected.sort());
    } catch (error) {
      // Who may read none at all is told so instead of being shown an empty list.
      expect(error).toMatchObject({ code: 'FORBIDDEN' });
      expect(expected).toEqual([]);
      return;
    }
    const events = await listNoticeEvents(log, caller, 1_000, null);
    expect(new Set(events.edges.map(({ node }) => node.noticeId))).toEqual(new Set(expected));
  });

  it('and nothing to the public', async () => {
    const nobody: Caller = {
      subject: 'public',
      departmentId: null,
      roles: ['PUBLIC'],
      regions: [],
      credentialId: null,
    };
    await expect(listNotices(store, nobody, {}, 5, null)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(listNoticeEvents(log, nobody, 5, null)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(listDeadDeliveries(store, nobody, 5, null)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('a notice that is not published', () => {
  const staff: Caller = { subject: 's', departmentId: null, roles: ['ENFORCER'], regions: ['52'], credentialId: 'k' };
  const recipient: Caller = { ...staff, roles: ['RECIPIENT'], departmentId: 'ecology' };
  const determiner: Caller = { ...staff, roles: ['DETERMINER'], departmentId: 'market-regulation' };
  const toEcology = { recipients: [{ departmentId: 'ecology', mandatory: true }] };
  const draft = changed(blankNotice(toEcology, 'draft'), (change) => change.emit('DRAFT'));
  const known = changed(draft, (change) => takeTo(change, 'PARTY_NOTIFIED'));
  const published = changed(known, publish);
  const seenBy = (caller: Caller, { pendingEvents }: Notice): string[] =>
    pendingEvents.filter((event) => maySeeEvent(caller, event)).map(({ kind }) => kind);

  it.each([
    ['a draft', draft, ['DRAFT']],
    ['one of which the party knows', known, ['DRAFT', 'DETERMINED', 'PARTY_NOTIFIED']],
  ])('is no business of whom it names: %s', (_, notice, kinds) => {
    expect(notice.recipientIds).toEqual([]);
    expect(seenBy(recipient, notice)).toEqual([]);
    expect(seenBy(determiner, notice)).toEqual(kinds);
    expect(seenBy(staff, notice)).toEqual(kinds);
  });

  it('becomes so with the event that tells of its publication', () => {
    expect(published.recipientIds).toEqual(['ecology']);
    expect(seenBy(recipient, published)).toEqual(['PUBLISHED', 'DELIVERY_QUEUED']);
  });

  it('never becomes so for a department that only an earlier draft named', () => {
    const toTransport = version(2, { recipients: [{ departmentId: 'transport', mandatory: true }] });
    const revised = changed(known, (change) => {
      revise(change, toTransport, 'the other department');
      publish(change);
    });
    expect(revised.recipientIds).toEqual(['transport']);
    expect(seenBy(recipient, revised)).toEqual([]);
  });
});

describe('the log', () => {
  const auditor: Caller = { subject: 'a', departmentId: null, roles: ['AUDITOR'], regions: ['52'], credentialId: 'k' };

  it('is paged to its end, also where the caller sees little of it', async () => {
    const recipient: Caller = { ...auditor, roles: ['RECIPIENT'], departmentId: 'ecology' };
    const seen: number[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 100; pages += 1) {
      const page = await listNoticeEvents(log, recipient, 9, after);
      seen.push(...page.edges.map(({ node }) => node._id));
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
    }
    const all = (await log.page(0, 10_000)).events;
    expect(seen).toEqual(all.filter((event) => maySeeEvent(recipient, event)).map(({ _id }) => _id));
  });

  it('refuses a page of nothing, a page of too much and a cursor of another list', async () => {
    for (const first of [0, 1_001]) {
      await expect(listNoticeEvents(log, auditor, first, null)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    await expect(listNoticeEvents(log, auditor, 5, 'WyJub3RpY2UiLDFd')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });
});

describe('a filter means the same for the list and for events', () => {
  const region = parseRegionPrefix('5201');
  it.each([
    [{}, 48],
    [{ recipient: 'ecology' }, 12],
    [{ determiner: 'transport' }, 12],
    [{ region }, 16],
    [{ subject: '91520115MAYDM00198' }, 48],
    [{ subject: '91520303MAYDM0035U' }, 0],
    [{ state: ['PUBLISHED' as const], recipient: 'ecology', region }, 4],
    [{ state: ['LIFTED' as const] }, 0],
    [{ overdueOnly: true }, 0],
  ])('%j matches %d notices', async (filter, count) => {
    const matching = conditionsOf(filter);
    expect(await store.model.countDocuments(matching.length === 0 ? {} : { $and: matching })).toBe(count);
    const lastEvents = notices.flatMap(({ pendingEvents }) => pendingEvents.at(-1) ?? []);
    expect(lastEvents.filter((event) => eventMatches(filter, event))).toHaveLength(count);
  });
});
