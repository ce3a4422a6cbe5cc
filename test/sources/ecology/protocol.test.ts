import { afterEach, describe, expect, it } from '@jest/globals';
import { EcologyConfig } from '../../../sources/ecology/config.ts';
import ecology from '../../../sources/ecology/index.ts';
import type { DepartmentSource } from '../../../schema/ports.ts';
import { callScope, startSource } from '../../support/source-under-test.ts';
import { at, envelope, NOBODY, setsOf, startPlatform, stationsIn } from './support.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(options: Parameters<typeof startSource>[1] = {}) {
  const hub = await startSource(ecology, options);
  closing.push(() => hub.close());
  return hub;
}

async function platformAnswering(...answer: Parameters<typeof startPlatform>) {
  const platform = await startPlatform(...answer);
  closing.push(() => platform.close());
  return platform;
}

const SUBJECT = { ...NOBODY, localIds: ['520115-0007'] };
const ask = (source: DepartmentSource) => source.read('penalties', [SUBJECT, SUBJECT], callScope());

describe('the request to ecology', () => {
  it('is one POST to the one address, with operation, code and numbered conditions inside', async () => {
    const { source, requests } = await platformAnswering(
      envelope([
        { conditionno: '1', body: [] },
        { conditionno: '2', body: [] },
      ]),
      '/jcpt/services/interface.do?region=520000',
    );
    await ask(source);
    const request = at(requests, 0);
    expect(requests).toHaveLength(1);
    expect(request.method).toBe('POST');
    expect(request.url.pathname + request.url.search).toBe('/jcpt/services/interface.do?region=520000');
    expect(request.headers['content-type']).toBe('application/json');
    const condition = { TsNo: '520115-0007', tyshxydm: NOBODY.creditCode };
    expect(JSON.parse(request.body)).toEqual({
      jkid: 'downPunishInfo',
      jksqm: 'abcd1234',
      data: [
        {
          body: [
            { conditionno: '1', ...condition },
            { conditionno: '2', ...condition },
          ],
        },
      ],
    });
  });

  it('carries the code nowhere but in the body', async () => {
    const { source, requests } = await platformAnswering(envelope([]));
    await ask(source);
    const { url, headers } = at(requests, 0);
    expect(`${url.href}${JSON.stringify(headers)}${source.address}`).not.toContain('abcd1234');
  });
});

describe('the envelope of ecology', () => {
  it('is matched by the numbers of the conditions, not by their order', async () => {
    const penalty = (id: string) => ({
      punish: {
        Id: id,
        TsNo: '520115-0007',
        tyshxydm: '',
        PunishNo: 'n',
        PunishOrg: 'o',
        PunishType: '',
        IllegalAct: 'a',
        PunishBasis: '',
        FineAmount: '',
        ForfeitAmount: '',
        DecideDate: '20260101',
        PublishDate: '',
        PublishEndDate: '',
      },
    });
    const { source } = await platformAnswering(
      envelope(
        [
          { conditionno: '2', body: [penalty('second')] },
          { conditionno: '1', body: [penalty('first')] },
        ],
        200,
      ),
    );
    const sets = setsOf(await ask(source));
    expect(sets.map(({ records }) => records.map(({ id }) => id))).toEqual([['ecology~first'], ['ecology~second']]);
  });

  it.each([
    ['no code', JSON.stringify({ result: [] }), 'downPunishInfo.code'],
    ['an empty code', envelope([], ''), 'downPunishInfo.code'],
    ['no result', JSON.stringify({ code: '200' }), 'downPunishInfo.result'],
    ['a result that is an object', envelope({ conditionno: '1' }), 'downPunishInfo.result'],
    ['a body that is text', envelope([{ conditionno: '1', body: 'none' }]), 'downPunishInfo.result'],
    ['a condition without answer', envelope([{ conditionno: '1', body: [] }]), 'condition 2'],
    ['an answer to nobody', envelope([{ conditionno: '3', body: [] }]), 'conditionno'],
    ['an answer without number', envelope([{ body: [] }, { body: [] }]), 'conditionno'],
    ['a record under another name', envelope([{ conditionno: '1', body: [{ penalty: {} }] }]), 'holds none of punish'],
    ['nothing at all', '', 'downPunishInfo.code'],
    ['null', 'null', 'downPunishInfo'],
    ['a web page', '<html>login</html>', 'downPunishInfo'],
  ])('with %s is malformed, and says where', async (_, text, where) => {
    const { source } = await platformAnswering(text);
    const answer = await ask(source);
    expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_MALFORMED' });
    expect('reason' in answer ? answer.reason : '').toContain(where);
  });

  it.each([
    ['401', 'SOURCE_REFUSED'],
    ['429', 'SOURCE_REFUSED'],
    ['-1', 'SOURCE_REFUSED'],
    ['500', 'SOURCE_UNAVAILABLE'],
  ])('with code %s means %s, without the words of the platform', async (code, hubCode) => {
    const { source } = await platformAnswering(JSON.stringify({ code, message: 'jksqm abcd1234 张三' }));
    const answer = await ask(source);
    expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: hubCode });
    expect(JSON.stringify(answer)).not.toMatch(/abcd1234|张三/);
  });

  it('with a record of a station that was not asked about does not show it', async () => {
    const { source } = await platformAnswering(
      envelope([
        { conditionno: '1', body: [{ line: { Id: 'L1', TsNo: '520303-0001', TestLineNo: '1', linename: '' } }] },
      ]),
    );
    const [set] = setsOf(await source.read('facilities', [SUBJECT], callScope()));
    expect(set?.records).toEqual([]);
    expect(set?.malformed).toMatchObject([{ recordId: 'L1', field: 'TsNo' }]);
  });
});

describe('the authorisation of ecology', () => {
  it('refuses a wrong code, and the hub says refused', async () => {
    const { source } = await start({ environment: { ECOLOGY_AUTHORISATION_CODE: 'WRONG-00' } });
    const answer = await source.read('institutions', [SUBJECT], callScope());
    expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_REFUSED' });
    await expect(source.directory?.(callScope())).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });

  it('is required, has 8 characters, and the address carries no user name', () => {
    const settings = { ECOLOGY_URL: 'http://10.0.0.1/jcpt', ECOLOGY_AUTHORISATION_CODE: 'abcd1234' };
    expect(EcologyConfig.parse(settings)).toMatchObject({ ECOLOGY_TIMEOUT_MS: 1500, ECOLOGY_CONCURRENCY: 16 });
    expect(EcologyConfig.safeParse({ ECOLOGY_URL: settings.ECOLOGY_URL }).success).toBe(false);
    expect(EcologyConfig.safeParse({ ...settings, ECOLOGY_AUTHORISATION_CODE: 'short' }).success).toBe(false);
    expect(EcologyConfig.safeParse({ ...settings, ECOLOGY_URL: 'http://me:secret@10.0.0.1/' }).success).toBe(false);
    expect(EcologyConfig.safeParse({ ...settings, ECOLOGY_URL: 'ftp://10.0.0.1/' }).success).toBe(false);
  });

  it('describes each of its settings', () => {
    for (const [key, setting] of Object.entries(EcologyConfig.shape)) {
      expect(key).toMatch(/^ECOLOGY_/);
      expect(setting.description).toBeTruthy();
    }
  });
});

describe('the reference upstream of ecology', () => {
  const post = async (url: string, body: string) =>
    (await (await fetch(url, { method: 'POST', body })).json()) as { code: string; result?: { body: object[] }[] };

  it('sends keys in unstable case, numbers as text, two styles of time and empty text for missing', async () => {
    const { upstream, world } = await start();
    const url = upstream.environment['ECOLOGY_URL'] ?? '';
    const TsNo = stationsIn(world)
      .map(({ localNumbers }) => localNumbers.ecology)
      .join(',');
    const text = JSON.stringify(
      await post(
        url,
        JSON.stringify({
          jkid: 'downInspTestingResultInfo',
          jksqm: upstream.environment['ECOLOGY_AUTHORISATION_CODE'],
          data: [{ body: [{ conditionno: '1', TsNo }] }],
        }),
      ),
    );
    expect(text).toMatch(/"TsNo":/);
    expect(text).toMatch(/"tsno":/);
    expect(text).toMatch(/"Id":/);
    expect(text).toMatch(/"id":/);
    expect(text).toMatch(/"Temperature":"-?\d+\.\d"/);
    expect(text).toMatch(/"Teststime":"\d{14}"/);
    expect(text).toMatch(/"DetectEndTime":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"/);
    expect(text).toMatch(/"HCNOx":""/);
    expect(text).toMatch(/"OperatorName":/);
  });

  it('refuses what is no request, an unknown operation and a wrong code in its own envelope', async () => {
    const { upstream } = await start();
    const url = upstream.environment['ECOLOGY_URL'] ?? '';
    const request = (changes: object) =>
      JSON.stringify({
        jkid: 'downInspSynctime',
        jksqm: 'DEMO-KEY',
        data: [{ body: [{ conditionno: '1' }] }],
        ...changes,
      });
    expect((await post(url, 'no json')).code).toBe('400');
    expect((await post(url, '{"jkid":"downInspSynctime"}')).code).toBe('400');
    expect((await post(url, request({ jkid: 'toString' }))).code).toBe('404');
    expect((await post(url, request({ jksqm: 'WRONG-00' }))).code).toBe('401');
    expect((await post(url, request({}))).result?.[0]?.body).toHaveLength(1);
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(`${upstream.address}/elsewhere`, { method: 'POST', body: '{}' })).status).toBe(404);
  });
});
