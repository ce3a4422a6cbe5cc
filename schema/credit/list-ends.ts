/**
 * Notices that rest on an entry of a list end with the entry: what is to be lifted is written down when the profile is
 * computed, on the day, and lifted by the hub's clock. Nothing is lost between the two.
 */
import type { Connection } from 'mongoose';
import type { Caller } from '../access/caller.ts';
import { HubError } from '../errors.ts';
import { currentVersion, type Notice } from '../notice/notice.ts';
import { noticeModel } from '../notice/notice.model.ts';
import type { NoticeService } from '../notice/notice-service.ts';
import type { Clock } from '../ports.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import type { CaseStore } from './case-store.ts';
import { NEW_CASE, withEvent, type CreditCase } from './credit-case.ts';
import type { CreditProfile } from './credit-profile.ts';
import { endedEntries, listingOf, type EndedEntry } from './ended-entries.ts';
import { STANDING_NOTICES } from './repair-notices.ts';

export interface ListEndCase extends CreditCase {
  readonly type: 'LIST_END';
  readonly entry: EndedEntry;
  /** Ids of notices that rest on the entry and stand. */
  readonly noticeIds: readonly string[];
  readonly noticesPending: boolean;
}

type Ended = Pick<CreditProfile, 'creditCode' | 'regionCode' | 'inputs'> & { readonly entry: EndedEntry };

const ACTOR = 'hub';
const KEY_DIGITS = 24;

const caseId = ({ creditCode, entry: { listType, listedOn } }: Ended): string =>
  `listEnd-${sm3Hex(`${creditCode} ${listType} ${listedOn}`).slice(0, KEY_DIGITS)}`;

const reasonFor = ({ listType, listedOn, endedOn, endsBy }: EndedEntry): string =>
  `The entry on the list ${listType} of ${listedOn} has ended on ${endedOn} (${endsBy}).`;

/** Told once for each notice. */
function withNotices(known: ListEndCase, notices: readonly Notice[], at: Date): ListEndCase {
  const added = notices.map(({ _id }) => _id).filter((id) => !known.noticeIds.includes(id));
  if (added.length === 0) return known;
  return withEvent(
    {
      ...known,
      ...{ noticeIds: [...known.noticeIds, ...added], noticesPending: true },
      departmentIds: [...new Set([...known.departmentIds, ...notices.map(({ determinerId }) => determinerId)])],
    },
    { kind: 'LIST_ENTRY_ENDED', at, actor: ACTOR, detail: reasonFor(known.entry) },
  );
}

export class ListEnds {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly store: CaseStore<ListEndCase>;

  constructor(connection: Connection, store: CaseStore<ListEndCase>, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
    this.store = store;
  }

  /** Writes down what is to be lifted for these profiles. May be told again of the same ones. */
  async note(profiles: readonly CreditProfile[]): Promise<void> {
    const now = this.#clock.now();
    const today = calendarDateOf(now);
    const ended = profiles.flatMap((profile) =>
      endedEntries(profile.inputs, today).map((entry): Ended => ({ ...profile, entry })),
    );
    if (ended.length === 0) return;
    const standing = await this.#standing([...new Set(ended.map(({ creditCode }) => creditCode))]);
    for (const each of ended) {
      const { creditCode, regionCode, inputs, entry } = each;
      const notices = standing.filter((notice) => {
        const { content } = currentVersion(notice);
        const isOwn = notice.subject.creditCode === creditCode && content.listType === entry.listType;
        return isOwn && listingOf(content, inputs) === entry.listedOn;
      });
      if (notices.length === 0) continue;
      const empty: ListEndCase = {
        ...NEW_CASE,
        ...{ _id: caseId(each), type: 'LIST_END', creditCode, regionCode, openedAt: now, nextClockAt: null },
        ...{ departmentIds: [], entry, noticeIds: [], noticesPending: false },
      };
      const opened = withNotices(empty, notices, now);
      if (await this.store.insert(opened)) continue;
      await this.store.update(opened._id, (known) => withNotices(known, notices, now));
    }
  }

  /** Lifts what has been written down. May run twice, and in several processes. @returns what failed */
  async lift(service: NoticeService): Promise<readonly unknown[]> {
    return await this.store.forEachPending(async ({ _id, noticeIds, entry }) => {
      for (const noticeId of noticeIds) await liftStanding(service, noticeId, reasonFor(entry));
      await this.store.update(_id, (known) =>
        known.noticesPending && known.noticeIds.length === noticeIds.length
          ? { ...known, noticesPending: false }
          : known,
      );
    });
  }

  async #standing(creditCodes: readonly string[]): Promise<readonly Notice[]> {
    const filter = { 'subject.creditCode': { $in: creditCodes }, state: { $in: STANDING_NOTICES } };
    return await noticeModel(this.#connection)
      .find(filter as Record<string, unknown>, { deliveries: 0, pendingEvents: 0 })
      .lean<Notice[]>();
  }
}

async function liftStanding(service: NoticeService, noticeId: string, reason: string): Promise<void> {
  const { state, determinerId } = await service.store.get(noticeId);
  if (!STANDING_NOTICES.includes(state)) return;
  // The list is the determining department's own word: with its end the notice has lost what it stood on.
  const speaker: Caller = {
    ...{ subject: ACTOR, departmentId: determinerId, roles: ['DETERMINER'], regions: [], credentialId: 'list-end' },
  };
  try {
    await service.lift(speaker, noticeId, reason);
  } catch (error) {
    // Somebody else has ended it meanwhile.
    if (!(error instanceof HubError) || error.code !== 'NOTICE_STATE') throw error;
  }
}
