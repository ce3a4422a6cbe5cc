import { beforeEach, describe, expect, it } from '@jest/globals';
import { SubjectMemory } from '../../../schema/identity/subject-memory.ts';
import type { DirectoryEntry } from '../../../schema/ports.ts';
import type { InstitutionRecord } from '../../../schema/records.ts';
import { A, B, codeOf, institution, NAME_OF_A, station } from '../support/records.ts';

let memory = new SubjectMemory();
beforeEach(() => {
  memory = new SubjectMemory();
});

const remember = (facts: Partial<InstitutionRecord>): void => memory.remember(institution('market-regulation', facts));
/** What an institution of that name and place shares with those in memory. */
const shared = (creditCode = A, name = NAME_OF_A, regionCode: string | null = '520115') =>
  memory.sharedBy({ creditCode, name, regionCode, cmaNumbers: [] });

const UNIQUE = { name: false, looseName: false, cmaNumbers: new Set() };
const SAME_NAME = { ...UNIQUE, name: true, looseName: true };

describe('what the register said', () => {
  it('is remembered by credit code, in its newest words', () => {
    remember({ name: '旧名' });
    remember({ cmaNumbers: ['232405340017'] });
    expect(memory.factsOf(A)).toEqual({
      creditCode: A,
      name: NAME_OF_A,
      regionCode: '520115',
      cmaNumbers: ['232405340017'],
    });
    expect(memory.factsOf(B)).toBeUndefined();
  });

  it('cannot be remembered without a credit code', () => {
    remember({ creditCode: null });
    expect(shared()).toEqual(UNIQUE);
  });

  it('tells whose a CMA number is, also when two institutions have it', () => {
    const isOfOthersThan = (creditCode: typeof A, number: string) => memory.isNumberOfOthers(number, creditCode);
    remember({ cmaNumbers: ['1', '2'] });
    expect([isOfOthersThan(A, '1'), isOfOthersThan(B, '1'), isOfOthersThan(B, '9')]).toEqual([false, true, false]);
    remember({ creditCode: B, name: '别家', cmaNumbers: ['1'] });
    expect([isOfOthersThan(A, '1'), isOfOthersThan(B, '1')]).toEqual([false, false]);
    expect(memory.sharedBy({ creditCode: A, name: NAME_OF_A, regionCode: null, cmaNumbers: ['1', '2'] })).toEqual({
      ...UNIQUE,
      cmaNumbers: new Set(['1']),
    });
    remember({ cmaNumbers: [] });
    expect([isOfOthersThan(A, '1'), isOfOthersThan(B, '1'), isOfOthersThan(B, '2')]).toEqual([true, false, false]);
  });

  it('is what an entry of a directory may be about: by its code, its number or its name', () => {
    remember({ cmaNumbers: ['1'] });
    remember({ creditCode: B, name: '别家' });
    const near = (facts: Partial<DirectoryEntry>) =>
      memory.near(station('7', { name: '无人', ...facts })).map(({ creditCode }) => creditCode);
    expect(near({})).toEqual([]);
    expect(near({ creditCode: B, cmaNumbers: ['1'] })).toEqual([B, A]);
    expect(near({ name: '贵州示例甲机动车检测', regionCode: '520303' })).toEqual([A]);
  });

  it('changes its version when something is learned or forgotten, not when it is only seen again', () => {
    const versions = [memory.version];
    const note = (change: () => void) => {
      change();
      versions.push(memory.version);
    };
    note(() => remember({}));
    note(() => remember({}));
    note(() => remember({ regionCode: '520102' }));
    note(() => memory.forget(A));
    note(() => memory.forget(A));
    expect(versions.map((version, index) => version !== versions[index - 1])).toEqual([
      ...[true, true, false, true, true, false],
    ]);
    expect(memory.factsOf(A)).toBeUndefined();
  });
});

describe('a name', () => {
  it('is not shared with the institution itself, remembered or not', () => {
    expect(shared()).toEqual(UNIQUE);
    remember({});
    expect(shared()).toEqual(UNIQUE);
  });

  it('is shared when another institution of the region is known by it, in whatever spelling', () => {
    remember({ creditCode: B, name: '贵州示例甲 机动车检测有限公司' });
    expect(shared()).toEqual(SAME_NAME);
    remember({});
    expect(shared()).toEqual(SAME_NAME);
  });

  it('is shared across a retired division code and its successor', () => {
    remember({ creditCode: B, regionCode: '520221' });
    expect(shared(A, NAME_OF_A, '520204')).toEqual(SAME_NAME);
  });

  it('is not shared with an institution of another region', () => {
    remember({ creditCode: B, regionCode: '520102' });
    expect(shared()).toEqual(UNIQUE);
  });

  it('is shared but for the legal form with a company of another one', () => {
    remember({ creditCode: B, name: '贵州示例甲机动车检测股份有限公司' });
    expect(shared()).toEqual({ ...UNIQUE, looseName: true });
  });

  it('is shared no more when the other institution changes its name', () => {
    remember({ creditCode: B });
    remember({ creditCode: B, name: '贵州示例新机动车检测有限公司' });
    expect(shared()).toEqual(UNIQUE);
  });
});

describe('the memory', () => {
  it('forgets those not seen for the longest time when it is full', () => {
    memory = new SubjectMemory(2);
    remember({ creditCode: codeOf(1), cmaNumbers: ['1'] });
    remember({ creditCode: codeOf(2), cmaNumbers: ['2'] });
    remember({ creditCode: codeOf(1), cmaNumbers: ['1'] });
    remember({ creditCode: codeOf(3), name: '新' });
    expect([1, 2, 3].map((n) => memory.factsOf(codeOf(n)) !== undefined)).toEqual([true, false, true]);
    expect(memory.isNumberOfOthers('2', codeOf(1))).toBe(false);
  });
});
