import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normaliseCaseNumber } from '../../../schema/codes/case-number.ts';

describe('a case number', () => {
  it.each([
    '黔市监处罚〔2026〕12号',
    '黔市监处罚[2026]12号',
    '黔市监处罚(2026)12号',
    '黔市监处罚（2026）12号',
    '黔市监处罚［２０２６］12号',
    '黔市监处罚【2026】12号',
    '黔市监处罚﹝2026﹞12号',
    '黔市监处罚[2026)12号',
    ' 黔市监处罚 〔 2026 〕 12 号 ',
    '黔市监处罚〔２０２６〕１２号',
  ])('has its year in hexagonal brackets: %s', (text) => {
    expect(normaliseCaseNumber(text)).toBe('黔市监处罚〔2026〕12号');
  });

  it('keeps brackets that hold something else than a year', () => {
    expect(normaliseCaseNumber('黔市监处罚（花溪）[2026]第12号')).toBe('黔市监处罚(花溪)〔2026〕第12号');
  });

  it('leaves a number without a bracketed year as it is', () => {
    expect(normaliseCaseNumber('GZ-2026-0012')).toBe('GZ-2026-0012');
  });

  it('is idempotent and stable under NFKC', () => {
    const piece = fc.constantFrom(
      '黔',
      '罚',
      '[',
      ']',
      '(',
      ')',
      '〔',
      '〕',
      '2026',
      '12',
      '号',
      ' ',
      '﹝',
      '﹞',
      '２',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const once = normaliseCaseNumber(pieces.join(''));
        expect(normaliseCaseNumber(once)).toBe(once);
        expect(once.normalize('NFKC')).toBe(once);
      }),
    );
  });
});
