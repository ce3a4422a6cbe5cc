/** The list of institutions: the hub's query in the service's parameters, and its page in drafts. */
import type { InstitutionListQuery, MalformedRecord } from '../../schema/ports.ts';
import type { AdapterCall, DraftListPage } from '../kit/adapter.ts';
import { readRow } from '../kit/read-rows.ts';
import { CERTSTATE_WORDS, ORGKIND_CODES } from './codes.ts';
import { askForRows } from './envelope.ts';
import { LIST_INSTITUTIONS } from './operations.ts';
import { institutionReader } from './readers.ts';
import { ListPositionWire } from './wire.ts';

const ORDER = { NAME: 'name', UPDATED_DESC: 'updated' } as const;

function parametersOf(query: InstitutionListQuery) {
  return {
    cursor: query.after,
    limit: Math.max(1, query.first),
    text: query.text,
    region: query.regionPrefix,
    kinds: query.kinds?.map((kind) => ORGKIND_CODES[kind]) ?? null,
    listed: query.listed === null ? null : query.listed ? '1' : '0',
    certState: query.qualification === null ? null : CERTSTATE_WORDS[query.qualification],
    orderBy: ORDER[query.orderBy],
  };
}

type PageRow = DraftListPage['rows'][number];

/**
 * One page in one call. The service gives at most 1000 rows; a query for more gets its first 1000 and
 * `hasNextPage`.
 */
export async function listInstitutions(query: InstitutionListQuery, call: AdapterCall): Promise<DraftListPage> {
  // An empty choice matches nothing, while an absent parameter would match everything.
  if (query.kinds?.length === 0) return { rows: [], hasNextPage: false, totalCount: 0, malformed: [] };
  const reply = await askForRows(call, LIST_INSTITUTIONS, parametersOf(query));
  const rows = new Map<number, PageRow>();
  const faults = new Map<number, MalformedRecord>();
  for (const [index, row] of reply.rows.entries()) {
    const position = readRow(row, {
      wire: ListPositionWire,
      toDraft: (wire) => wire,
      recordIdOf: (unread) => institutionReader.recordIdOf(unread),
    });
    // Rows without a place are told apart by where they stood.
    if ('malformed' in position) faults.set(-1 - index, position.malformed);
    else if (position.draft !== null) {
      const { ROWNO, CURSOR } = position.draft;
      const institution = readRow(row, institutionReader);
      if ('malformed' in institution) faults.set(ROWNO, institution.malformed);
      else if (institution.draft !== null) rows.set(ROWNO, { cursor: CURSOR, institution: institution.draft });
    }
  }
  const inOrder = [...rows].sort(([left], [right]) => left - right).map(([, row]) => row);
  const page = inOrder.slice(0, query.first);
  return {
    rows: page,
    hasNextPage: reply.nextCursor !== null || page.length < inOrder.length,
    totalCount: reply.total,
    malformed: [...faults.values()],
  };
}
