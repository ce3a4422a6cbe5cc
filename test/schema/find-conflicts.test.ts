import { describe, expect, it } from '@jest/globals';
import { findConflicts, type Description } from '../../schema/conflict/find-conflicts.ts';
import type { InstitutionRecord } from '../../schema/records.ts';
import { at, day, department, institution, provenance, type DepartmentId } from './support/records.ts';

const LAW = ['name', 'address', 'region', 'status', 'cmaNumber', 'cmaValidTo'];

/** What a department says; market regulation has the law on its side. */
const says = (id: DepartmentId, facts: Partial<InstitutionRecord> = {}, since = '2026-03-02'): Description => ({
  department: department(id, { authoritativeFor: id === 'market-regulation' ? LAW : [] }),
  record: institution(id, { provenance: provenance(id, { asOf: at(since) }), ...facts }),
});

const fieldsOf = (...descriptions: Description[]): string[] => findConflicts(descriptions).map(({ field }) => field);

describe('departments agree', () => {
  it.each<[string, Partial<InstitutionRecord>, Partial<InstitutionRecord>]>([
    [
      'on a name with brackets of another width',
      { name: '贵州示例（贵阳）有限公司' },
      { name: '贵州示例(贵阳)有限公司' },
    ],
    ['on a name with blanks and full-width letters', { name: '示例 ＡＢ 检测' }, { name: '示例AB检测' }],
    ['on an address with other marks', { address: '示例路1号，2栋' }, { address: '示例路 1号 2栋' }],
    ['on a retired division code and its successor', { regionCode: '520221' }, { regionCode: '520204' }],
    ['on certificate numbers in another order', { cmaNumbers: ['2', '1'] }, { cmaNumbers: ['1', '2'] }],
  ])('%s', (_, one, other) => {
    expect(fieldsOf(says('market-regulation', one), says('ecology', other))).toEqual([]);
  });

  it.each<[string, Partial<InstitutionRecord>]>([
    ['address', { address: null }],
    ['division', { regionCode: null }],
    ['status', { status: 'UNKNOWN' }],
    ['certificate', { cmaNumbers: [], cmaValidTo: null }],
  ])('with one that says nothing about the %s', (_, silence) => {
    const full = { address: '示例路1号', cmaNumbers: ['232405340017'], cmaValidTo: day('2029-03-14') };
    expect(fieldsOf(says('market-regulation', full), says('ecology', { ...full, ...silence }))).toEqual([]);
  });

  it('when there is only one, or none', () => {
    expect(fieldsOf(says('ecology'))).toEqual([]);
    expect(fieldsOf()).toEqual([]);
  });
});

describe('departments disagree', () => {
  it('about every compared fact, in the order of the contract', () => {
    const other: Partial<InstitutionRecord> = {
      name: '贵州示例乙机动车检测有限公司',
      address: '示例路2号',
      regionCode: '520102',
      status: 'SUSPENDED',
      cmaNumbers: ['222412050021'],
      cmaValidTo: day('2028-01-01'),
    };
    const one = { address: '示例路1号', cmaNumbers: ['232405340017'], cmaValidTo: day('2029-03-14') };
    expect(fieldsOf(says('market-regulation', one), says('public-security', other))).toEqual(LAW);
  });

  it('about divisions that are not known, too', () => {
    expect(fieldsOf(says('ecology', { regionCode: '529999' }), says('transport', { regionCode: '00' }))).toEqual([
      'region',
    ]);
  });

  it('and the word of the authority is shown, however old, with every value and whose it is', () => {
    const [conflict] = findConflicts([
      says('market-regulation', { status: 'ACTIVE' }, '2020-01-01'),
      says('ecology', { status: 'SUSPENDED' }, '2026-03-01'),
      says('transport', { status: 'ACTIVE' }, '2026-03-04'),
    ]);
    expect(conflict).toMatchObject({
      field: 'status',
      chosen: 'ACTIVE',
      rule: 'AUTHORITY: market-regulation is authoritative for status',
    });
    expect(conflict?.values.map(({ value, provenance: { departmentId } }) => [departmentId, value])).toEqual([
      ['market-regulation', 'ACTIVE'],
      ['ecology', 'SUSPENDED'],
      ['transport', 'ACTIVE'],
    ]);
  });

  it('and the newest word is shown while the authority is silent', () => {
    const conflicts = findConflicts([
      says('market-regulation', { status: 'UNKNOWN' }, '2026-03-09'),
      says('ecology', { status: 'SUSPENDED' }, '2026-03-01'),
      says('transport', { status: 'REVOKED' }, '2026-03-04'),
      says('public-security', { status: 'ACTIVE' }, '2026-03-02'),
    ]);
    expect(conflicts).toMatchObject([
      { field: 'status', chosen: 'REVOKED', rule: 'NEWEST: the authoritative department is silent' },
    ]);
  });

  it('and of two words of one day the one of the lower department code is shown', () => {
    const [conflict] = findConflicts([
      says('ecology', { status: 'SUSPENDED' }),
      says('transport', { status: 'REVOKED' }),
    ]);
    expect(conflict?.chosen).toBe('SUSPENDED');
  });

  it('and the value is shown as the department wrote it', () => {
    const [conflict] = findConflicts([
      says('market-regulation', { regionCode: '520221' }),
      says('ecology', { regionCode: '520102' }),
    ]);
    expect(conflict).toMatchObject({ field: 'region', chosen: '520221' });
  });
});
