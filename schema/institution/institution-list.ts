/** Where a page of institutions comes from: the hub's own list when it is fresh enough, else the register. */
import { z } from 'zod';
import { refusalError } from '../access/access.ts';
import type { HubContext } from '../context.ts';
import { answered, type CoverageEntry } from '../department-answer.ts';
import { HubError } from '../errors.ts';
import type { DepartmentSource, MalformedRecord } from '../ports.ts';
import type { InstitutionRecord } from '../records.ts';
import { connectionOf, type Connection } from '../relay/connection.ts';
import { decodeCursor, encodeCursor, foreignCursor } from '../relay/cursor.ts';
import { isFreshEnough } from '../replica/max-age.ts';
import { isAboutRisk, type IndexedPage, type IndexedQuery } from '../search/indexed-institutions.ts';
import { institutionNode, type InstitutionNode } from './institution-node.ts';

export type InstitutionPage = Connection<InstitutionNode> & { readonly coverage: readonly CoverageEntry[] };

/** Each list's own cursor, wrapped so that a page continues in the list in which it was begun. */
const ListCursor = z.tuple([z.enum(['register', 'index']), z.string()]);
type ListName = z.infer<typeof ListCursor>[0];

interface Standing {
  readonly status: 'LIVE' | 'REPLICA' | 'STALE';
  readonly asOf: Date;
  readonly reason: string | null;
}

/** A page of either list, before it is put into the operation. */
interface ListedPage {
  readonly list: ListName;
  readonly rows: readonly { readonly cursor: string; readonly record: InstitutionRecord | null }[];
  readonly hasNextPage: boolean;
  readonly totalCount: number | null;
  readonly malformed: readonly MalformedRecord[];
  readonly standing: Standing;
}

export interface ListRequest {
  /** `after` is the hub's cursor. */
  readonly query: IndexedQuery;
  /** null = the register's default. */
  readonly maxAgeSeconds: number | null;
  readonly register: DepartmentSource;
  readonly list: NonNullable<DepartmentSource['listInstitutions']>;
}

const CONTINUED =
  'The list was begun in the replica and is continued there, though it is older than asked; begin it anew for a newer one.';

const OLDER = 'Only the hub’s own list knows of risk; it is older than asked.';

const notComputed = (): HubError =>
  new HubError('SOURCE_UNAVAILABLE', 'Risk is known to the hub’s own list only, which has not been read in full yet.');

const isSilence = (error: unknown): error is HubError => error instanceof HubError && error.code.startsWith('SOURCE_');

function indexed(page: IndexedPage, standing: Standing): ListedPage {
  return { list: 'index', totalCount: null, standing, ...page };
}

async function askRegister(
  { riskClasses, orderBy, ...query }: IndexedQuery,
  { list }: ListRequest,
  context: HubContext,
): Promise<ListedPage> {
  if (riskClasses !== null || orderBy === 'RISK_DESC') throw notComputed();
  const { rows, asOf, ...page } = await list({ ...query, orderBy }, context.scope);
  return {
    list: 'register',
    ...page,
    rows: rows.map(({ cursor, institution }) => ({ cursor, record: institution })),
    standing: { status: 'LIVE', asOf, reason: null },
  };
}

/**
 * The hub's own list also knows what departments tell each other: who does not see that would learn it from which
 * institutions are found, or from their order. The register knows what is public.
 * @throws HubError UNAUTHENTICATED or FORBIDDEN for risk, of which no public list knows
 */
function mayUseIndex({ query }: ListRequest, { access }: HubContext): boolean {
  const sight = access.sight('DEPT_SHARED', { regionCode: query.regionPrefix });
  if (sight.seen) return true;
  if (isAboutRisk(query)) throw refusalError(sight);
  return query.qualification === null && query.orderBy !== 'UPDATED_DESC';
}

async function findPage(request: ListRequest, context: HubContext): Promise<ListedPage> {
  const [begun, after] = request.query.after === null ? [null, null] : decodeCursor(request.query.after, ListCursor);
  const query = { ...request.query, after };
  if (begun === 'register') return await askRegister(query, request, context);
  const { clock } = context;
  const index = mayUseIndex(request, context) ? context.indexedInstitutions : null;
  if (begun === 'index' && index === null) throw foreignCursor();
  const heldAt = (await index?.heldAt(query)) ?? null;
  const maxAgeSeconds = request.maxAgeSeconds ?? request.register.maxAgeSeconds?.INSTITUTIONS ?? 0;
  const isFresh = isFreshEnough(heldAt, maxAgeSeconds, clock.now());
  const fromIndex = async (status: 'REPLICA' | 'STALE', reason: string | null): Promise<ListedPage | null> => {
    const page = heldAt === null ? null : ((await index?.page(query)) ?? null);
    return page === null || heldAt === null ? null : indexed(page, { status, asOf: heldAt, reason });
  };
  if (begun === 'index') {
    const page = await (isFresh ? fromIndex('REPLICA', null) : fromIndex('STALE', CONTINUED));
    if (page !== null) return page;
    throw new HubError('SOURCE_UNAVAILABLE', 'The replica does not answer; begin the list anew, without "after".');
  }
  const fresh = isFresh ? await fromIndex('REPLICA', null) : null;
  if (fresh !== null) return fresh;
  if (isAboutRisk(query)) {
    const known = await fromIndex('STALE', OLDER);
    if (known !== null) return known;
    throw notComputed();
  }
  try {
    return await askRegister(query, request, context);
  } catch (error) {
    const lastKnown = isSilence(error) ? await fromIndex('STALE', `${error.code}: ${error.message}`) : null;
    if (lastKnown === null) throw error;
    return lastKnown;
  }
}

/**
 * A page, and the institutions on it put where the operation's loaders find them.
 * @throws HubError INPUT_INVALID for a foreign cursor; SOURCE_* when the register is silent and no list was ever held
 */
export async function listInstitutions(request: ListRequest, context: HubContext): Promise<InstitutionPage> {
  const { loaders } = context;
  const { list, rows, hasNextPage, totalCount, malformed, standing } = await findPage(request, context);
  const { status, asOf, reason } = standing;
  const question = { department: request.register.department, facet: 'INSTITUTIONS' as const };
  const edges = rows.flatMap(({ cursor, record }) => {
    const creditCode = record?.creditCode ?? null;
    if (record === null || creditCode === null) return [];
    const answer = answered(question, { records: [record], malformed: [] }, asOf, status, reason);
    loaders.acceptAge(creditCode, request.maxAgeSeconds);
    loaders.primeInstitution(question.department.id, creditCode, answer);
    return [{ cursor: encodeCursor([list, cursor]), node: institutionNode(creditCode, record) }];
  });
  const last = rows.at(-1);
  return {
    ...connectionOf(edges, {
      hasNextPage,
      hasPreviousPage: request.query.after !== null,
      totalCount,
      // A page whose last rows have gone is continued after them all the same.
      endCursor: last === undefined ? null : encodeCursor([list, last.cursor]),
    }),
    coverage: [answered(question, { records: [], malformed }, asOf, status, reason).coverage],
  };
}
