import { describe, expect, it } from '@jest/globals';
import { parseRegionCode } from '../../schema/region/region.ts';
import { termsOf, termsToAsk, type Facets } from '../../schema/search/institution-terms.ts';
import { wordsOf, wordsToAsk } from '../../schema/search/institution-words.ts';
import { generatedEntry } from './entries.ts';

const NOTHING: Facets = { regions: [], kinds: [], riskClass: null, listed: false, qualificationStatuses: [] };
const plain = {
  ...generatedEntry(1),
  name: '贵阳示例检测中心',
  regionCode: parseRegionCode('520115'),
  kinds: ['VEHICLE_INSPECTION_BODY'] as const,
  listed: false,
  qualificationStatuses: ['VALID'] as const,
  cmaNumbers: [],
  riskClass: 'A' as const,
};

describe('the terms of an institution', () => {
  it('are its divisions, its kind, both together and its class', () => {
    expect(termsOf(plain).toSorted()).toEqual(
      [
        ...['r:52', 'r:5201', 'r:520115', 'k:VEHICLE_INSPECTION_BODY', 'c:A'],
        ...['5201', '520115'].map((region) => `r:${region}&k:VEHICLE_INSPECTION_BODY`),
      ].toSorted(),
    );
  });

  it('name the successor of a retired division', () => {
    const terms = termsOf({ ...plain, regionCode: parseRegionCode('520114') });
    expect(terms).toContain('r:520111');
    expect(terms).not.toContain('r:520114');
  });

  it('have no division where none is known', () => {
    expect(termsOf({ ...plain, regionCode: null }).filter((term) => term.startsWith('r:'))).toEqual([]);
  });

  it('pair what few institutions have with division and kind', () => {
    const terms = termsOf({ ...plain, listed: true, riskClass: 'D', qualificationStatuses: ['VALID', 'SUSPENDED'] });
    expect(terms).toEqual(
      expect.arrayContaining(['l:1', 'c:D', 'q:SUSPENDED', 'l:1&c:D', 'r:5201&c:D', 'k:VEHICLE_INSPECTION_BODY&l:1']),
    );
    expect(terms).not.toContain('q:VALID');
  });

  it('hold no term twice', () => {
    const terms = termsOf({ ...plain, kinds: ['OTHER', 'OTHER'], qualificationStatuses: ['EXPIRED', 'EXPIRED'] });
    expect(new Set(terms).size).toBe(terms.length);
  });
});

describe('the words of an institution', () => {
  it('are the characters of its comparable name, every two neighbours and its certificates, each once', () => {
    expect(wordsOf({ name: '检测（ａ）检测', cmaNumbers: ['2624 0000 0017', '?'] })).toEqual([
      '检',
      '测',
      '(',
      'A',
      ')',
      '检测',
      '测(',
      '(A',
      'A)',
      ')检',
      'n:262400000017',
    ]);
  });

  it('are made of whole characters also beyond the basic plane', () => {
    expect(wordsOf({ name: '𠮷检𠮷', cmaNumbers: [] })).toEqual(['𠮷', '检', '𠮷检', '检𠮷']);
  });

  it('are asked for by pairs, or by the one character of a text', () => {
    expect(wordsToAsk('检测站')).toEqual(['检测', '测站']);
    expect(wordsToAsk('𠮷')).toEqual(['𠮷']);
    expect(wordsToAsk('检检检')).toEqual(['检检']);
  });
});

describe('the terms of a query', () => {
  it('are one alone when one facet is asked for', () => {
    expect(termsToAsk({ ...NOTHING, regions: ['5201'] })).toEqual(['r:5201']);
    expect(termsToAsk({ ...NOTHING, listed: true })).toEqual(['l:1']);
  });

  it('are pairs where there are pairs, and then not their parts', () => {
    expect(termsToAsk({ ...NOTHING, regions: ['5201'], kinds: ['OTHER'] })).toEqual(['r:5201&k:OTHER']);
    expect(termsToAsk({ ...NOTHING, regions: ['5201'], kinds: ['OTHER'], riskClass: 'A' })).toEqual([
      'r:5201&k:OTHER',
      'c:A',
    ]);
  });

  it('are all among the terms of an institution that has these facets', () => {
    const facets: Facets = {
      ...{ regions: ['5201'], kinds: ['VEHICLE_INSPECTION_BODY'], riskClass: 'D', listed: true },
      qualificationStatuses: ['SUSPENDED'],
    };
    const terms = termsOf({ ...plain, listed: true, riskClass: 'D', qualificationStatuses: ['SUSPENDED'] });
    expect(terms).toEqual(expect.arrayContaining(termsToAsk(facets)));
    expect(termsToAsk(facets).length).toBeGreaterThan(3);
  });
});
