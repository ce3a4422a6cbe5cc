/** Every operation of openapi.yaml: what it answers, under which name it is counted, how its rows drift. */
import type { UpstreamRequest } from '../../kit/upstream/http-upstream.ts';
import type { World, WorldInstitution } from '../../world/types.ts';
import type { Amendments } from './amendments.ts';
import { certificateRows } from './certificate-rows.ts';
import { ChangeFeed } from './change-feed.ts';
import type { HeldKind, Holding } from './holdings.ts';
import { institutionRow } from './institution-rows.ts';
import type { WireRow } from './native.ts';
import type { RegisterIndex } from './register-index.ts';
import { reportRowsByNumber, searchRows } from './report-rows.ts';
import { changeParametersOf, codesOf, conditionsOf, listParametersOf, numbersOf } from './requests.ts';
import type { Drift } from './row-faults.ts';

export interface Answer {
  readonly rows: readonly WireRow[];
  readonly total?: number | null;
  readonly nextCursor?: string | null;
}

export interface Route {
  /** Its operationId, under which calls are counted. */
  readonly operation: string;
  readonly drift: Drift;
  answer(request: UpstreamRequest): Answer | Promise<Answer>;
}

/** The service behind its routes. */
export interface Service {
  readonly world: World;
  readonly holdings: Readonly<Record<HeldKind, Holding>>;
  readonly amendments: Amendments;
  /** The register's list as it is now. */
  readonly index: () => RegisterIndex;
}

const DRIFTS: Readonly<Record<HeldKind, Drift>> = {
  institutions: { column: 'ENTNAME', renamedTo: 'ENTERPRISENAME' },
  qualifications: { column: 'CERTSTATE' },
  penalties: { column: 'CF_WSH', renamedTo: 'CF_JDSWH' },
  listEntries: { column: 'ABNTIME' },
  certificates: { column: 'HOLDNAME', renamedTo: 'HOLDERNAME' },
  reports: { column: 'QFRQ', renamedTo: 'ISSUEDATE' },
};

export function routesOf({ world, holdings, amendments, index }: Service): ReadonlyMap<string, Route> {
  const feed = new ChangeFeed(world, holdings, amendments);
  const route = (operation: string, kind: HeldKind, answer: Route['answer']): Route => ({
    operation,
    drift: DRIFTS[kind],
    answer,
  });
  const byCodes = (operation: string, kind: HeldKind): Route =>
    route(operation, kind, ({ body }) => ({
      rows: codesOf(body).flatMap((code) => {
        const institution: WorldInstitution | undefined = world.byCreditCode(code);
        return institution === undefined ? [] : amendments.shown(kind, holdings[kind].rowsOf(institution));
      }),
    }));
  const byNumbers = (operation: string, kind: HeldKind, rowsOf: (number: string) => readonly WireRow[]): Route =>
    route(operation, kind, ({ body }) => ({ rows: amendments.shown(kind, numbersOf(body).flatMap(rowsOf)) }));
  const changes = (operation: string, kind: HeldKind): Route =>
    route(operation, kind, ({ url }) => feed.page(kind, changeParametersOf(url.searchParams)));

  return new Map<string, Route>([
    ['GET /openapi/v2/ping', { operation: 'ping', drift: { column: 'TIME' }, answer: () => ({ rows: [] }) }],
    [
      'GET /openapi/v2/institutions',
      route('listInstitutions', 'institutions', async ({ url }) => {
        const { rows, ...page } = await index().page(listParametersOf(url.searchParams));
        const numbered = rows.map(({ institution, cursor }, place) => ({
          ROWNO: place + 1,
          CURSOR: cursor,
          ...institutionRow(world, institution),
        }));
        return { ...page, rows: amendments.shown('institutions', numbered) };
      }),
    ],
    ['POST /openapi/v2/institutions/batch', byCodes('institutionsByCode', 'institutions')],
    ['POST /openapi/v2/qualifications/batch', byCodes('qualificationsByCode', 'qualifications')],
    ['POST /openapi/v2/penalties/batch', byCodes('penaltiesByCode', 'penalties')],
    ['POST /openapi/v2/list-entries/batch', byCodes('listEntriesByCode', 'listEntries')],
    [
      'POST /openapi/v2/certificates/batch',
      byNumbers('certificatesByNumber', 'certificates', (number) => certificateRows(world, number)),
    ],
    [
      'POST /openapi/v2/reports/batch',
      byNumbers('reportsByNumber', 'reports', (number) => reportRowsByNumber(world, number)),
    ],
    [
      'POST /openapi/v2/reports/search',
      route('searchReports', 'reports', ({ body }) => {
        const rows = searchRows(world, conditionsOf(body), (id) => amendments.isGone('reports', id));
        return { rows: amendments.shown('reports', rows) };
      }),
    ],
    ['GET /openapi/v2/institutions/changes', changes('institutionChanges', 'institutions')],
    ['GET /openapi/v2/qualifications/changes', changes('qualificationChanges', 'qualifications')],
    ['GET /openapi/v2/reports/changes', changes('reportChanges', 'reports')],
    ['GET /openapi/v2/penalties/changes', changes('penaltyChanges', 'penalties')],
    ['GET /openapi/v2/list-entries/changes', changes('listEntryChanges', 'listEntries')],
    ['GET /openapi/v2/certificates/changes', changes('certificateChanges', 'certificates')],
  ]);
}
