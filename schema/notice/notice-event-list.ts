/** The log of notices, as each caller may see it: what the query pages through is what subscriptions follow. */
import type { Caller } from '../access/caller.ts';
import { demandEver, may } from '../access/policy.ts';
import type { EventLog, Numbered } from '../events/event-log.ts';
import { HubError } from '../errors.ts';
import { connectionOf, type Connection } from '../relay/connection.ts';
import { EVENT_CURSORS, eventCursor, noticeEventNode, type NoticeEventNode } from './nodes.ts';
import type { NoticeFilter } from './notice.input.ts';
import type { NoticeEvent } from './notice.ts';

const LONGEST_PAGE = 1_000;
/** Of a log of which the caller sees little, no more than this is read for one page. */
const MOST_READ = 10_000;

/** @throws HubError INPUT_INVALID for a cursor of another list */
export const parseEventCursor = (cursor: string | null | undefined): number =>
  cursor === null || cursor === undefined ? 0 : EVENT_CURSORS.read(cursor);

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
  after: string | null,
): Promise<Connection<NoticeEventNode>> {
  demandEver(caller, 'notice:read');
  if (first < 1 || first > LONGEST_PAGE) {
    throw new HubError('INPUT_INVALID', `"first" must be between 1 and ${LONGEST_PAGE}.`);
  }
  const start = parseEventCursor(after);
  const shown: (NoticeEvent & Numbered)[] = [];
  let position = start;
  let hasMore = true;
  while (hasMore && shown.length < first && position - start < MOST_READ) {
    const page = await log.page(position, LONGEST_PAGE);
    for (const event of page.events) {
      if (shown.length === first) break;
      position = event._id;
      if (maySeeEvent(caller, event)) shown.push(event);
    }
    hasMore = page.hasMore || position < (page.events.at(-1)?._id ?? position);
  }
  const edges = shown.map((event) => ({ cursor: eventCursor(event._id), node: noticeEventNode(event) }));
  const { pageInfo } = connectionOf(edges, { hasNextPage: hasMore, hasPreviousPage: start > 0, totalCount: null });
  const { hasNextPage, hasPreviousPage, startCursor } = pageInfo;
  // What the caller may not see is behind the page's end all the same.
  const endCursor = eventCursor(position);
  return { edges, totalCount: null, pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor } };
}
