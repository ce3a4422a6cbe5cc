/** Reference upstream of public security: the inspection supervision system's two SOAP services over the world. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../schema/project-root.ts';
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import { startHttpUpstream, type UpstreamReply, type UpstreamRequest } from '../../kit/upstream/http-upstream.ts';
import type { ReferenceUpstream } from '../../kit/upstream/reference-upstream.ts';
import type { World } from '../../world/types.ts';
import { readQuery, readWrite, refusal, writeAnswer, type Answer, type Row } from './documents.ts';
import { NoticeDepartment } from './notice-department.ts';
import { createQueries } from './queries.ts';
import { faultEnvelope, readCall, replyEnvelope, SoapFault, type ServiceName, type SoapCall } from './soap.ts';

/** Fictional; the form is that of a real one. */
const SERIAL = '7F1C0B3E95D2A84C60E7'.repeat(4).slice(0, 76);
const PATH = /^\/pnweb\/services\/(TmriOutAccess|TmriOutNewAccess)$/;
const XML = 'text/xml; charset=utf-8';
const SYSTEM_ERROR = '$E:系统错误';

/** The field that drifts: the verdict, or the station number, which gets the name it has in other interfaces. */
const DRIFT: Readonly<Record<string, readonly [from: string, to: string]>> = {
  '18C01': ['jczbh', 'jyjgbh'],
  '18C02': ['jczbh', 'jyjgbh'],
  '18Q90': ['jyjgpd', 'jyjlpd'],
  '18Q91': ['jczbh', 'jyjgbh'],
  '18Q92': ['jczbh', 'jyjgbh'],
  '18Q93': ['jyjgpd', 'jyjlpd'],
  '18Q94': ['fklx', 'ywlx'],
};

/**
 * Calls are counted by interface number: 18C01, 18C02, 18C50, 18Q90 to 18Q94, 18W90, 18W91; "wsdl" and "fault" for the
 * rest.
 */
export function startPublicSecurityUpstream(
  world: World,
  options: { readonly port?: number } = {},
): Promise<ReferenceUpstream> {
  const queries = createQueries(world);
  const notices = new NoticeDepartment();

  const answerTo = ({ operation, values }: SoapCall, fault: FaultCommand | null): Answer => {
    const { xtlb, jkxlh, jkid = '', UTF8XmlDoc = '', dwjgdm } = values;
    // A.5 counts missing permission among the system errors; this gateway says it in words, as most do.
    if (jkxlh !== SERIAL) return refusal('-1', '接口序列号无效');
    if (xtlb !== '18') return refusal('-1', '系统类别不正确');
    if (operation.endsWith('New') && !/^\d{12}$/.test(dwjgdm ?? '')) return refusal('-1', '单位机构代码不正确');
    const isWrite = operation.startsWith('write');
    if (fault?.kind === 'refused') return refusal('0', `今日${isWrite ? '写入' : '查询'}次数已达上限`);
    if (isWrite) return notices.write(jkid, readWrite(UTF8XmlDoc));
    const query = queries.byInterface[jkid] ?? notices.queries[jkid];
    if (query === undefined) return refusal('0', '接口标识未开放');
    const conditions = readQuery(UTF8XmlDoc);
    if (conditions === null) return refusal('0', '查询条件格式不正确');
    return { code: '1', message: '查询成功', rows: spoiled(query(conditions), jkid, fault) };
  };

  const answer = ({ method, url, headers, body }: UpstreamRequest, fault: FaultCommand | null): UpstreamReply => {
    const service = serviceAt(url.pathname);
    if (service === null)
      return { operation: 'fault', status: 404, contentType: 'text/plain', body: 'no such service' };
    if (method === 'GET' && url.search.toLowerCase() === '?wsdl')
      return { operation: 'wsdl', status: 200, contentType: XML, body: wsdlAt(headers.host ?? 'localhost') };
    try {
      if (headers.soapaction === undefined) throw new SoapFault('no SOAPAction header!');
      const call = readCall(service, body);
      const text =
        fault?.kind === 'refused' && fault.scope === 'first'
          ? SYSTEM_ERROR
          : writeAnswer(answerTo(call, fault), service === 'TmriOutAccess' ? 'WHOLE' : 'VALUES');
      const reply = replyEnvelope(service, call.operation, text);
      return { operation: call.values['jkid'] ?? 'fault', status: 200, contentType: XML, body: reply };
    } catch (error) {
      if (!(error instanceof SoapFault)) throw error;
      return { operation: 'fault', status: 500, contentType: XML, body: faultEnvelope(error) };
    }
  };

  return startHttpUpstream({
    departmentId: 'public-security',
    port: options.port,
    environment: (url) => ({ PUBLIC_SECURITY_URL: `${url}/pnweb`, PUBLIC_SECURITY_SERIAL: SERIAL }),
    answer,
    amend: (amendment) => queries.amend(amendment),
    notices,
  });
}

function serviceAt(path: string): ServiceName | null {
  const [, name] = PATH.exec(path) ?? [];
  return name === 'TmriOutAccess' || name === 'TmriOutNewAccess' ? name : null;
}

/** The contract with this server's own addresses. */
function wsdlAt(host: string): string {
  const contract = readFileSync(join(projectRoot, 'sources/public-security/service.wsdl'), 'utf8');
  return contract.replaceAll('location="http://public-security.invalid', `location="http://${host}/pnweb`);
}

/** The faults that live inside an answer. */
function spoiled(rows: readonly Row[], jkid: string, fault: FaultCommand | null): readonly Row[] {
  switch (fault?.kind) {
    case 'schema-drift': {
      const [from, to] = DRIFT[jkid] ?? [];
      return rows.map((row, index) =>
        fault.scope === 'first' && index > 0
          ? row
          : row.map(([name, value]) => [name === from && to !== undefined ? to : name, value] as const),
      );
    }
    case 'duplicate-rows':
      return rows.flatMap((row) => [row, row]);
    case 'out-of-order':
      return rows.toReversed();
    default:
      return rows;
  }
}
