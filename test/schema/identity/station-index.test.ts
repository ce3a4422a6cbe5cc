import { describe, expect, it } from '@jest/globals';
import { StationIndex } from '../../../schema/identity/station-index.ts';
import type { SharedIdentity, SubjectFacts } from '../../../schema/identity/subject-facts.ts';
import type { DirectoryEntry } from '../../../schema/ports.ts';
import { A, at, B, NAME_OF_A, station } from '../support/records.ts';

const SUBJECT: SubjectFacts = { creditCode: A, name: NAME_OF_A, regionCode: '520115', cmaNumbers: ['232405340017'] };
const UNIQUE: SharedIdentity = { name: false, looseName: false, cmaNumbers: new Set() };

/** Which entries are used and why, and which wait for a person. */
function match(entries: readonly DirectoryEntry[], facts: Partial<SubjectFacts> = {}, shared = UNIQUE) {
  const found = new StationIndex(entries, at('2026-03-03')).match({ ...SUBJECT, ...facts }, shared);
  return {
    used: found.matches.map(({ entry, matchedBy }) => `${entry.localId} ${matchedBy}`),
    uncertain: found.uncertain.map(({ entry, doubt }) => `${entry.localId} ${doubt}`),
  };
}

describe('the numbers of an institution', () => {
  const byCode = station('code', { creditCode: A, name: '另一名称', regionCode: null });
  const byCma = station('cma', { cmaNumbers: ['172405340001', '232405340017'], name: '另一名称' });
  const byName = station('name');

  it('are those under its credit code before all others', () => {
    expect(match([byName, byCma, byCode])).toEqual({ used: ['code CREDIT_CODE'], uncertain: [] });
  });

  it('are those under its CMA number when nobody holds its code', () => {
    expect(match([byName, byCma])).toEqual({ used: ['cma CMA_NUMBER'], uncertain: [] });
  });

  it('are those under its name and region when there is nothing better', () => {
    expect(match([byName])).toEqual({ used: ['name NAME_AND_REGION'], uncertain: [] });
  });

  it('may be several under one code or under its CMA numbers, each once', () => {
    expect(match([byCode, { ...byCode, localId: 'second' }]).used).toEqual(['code CREDIT_CODE', 'second CREDIT_CODE']);
    expect(match([byCma], { cmaNumbers: ['232405340017', '172405340001'] }).used).toEqual(['cma CMA_NUMBER']);
  });

  it('are the surer the better the evidence is', () => {
    const sureness = [byCode, byCma, byName, station('loose', { name: '贵州示例甲机动车检测' })].map(
      (entry) => new StationIndex([entry], at('2026-03-03')).match(SUBJECT, UNIQUE).matches[0]?.confidence ?? 0,
    );
    expect(sureness).toEqual([...sureness].sort((a, b) => b - a));
    expect(new Set(sureness).size).toBe(4);
    expect(sureness[0]).toBe(1);
  });

  it('are none when the directory does not know it', () => {
    const stranger = station('x', { name: '六盘水示例乙机动车检测有限公司' });
    expect(match([stranger, station('y', { creditCode: B }), station('z', { cmaNumbers: ['1'], name: '无' })])).toEqual(
      {
        used: [],
        uncertain: [],
      },
    );
  });
});

describe('a name', () => {
  it.each([
    ['brackets of another width', '贵州示例（贵阳）检测有限公司', '贵州示例(贵阳)检测有限公司'],
    ['blanks', NAME_OF_A, '贵州示例甲 机动车检测 有限公司'],
    ['no legal form', NAME_OF_A, '贵州示例甲机动车检测'],
    ['the long legal form', NAME_OF_A, '贵州示例甲机动车检测有限责任公司'],
  ])('is recognised with %s', (_, registered, written) => {
    expect(match([station('7', { name: written })], { name: registered }).used).toEqual(['7 NAME_AND_REGION']);
  });

  it('is not that of a company of another legal form', () => {
    const entry = station('7', { name: '贵州示例甲机动车检测股份有限公司' });
    expect(match([entry])).toEqual({ used: [], uncertain: [] });
  });

  it('counts where the region is the same, a retired division code being its successor', () => {
    expect(match([station('7', { regionCode: '520221' })], { regionCode: '520204' }).used).toHaveLength(1);
    expect(match([station('7', { regionCode: '520204' })], { regionCode: '520221' }).used).toHaveLength(1);
    expect(match([station('7', { regionCode: '520102' })])).toEqual({ used: [], uncertain: [] });
  });

  it('proves nothing while both places are unknown', () => {
    const placeless = station('7', { regionCode: null });
    expect(match([placeless], { regionCode: null })).toEqual({ used: [], uncertain: ['7 VAGUE_PLACE'] });
  });

  it.each(['520100', '520000', '52', null])(
    'is for a person to judge where the department names no nearer place than %s',
    (regionCode) => {
      expect(match([station('7', { regionCode })])).toEqual({ used: [], uncertain: ['7 VAGUE_PLACE'] });
    },
  );

  it('at a vague place is of no interest where another entry has the very place', () => {
    expect(match([station('7', { regionCode: '520100' }), station('8')])).toEqual({
      used: ['8 NAME_AND_REGION'],
      uncertain: [],
    });
  });

  it('that nobody knows matches no nameless station', () => {
    const nameless = { name: '', regionCode: null, cmaNumbers: [] };
    expect(match([station('7', { name: '', regionCode: null })], nameless)).toEqual({ used: [], uncertain: [] });
  });

  it('borne by two stations is for a person to judge, and neither is used', () => {
    expect(match([station('7'), station('8')])).toEqual({
      used: [],
      uncertain: ['7 SEVERAL_ENTRIES', '8 SEVERAL_ENTRIES'],
    });
  });

  it('borne by two institutions is for a person to judge, and the station is not used', () => {
    expect(match([station('7')], {}, { ...UNIQUE, name: true, looseName: true })).toEqual({
      used: [],
      uncertain: ['7 SHARED_NAME'],
    });
  });

  it('without its legal form is for a person to judge when two institutions differ in nothing else', () => {
    const shortened = station('7', { name: '贵州示例甲机动车检测' });
    const shared = { ...UNIQUE, looseName: true };
    expect(match([shortened], {}, shared)).toEqual({ used: [], uncertain: ['7 SHARED_NAME'] });
    expect(match([station('7')], {}, shared).used).toEqual(['7 NAME_AND_REGION']);
  });
});

describe('a station that another credit code claims', () => {
  it('is not matched by name', () => {
    expect(match([station('7', { creditCode: B })])).toEqual({ used: [], uncertain: [] });
    expect(match([station('7', { creditCode: B }), station('8')])).toEqual({
      used: ['8 NAME_AND_REGION'],
      uncertain: [],
    });
  });

  it('is not matched by CMA number either, but a person is asked', () => {
    const claimed = station('7', { creditCode: B, cmaNumbers: ['232405340017'] });
    expect(match([claimed])).toEqual({ used: [], uncertain: ['7 OTHER_CODE'] });
    expect(match([claimed, station('8', { cmaNumbers: ['232405340017'] })])).toEqual({
      used: ['8 CMA_NUMBER'],
      uncertain: ['7 OTHER_CODE'],
    });
    expect(match([claimed], { creditCode: B }).used).toEqual(['7 CREDIT_CODE']);
  });
});

describe('an entry of the directory', () => {
  it('is found by its local number', () => {
    const entry = station('520115-0007');
    const index = new StationIndex([entry], at('2026-03-03'));
    expect([index.entryOf('520115-0007'), index.entryOf('0')]).toEqual([entry, undefined]);
  });
});
