/** The reference service of market regulation: the contract of openapi.yaml over the fictional world. */
import { formatInstant } from '../../../schema/time/instant.ts';
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import { startHttpUpstream } from '../../kit/upstream/http-upstream.ts';
import type { UpstreamReply, UpstreamRequest } from '../../kit/upstream/http-upstream.ts';
import type { ReferenceUpstream } from '../../kit/upstream/reference-upstream.ts';
import { WebhookDesk } from '../../kit/upstream/webhook-desk.ts';
import type { World } from '../../world/types.ts';
import { SERVICE_CODES } from '../envelope.ts';
import { Amendments } from './amendments.ts';
import { EVALUATION_CREDENTIALS, refusalOf } from './credentials.ts';
import { holdingsOf } from './holdings.ts';
import { RegisterIndex } from './register-index.ts';
import { ServiceError } from './requests.ts';
import { routesOf } from './routes.ts';
import type { Route } from './routes.ts';
import { withFault } from './row-faults.ts';

const WORDS_OF_CODES: Readonly<Record<string, string>> = {
  [SERVICE_CODES.ANSWERED]: 'ok',
  [SERVICE_CODES.PARAMETER_WRONG]: '参数错误',
  [SERVICE_CODES.CURSOR_WRONG]: '游标无效',
  [SERVICE_CODES.SIGNATURE_WRONG]: '签名错误',
  [SERVICE_CODES.TIMESTAMP_WRONG]: '时间戳超出允许范围',
  [SERVICE_CODES.APPLICATION_UNKNOWN]: '应用不存在',
  [SERVICE_CODES.NOT_AUTHORISED]: '应用未获授权',
};

/** Kinds whose records decide who is on the register's list, where, and which filter finds them. */
const LISTED_OR_FILTERED_BY: ReadonlySet<string> = new Set(['institutions', 'qualifications', 'listEntries']);

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
  const holdings = holdingsOf(world);
  const amendments = new Amendments(holdings);
  let index = new RegisterIndex(world, amendments);
  const routes = routesOf({ world, holdings, amendments, index: () => index });
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
    webhook: new WebhookDesk(),
    amend(amendment) {
      amendments.amend(amendment);
      if (LISTED_OR_FILTERED_BY.has(amendment.read)) index = new RegisterIndex(world, amendments);
    },
  });
}
