/** A credit profile as it is kept: the score with everything it rests on. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { InstitutionFacts } from '../replica/institution-facts.ts';
import type { RegionCode } from '../region/region.ts';
import { institutionNode } from '../institution/institution-node.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { countThresholds, type ThresholdCount } from './count-thresholds.ts';
import { digestOf, inOneOrder, type CreditInputs } from './credit-inputs.ts';
import { nextTurn } from './next-turn.ts';
import { modelOn, type RiskModel } from './risk-model.ts';
import { rulesetOf } from './ruleset.ts';
import { scoreOf, type Score } from './score.ts';

export interface CreditProfile extends Score {
  readonly creditCode: CreditCode;
  /** As registered. */
  readonly name: string;
  readonly regionCode: RegionCode;
  /** Those for which anything is counted. */
  readonly thresholds: readonly ThresholdCount[];
  /** See `rulesetOf`. */
  readonly ruleset: string;
  /** See `digestOf`. */
  readonly computedFrom: string;
  readonly computedAt: Date;
  readonly inputs: CreditInputs;
  /** When it becomes another one by itself. */
  readonly changesAt: Date;
}

/** What is on record beside what departments hold. */
export type History = Pick<CreditInputs, 'notices' | 'recognitions' | 'proficiency' | 'repairs' | 'falseReports'>;

export const NO_HISTORY: History = {
  ...{ notices: [], recognitions: [], proficiency: [], repairs: [], falseReports: [] },
};

function inputsOf(
  { description, qualifications, penalties, listEntries }: InstitutionFacts,
  history: History,
): CreditInputs {
  const { kinds, status, regionCode, provenance } = description;
  return inOneOrder({
    description: { kinds, status, regionCode, provenance },
    qualifications: qualifications.map((version) => ({
      ...{ scheme: version.scheme, number: version.number, status: version.status, provenance: version.provenance },
      ...{ validFrom: version.validFrom, validTo: version.validTo, effectiveFrom: version.effectiveFrom },
      ...{ recordedAt: version.recordedAt, supersededAt: version.supersededAt },
    })),
    ...{ penalties, listEntries },
    ...history,
  });
}

type Named = Pick<CreditProfile, 'creditCode' | 'name' | 'regionCode'>;

function profileFrom(
  named: Named,
  inputs: CreditInputs,
  at: Date,
  models: readonly RiskModel[] | undefined,
): CreditProfile {
  const today = calendarDateOf(at);
  const model = modelOn(today, models);
  return {
    ...named,
    ...scoreOf(inputs, at, model),
    thresholds: countThresholds(inputs, today),
    ruleset: rulesetOf(model),
    computedFrom: digestOf(inputs),
    computedAt: at,
    inputs,
    changesAt: nextTurn(inputs, at, model),
  };
}

/** Of the same facts at another time: whatever changes in them is told otherwise. */
export const profileAnew = (
  { creditCode, name, regionCode, inputs }: CreditProfile,
  at: Date,
  models?: readonly RiskModel[],
): CreditProfile => profileFrom({ creditCode, name, regionCode }, inputs, at, models);

/** Pure but for the rules, which are data. */
export function profileOf(
  facts: InstitutionFacts,
  history: History,
  at: Date,
  models?: readonly RiskModel[],
): CreditProfile {
  const { creditCode, description } = facts;
  const { name, regionCode } = institutionNode(creditCode, description);
  return profileFrom({ creditCode, name, regionCode }, inputsOf(facts, history), at, models);
}
