import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SEVERITY_RULES, severityOf } from '../../schema/credit/severity.ts';
import { mergePenalties } from '../../schema/penalty/merge-penalties.ts';
import type { PenaltyRecord } from '../../schema/records.ts';
import { at, day, penalty, provenance } from './support/records.ts';

describe('one decision published by several departments', () => {
  const published = (
    departmentId: 'market-regulation' | 'ecology',
    since: string,
    facts: Partial<PenaltyRecord> = {},
  ) => penalty({ provenance: provenance(departmentId, { asOf: at(since) }), ...facts }, departmentId);

  it('is one penalty, in the newest words, whoever comes first', () => {
    const older = published('market-regulation', '2026-03-02', { fineFen: 1 });
    const newer = published('ecology', '2026-03-04', { fineFen: 2 });
    expect(mergePenalties([older, newer])).toEqual([newer]);
    expect(mergePenalties([newer, older])).toEqual([newer]);
  });

  it('is recognised in other brackets, widths and blanks', () => {
    const one = published('market-regulation', '2026-03-02', { documentNumber: '黔市监处罚〔2026〕12号' });
    const other = published('ecology', '2026-03-01', {
      documentNumber: '黔市监处罚[２０２６] 12号',
      authority: '示例省 市场监管局',
    });
    expect(mergePenalties([one, other])).toEqual([one]);
  });

  it('is another one when the number or the authority is another', () => {
    const all = [
      penalty({ id: 'a' }),
      penalty({ id: 'b', documentNumber: '黔市监处罚〔2026〕13号' }),
      penalty({ id: 'c', authority: '示例省生态环境厅' }),
    ];
    expect(mergePenalties(all)).toHaveLength(3);
  });
});

describe('penalties', () => {
  it('come latest decision first, and of one day in the order of their ids', () => {
    const decided = (id: string, decidedOn: string) => penalty({ id, documentNumber: id, decidedOn: day(decidedOn) });
    const all = [decided('b', '2026-03-01'), decided('c', '2026-03-02'), decided('a', '2026-03-01')];
    expect(mergePenalties(all).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  });

  it('come out the same in whatever order departments send them', () => {
    const record = fc
      .record({
        id: fc.uuid(),
        documentNumber: fc.constantFrom('1', '2', '3'),
        minute: fc.integer({ min: 0, max: 9999 }),
      })
      .map(({ id, documentNumber, minute }) =>
        penalty({ id, documentNumber, provenance: provenance('ecology', { asOf: new Date(minute * 60_000) }) }),
      );
    const records = fc.uniqueArray(record, { selector: ({ provenance: { asOf } }) => asOf.getTime() });
    fc.assert(
      fc.property(records, (all) => {
        expect(mergePenalties([...all].reverse())).toEqual(mergePenalties(all));
      }),
    );
  });
});

describe('the severity of an infringement that the department does not grade', () => {
  const HUNDRED_THOUSAND_YUAN = 10_000_000;

  it.each<[string, Pick<PenaltyRecord, 'categories' | 'fineFen'>, string]>([
    ['a warning', { categories: ['警告'], fineFen: null }, 'MINOR'],
    ['criticism', { categories: ['通报批评'], fineFen: null }, 'MINOR'],
    ['nothing said', { categories: [], fineFen: null }, 'MINOR'],
    ['a small fine', { categories: ['罚款'], fineFen: 500_000 }, 'MINOR'],
    ['a fine of 100,000 yuan', { categories: ['罚款'], fineFen: HUNDRED_THOUSAND_YUAN }, 'MINOR'],
    ['a fine above 100,000 yuan', { categories: ['罚款'], fineFen: HUNDRED_THOUSAND_YUAN + 1 }, 'GENERAL'],
    ['confiscation', { categories: ['罚款', '没收违法所得、没收非法财物'], fineFen: 1 }, 'GENERAL'],
    ['a withheld licence', { categories: ['暂扣许可证件'], fineFen: null }, 'GENERAL'],
    ['a lower grade', { categories: ['降低资质等级'], fineFen: null }, 'GENERAL'],
    ['a revoked licence', { categories: ['吊销许可证件'], fineFen: null }, 'SERIOUS'],
    ['restricted business', { categories: ['限制开展生产经营活动'], fineFen: null }, 'SERIOUS'],
    ['closure', { categories: ['责令关闭'], fineFen: null }, 'SERIOUS'],
    ['a stop of production', { categories: ['责令停产停业'], fineFen: null }, 'SERIOUS'],
    ['a bar from the profession', { categories: ['限制从业'], fineFen: null }, 'SERIOUS'],
    ['the gravest of several', { categories: ['警告', '没收违法所得', '吊销许可证件'], fineFen: 1 }, 'SERIOUS'],
  ])('for %s', (_, facts, expected) => {
    expect(severityOf({ ...facts, decidedOn: day('2026-03-02') })).toBe(expected);
  });

  it.each([
    ['2026-12-31', 'MINOR'],
    ['2027-01-01', 'GENERAL'],
  ])('follows the edition of the day of its decision: %s', (decidedOn, expected) => {
    const rules = SEVERITY_RULES.flatMap((present) => [
      { ...present, edition: 'PRESENT', validTo: day('2026-12-31') },
      { ...present, edition: 'NEXT', validFrom: day('2027-01-01'), generalAboveFen: 1 },
    ]);
    expect(severityOf({ categories: ['罚款'], fineFen: 500_000, decidedOn: day(decidedOn) }, rules)).toBe(expected);
  });
});
