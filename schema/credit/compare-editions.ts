/** Runs an edition of the model beside another one over the stored facts, and lists what would change. */
import type { RiskClass } from '../search/institution-entry.model.ts';
import type { CreditProfile } from './credit-profile.ts';
import type { RiskModel } from './risk-model.ts';
import { scoreOf, type Score } from './score.ts';

export interface EditionDifference extends Pick<CreditProfile, 'creditCode' | 'name' | 'regionCode'> {
  readonly before: Score;
  readonly after: Score;
}

export interface EditionComparison {
  readonly institutions: number;
  /** How many move from one class to another, by "B -> C"; those that stay by "B -> B". */
  readonly moves: ReadonlyMap<`${RiskClass} -> ${RiskClass}`, number>;
}

/**
 * @param at the time for which both are computed
 * @param onDifference told of every institution whose score or class would be another one, by credit code
 */
export async function compareEditions(
  profiles: AsyncIterable<Pick<CreditProfile, 'creditCode' | 'name' | 'regionCode' | 'inputs'>>,
  [old, next]: readonly [RiskModel, RiskModel],
  at: Date,
  onDifference: (difference: EditionDifference) => void,
): Promise<EditionComparison> {
  const moves = new Map<`${RiskClass} -> ${RiskClass}`, number>();
  let institutions = 0;
  for await (const { creditCode, name, regionCode, inputs } of profiles) {
    const [before, after] = [scoreOf(inputs, at, old), scoreOf(inputs, at, next)];
    const move = `${before.riskClass} -> ${after.riskClass}` as const;
    moves.set(move, (moves.get(move) ?? 0) + 1);
    institutions += 1;
    if (before.riskScore !== after.riskScore || before.riskClass !== after.riskClass)
      onDifference({ creditCode, name, regionCode, before, after });
  }
  return { institutions, moves: new Map([...moves].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
