import { describe, expect, it } from '@jest/globals';
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { NO_GROUNDS } from '../../schema/access/grounds.ts';
import { publishedOf } from '../../schema/access/published.ts';
import { sightOf, seesUnmasked } from '../../schema/access/sight.ts';
import { answered, unavailable, type DepartmentAnswer } from '../../schema/department-answer.ts';
import type { ListEntryRecord, PenaltyRecord } from '../../schema/records.ts';
import { IN_A_CASE } from '../support/callers.ts';
import { ANSWERED_AT } from '../schema/support/fake-departments.ts';
import { day, department, penalty, provenance } from '../schema/support/records.ts';

const caller = (over: Partial<Caller> = {}): Caller => ({
  ...{ subject: 'desk', departmentId: 'ecology', roles: ['PUBLIC', 'RECIPIENT'], regions: ['5201'], credentialId: 'k' },
  ...over,
});
const words = (who: Caller, ...rest: [Parameters<typeof sightOf>[1], Parameters<typeof sightOf>[2]?]): string => {
  const sight = sightOf({ caller: who, ...NO_GROUNDS }, ...rest);
  return sight.seen ? 'seen' : `${sight.code}: ${sight.message}`;
};

describe('who does not see something is told what is lacking', () => {
  it.each([
    [PUBLIC_CALLER, 'DEPT_SHARED', 'UNAUTHENTICATED: Facts of the class DEPT_SHARED are not public: send credentials.'],
    [
      caller(),
      'CONDITIONAL',
      'FORBIDDEN: Facts of the class CONDITIONAL are shown for a purpose in a case: send Hub-Purpose and Hub-Case-Number.',
    ],
    [
      caller({ roles: ['PUBLIC', 'AUDITOR'] }),
      'RESTRICTED',
      'FORBIDDEN: Facts of the class RESTRICTED are shown for the purpose AUDIT in a case: send Hub-Purpose and Hub-Case-Number.',
    ],
    [
      caller(),
      'RESTRICTED',
      'FORBIDDEN: Facts of the class RESTRICTED are shown to the department that holds them only.',
    ],
    [
      caller({ roles: ['PUBLIC', 'OPERATOR'] }),
      'DEPT_SHARED',
      'FORBIDDEN: Facts of the class DEPT_SHARED are not shown to PUBLIC, OPERATOR.',
    ],
  ] as const)('%#', (who, fieldClass, message) => expect(words(who, fieldClass)).toBe(message));

  it('also where the institution is elsewhere, or where nobody knows', () => {
    expect(words(caller(), 'DEPT_SHARED', { regionCode: '520115' })).toBe('seen');
    for (const regionCode of ['520303', null])
      expect(words(caller(), 'DEPT_SHARED', { regionCode })).toContain('outside of the divisions');
    expect(words(caller({ regions: ['52'] }), 'DEPT_SHARED', { regionCode: null })).toBe('seen');
    expect(words(caller({ regions: [] }), 'DEPT_SHARED', { regionCode: '520115' })).toContain('outside');
    expect(words(caller(), 'PUBLIC', { regionCode: '520303' })).toBe('seen');
  });
});

describe('a credential that is limited', () => {
  const narrow = caller({ limits: { actions: null, classes: ['PUBLIC'] } });

  it('sees no more classes than it is limited to, whatever its roles see', () => {
    expect(words(narrow, 'DEPT_SHARED')).toBe('FORBIDDEN: These credentials are limited to the classes PUBLIC.');
    expect(words(narrow, 'PUBLIC')).toBe('seen');
  });

  it('sees personal data masked, unless it is good for conditional facts', () => {
    const sees = (classes: NonNullable<Caller['limits']>['classes']) =>
      seesUnmasked({ caller: caller({ limits: { actions: null, classes } }), ...IN_A_CASE }, 'PLATE');
    expect(sees(['PUBLIC', 'DEPT_SHARED'])).toBe(false);
    expect(sees(['PUBLIC', 'DEPT_SHARED', 'CONDITIONAL'])).toBe(true);
    expect(sees(null)).toBe(true);
  });
});

describe('what is published', () => {
  const question = { department: department('ecology'), facet: 'PENALTIES' as const };
  const today = day('2026-03-05');
  const answer = <T>(...records: readonly T[]): DepartmentAnswer<T> =>
    answered(question, { records, malformed: [] }, ANSWERED_AT);
  const shown = (facts: Partial<PenaltyRecord>) =>
    publishedOf('penalties', answer(penalty(facts)), today).records.length;

  it.each([
    ['2026-03-05', null, 1],
    ['2026-03-01', '2026-03-05', 1],
    ['2026-03-06', null, 0],
    ['2026-01-01', '2026-03-04', 0],
    [null, null, 0],
    [null, '2027-01-01', 0],
  ])('of a penalty from %s to %s: %s', (from, to, expected) => {
    expect(shown({ publishedFrom: from === null ? null : day(from), publishedTo: to === null ? null : day(to) })).toBe(
      expected,
    );
  });

  it('of a list is what stands today', () => {
    const entry = (removedOn: string | null): ListEntryRecord => ({
      ...{ listType: 'ABNORMAL', reason: '1', authority: '示例局', listedOn: day('2025-07-08') },
      ...{ removedOn: removedOn === null ? null : day(removedOn), provenance: provenance('ecology') },
    });
    const entries = answer(entry(null), entry('2026-03-06'), entry('2026-03-05'));
    expect(publishedOf('listEntries', entries, today).records).toHaveLength(2);
  });

  it('does not tell whether there is more: neither by records that were left out nor by ones that cannot be read', () => {
    const unreadable = [{ recordId: 'secret-7', field: 'CF_JDRQ', problem: 'no date' }];
    const withMore = answered(question, { records: [penalty()], malformed: unreadable }, ANSWERED_AT);
    const told = [answer<PenaltyRecord>(), answer(penalty()), withMore].map((each) =>
      publishedOf('penalties', each, today),
    );
    expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(told[0]?.coverage).toMatchObject({
      status: 'PARTIAL',
      reason: 'FORBIDDEN: only what is published is shown',
    });
  });

  it('is not known while the department is silent', () => {
    const silent = unavailable<PenaltyRecord>(question, 'SOURCE_TIMEOUT', 'too late');
    expect(publishedOf('penalties', silent, today)).toBe(silent);
  });
});
