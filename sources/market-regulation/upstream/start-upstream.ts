/** The reference service of market regulation: the contract of openapi.yaml over the fictional world. */
import { formatInstant } from '../../../schema/time/instant.ts';
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import { startHttpUpstream } from '../../kit/upstream/http-upstream.ts';
import type { UpstreamReply, UpstreamRequest } from '../../kit/upstream/http-upstream.ts';
import type { ReferenceUpstream } from '../../kit/upstream/reference-upstream.ts';
import type { World, WorldInstitution } from '../../world/types.ts';
import { SERVICE_CODES } from '../envelope.ts';
import { certificateRows } from './certificate-rows.ts';
import { EVALUATION_CREDENTIALS, refusalOf } from './credentials.ts';
import { institutionRow } from './institution-rows.ts';
import { listEntryRows } from './list-entry-rows.ts';
import type { WireRow } from './native.ts';
import { penaltyRows } from './penalty-rows.ts';
import { qualificationRows } from './qualification-rows.ts';
import { RegisterIndex } from './register-index.ts';
import { reportRowsByNumber, searchRows } from './report-rows.ts';
import { codesOf, conditionsOf, listParametersOf, numbersOf, ServiceError } from './requests.ts';
import { withFault } from './row-faults.ts';
import type { Drift } from './row-faults.ts';

interface Answer {
  readonly rows: readonly WireRow[];
  readonly total?: number;
  readonly nextCursor?: string | null;
}

interface Route {
  /** Its operationId, under which calls are counted. */
  readonly operation: string;
  readonly drift: Drift;
  answer(request: UpstreamRequest): Answer | Promise<Answer>;
}

const WORDS_OF_CODES: Readonly<Record<string, string>> = {
  [SERVICE_CODES.ANSWERED]: 'ok',
  [SERVICE_CODES.PARAMETER_WRONG]: '参数错误',
  [SERVICE_CODES.CURSOR_WRONG]: '游标无效',
  [SERVICE_CODES.SIGNATURE_WRONG]: '签名错误',
  [SERVICE_CODES.TIMESTAMP_WRONG]: '时间戳超出允许范围',
  [SERVICE_CODES.APPLICATION_UNKNOWN]: '应用不存在',
  [SERVICE_CODES.NOT_AUTHORISED]: '应用未获授权',
};

function routesOf(world: World): ReadonlyMap<string, Route> {
  const index = new RegisterIndex(world);
  const byCodes = (operation: string, drift: Drift, rowsOf: (institution: WorldInstitution) => readonly WireRow[]) => ({
    operation,
    drift,
    answer: ({ body }: UpstreamRequest): Answer => ({
      rows: codesOf(body).flatMap((code) => {
        const institution = world.byCreditCode(code);
        return institution === undefined ? [] : rowsOf(institution);
      }),
    }),
  });
  const byNumbers = (operation: string, drift: Drift, rowsOf: (number: string) => readonly WireRow[]) => ({
    operation,
    drift,
    answer: ({ body }: UpstreamRequest): Answer => ({ rows: numbersOf(body).flatMap(rowsOf) }),
  });
  const renamedName = { column: 'ENTNAME', renamedTo: 'ENTERPRISENAME' };
  const renamedIssue = { column: 'QFRQ', renamedTo: 'ISSUEDATE' };
  return new Map<string, Route>([
    ['GET /openapi/v2/ping', { operation: 'ping', drift: { column: 'TIME' }, answer: () => ({ rows: [] }) }],
    [
      'GET /openapi/v2/institutions',
      {
        operation: 'listInstitutions',
        drift: renamedName,
        async answer({ url }) {
          const { rows, ...page } = await index.page(listParametersOf(url.searchParams));
          const numbered = rows.map(({ institution, cursor }, place) => ({
            ROWNO: place + 1,
            CURSOR: cursor,
            ...institutionRow(world, institution),
          }));
          return { ...page, rows: numbered };
        },
      },
    ],
    [
      'POST /openapi/v2/institutions/batch',
      byCodes('institutionsByCode', renamedName, (each) => [institutionRow(world, each)]),
    ],
    [
      'POST /openapi/v2/qualifications/batch',
      byCodes('qualificationsByCode', { column: 'CERTSTATE' }, (each) => qualificationRows(world, each)),
    ],
    [
      'POST /openapi/v2/penalties/batch',
      byCodes('penaltiesByCode', { column: 'CF_WSH', renamedTo: 'CF_JDSWH' }, (each) => penaltyRows(world, each)),
    ],
    [
      'POST /openapi/v2/list-entries/batch',
      byCodes('listEntriesByCode', { column: 'ABNTIME' }, (each) => listEntryRows(world, each)),
    ],
    [
      'POST /openapi/v2/certificates/batch',
      byNumbers('certificatesByNumber', { column: 'HOLDNAME', renamedTo: 'HOLDERNAME' }, (number) =>
        certificateRows(world, number),
      ),
    ],
    [
      'POST /openapi/v2/reports/batch',
      byNumbers('reportsByNumber', renamedIssue, (number) => reportRowsByNumber(world, number)),
    ],
    [
      'POST /openapi/v2/reports/search',
      {
        operation: 'searchReports',
        drift: renamedIssue,
        answer: ({ body }) => ({ rows: searchRows(world, conditionsOf(body)) }),
      },
    ],
  ]);
}

function reply(operation: string, code: string, data: unknown, status = 200): UpstreamReply {
  const envelope = { code, msg: WORDS_OF_CODES[code] ?? '系统异常', data };
  return { operation, status, contentType: 'application/json;charset=UTF-8', body: JSON.stringify(envelope) };
}

async function answerTo(route: Route, request: UpstreamRequest, fault: FaultCommand | null): Promise<UpstreamReply> {
  const { operation } = route;
  const refusal = fault?.kind === 'refused' ? SERVICE_CODES.NOT_AUTHORISED : refusalOf(request, new Date());
  if (refusal !== null) return reply(operation, refusal, null);
  if (operation === 'ping') return reply(operation, SERVICE_CODES.ANSWERED, { TIME: formatInstant(new Date()) });
  try {
    const { rows, total = rows.length, nextCursor = null } = await route.answer(request);
    const data = { total, nextCursor, rows: withFault(rows, route.drift, fault) };
    return reply(operation, SERVICE_CODES.ANSWERED, data);
  } catch (error) {
    if (error instanceof ServiceError) return reply(operation, error.code, null);
    throw error;
  }
}

/** Starts the service on the loopback interface; its environment holds the credentials that it accepts. */
export function startUpstream(world: World, options: { readonly port?: number }): Promise<ReferenceUpstream> {
  const routes = routesOf(world);
  return startHttpUpstream({
    departmentId: 'market-regulation',
    ...(options.port !== undefined && { port: options.port }),
    environment: (url) => ({
      MARKET_REGULATION_URL: url,
      MARKET_REGULATION_APP_KEY: EVALUATION_CREDENTIALS.appKey,
      MARKET_REGULATION_APP_SECRET: EVALUATION_CREDENTIALS.appSecret,
    }),
    answer(request, fault) {
      const route = routes.get(`${request.method} ${request.url.pathname}`);
      return route === undefined ? reply('unknown', '40400', null, 404) : answerTo(route, request, fault);
    },
  });
}
