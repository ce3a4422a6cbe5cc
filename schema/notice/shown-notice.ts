/** Notices as they are handed to a caller: on record as read, with the institution that they are about. */
import type { HubContext } from '../context.ts';
import type { Connection } from '../relay/connection.ts';
import { deliveryNodeOf, noticeNode, type DeliveryNode, type NoticeEventNode, type NoticeNode } from './nodes.ts';
import type { Notice } from './notice.ts';

type Scoped = Pick<HubContext, 'scope'>;

function touch({ number, subject }: Notice, { scope: { trace } }: Scoped): void {
  trace?.touch('notice', number);
  trace?.touch('institution', subject.creditCode);
  trace?.received(1);
}

export function shownNotice(notice: Notice, context: Scoped): NoticeNode {
  touch(notice, context);
  return noticeNode(notice);
}

export function shownDelivery(notice: Notice, deliveryId: string, context: Scoped): DeliveryNode {
  touch(notice, context);
  return deliveryNodeOf(notice, deliveryId);
}

/** Of notices or of their deliveries. */
export function shownPage<N extends { readonly aggregate: Notice }>(
  page: Connection<N>,
  context: Scoped,
): Connection<N> {
  for (const { node } of page.edges) touch(node.aggregate, context);
  return page;
}

export function shownEvent<E extends NoticeEventNode>(event: E, { scope: { trace } }: Scoped): E {
  trace?.touch('institution', event.subjectCode);
  trace?.received(1);
  return event;
}
