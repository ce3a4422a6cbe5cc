/** Lists of cases, newest first: those of the divisions in which the caller acts. */
import { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { demandEver } from '../access/policy.ts';
import { connectionOf, type Connection } from '../relay/connection.ts';
import { decodeCursor, encodeCursor } from '../relay/cursor.ts';
import { checkPageSize } from '../relay/page-size.ts';
import type { CaseStore } from './case-store.ts';
import type { CreditCase } from './credit-case.ts';

type Condition = Readonly<Record<string, unknown>>;

const CaseCursor = z.tuple([z.literal('credit-case'), z.int(), z.string().max(200)]);

/** What `may(caller, 'credit:read', ...)` lets the caller read, and what is its own department's matter. */
function readableBy({ regions, departmentId }: Caller): Condition {
  const within = regions.map((prefix) => ({ regionCode: { $gte: prefix, $lt: `${prefix}\uffff` } }));
  const any: Condition[] = [...within, ...(departmentId === null ? [] : [{ departmentIds: departmentId }])];
  return any.length === 0 ? { _id: { $in: [] } } : { $or: any };
}

function afterCursor(after: string | null): Condition[] {
  if (after === null) return [];
  const [, time, id] = decodeCursor(after, CaseCursor);
  const openedAt = new Date(time);
  return [{ $or: [{ openedAt: { $lt: openedAt } }, { openedAt, _id: { $gt: id } }] }];
}

export interface CasePage {
  readonly first: number;
  readonly after: string | null;
}

/** @throws HubError INPUT_INVALID for a page or a cursor that cannot be used, and those of the policy */
export async function listCases<C extends CreditCase>(
  { model }: Pick<CaseStore<C>, 'model'>,
  type: C['type'],
  caller: Caller,
  filter: readonly Condition[],
  { first, after }: CasePage,
): Promise<Connection<C>> {
  demandEver(caller, 'credit:read');
  const size = checkPageSize(first);
  const conditions = [{ type }, readableBy(caller), ...filter, ...afterCursor(after)];
  const found = await model
    .find({ $and: conditions } as Record<string, unknown>)
    .sort({ openedAt: -1, _id: 1 })
    .limit(size + 1)
    .lean<C[]>();
  const edges = found.slice(0, size).map((node) => ({
    cursor: encodeCursor(['credit-case', node.openedAt.getTime(), node._id]),
    node,
  }));
  return connectionOf(edges, { hasNextPage: found.length > size, hasPreviousPage: after !== null, totalCount: null });
}
