/** The score: a pure function of the facts, the time and the edition of the model. */
import type { ProvenanceRecord } from '../records.ts';
import type { RiskClass } from '../search/institution-entry.model.ts';
import type { CreditInputs } from './credit-inputs.ts';
import { hitsOf, momentOf } from './factor-hits.ts';
import { classOfScore, type Indicator, type RiskModel } from './risk-model.ts';

export interface ScoredFactor {
  readonly id: string;
  readonly indicator: Indicator;
  readonly label: string;
  readonly labelZh: string;
  readonly basis: string;
  readonly points: number;
  /** The rows that weigh, at least one. */
  readonly evidence: readonly ProvenanceRecord[];
}

export interface Score {
  /** 0 to 1000, the higher the riskier. */
  readonly riskScore: number;
  readonly riskClass: RiskClass;
  /** Those that weigh, in the order of the model. Their points may add up to more than the score. */
  readonly factors: readonly ScoredFactor[];
  readonly modelVersion: string;
}

const HIGHEST = 1_000;

/** @param inputs in one order: see `inOneOrder` */
export function scoreOf(inputs: CreditInputs, at: Date, model: RiskModel): Score {
  const moment = momentOf(at);
  const factors = model.factors.flatMap(({ rule, cap, ...named }): ScoredFactor[] => {
    const hits = hitsOf(rule, inputs, moment);
    if (hits.length === 0) return [];
    const points = Math.min(
      cap,
      hits.reduce((sum, hit) => sum + hit.points, 0),
    );
    return [{ ...named, points, evidence: hits.map(({ evidence }) => evidence) }];
  });
  const riskScore = Math.min(
    HIGHEST,
    factors.reduce((sum, { points }) => sum + points, 0),
  );
  return { riskScore, riskClass: classOfScore(riskScore, model), factors, modelVersion: model.edition };
}
