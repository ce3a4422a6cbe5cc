/** What people's decisions make of the rules. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, undecided, type AliasAct } from '../../../schema/identity/alias-decision.ts';
import { DecidedNumbers } from '../../../schema/identity/decided-numbers.ts';
import { A, B, codeOf, NAME_OF_A, station } from '../support/records.ts';
import { after, confirm, grounds, numbersOf, reject, undo } from './support.ts';

const CMA = '232405340017';
const NAMESAKES = [{ creditCode: A }, { creditCode: B }];
const TWO_OF_THE_NAME = [station('7'), station('8')];
const NOTHING = { used: [], uncertain: [] };

describe('a number that was confirmed', () => {
  it('is the institution’s by a person’s word, and no candidate of its namesake any more', () => {
    const given = grounds(NAMESAKES, [station('7')], [after('7', confirm(A))]);
    expect(numbersOf(A, given)).toEqual({ used: ['7 MANUAL'], uncertain: [] });
    expect(numbersOf(B, given)).toEqual(NOTHING);
  });

  it.each([
    ['credit code', station('7', { creditCode: B, name: '别家' }), {}],
    ['CMA number', station('7', { cmaNumbers: [CMA], name: '别家' }), { cmaNumbers: [CMA] }],
    ['name and region', station('7', { name: '别家' }), {}],
  ])('is not another’s, whatever its %s says', (_, entry, facts) => {
    const other = { creditCode: B, name: '别家', ...facts };
    expect(numbersOf(B, grounds([{}, other], [entry])).used).toHaveLength(1);
    const given = grounds([{}, other], [entry], [after('7', confirm(A))]);
    expect(numbersOf(B, given)).toEqual(NOTHING);
    expect(numbersOf(A, given)).toEqual({ used: ['7 MANUAL'], uncertain: [] });
  });

  it('stands beside those under the code or the CMA number, and in the place of those by name', () => {
    const entries = [station('7', { name: '旧名' }), station('8'), station('9', { cmaNumbers: [CMA], name: '又名' })];
    const confirmed = [after('7', confirm(A))];
    expect(numbersOf(A, grounds([{ cmaNumbers: [CMA] }], entries, confirmed)).used).toEqual([
      '7 MANUAL',
      '9 CMA_NUMBER',
    ]);
    expect(numbersOf(A, grounds([{}], entries, confirmed))).toEqual({ used: ['7 MANUAL'], uncertain: [] });
  });

  it('is no number of the institution while the directory does not know it', () => {
    expect(numbersOf(A, grounds([{}], [], [after('7', confirm(A))]))).toEqual(NOTHING);
  });

  it('leaves the other entry of that name to its rival only', () => {
    const given = grounds(NAMESAKES, TWO_OF_THE_NAME, [after('7', confirm(A))]);
    expect(numbersOf(A, given)).toEqual({ used: ['7 MANUAL'], uncertain: [] });
    expect(numbersOf(B, given)).toEqual({ used: [], uncertain: ['8 SHARED_NAME'] });
  });
});

describe('a pair that was rejected', () => {
  it.each([
    ['credit code', station('7', { creditCode: A }), {}],
    ['CMA number', station('7', { cmaNumbers: [CMA] }), { cmaNumbers: [CMA] }],
    ['name and region', station('7'), {}],
    ['name at a vague place', station('7', { regionCode: null }), {}],
  ])('is not matched by %s, nor uncertain', (_, entry, facts) => {
    expect(numbersOf(A, grounds([facts], [entry]))).not.toEqual(NOTHING);
    expect(numbersOf(A, grounds([facts], [entry], [after('7', reject(A))]))).toEqual(NOTHING);
  });

  it('is no pair for this institution only', () => {
    const given = grounds(NAMESAKES, [station('7')], [after('7', reject(A))]);
    expect(numbersOf(A, given)).toEqual(NOTHING);
    expect(numbersOf(B, given)).toEqual({ used: [], uncertain: ['7 SHARED_NAME'] });
  });

  it('lets the rules decide on what is left', () => {
    const given = grounds([{}], TWO_OF_THE_NAME, [after('7', reject(A))]);
    expect(numbersOf(A, given)).toEqual({ used: ['8 NAME_AND_REGION'], uncertain: [] });
  });
});

describe('what was undone', () => {
  it.each([
    ['a confirmation', [confirm(B), undo(B)]],
    ['a rejection', [reject(A), undo(A)]],
    ['everything', [reject(A), confirm(B), undo(A, B)]],
  ])('leaves no trace: %s', (_, acts) => {
    const entries = [station('7', { cmaNumbers: [CMA] })];
    const registered = [{ cmaNumbers: [CMA] }, { creditCode: B, name: '别家' }];
    const given = grounds(registered, entries, [after('7', ...acts)]);
    expect(numbersOf(A, given)).toEqual({ used: ['7 CMA_NUMBER'], uncertain: [] });
    expect(numbersOf(B, given)).toEqual(NOTHING);
  });
});

it('comes to the same whatever the order in which different numbers were decided', () => {
  const institutions = [A, B, codeOf(3)];
  const registered = institutions.map((creditCode) => ({ creditCode, name: NAME_OF_A }));
  const entries = ['7', '8', '9'].map((localId) => station(localId));
  const act = fc.tuple(
    fc.constantFrom('7', '8', '9'),
    fc
      .constantFrom(...institutions)
      .chain((code) => fc.constantFrom<AliasAct>(confirm(code), reject(code), undo(code))),
  );
  /** Decides in this order; what contradicts is refused. */
  const numbers = (acts: readonly (readonly [string, AliasAct])[]) => {
    const decided = new DecidedNumbers();
    const held = new Map(['7', '8', '9'].map((localId) => [localId, undecided('ecology', localId)]));
    for (const [localId, each] of acts) {
      try {
        const decision = decide(held.get(localId) ?? undecided('ecology', localId), each);
        held.set(localId, decision);
        decided.take(decision);
      } catch {
        // Refused: as if it had not been tried.
      }
    }
    const given = { ...grounds(registered, entries), decided: decided.of('ecology') };
    return institutions.map((code) => numbersOf(code, given));
  };
  fc.assert(
    fc.property(fc.array(act, { maxLength: 10 }), (acts) => {
      const byNumber = [...acts].sort(([a], [b]) => (a < b ? 1 : a > b ? -1 : 0));
      expect(numbers(byNumber)).toEqual(numbers(acts));
      const owners = numbers(acts).flatMap(({ used }) => used.map((each) => each.split(' ')[0]));
      expect(new Set(owners).size).toBe(owners.length);
    }),
  );
});
