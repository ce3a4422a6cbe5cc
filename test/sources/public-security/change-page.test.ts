/** Pages that a gateway may send and that the reference upstream never does. */
import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import type { ChangesQuery, ReplicatedRead } from '../../../schema/ports.ts';
import { createPublicSecurityAdapter } from '../../../sources/public-security/adapter.ts';
import { PublicSecurityConfig } from '../../../sources/public-security/config.ts';
import { decodePercent } from '../../../sources/public-security/percent.ts';
import { writeAnswer, type Row } from '../../../sources/public-security/upstream/documents.ts';

const adapter = createPublicSecurityAdapter(
  PublicSecurityConfig.parse({ PUBLIC_SECURITY_URL: 'http://gateway.invalid/pnweb', PUBLIC_SECURITY_SERIAL: 'AB12' }),
);

interface Sent {
  readonly UTF8XmlDoc?: string;
}

/** One page out of the text that the gateway answers; what was sent is kept in `sent`. */
async function read(
  answer: string,
  query: Partial<ChangesQuery> = {},
  name: Extract<ReplicatedRead, 'institutions' | 'qualifications' | 'facilities'> = 'institutions',
  sent: Sent[] = [],
) {
  return adapter.changes?.[name]?.(
    { since: null, after: null, limit: 10, ...query },
    {
      signal: new AbortController().signal,
      execute: (_, variables) => {
        sent.push(variables);
        return Promise.resolve({ answer });
      },
    },
  );
}

const station = (number: string, fields: Readonly<Record<string, string>> = {}): Row =>
  Object.entries({
    gxsj: '2026-03-01 08:00:00',
    jlbh: number,
    scbz: '0',
    hxbz: '0',
    jczbh: number,
    jczmc: '示例站',
    zt: '1',
    gxrq: '2026-03-01 08:00:00',
    ...fields,
  });
const document = (...rows: Row[]): string => writeAnswer({ code: '1', message: '查询成功', rows }, 'VALUES');

describe('the question for a page', () => {
  it('declares GBK and asks in whole seconds of China, for so many rows', async () => {
    const sent: Sent[] = [];
    await read(document(), { since: new Date('2026-02-28T23:59:59.900Z'), limit: 7 }, 'institutions', sent);
    expect(sent[0]?.UTF8XmlDoc).toBe(
      '<?xml version="1.0" encoding="GBK"?><root><QueryCondition>' +
        '<gxsjq>2026-03-01 07:59:59</gxsjq><zdhs>7</zdhs></QueryCondition></root>',
    );
  });

  it('goes on after the last row of the page before, percent-encoded where the number is not plain', async () => {
    const sent: Sent[] = [];
    const first = await read(document(station('贵A+01', { hxbz: '1' })), { limit: 1 });
    await read(document(), { after: first?.next ?? null, limit: 1 }, 'institutions', sent);
    expect(sent[0]?.UTF8XmlDoc).toContain(
      '<qsgxsj>2026-03-01 08:00:00</qsgxsj><qsjlbh>%E8%B4%B5A%2B01</qsjlbh><zdhs>1</zdhs>',
    );
  });
});

describe('a page', () => {
  it('is read when its bytes are percent-encoded as the GBK that its prolog declares', async () => {
    const answer = { code: '1', message: '查询成功', rows: [station('5200000117', { jczmc: '示例站（乙）' })] };
    const text = decodePercent(writeAnswer(answer, 'WHOLE'));
    expect(text).toContain('encoding="GBK"');
    const encoded = [...iconv.encode(text, 'gbk')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    const page = await read(encoded);
    expect(page?.changes).toEqual([
      expect.objectContaining({ kind: 'UPSERT', draft: expect.objectContaining({ name: '示例站（乙）' }) }),
    ]);
  });

  it.each(['$E', '$EE', '%24E', '$E:系统错误'])('that is %s is an error of their system', async (answer) => {
    await expect(read(answer)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  });

  it('with $E as its code is an error of their system, whatever rows came along', async () => {
    const rows = [station('5200000117')];
    const answer = writeAnswer({ code: '$E', message: '', rows }, 'VALUES');
    await expect(read(answer)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  });

  it('keeps $E in a value as text', async () => {
    const page = await read(document(station('5200000117', { jczmc: '$E 站' })));
    expect(page?.changes).toEqual([
      expect.objectContaining({ draft: expect.objectContaining({ name: '$E 站' }), subjects: ['local:5200000117'] }),
    ]);
  });

  it('that is shorter than asked for ends the answer only when the department says so', async () => {
    const rows = ['5200000117', '5200000118'].map((number) => station(number, { hxbz: '1' }));
    expect((await read(document(...rows)))?.next).toMatch(/./);
    expect((await read(document(...rows, station('5200000119'))))?.next).toBeNull();
  });

  it('that is longer than asked for goes on after the last row that was taken', async () => {
    const sent: Sent[] = [];
    const rows = ['5200000119', '5200000117', '5200000118'].map((number) => station(number, { hxbz: '1' }));
    const page = await read(document(...rows), { limit: 2 });
    expect(page?.changes).toHaveLength(2);
    await read(document(), { after: page?.next ?? null }, 'institutions', sent);
    expect(sent[0]?.UTF8XmlDoc).toContain('<qsjlbh>5200000118</qsjlbh>');
  });

  it.each([
    ['gxsj', 'yesterday'],
    ['gxsj', ''],
    ['jlbh', ''],
    ['scbz', '2'],
    ['hxbz', 'x'],
  ])('reports a row whose %s is "%s" and keeps the others', async (field, value) => {
    const rows = [station('5200000117', { [field]: value }), station('5200000118')];
    const page = await read(document(...rows));
    expect(page?.changes).toHaveLength(1);
    expect(page?.malformed).toEqual([
      { recordId: field === 'jlbh' ? null : '5200000117', field, problem: expect.stringMatching(/./) },
    ]);
    expect(page?.next).toBeNull();
  });

  it('without any place to go on from is malformed as a whole, not the end', async () => {
    const rows = ['5200000117', '5200000118'].map((number) => station(number, { gxsj: '' }));
    await expect(read(document(...rows), { limit: 2 })).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED',
      details: { field: 'gxsj' },
    });
  });

  it('never puts a record under the number of another', async () => {
    const page = await read(document(station('5200000117', { jlbh: '5200000118' })));
    expect(page).toMatchObject({ changes: [], malformed: [{ recordId: '5200000118', field: 'jlbh' }] });
  });

  it('takes back a filing that is applied for anew, and leaves the station', async () => {
    const answer = document(station('5200000117', { zt: '3' }));
    expect((await read(answer, {}, 'qualifications'))?.changes).toEqual([
      { kind: 'DELETE', recordId: '5200000117', updatedAt: new Date('2026-03-01T00:00:00Z') },
    ]);
    expect((await read(answer))?.changes).toEqual([expect.objectContaining({ kind: 'UPSERT' })]);
  });

  it('takes back a withdrawn record of which nothing else can be read', async () => {
    const page = await read(document(station('5200000117', { scbz: '1', jczmc: '', jczbh: '' })));
    expect(page?.changes).toEqual([expect.objectContaining({ kind: 'DELETE', recordId: '5200000117' })]);
    expect(page?.malformed).toEqual([]);
  });

  it('names the block of equipment that it does not know', async () => {
    const row = station('5200000117-1-xxsb-9', { jczbh: '5200000117', jcxxh: '1', sbdm: 'xxsb' });
    expect(await read(document(row), {}, 'facilities')).toMatchObject({
      changes: [],
      malformed: [{ recordId: '5200000117-1-xxsb-9', field: 'sbdm' }],
    });
  });
});
