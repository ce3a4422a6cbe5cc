/** The log of notices, as each caller may see it: what the query pages through is what subscriptions follow. */
import type { Caller } from '../access/caller.ts';
import { demandEver, may } from '../access/policy.ts';
import type { EventLog } from '../events/event-log.ts';
import { listVisibleEvents } from '../events/visible-events.ts';
import type { Connection } from '../relay/connection.ts';
import { EVENT_CURSORS, noticeEventNode, type NoticeEventNode } from './nodes.ts';
import type { NoticeFilter } from './notice.input.ts';
import type { NoticeEvent } from './notice.ts';

/** Whether the caller may see the event; asked again for each. */
export const maySeeEvent = (caller: Caller, { determinerId, recipientIds, regionCode }: NoticeEvent): boolean =>
  may(caller, 'notice:read', { departmentIds: [determinerId, ...recipientIds], regionCode });

/** Whether the event is one of those asked for. `state` is the state after the event. */
export function eventMatches(
  { subject, state, determiner, recipient, region, overdueOnly }: NoticeFilter,
  event: NoticeEvent,
): boolean {
  return (
    (subject == null || event.subjectCode === subject) &&
    (state == null || state.includes(event.state)) &&
    (determiner == null || event.determinerId === determiner) &&
    (recipient == null || event.recipientIds.includes(recipient)) &&
    (region == null || event.regionCode?.startsWith(region) === true) &&
    (overdueOnly !== true || event.kind.endsWith('_OVERDUE'))
  );
}

export async function listNoticeEvents(
  log: EventLog<NoticeEvent>,
  caller: Caller,
  first: number,
  after: string | null | undefined,
): Promise<Connection<NoticeEventNode>> {
  demandEver(caller, 'notice:read');
  const maySee = (event: NoticeEvent): boolean => maySeeEvent(caller, event);
  return await listVisibleEvents(log, { cursors: EVENT_CURSORS, maySee, nodeOf: noticeEventNode }, first, after);
}
