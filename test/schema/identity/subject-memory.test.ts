import { beforeEach, describe, expect, it } from '@jest/globals';
import { SubjectMemory } from '../../../schema/identity/subject-memory.ts';
import type { InstitutionRecord } from '../../../schema/records.ts';
import { A, B, codeOf, institution, NAME_OF_A } from '../support/records.ts';

let memory = new SubjectMemory();
beforeEach(() => {
  memory = new SubjectMemory();
});

const remember = (facts: Partial<InstitutionRecord>): void => memory.remember(institution('market-regulation', facts));
/** What an institution of that name and place shares with those in memory. */
const shared = (creditCode = A, name = NAME_OF_A, regionCode: string | null = '520115') =>
  memory.sharedNames({ creditCode, name, regionCode, cmaNumbers: [] });

const UNIQUE = { name: false, looseName: false };
const SAME_NAME = { name: true, looseName: true };

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

  it('tells whose a CMA number is, until another institution has it or the owner loses it', () => {
    remember({ cmaNumbers: ['1', '2'] });
    expect(memory.creditCodeOfCma('1')).toBe(A);
    remember({ creditCode: B, cmaNumbers: ['1'] });
    remember({ cmaNumbers: [] });
    expect([memory.creditCodeOfCma('1'), memory.creditCodeOfCma('2')]).toEqual([B, undefined]);
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
    expect(shared()).toEqual({ name: false, looseName: true });
  });

  it('is shared no more when the other institution changes its name', () => {
    remember({ creditCode: B });
    remember({ creditCode: B, name: '贵州示例新机动车检测有限公司' });
    expect(shared()).toEqual(UNIQUE);
  });
});

describe('the memory', () => {
  it('forgets those not seen for the longest time when it is full', () => {
    const full = 100_000;
    const record = institution('market-regulation');
    // Made-up codes: computing check characters is not what is tested here.
    const made = (n: number) => String(n) as typeof record.creditCode;
    for (let n = 0; n < full; n++) memory.remember({ ...record, creditCode: made(n), cmaNumbers: [`cma${n}`] });
    memory.remember({ ...record, creditCode: made(0) });
    memory.remember({ ...record, creditCode: codeOf(9), name: '新' });
    expect(['0', '1', '2'].map((code) => memory.factsOf(code) !== undefined)).toEqual([true, false, true]);
    expect(memory.creditCodeOfCma('cma1')).toBeUndefined();
  });
});
