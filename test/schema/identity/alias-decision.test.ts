import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CreditCode } from '../../../schema/codes/credit-code.ts';
import {
  decide,
  inForce,
  undecided,
  type AliasAct,
  type AliasDecision,
} from '../../../schema/identity/alias-decision.ts';
import { HubError } from '../../../schema/errors.ts';
import { at, A, B, codeOf } from '../support/records.ts';
import { after, confirm, reject, undo } from './support.ts';

const C = codeOf(3);
const standing = (decision: AliasDecision): string[] => [
  ...(decision.confirmed === null ? [] : [`is ${decision.confirmed.creditCode}`]),
  ...decision.rejected.map(({ creditCode }) => `not ${creditCode}`),
];
const deeds = ({ history }: AliasDecision): string[] => history.map(({ kind, creditCode }) => `${kind} ${creditCode}`);

describe('a decision on a local number', () => {
  it('says whose it is, by whom and since when', () => {
    const decision = after('7', confirm(A, { by: 'li', at: at('2026-03-05') }));
    expect(decision.confirmed).toEqual({ creditCode: A, by: 'li', at: at('2026-03-05') });
  });

  it('says of any number of institutions that it is not theirs, also beside a confirmation', () => {
    expect(standing(after('7', reject(B), confirm(A), reject(C)))).toEqual([`is ${A}`, `not ${B}`, `not ${C}`]);
  });

  it.each([
    ['confirmed', confirm(A), confirm(A, { by: 'somebody else', at: at('2026-04-01') })],
    ['rejected', reject(A), { ...reject(A), by: 'somebody else' }],
  ])('that is %s a second time, by whomever, is the first one', (_, first, second) => {
    const decision = after('7', first);
    expect(decide(decision, second)).toBe(decision);
  });

  it.each<[string, readonly AliasAct[], AliasAct, RegExp]>([
    ['confirm', [confirm(A)], confirm(B), /confirmed for 91520115MAYDM001\w{2} by "operator" at 2026-03-04T/],
    ['confirm', [reject(A)], confirm(A), /rejected for/],
    ['reject', [confirm(A)], reject(A), /confirmed for/],
    ['undo', [], undo(A), /No decision/],
    ['undo', [confirm(A)], undo(B), /No decision/],
    ['undo', [confirm(A), undo(A)], undo(A), /No decision/],
  ])('cannot %s what contradicts the record', (_, before, act, message) => {
    const decision = after('7', ...before);
    expect(() => decide(decision, act)).toThrow(
      expect.objectContaining({ code: 'CONFLICT', message: expect.stringMatching(message) }),
    );
  });

  it('can be undone for one institution, or for all of which something was said', () => {
    const decision = after('7', confirm(A), reject(B), reject(C));
    expect(standing(decide(decision, undo(A)))).toEqual([`not ${B}`, `not ${C}`]);
    expect(standing(decide(decision, undo(C)))).toEqual([`is ${A}`, `not ${B}`]);
    expect(standing(decide(decision, undo(A, B, C)))).toEqual([]);
  });

  it('keeps every act, what was undone included', () => {
    expect(deeds(after('7', confirm(A), undo(A), reject(A), confirm(B), undo(A, B)))).toEqual(
      ['CONFIRM', 'UNDO', 'REJECT'].map((kind) => `${kind} ${A}`).concat(`CONFIRM ${B}`, `UNDO ${B}`, `UNDO ${A}`),
    );
  });

  it('stands as its history says, whatever is tried', () => {
    const code = fc.constantFrom(A, B, C);
    const anyAct = fc.oneof(
      code.map(confirm),
      code.map(reject),
      fc.uniqueArray(code).map((codes) => undo(...codes)),
    );
    const replay = ({ history }: AliasDecision): string[] => {
      const said = new Map<CreditCode, string>();
      for (const { kind, creditCode } of history) {
        if (kind === 'UNDO') said.delete(creditCode);
        else said.set(creditCode, kind === 'CONFIRM' ? 'is' : 'not');
      }
      return [...said].map(([creditCode, word]) => `${word} ${creditCode}`).sort();
    };
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 12 }), (acts) => {
        let decision = undecided('ecology', '7');
        for (const act of acts) {
          try {
            decision = decide(decision, act);
          } catch (error) {
            expect(error).toBeInstanceOf(HubError);
          }
        }
        expect(standing(decision).sort()).toEqual(replay(decision));
        expect(inForce(decision)).toHaveLength(standing(decision).length);
      }),
    );
  });
});
