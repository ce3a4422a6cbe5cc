/** The reference upstream of ecology: one address, POST of JSON, every operation told apart by jkid. */
import { startHttpUpstream, type UpstreamReply } from '../../kit/upstream/http-upstream.ts';
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import type { ReferenceUpstream } from '../../kit/upstream/reference-upstream.ts';
import { WebhookDesk } from '../../kit/upstream/webhook-desk.ts';
import type { World } from '../../world/types.ts';
import type { ReadOperationName } from '../operations.ts';
import { Amendments } from './amendments.ts';
import { answersOver } from './answers.ts';
import { Changes, isChangeOperation } from './changes.ts';
import { refusal, reply, UpstreamRequestBody, type ConditionAnswer } from './protocol.ts';
import { registersOf } from './registers.ts';

const ADDRESS = '/jcpt/interface';
const AUTHORISATION_CODE = 'DEMO-KEY';

/** Refusals come with HTTP 200 and the platform's own code, as everything it says. */
const inEnvelope = (operation: string, body: string): UpstreamReply => ({
  operation,
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body,
});

export function startEcologyUpstream(world: World, options: { readonly port?: number }): Promise<ReferenceUpstream> {
  const registers = registersOf(world);
  const amendments = new Amendments();
  const answers = answersOver(world, registers, amendments);
  const changes = new Changes(registers, amendments);
  const isReadOperation = (name: string): name is ReadOperationName => Object.hasOwn(answers, name);

  const serve = async (text: string, fault: FaultCommand | null): Promise<UpstreamReply> => {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return inEnvelope('unknown', refusal('400', '请求报文不是JSON'));
    }
    const request = UpstreamRequestBody.safeParse(json);
    if (!request.success) return inEnvelope('unknown', refusal('400', '请求报文格式错误'));
    const { jkid, jksqm, data } = request.data;
    if (!isReadOperation(jkid) && !isChangeOperation(jkid))
      return inEnvelope('unknown', refusal('404', '接口标识不存在'));
    if (jksqm !== AUTHORISATION_CODE) return inEnvelope(jkid, refusal('401', '接口授权码错误'));
    if (fault?.kind === 'refused') return inEnvelope(jkid, refusal('403', '该单位无权调用此接口'));
    const answered: ConditionAnswer[] = [];
    for (const condition of data.flatMap(({ body }) => body)) {
      const filters = new Map(Object.entries(condition).map(([name, value]) => [name, value ?? '']));
      const answer = isChangeOperation(jkid)
        ? await changes.answer(jkid, filters)
        : { records: answers[jkid](filters) };
      if (answer === null) return inEnvelope(jkid, refusal('400', '查询条件错误'));
      answered.push({ conditionNumber: filters.get('conditionno') ?? '', ...answer });
    }
    return inEnvelope(jkid, reply(answered, fault));
  };

  return startHttpUpstream({
    departmentId: 'ecology',
    port: options.port,
    environment: (url) => ({ ECOLOGY_URL: url + ADDRESS, ECOLOGY_AUTHORISATION_CODE: AUTHORISATION_CODE }),
    answer({ method, url, body }, fault) {
      if (url.pathname !== ADDRESS) {
        return { operation: 'unknown', status: 404, contentType: 'text/plain', body: 'Not Found' };
      }
      if (method !== 'POST') {
        return { operation: 'unknown', status: 405, contentType: 'text/plain', body: 'Method Not Allowed' };
      }
      return serve(body, fault);
    },
    amend: (amendment) => changes.amend(amendment),
    webhook: new WebhookDesk(),
  });
}
