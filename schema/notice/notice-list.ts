/** Which notices a caller sees, as conditions of the store; the policy's own words, put into a filter. */
import { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { readableUnder, withinRegion, type Condition } from '../access/readable.ts';
import { connectionOf, type Connection } from '../relay/connection.ts';
import { decodeCursor, encodeCursor } from '../relay/cursor.ts';
import { checkPageSize } from '../relay/page-size.ts';
import { deliveryNode, noticeNode, type DeliveryNode, type NoticeNode } from './nodes.ts';
import type { NoticeFilter } from './notice.input.ts';
import { isDead } from './derive.ts';
import type { Notice } from './notice.ts';
import type { NoticeStore } from './notice-store.ts';

/**
 * The notices that `may(caller, 'notice:read', ...)` lets the caller read.
 * @throws HubError of the policy for a caller that may read none
 */
export const readableBy = (caller: Caller): Condition =>
  readableUnder(caller, 'notice:read', ['determinerId', 'recipientIds'], 'subject.regionCode');

export function conditionsOf(filter: NoticeFilter): Condition[] {
  const { subject, state, determiner, recipient, region, overdueOnly } = filter;
  return [
    ...(subject != null ? [{ 'subject.creditCode': subject }] : []),
    ...(state != null ? [{ state: { $in: state } }] : []),
    ...(determiner != null ? [{ determinerId: determiner }] : []),
    ...(recipient != null ? [{ recipientIds: recipient }] : []),
    ...(region != null ? [withinRegion('subject.regionCode', region)] : []),
    ...(overdueOnly === true ? [{ overdue: true }] : []),
  ];
}

const NoticeCursor = z.tuple([z.literal('notice'), z.int(), z.string().max(64)]);

/** After a notice in a list that begins with the newest. */
function afterCursor(after: string | null): Condition[] {
  if (after === null) return [];
  const [, time, id] = decodeCursor(after, NoticeCursor);
  const createdAt = new Date(time);
  return [{ $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $gt: id } }] }];
}

/** @throws HubError INPUT_INVALID for a page or a cursor that cannot be used, and those of the policy */
export async function listNotices(
  { model }: Pick<NoticeStore, 'model'>,
  caller: Caller,
  filter: NoticeFilter,
  first: number,
  after: string | null,
): Promise<Connection<NoticeNode>> {
  const conditions = [readableBy(caller), ...conditionsOf(filter), ...afterCursor(after)];
  const size = checkPageSize(first);
  const found = await model
    .find({ $and: conditions } as Record<string, unknown>)
    .sort({ createdAt: -1, _id: 1 })
    .limit(size + 1)
    .lean<Notice[]>();
  const edges = found.slice(0, size).map((notice) => ({
    cursor: encodeCursor(['notice', notice.createdAt.getTime(), notice._id]),
    node: noticeNode(notice),
  }));
  return connectionOf(edges, { hasNextPage: found.length > size, hasPreviousPage: after !== null, totalCount: null });
}

const DeadCursor = z.tuple([z.literal('dead-delivery'), z.string().max(64), z.string().max(200)]);

/** Deliveries that a person must look at, by notice; whole notices are read, so that none is cut in two. */
export async function listDeadDeliveries(
  { model }: Pick<NoticeStore, 'model'>,
  caller: Caller,
  first: number,
  after: string | null,
): Promise<Connection<DeliveryNode>> {
  const size = checkPageSize(first);
  const [, noticeId, deliveryId] = after === null ? [null, '', ''] : decodeCursor(after, DeadCursor);
  const found = await model
    .find({ $and: [readableBy(caller), { hasDead: true, _id: { $gte: noticeId } }] } as Record<string, unknown>)
    .sort({ _id: 1 })
    .limit(size + 2)
    .lean<Notice[]>();
  const dead = found
    .flatMap((notice) => notice.deliveries.filter(isDead).map((delivery) => deliveryNode(notice, delivery)))
    .filter((node) => node.aggregate._id !== noticeId || node.id > deliveryId);
  const edges = dead.slice(0, size).map((node) => ({
    cursor: encodeCursor(['dead-delivery', node.aggregate._id, node.id]),
    node,
  }));
  return connectionOf(edges, { hasNextPage: dead.length > size, hasPreviousPage: after !== null, totalCount: null });
}
