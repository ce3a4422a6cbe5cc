import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { execute, parse, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { HubError } from '../../../schema/errors.ts';
import { projectRoot } from '../../../schema/project-root.ts';
import type { MeshContext, ReplyLog } from '../../../sources/kit/mesh-call.ts';
import { readContract } from '../../../sources/kit/mesh-handlers/soap-rpc/contract.ts';
import SoapRpcHandler from '../../../sources/kit/mesh-handlers/soap-rpc/index.ts';
import { escapeXml, readXml, type XmlElement } from '../../../sources/kit/mesh-handlers/soap-rpc/read-xml.ts';

const SERIAL = '7F1C0B3E95D2A84C60E7';
const QUESTION = parse(`query {
  answer: TmriOutAccess_queryObjectOut(UTF8XmlDoc: "<root a='1'>&\\"虚</root>", jkid: "18C01", jkxlh: "${SERIAL}", xtlb: "18")
}`);

/** A scripted SOAP server: remembers what it got, answers what it was told. */
let server: Server;
let scripted = { status: 200, body: '' };
let received: { url: string; headers: IncomingHttpHeaders; body: string }[] = [];
let schema: GraphQLSchema;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(scripted.status, { 'content-type': 'text/xml' }).end(scripted.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ schema } = await new SoapRpcHandler({
    name: 'Example',
    config: { source: 'sources/public-security/service.wsdl' },
    baseDir: projectRoot,
  }).getMeshSource());
});
afterAll(() => new Promise<unknown>((resolve) => server.close(resolve)));
beforeEach(() => {
  received = [];
});

const envelope = (body: string): string =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
const answerEnvelope = (text: string): string =>
  envelope(`<queryObjectOutResponse><queryObjectOutReturn>${text}</queryObjectOutReturn></queryObjectOutResponse>`);

/** Asks with the scripted reply and gives the answer and what was noted for the kit. */
async function ask(body: string, status = 200): Promise<{ data: unknown; failures: readonly HubError[] }> {
  scripted = { status, body };
  const log: ReplyLog = { receipts: [], failures: [] };
  const contextValue: MeshContext = {
    hubCall: {
      departmentName: 'Example Office',
      transport: { kind: 'http', endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base` },
      signal: new AbortController().signal,
      log,
    },
  };
  const { data } = await execute({ schema, document: QUESTION, contextValue });
  return { data: data?.['answer'], failures: log.failures };
}

async function failureOf(body: string, status = 200): Promise<HubError | undefined> {
  const { data, failures } = await ask(body, status);
  expect(data).toBeNull();
  return failures[0];
}

describe('the schema that the handler makes of a WSDL', () => {
  it('offers the read operations of every port with their parts as arguments, and no write', () => {
    const fields = schema.getQueryType()?.getFields() ?? {};
    expect(Object.keys(fields)).toEqual([
      'TmriOutAccess_queryObjectOut',
      'TmriOutNewAccess_queryObjectOut',
      'TmriOutNewAccess_queryObjectOutNew',
    ]);
    const argumentsOf = (name: string) => fields[name]?.args.map((argument) => argument.name).join();
    expect(argumentsOf('TmriOutNewAccess_queryObjectOut')).toBe(
      'xtlb,jkxlh,jkid,yhbz,dwmc,dwjgdm,yhxm,zdbs,UTF8XmlDoc',
    );
    expect(argumentsOf('TmriOutNewAccess_queryObjectOutNew')).toBe(
      'xtlb,jkxlh,jkid,cjsqbh,dwjgdm,dwmc,yhbz,yhxm,zdbs,UTF8XmlDoc',
    );
  });

  it('offers the write operations apart from them where the configuration lets them in', async () => {
    const handler = new SoapRpcHandler({
      name: 'Example',
      config: { source: 'sources/public-security/service.wsdl', writePrefix: 'write' },
      baseDir: projectRoot,
    });
    const writing = (await handler.getMeshSource()).schema;
    const fieldsOf = (type: GraphQLObjectType | null | undefined) => Object.keys(type?.getFields() ?? {});
    expect(fieldsOf(writing.getMutationType())).toEqual([
      'TmriOutAccess_writeObjectOut',
      'TmriOutNewAccess_writeObjectOut',
      'TmriOutNewAccess_writeObjectOutNew',
    ]);
    expect(fieldsOf(writing.getQueryType())).toEqual(fieldsOf(schema.getQueryType()));
    expect(schema.getMutationType()).toBeUndefined();
  });

  it('refuses a contract with a document type declaration, and one that is not in rpc style', () => {
    expect(() => readContract('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><definitions/>')).toThrow(
      'document type',
    );
    expect(() => readContract('<definitions><message name="a"/></definitions>')).toThrow();
  });

  it('names what a contract refers to and does not define', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'soap-rpc-'));
    writeFileSync(
      join(folder, 'broken.wsdl'),
      `<definitions><message name="a"/><portType name="p"><operation name="query"><input message="a"/><output message="gone"/></operation></portType>
       <binding name="b" type="p"><binding style="rpc"/><operation name="query"><input><body namespace="urn:n"/></input></operation></binding>
       <service><port name="p" binding="b"><address location="http://x.invalid/p"/></port></service></definitions>`,
    );
    const handler = new SoapRpcHandler({ name: 'Broken', config: { source: 'broken.wsdl' }, baseDir: folder });
    await expect(handler.getMeshSource()).rejects.toThrow('refers to gone');
  });
});

describe('a call', () => {
  it('is posted as an rpc/encoded envelope with the parts in the order of the WSDL', async () => {
    await ask(answerEnvelope('yes'));
    expect(received).toHaveLength(1);
    const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = received;
    expect(url).toBe('/base/services/TmriOutAccess');
    expect(headers.soapaction).toBe('""');
    expect(headers['content-type']).toBe('text/xml; charset=utf-8');
    expect(body).toContain('xmlns:rpc="http://endpoint.axis.framework.tmri.com"');
    expect(body).toContain(
      `<xtlb xsi:type="xsd:string">18</xtlb><jkxlh xsi:type="xsd:string">${SERIAL}</jkxlh><jkid xsi:type="xsd:string">18C01</jkid>` +
        `<UTF8XmlDoc xsi:type="xsd:string">&lt;root a='1'&gt;&amp;&quot;虚&lt;/root&gt;</UTF8XmlDoc>`,
    );
  });

  it('gives the text of the return part whatever the prefixes and the case, with CDATA and numeric references', async () => {
    const axis = `<?xml version="1.0" encoding="GBK"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="x"><SOAP-ENV:Header/><SOAP-ENV:Body>
      <!-- served by < and > --><m:queryobjectoutresponse><queryObjectOutReturn xsi:type='soapenc:string'>
      &#x865A;&#22478;<![CDATA[<root>&amp;</root>]]>&lt;</queryObjectOutReturn></m:queryobjectoutresponse></SOAP-ENV:Body></SOAP-ENV:Envelope>`;
    expect(await ask(axis)).toEqual({ data: '虚城<root>&amp;</root><', failures: [] });
  });

  it('turns a fault that blames the caller into a refusal with its words, without the credential', async () => {
    const failure = await failureOf(
      envelope(
        `<s:Fault><faultcode>s:Client</faultcode><faultstring>serial ${SERIAL} is locked</faultstring></s:Fault>`,
      ),
    );
    expect(failure).toMatchObject({ code: 'SOURCE_REFUSED' });
    expect(failure?.message).toContain('serial *** is locked');
  });

  it('turns every other fault into an unavailable department and keeps its words for the log', async () => {
    const fault = '<s:Fault><faultcode>s:Server</faultcode><faultstring>ORA-00942 at T_JCZ</faultstring></s:Fault>';
    const failure = await failureOf(envelope(fault));
    expect(failure).toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(failure?.message).not.toContain('ORA');
    expect(await failureOf(envelope(fault), 500)).toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  });

  it.each([
    ['an answer of another operation', envelope('<writeObjectOutResponse/>')],
    ['XML that is no envelope', '<html><body>gateway login</body></html>'],
    ['an envelope that ends too early', envelope('<queryObjectOutResponse>').slice(0, -20)],
    ['an empty reply', ''],
    ['text', 'service temporarily out of order'],
  ])('refuses %s as malformed', async (_, body) => {
    expect(await failureOf(body)).toMatchObject({ code: 'SOURCE_MALFORMED' });
  });
});

describe('hostile XML', () => {
  const LAUGHS = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');

  it.each([
    ['an external entity', '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>', '&f;'],
    ['an external document type', '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/evil.dtd">', ''],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]>', ''],
    ['an entity that expands to a billion', `<!DOCTYPE a [<!ENTITY l0 "lol">${LAUGHS}]>`, '&l9;'],
    ['an entity that nobody declared', '', '&f;'],
    ['a reference to no character', '', '&#x110000;'],
    ['an unfinished reference', '', 'a & b'],
  ])('is refused when it holds %s', async (_, declaration, text) => {
    const failure = await failureOf(declaration + answerEnvelope(text));
    expect(failure).toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(received).toHaveLength(1);
  });

  it('is refused in lower case, behind a byte order mark and inside the body', () => {
    for (const text of ['\uFEFF<!doctype a><a/>', '<a><!DOCTYPE b></a>', '<!ENTITY a "b"><a/>'])
      expect(() => readXml(text, 'x')).toThrow(HubError);
  });

  it('is refused when it nests a thousand elements', () => {
    expect(() => readXml('<a>'.repeat(1000) + '</a>'.repeat(1000), 'x')).toThrow('nested too deeply');
  });

  it('does not reach the prototype of anything', () => {
    const root = readXml('<a><__proto__>1</__proto__><constructor>2</constructor></a>', 'x');
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it('takes time in proportion to its length', () => {
    const started = performance.now();
    for (const piece of ['<a b="', '<a ', '<', '<!--', '<a b="c" ', '&', ']]>', '<a/>'])
      expect(() => readXml(`<r>${piece.repeat(200_000)}`, 'x')).toThrow(HubError);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('the reader', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
  const leafText = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) =>
    // XML cannot hold control characters, and blanks at the ends are not kept.
    text.replace(/[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu, '').trim(),
  );
  const rows = fc.array(fc.dictionary(name, leafText, { minKeys: 1, maxKeys: 5 }), { minLength: 1, maxLength: 8 });

  it('gives back what was written, and agrees with another parser', () => {
    const other = new XMLParser({ parseTagValue: false, isArray: (tag) => tag === 'ROW' });
    fc.assert(
      fc.property(rows, (written) => {
        const fields = (row: Record<string, string>): string =>
          Object.entries(row)
            .map(([key, value]) => `<${key}>${escapeXml(value)}</${key}>`)
            .join('\n');
        const text = `<root>${written.map((row) => `<ROW id="1">${fields(row)}</ROW>`).join(' ')}</root>`;
        const read = readXml(text, 'x').children.map((row: XmlElement) =>
          row.children.map((each) => [each.name, each.text]),
        );
        expect(read).toEqual(written.map((row) => Object.entries(row)));
        const parsed = other.parse(text) as { root: { ROW: unknown } };
        expect(parsed.root.ROW).toEqual(written.map((row) => ({ ...row })));
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a document that was cut off anywhere', () => {
    const text = `<?xml version="1.0"?><root><a id="1">b</a><!-- c --><![CDATA[d]]></root>`;
    for (let length = 0; length < text.length; length += 1)
      expect(() => readXml(text.slice(0, length), 'x')).toThrow(HubError);
  });

  it.each(['<a></b>', '<a/><b/>', 'x<a/>', '<a/>x', '</a>', '<a b=c/>', '<a b/>', '< a/>'])('refuses %s', (text) => {
    expect(() => readXml(text, 'x')).toThrow(HubError);
  });
});
