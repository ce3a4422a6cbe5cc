/**
 * The peer of the benchmark: the same join, written by hand for this one question on node:http, with one direct client
 * per department. It knows only what the join needs: no schema, no provenance, no coverage, no circuit, no parsing of
 * what is not shown. It makes the same upstream calls as the hub, with the same number of rows.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool as PostgresPool } from 'pg';
import { Pool as HttpPool } from 'undici';
import { signatureOf } from '../../sources/market-regulation/signature.ts';

export interface Crosswalk {
  /** Local numbers by credit code, taken from the hub's own aliases. */
  readonly [creditCode: string]: { readonly ecology: readonly string[]; readonly publicSecurity: readonly string[] };
}

type Row = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string>>;

const INSPECTIONS = 4;
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const setting = (environment: Environment, name: string): string => {
  const value = environment[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

function marketRegulation(environment: Environment) {
  const { origin } = new URL(setting(environment, 'MARKET_REGULATION_URL'));
  const pool = new HttpPool(origin, { connections: 32 });
  const secret = setting(environment, 'MARKET_REGULATION_APP_SECRET');
  const ask = async (method: 'GET' | 'POST', path: string, body: string | null): Promise<Row[]> => {
    const timestamp = String(Date.now());
    const reply = await pool.request({
      method,
      path,
      body,
      headers: {
        'content-type': 'application/json',
        'x-app-key': setting(environment, 'MARKET_REGULATION_APP_KEY'),
        'x-timestamp': timestamp,
        'x-sign': signatureOf({ method, path, body }, timestamp, secret),
      },
    });
    const { data } = (await reply.body.json()) as { data: { rows: Row[] } };
    return data.rows;
  };
  const byCodes = (kind: string, codes: readonly string[]) =>
    ask('POST', `/openapi/v2/${kind}/batch`, JSON.stringify({ codes }));
  return {
    list: (first: number) => ask('GET', `/openapi/v2/institutions?limit=${first}&kinds=03&orderBy=name`, null),
    qualifications: (codes: readonly string[]) => byCodes('qualifications', codes),
    penalties: (codes: readonly string[]) => byCodes('penalties', codes),
    close: () => pool.close(),
  };
}

function ecology(environment: Environment) {
  const address = new URL(setting(environment, 'ECOLOGY_URL'));
  const pool = new HttpPool(address.origin, { connections: 32 });
  const ask = async (jkid: string, conditions: readonly Row[]): Promise<Row[][]> => {
    const body = conditions.map((condition, index) => ({ conditionno: String(index + 1), ...condition }));
    const reply = await pool.request({
      method: 'POST',
      path: address.pathname,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jkid, jksqm: setting(environment, 'ECOLOGY_AUTHORISATION_CODE'), data: [{ body }] }),
    });
    const { result } = (await reply.body.json()) as { result: { conditionno: string; body: Record<string, Row>[] }[] };
    const answers: Row[][] = conditions.map(() => []);
    for (const { conditionno, body: rows } of result) {
      answers[Number(conditionno) - 1] = rows.flatMap((element) =>
        Object.values(element).map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])),
        ),
      );
    }
    return answers;
  };
  return {
    stations: (numbers: readonly string[]) =>
      ask(
        'downStationInfo',
        numbers.map((TsNo) => ({ TsNo })),
      ),
    tests: (numbers: readonly string[]) =>
      ask(
        'downInspTestingResultInfo',
        numbers.map((TsNo) => ({ TsNo, starttime: '', endtime: '', VIN: '', maxrows: String(INSPECTIONS) })),
      ),
    penalties: (subjects: readonly { TsNo: string; tyshxydm: string }[]) => ask('downPunishInfo', subjects),
    close: () => pool.close(),
  };
}

function publicSecurity(environment: Environment) {
  const { origin } = new URL(setting(environment, 'PUBLIC_SECURITY_URL'));
  const pool = new HttpPool(origin, { connections: 32 });
  const base = new URL(setting(environment, 'PUBLIC_SECURITY_URL')).pathname.replace(/\/$/, '');
  const ask = async (jkid: string, conditions: readonly string[]): Promise<Record<string, string>[]> => {
    const document = `<?xml version="1.0" encoding="GBK"?><root>${conditions.join('')}</root>`.replace(/</g, '&lt;');
    const reply = await pool.request({
      method: 'POST',
      path: `${base}/services/TmriOutAccess`,
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:tmri="http://endpoint.axis.framework.tmri.com"><soapenv:Body><tmri:queryObjectOut><xtlb>18</xtlb><jkxlh>${setting(environment, 'PUBLIC_SECURITY_SERIAL')}</jkxlh><jkid>${jkid}</jkid><UTF8XmlDoc>${document}</UTF8XmlDoc></tmri:queryObjectOut></soapenv:Body></soapenv:Envelope>`,
    });
    const envelope = await reply.body.text();
    const answer = /Return[^>]*>([^<]*)</.exec(envelope)?.[1] ?? '';
    const xml = decodeURIComponent(answer.replaceAll('+', ' '));
    return [...xml.matchAll(/<vehispara[^>]*>(.*?)<\/vehispara>/gs)].map(([, row = '']) =>
      Object.fromEntries([...row.matchAll(/<(\w+)>([^<]*)</g)].map(([, name = '', value = '']) => [name, value])),
    );
  };
  const condition = (fields: string): string => `<QueryCondition>${fields}</QueryCondition>`;
  return {
    filings: (numbers: readonly string[]) => ask('18C01', [condition(`<jczbh>${numbers.join(',')}</jczbh>`)]),
    verdicts: (numbers: readonly string[]) =>
      ask(
        '18Q90',
        numbers.map((number) => condition(`<jyjgbh>${number}</jyjgbh><zdhs>${INSPECTIONS}</zdhs>`)),
      ),
    close: () => pool.close(),
  };
}

function transport(environment: Environment) {
  const pool = new PostgresPool({ connectionString: setting(environment, 'TRANSPORT_DATABASE_URL'), max: 8 });
  const rows = async (sql: string, codes: readonly string[]): Promise<Row[]> =>
    (await pool.query<Row>(sql, [codes])).rows;
  return {
    stations: (codes: readonly string[]) => rows('SELECT * FROM QZ_JCJG WHERE TYSHXYDM = ANY($1)', codes),
    penalties: (codes: readonly string[]) => rows('SELECT * FROM QZ_XZCF WHERE CF_XDR_SHXYM = ANY($1)', codes),
    tests: (codes: readonly string[]) =>
      rows(
        `SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY TYSHXYDM ORDER BY JCRQ DESC) AS number
         FROM QZ_CLJC WHERE TYSHXYDM = ANY($1)) AS newest WHERE number <= ${INSPECTIONS}`,
        codes,
      ),
    close: () => pool.end(),
  };
}

export async function startPlainJoin(
  environment: Environment,
  crosswalk: Crosswalk,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const market = marketRegulation(environment);
  const eco = ecology(environment);
  const police = publicSecurity(environment);
  const road = transport(environment);

  const join = async (first: number): Promise<unknown> => {
    const institutions = await market.list(first);
    const codes = institutions.map((row) => text(row['UNISCID']));
    const ecologyNumbers = codes.map((code) => crosswalk[code]?.ecology[0] ?? '');
    const policeNumbers = codes.map((code) => crosswalk[code]?.publicSecurity[0] ?? '');
    const known = (numbers: readonly string[]): string[] => numbers.filter((number) => number !== '');
    const [
      qualifications,
      penalties,
      stations,
      tests,
      ecoPenalties,
      filings,
      verdicts,
      roadStations,
      roadTests,
      roadPenalties,
    ] = await Promise.all([
      market.qualifications(codes),
      market.penalties(codes),
      eco.stations(known(ecologyNumbers)),
      eco.tests(known(ecologyNumbers)),
      eco.penalties(codes.map((tyshxydm, index) => ({ TsNo: ecologyNumbers[index] ?? '', tyshxydm }))),
      police.filings(known(policeNumbers)),
      police.verdicts(known(policeNumbers)),
      road.stations(codes),
      road.tests(codes),
      road.penalties(codes),
    ]);
    const ecologyOrder = new Map(known(ecologyNumbers).map((number, index) => [number, index]));
    const of = (rows: readonly Row[], column: string, key: string): readonly Row[] =>
      rows.filter((row) => text(row[column]) === key);
    return institutions.map((row, index) => {
      const code = codes[index] ?? '';
      const position = ecologyOrder.get(ecologyNumbers[index] ?? '') ?? -1;
      const policeNumber = policeNumbers[index] ?? '';
      return {
        creditCode: code,
        name: row['ENTNAME'],
        status: row['OPSTATE'],
        qualifications: [
          ...of(qualifications, 'UNISCID', code).map((each) => ({ number: each['CERTNO'], validTo: each['VALIDTO'] })),
          ...(stations[position] ?? []).map((each) => ({ number: each['tsno'], status: each['status'] })),
          ...of(filings, 'jczbh', policeNumber).map((each) => ({ number: each['jczbh'], status: each['zt'] })),
          ...of(roadStations, 'tyshxydm', code).map((each) => ({ number: each['jcjgbh'] })),
        ],
        inspections: [
          ...(tests[position] ?? []).map((each) => ({ startedAt: each['teststime'], result: each['testjudge'] })),
          ...of(verdicts, 'jyjgbh', policeNumber).map((each) => ({ startedAt: each['kssj'], result: each['jyjgpd'] })),
          ...of(roadTests, 'tyshxydm', code).map((each) => ({ startedAt: each['jcrq'], result: each['jcjl'] })),
        ],
        penalties: [
          ...of(penalties, 'CF_XDR_SHXYM', code).map((each) => ({ documentNumber: each['CF_WSH'] })),
          ...(ecoPenalties[index] ?? []).map((each) => ({ documentNumber: each['cfwsh'] })),
          ...of(roadPenalties, 'cf_xdr_shxym', code).map((each) => ({ documentNumber: each['cf_wsh'] })),
        ],
      };
    });
  };

  const server = createServer((request, response) => {
    const first = Number(new URL(request.url ?? '/', 'http://bench.invalid').searchParams.get('first') ?? '50');
    join(first).then(
      (data) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await Promise.all([market.close(), eco.close(), police.close(), road.close()]);
    },
  };
}
