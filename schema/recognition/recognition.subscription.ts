import { Arg, Resolver, Root, Subscription, type SubscribeResolverData } from 'type-graphql';
import { demandEver } from '../access/policy.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import type { Numbered } from '../events/event-log.ts';
import { follow, placeToFollow } from '../events/follow.ts';
import type { StreamItem } from '../events/stream-item.ts';
import { CursorScalar } from '../scalars/scalars.ts';
import { RECOGNITION_CURSORS, recognitionEventNode, type RecognitionEventNode } from './nodes.ts';
import { eventMatches, maySeeEvent } from './recognition-list.ts';
import { RecognitionFilter } from './recognition.input.ts';
import { recognitionsOf } from './recognition.resolver.ts';
import type { RecognitionEvent } from './recognition.ts';
import { RecognitionEventType } from './recognition.type.ts';

interface FollowArguments {
  readonly after?: string | null;
  readonly filter?: RecognitionFilter | null;
}

type RecognitionItem = StreamItem<RecognitionEvent & Numbered>;

/**
 * The log of recognitions as the caller may see it.
 * @throws HubError those of the policy, and INPUT_INVALID for a cursor that cannot be used
 */
async function followRecognitions(
  { after, filter }: FollowArguments,
  context: HubContext,
): Promise<AsyncIterable<RecognitionItem>> {
  const { tail } = recognitionsOf(context);
  const { caller, scope } = context;
  demandEver(caller, 'recognition:read');
  return follow(tail, {
    cursors: RECOGNITION_CURSORS,
    after: await placeToFollow(tail, RECOGNITION_CURSORS, after ?? null),
    matches: (event) => eventMatches(filter ?? {}, event),
    maySee: (event) => maySeeEvent(caller, event),
    signal: scope.signal,
  });
}

@Resolver()
export class RecognitionSubscription {
  @Subscription(() => RecognitionEventType, {
    subscribe: ({ args, context }: SubscribeResolverData<unknown, FollowArguments, HubContext>) =>
      followRecognitions(args, context),
    ...bilingual(
      'Everything after the cursor, then live; no gap, no duplicate, in order, whatever restarts. Without a cursor: from now on.',
      '互认事件订阅(断线续传)',
    ),
  })
  recognitionEvents(
    @Root() { event }: RecognitionItem,
    @Arg('after', () => CursorScalar, { nullable: true, ...bilingual('Go on after this event.', '起始游标') })
    _after?: string | null,
    @Arg('filter', () => RecognitionFilter, {
      nullable: true,
      ...bilingual('Which ones; the state is the one after the event.', '筛选(状态为事件后状态)'),
    })
    _filter?: RecognitionFilter | null,
  ): RecognitionEventNode {
    if (event === null) throw new Error('a subscription was executed without an event');
    return recognitionEventNode(event);
  }
}
