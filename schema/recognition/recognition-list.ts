/** Recognitions and their log, as each caller may see them. */
import { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { demandEver, may } from '../access/policy.ts';
import { readableUnder, type Condition } from '../access/readable.ts';
import type { EventLog } from '../events/event-log.ts';
import { listVisibleEvents } from '../events/visible-events.ts';
import { connectionOf, type Connection } from '../relay/connection.ts';
import { decodeCursor, encodeCursor } from '../relay/cursor.ts';
import { checkPageSize } from '../relay/page-size.ts';
import {
  RECOGNITION_CURSORS,
  recognitionEventNode,
  recognitionNode,
  type RecognitionEventNode,
  type RecognitionNode,
} from './nodes.ts';
import type { RecognitionFilter } from './recognition.input.ts';
import type { Recognition, RecognitionEvent } from './recognition.ts';
import type { RecognitionStore } from './recognition-store.ts';

/** @throws HubError of the policy for a caller that may read none */
export const readableBy = (caller: Caller): Condition =>
  readableUnder(caller, 'recognition:read', ['requesterId', 'targetIds'], 'institution.regionCode');

export const conditionsOf = ({ state, institution, requester, flaggedOnly }: RecognitionFilter): Condition[] => [
  ...(state != null ? [{ state: { $in: state } }] : []),
  ...(institution != null ? [{ 'institution.creditCode': institution }] : []),
  ...(requester != null ? [{ requesterId: requester }] : []),
  ...(flaggedOnly === true ? [{ 'flags.0': { $exists: true } }] : []),
];

const ListCursor = z.tuple([z.literal('recognition'), z.int(), z.string().max(64)]);

/** After a recognition in a list that begins with the newest. */
function afterCursor(after: string | null): Condition[] {
  if (after === null) return [];
  const [, time, id] = decodeCursor(after, ListCursor);
  const createdAt = new Date(time);
  return [{ $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $gt: id } }] }];
}

/** @throws HubError INPUT_INVALID for a page or a cursor that cannot be used, and those of the policy */
export async function listRecognitions(
  { model }: Pick<RecognitionStore, 'model'>,
  caller: Caller,
  filter: RecognitionFilter,
  first: number,
  after: string | null,
): Promise<Connection<RecognitionNode>> {
  const conditions = [readableBy(caller), ...conditionsOf(filter), ...afterCursor(after)];
  const size = checkPageSize(first);
  const found = await model
    .find({ $and: conditions } as Record<string, unknown>)
    .sort({ createdAt: -1, _id: 1 })
    .limit(size + 1)
    .lean<Recognition[]>();
  const edges = found.slice(0, size).map((recognition) => ({
    cursor: encodeCursor(['recognition', recognition.createdAt.getTime(), recognition._id]),
    node: recognitionNode(recognition),
  }));
  return connectionOf(edges, { hasNextPage: found.length > size, hasPreviousPage: after !== null, totalCount: null });
}

/** Whether the caller may see the event; asked again for each. */
export const maySeeEvent = (caller: Caller, { requesterId, targetIds, regionCode }: RecognitionEvent): boolean =>
  may(caller, 'recognition:read', { departmentIds: [requesterId, ...targetIds], regionCode });

/** Whether the event is one of those asked for. `state` is the state after the event. */
export const eventMatches = (
  { state, institution, requester, flaggedOnly }: RecognitionFilter,
  event: RecognitionEvent,
): boolean =>
  (state == null || state.includes(event.state)) &&
  (institution == null || event.institutionCode === institution) &&
  (requester == null || event.requesterId === requester) &&
  (flaggedOnly !== true || event.kind === 'REVIEW_FLAGGED');

export async function listRecognitionEvents(
  log: EventLog<RecognitionEvent>,
  caller: Caller,
  first: number,
  after: string | null | undefined,
): Promise<Connection<RecognitionEventNode>> {
  demandEver(caller, 'recognition:read');
  const maySee = (event: RecognitionEvent): boolean => maySeeEvent(caller, event);
  const visible = { cursors: RECOGNITION_CURSORS, maySee, nodeOf: recognitionEventNode };
  return await listVisibleEvents(log, visible, first, after);
}
