import { describe, expect, it } from '@jest/globals';
import { LARGEST_FILE_BYTES } from '../../schema/notice/evidence/read-file.ts';
import { verifyEvidence } from '../../schema/notice/evidence/verify-evidence.ts';

/** What the first check that failed says. */
function refusal(file: string | Uint8Array): string {
  const { isGood, checks } = verifyEvidence(typeof file === 'string' ? Buffer.from(file) : file, null);
  expect(isGood).toBe(false);
  const [failed] = checks.filter(({ faults }) => faults.length > 0);
  return `${failed?.name ?? ''}: ${failed?.faults.join('; ') ?? ''}`;
}

describe('A file that is no evidence pack is refused in words', () => {
  it.each([
    ['empty', ''],
    ['a word', 'evidence'],
    ['cut off', '{"form":"joint-credit-hub/evidence/1"'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['with a byte order mark', '\uFEFF{}'],
    ['an archive', Buffer.from('504b0304140000000800', 'hex')],
    ['quotes without end', `{"a":"${'\\"'.repeat(100)}`],
  ])('%s', (_, file) => {
    expect(refusal(file)).toBe('file: it is not JSON in UTF-8');
  });

  it.each([
    ['a field twice', '{"form":1,"form":1}'],
    ['a number in another spelling', '{"form":1.0}'],
    ['a number without end', '{"form":1e999}'],
    ['minus zero', '{"form":-0}'],
    ['half of a character', '{"form":"\\ud800"}'],
    ['a prototype', '{ "__proto__":{"form":1}}'],
  ])('JSON that is not canonical: %s', (_, file) => {
    expect(refusal(file)).toMatch(/^file: it is not canonical JSON/);
  });

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"evidence"'],
    ['an empty object', '{}'],
    ['a prototype', '{"__proto__":{"form":"joint-credit-hub/evidence/1"}}'],
    ['another form', '{"form":"joint-credit-hub/evidence/2"}'],
    ['wrong throughout', `{"events":[${Array(100_000).fill('null').join()}],"form":"joint-credit-hub/evidence/1"}`],
  ])('canonical JSON of another form: %s', (_, file) => {
    expect(refusal(file)).toMatch(/^form: /);
  });

  it('nested without end', () => {
    expect(refusal('['.repeat(5_000_000))).toBe('file: it is nested more than 32 deep');
    expect(refusal(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)).toBe('file: it is nested more than 32 deep');
  });

  it('small in bytes and large in memory', () => {
    expect(refusal(`[${'[],'.repeat(2_000_000)}[]]`)).toBe('file: it has more than 1000000 values');
  });

  it('larger than any pack', () => {
    expect(refusal(Buffer.alloc(LARGEST_FILE_BYTES + 1, 0x20))).toMatch(/^file: it is larger than \d+ bytes/);
  });

  it('random', () => {
    let seed = 1;
    for (let round = 0; round < 200; round += 1) {
      const bytes = Uint8Array.from({ length: 64 }, () => (seed = (seed * 48_271) % 2_147_483_647) & 255);
      expect(refusal(bytes)).toMatch(/^file: /);
    }
  });
});
