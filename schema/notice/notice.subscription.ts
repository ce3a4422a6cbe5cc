import { Arg, Ctx, Resolver, Root, Subscription, type SubscribeResolverData } from 'type-graphql';
import { demandEver } from '../access/policy.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import type { Numbered } from '../events/event-log.ts';
import { follow, placeToFollow } from '../events/follow.ts';
import type { StreamItem } from '../events/stream-item.ts';
import { CursorScalar } from '../scalars/scalars.ts';
import { EVENT_CURSORS, noticeEventNode, type NoticeEventNode } from './nodes.ts';
import { eventMatches, maySeeEvent } from './notice-event-list.ts';
import { NoticeFilter } from './notice.input.ts';
import { noticesOf } from './notice.resolver.ts';
import { NoticeEventType } from './notice.type.ts';
import type { NoticeEvent } from './notice.ts';
import { shownEvent } from './shown-notice.ts';

interface FollowArguments {
  readonly after?: string | null;
  readonly filter?: NoticeFilter | null;
}

type NoticeItem = StreamItem<NoticeEvent & Numbered>;

/**
 * The log of notices as the caller may see it.
 * @throws HubError those of the policy, and INPUT_INVALID for a cursor that cannot be used
 */
async function followNotices(
  { after, filter }: FollowArguments,
  context: HubContext,
): Promise<AsyncIterable<NoticeItem>> {
  const { tail } = noticesOf(context);
  const { caller, scope } = context;
  demandEver(caller, 'notice:read');
  return follow(tail, {
    cursors: EVENT_CURSORS,
    after: await placeToFollow(tail, EVENT_CURSORS, after ?? null),
    matches: (event) => eventMatches(filter ?? {}, event),
    maySee: (event) => maySeeEvent(caller, event),
    signal: scope.signal,
  });
}

@Resolver()
export class NoticeSubscription {
  @Subscription(() => NoticeEventType, {
    subscribe: ({ args, context }: SubscribeResolverData<unknown, FollowArguments, HubContext>) =>
      followNotices(args, context),
    ...bilingual(
      'Everything after the cursor, then live; no gap, no duplicate, in order, whatever restarts. Without a cursor: from now on.',
      '通知事件订阅(断线续传)',
    ),
  })
  noticeEvents(
    @Root() { event }: NoticeItem,
    @Ctx() context: HubContext,
    @Arg('after', () => CursorScalar, { nullable: true, ...bilingual('Go on after this event.', '起始游标') })
    _after?: string | null,
    @Arg('filter', () => NoticeFilter, {
      nullable: true,
      ...bilingual('Which ones; the state is the one after the event.', '筛选(状态为事件后状态)'),
    })
    _filter?: NoticeFilter | null,
  ): NoticeEventNode {
    if (event === null) throw new Error('a subscription was executed without an event');
    return shownEvent(noticeEventNode(event), context);
  }
}
