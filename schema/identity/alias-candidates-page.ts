/** The list of numbers that wait, as far as the caller's regions reach. */
import { z } from 'zod';
import { demandEver, reachesUnknownRegions } from '../access/policy.ts';
import type { HubContext } from '../context.ts';
import { parseRegionCode, regionOf, type Region } from '../region/region.ts';
import { connectionOf, type Connection } from '../relay/connection.ts';
import { decodeCursor, encodeCursor } from '../relay/cursor.ts';
import { checkPageSize } from '../relay/page-size.ts';
import { deskOf, sourceOf } from './alias-acts.ts';
import { NO_PLACE, type AliasCandidateDocument } from './alias-candidate.model.ts';
import type { AliasCandidate } from './alias-candidate.type.ts';

const WaitingCursor = z.tuple([z.literal('waiting'), z.coerce.date(), z.string()]);

export interface CandidatesQuestion {
  readonly departmentId: string | null;
  readonly kind: AliasCandidateDocument['kind'] | null;
  readonly first: number;
  readonly after: string | null;
}

/** @throws HubError UNAUTHENTICATED or FORBIDDEN; INPUT_INVALID for a department, a page size or a cursor */
export async function candidatesPage(
  { departmentId, kind, first, after }: CandidatesQuestion,
  context: HubContext,
): Promise<Connection<AliasCandidate>> {
  const { caller } = context;
  demandEver(caller, 'alias:read');
  if (departmentId !== null) sourceOf(departmentId, context);
  const { candidates } = deskOf(context);
  const size = checkPageSize(first);
  const [, since, id] = after === null ? [] : decodeCursor(after, WaitingCursor);
  const scope = {
    departmentId,
    kind,
    // Each place stands there with the divisions around it, so that a caller's division is found as it is.
    places: [...caller.regions, ...(reachesUnknownRegions(caller) ? [NO_PLACE] : [])],
  };
  const position = since === undefined || id === undefined ? null : { since, id };
  const [found, totalCount] = await Promise.all([
    candidates.page({ ...scope, after: position, limit: size + 1 }),
    candidates.count(scope),
  ]);
  const edges = found.slice(0, size).flatMap((document) => {
    const node = shown(document, context);
    return node === null
      ? []
      : [{ cursor: encodeCursor(['waiting', document.since.toISOString(), document._id]), node }];
  });
  return connectionOf(edges, { hasNextPage: found.length > size, hasPreviousPage: after !== null, totalCount });
}

/** @returns null for a number of a department that is no more */
function shown(document: AliasCandidateDocument, { registry }: HubContext): AliasCandidate | null {
  const source = registry.find(document.departmentId);
  if (source === undefined) return null;
  const { localId, kind, name, cmaNumbers, creditCode, since } = document;
  return {
    department: source.department,
    localId,
    kind,
    name,
    region: placeOf(document.regionCode),
    cmaNumbers,
    creditCode,
    candidates: document.candidates.map(({ regionCode, ...candidate }) => ({
      ...candidate,
      region: placeOf(regionCode),
    })),
    since,
  };
}

/** @returns null for what is no division code */
function placeOf(code: string | null): Region | null {
  try {
    return code === null ? null : regionOf(parseRegionCode(code));
  } catch {
    return null;
  }
}
