import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import definition from '../../../sources/market-regulation/index.ts';
import { signedHeaders } from '../../../sources/market-regulation/signature.ts';
import { callScope, startSource } from '../../support/source-under-test.ts';
import type { SourceUnderTest } from '../../support/source-under-test.ts';
import { setsOf, subject } from './support.ts';

let hub: SourceUnderTest;
beforeAll(async () => {
  hub = await startSource(definition, { worldSize: 300 });
});
afterAll(() => hub.close());

/** Calls the service as any client with the right credentials would. */
async function called(
  { upstream }: SourceUnderTest,
  request: { timestamp: Date; path: string; calledPath?: string; codes?: readonly string[]; sentBody?: string },
): Promise<string> {
  const { timestamp, path, calledPath = path, codes } = request;
  const credentials = {
    appKey: upstream.environment['MARKET_REGULATION_APP_KEY'] ?? '',
    appSecret: upstream.environment['MARKET_REGULATION_APP_SECRET'] ?? '',
  };
  const body = codes === undefined ? null : JSON.stringify({ codes });
  const method = body === null ? 'GET' : 'POST';
  const headers = signedHeaders({ method, path, body }, credentials, timestamp);
  const sent = request.sentBody ?? body;
  return await (await fetch(upstream.address + calledPath, { method, headers, body: sent })).text();
}

describe('credentials', () => {
  it.each([
    ['secret', { MARKET_REGULATION_APP_SECRET: 'another secret' }, '40101'],
    ['application', { MARKET_REGULATION_APP_KEY: 'another application' }, '40103'],
  ])('with the wrong %s are refused', async (_, environment, code) => {
    const stranger = await startSource(definition, { worldSize: 20, environment });
    try {
      const answer = await stranger.source.read(
        'institutions',
        hub.world.institutions.slice(0, 2).map(subject),
        callScope(),
      );
      expect(answer).toEqual({
        status: 'UNAVAILABLE',
        code: 'SOURCE_REFUSED',
        reason: `Market Regulation refused the call (code ${code}).`,
      });
    } finally {
      await stranger.close();
    }
  });

  async function serviceCode(timestamp: Date, path: string, calledPath = path): Promise<unknown> {
    return (JSON.parse(await called(hub, { timestamp, path, calledPath })) as { code: unknown }).code;
  }

  it('are good for five minutes around the clock of the service', async () => {
    const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);
    expect(await serviceCode(minutesFromNow(0), '/openapi/v2/ping')).toBe('0');
    expect(await serviceCode(minutesFromNow(-4.9), '/openapi/v2/ping')).toBe('0');
    expect(await serviceCode(minutesFromNow(4.9), '/openapi/v2/ping')).toBe('0');
    expect(await serviceCode(minutesFromNow(-5.1), '/openapi/v2/ping')).toBe('40102');
    expect(await serviceCode(minutesFromNow(5.1), '/openapi/v2/ping')).toBe('40102');
  });

  it('cover the query and the body, so that a signed call cannot be turned into another one', async () => {
    const path = '/openapi/v2/institutions?limit=1';
    expect(await serviceCode(new Date(), path)).toBe('0');
    expect(await serviceCode(new Date(), path, '/openapi/v2/institutions?limit=2')).toBe('40101');
    const post = { timestamp: new Date(), path: '/openapi/v2/penalties/batch', codes: ['91520115MAYDM00198'] };
    expect(JSON.parse(await called(hub, post))).toMatchObject({ code: '0' });
    expect(JSON.parse(await called(hub, { ...post, sentBody: '{"codes":[]}' }))).toMatchObject({ code: '40101' });
  });

  it('are not shown in the address', () => {
    expect(hub.source.address).toBe(hub.upstream.address);
    expect(definition.config.safeParse({ MARKET_REGULATION_URL: 'http://user:word@example.invalid' }).success).toBe(
      false,
    );
  });
});

describe('personal data', () => {
  it('is sent by the service and kept by nobody', async () => {
    const { institutions } = hub.world;
    const subjects = institutions.map(subject);
    const scope = callScope(30_000);
    const list = await hub.source.listInstitutions?.(
      {
        text: null,
        regionPrefix: null,
        kinds: null,
        listed: null,
        qualification: null,
        orderBy: 'NAME',
        first: 300,
        after: null,
      },
      scope,
    );
    const numbers = institutions.flatMap((each) => hub.world.certificatesOf(each).map(({ number }) => number));
    const answers = [
      list,
      setsOf(await hub.source.read('institutions', subjects, scope)),
      setsOf(await hub.source.read('penalties', subjects, scope)),
      setsOf(await hub.source.read('listEntries', subjects, scope)),
      setsOf(await hub.source.read('certificates', numbers, scope)),
      // Signatories are the one exception; everything else of these reads is searched.
      setsOf(await hub.source.read('qualifications', subjects, scope)).map(({ records }) =>
        records.map((record) => ({ ...record, signatories: [] })),
      ),
    ];
    const text = JSON.stringify(answers);
    expect(text.length).toBeGreaterThan(100_000);
    // Fictional persons are called like the beginnings of fictional firms, so firms are taken out and words compared.
    const withoutFirms = institutions.reduce((rest, { name }) => rest.replaceAll(name, ''), text);
    const words = new Set(withoutFirms.match(/[\u4e00-\u9fff]+/g));
    for (const { legalRepresentative, contactPhone } of institutions) {
      expect(words).not.toContain(legalRepresentative);
      expect(text).not.toContain(contactPhone);
    }
    expect(text).not.toMatch(/529999\d{8}/);

    const codes = institutions.map(({ creditCode }) => creditCode);
    const ask = (path: string) => called(hub, { timestamp: new Date(), path, codes });
    const [first] = institutions;
    expect(await ask('/openapi/v2/institutions/batch')).toContain(first?.contactPhone);
    expect(await ask('/openapi/v2/penalties/batch')).toMatch(/"CF_XDR_ZJHM":"529999\d{12}"/);
    expect(await ask('/openapi/v2/list-entries/batch')).toMatch(/"CERNO":"529999\d{12}"/);
  });
});
