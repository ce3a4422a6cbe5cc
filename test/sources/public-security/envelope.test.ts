import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UnreadableValue } from '../../../sources/kit/adapter.ts';
import { queryDocument, readAnswer, writeDocument } from '../../../sources/public-security/envelope.ts';
import { decodePercent, encodeValue } from '../../../sources/public-security/percent.ts';
import { readScenes } from '../../../sources/public-security/service.ts';
import {
  readQuery,
  readWrite,
  writeAnswer,
  type Encoding,
} from '../../../sources/public-security/upstream/documents.ts';

const SERIAL = '7F1C0B3E95D2A84C60E77F1C0B3E95D2';

const read = (text: string) => readAnswer(text, SERIAL);
const document = (head: string, body = ''): string =>
  `<?xml version="1.0" encoding="GBK"?><root><head>${head}</head><body>${body}</body></root>`;
const ok = (body: string, rownum = ''): string =>
  document(`<code>1</code><message>ok</message><rownum>${rownum}</rownum>`, body);
/** What reading the text throws. */
function refusalOf(text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    return error;
  }
}

describe('the query document', () => {
  it('declares GBK, holds one condition per question and leaves empty fields out', () => {
    expect(
      queryDocument([
        { jczbh: '5200000117', gxrq: '2026-01-01 00:00:00' },
        { jczbh: '5200000118', gxrq: '' },
      ]),
    ).toBe(
      '<?xml version="1.0" encoding="GBK"?><root>' +
        '<QueryCondition><jczbh>5200000117</jczbh><gxrq>2026-01-01 00:00:00</gxrq></QueryCondition>' +
        '<QueryCondition><jczbh>5200000118</jczbh></QueryCondition></root>',
    );
  });

  it('of a write holds one row each and keeps empty fields as empty elements', () => {
    const written = writeDocument([{ xxbh: 'm.1', dxmc: '贵州', qmz: 'a+/=', thyy: '' }, { xxbh: 'm.2' }]);
    expect(written).toBe(
      '<?xml version="1.0" encoding="GBK"?><root>' +
        '<vehispara><xxbh>m.1</xxbh><dxmc>%E8%B4%B5%E5%B7%9E</dxmc><qmz>a%2B%2F%3D</qmz><thyy></thyy></vehispara>' +
        '<vehispara><xxbh>m.2</xxbh></vehispara></root>',
    );
    expect(readWrite(written)).toEqual([{ xxbh: 'm.1', dxmc: '贵州', qmz: 'a+/=', thyy: '' }, { xxbh: 'm.2' }]);
    expect(readWrite(queryDocument([{ jczbh: '1' }]))).toBeNull();
  });

  it('encodes Chinese values one by one, and whatever decoding would change', () => {
    expect(encodeValue('贵A')).toBe('%E8%B4%B5A');
    expect(encodeValue('1+1=100%')).toBe('1%2B1%3D100%25');
    expect(encodeValue('\uD800')).toBe('%EF%BF%BD');
  });

  it('carries any value to the gateway unchanged and never becomes markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        // Blanks at the ends and control characters do not survive XML; nothing here has any.
        fc.pre(value.trim() === value && !/[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/u.test(value));
        expect(readQuery(queryDocument([{ clsbdh: value }]))).toEqual([{ clsbdh: value }]);
      }),
    );
  });
});

describe('an answer', () => {
  const rows = [
    [
      ['JCZBH', '5200000117'],
      ['jczmc', '贵州示例甲 A+B（100%）<检测>&有限公司'],
      ['ztyy', ''],
    ],
  ] as const;

  it.each<Encoding>(['WHOLE', 'VALUES'])('is decoded exactly once when the encoding is %s', (encoding) => {
    const text = writeAnswer({ code: '1', message: '查询成功', rows }, encoding);
    expect(text.startsWith(encoding === 'WHOLE' ? '%3C%3Fxml+version' : '<?xml')).toBe(true);
    expect(read(text)).toEqual([{ jczbh: '5200000117', jczmc: '贵州示例甲 A+B（100%）<检测>&有限公司', ztyy: '' }]);
  });

  it('keeps a value that only looks encoded after decoding', () => {
    const text = writeAnswer({ code: '1', message: '', rows: [[['bz', '%E8%B4%B5']]] }, 'WHOLE');
    expect(read(text)).toEqual([{ bz: '%E8%B4%B5' }]);
  });

  it('keeps plus and percent signs of values that are not encoded', () => {
    expect(read(ok('<vehispara id="0"><bz>100% + 1</bz></vehispara>'))).toEqual([{ bz: '100% + 1' }]);
  });

  it('is read when the bytes behind the percent signs are GBK, as the prolog says', () => {
    const gbk =
      '%3Croot%3E%3Chead%3E%3Ccode%3E1%3C/code%3E%3C/head%3E%3Cbody%3E%3Cvehispara%3E%3Cxm%3E%B9%F3%3C/xm%3E%3C/vehispara%3E%3C/body%3E%3C/root%3E';
    expect(read(gbk)).toEqual([{ xm: '贵' }]);
    expect(() => decodePercent('%FF%FF贵')).toThrow(RangeError);
  });

  it('is read whatever the case of its elements, with a byte order mark and in lower-case codes', () => {
    const text = encodeURIComponent(
      '<ROOT><Head><CODE>1</CODE></Head><BODY><VehisPara ID="0"><Zt/></VehisPara></BODY></ROOT>',
    );
    expect(read(`%ef%bb%bf${text.toLowerCase()}`)).toEqual([{ zt: '' }]);
  });

  it('without rows means that nothing is on record', () => {
    expect(read(ok('', '0'))).toEqual([]);
    expect(read('<root><head><code>1</code><rownum>0</rownum></head></root>')).toEqual([]);
  });

  it('spoils only the value that cannot be read', () => {
    const [row] = read(ok('<vehispara><a>1</a><b>%FF%FF</b><c><d/></c><e>1</e><e>2</e></vehispara>'));
    expect(row?.['a']).toBe('1');
    for (const name of ['b', 'c', 'e']) expect(row?.[name]).toBeInstanceOf(UnreadableValue);
  });

  it.each([
    ['0', '没有权限'],
    ['-1', '没有权限'],
  ])('with code %s is a refusal in the gateway’s words', (code, message) => {
    expect(refusalOf(document(`<code>${code}</code><message>${message} ${SERIAL}</message>`))).toMatchObject({
      code: 'SOURCE_REFUSED',
      message: `Public Security refused the call: ${message} *** (code ${code}).`,
    });
  });

  it.each(['$E', '$EE', '$E:系统错误', '%24E%3A', document('<code>$E</code><message/>')])(
    'that is %s is a system error, which may be tried again',
    (text) => {
      expect(refusalOf(text)).toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    },
  );

  it.each([
    ['the answer', 'OK'],
    ['the answer', ''],
    ['the answer', '%3C%ZZ'],
    ['root/head', '<root><body/></root>'],
    ['head/code', document('<code></code>')],
    ['head/code', document('<code>success</code>')],
    ['head/code', document('<code>2</code>')],
    ['head/rownum', ok('<vehispara/>', '2')],
    ['head/rownum', ok('<vehispara/>', 'many')],
  ])('that is broken at %s is malformed and says where', (where, text) => {
    expect(refusalOf(text)).toMatchObject({ code: 'SOURCE_MALFORMED', details: { field: where } });
  });

  it.each([
    ['<!DOCTYPE root [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '&x;'],
    ['<!DOCTYPE root [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', '&b;'],
  ])('with a document type is refused in either encoding', (declaration, text) => {
    const hostile = declaration + ok(`<vehispara><a>${text}</a></vehispara>`).replace(/^.*?\?>/, '');
    for (const form of [hostile, encodeURIComponent(hostile)])
      expect(refusalOf(form)).toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  it('that was cut off is malformed, never shorter', () => {
    const whole = ok('<vehispara id="0"><a>1</a></vehispara><vehispara id="1"><a>2</a></vehispara>', '2');
    for (let length = 1; length < whole.length; length += 1)
      expect(refusalOf(whole.slice(0, length))).toMatchObject({ code: 'SOURCE_MALFORMED' });
  });
});

describe('the scene setting', () => {
  it('is one number for every interface or one per interface', () => {
    expect(readScenes(' A17 ')('18C01')).toBe('A17');
    const sceneOf = readScenes('18C01=A17, 18Q90=A=18');
    expect(['18C01', '18Q90', '18C02'].map(sceneOf)).toEqual(['A17', 'A=18', '']);
  });
});
