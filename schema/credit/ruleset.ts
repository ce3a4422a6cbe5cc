/** One name for all dated rules by which a profile is made: of whoever changes one of the files, profiles are made anew. */
import { canonicalJson } from '../signing/canonical-json.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { PUBLICITY_RULES } from './publicity-rules.ts';
import type { RiskModel } from './risk-model.ts';
import { SEVERITY_RULES } from './severity.ts';
import { THRESHOLD_RULES } from './threshold-rules.ts';

const DIGITS = 16;
const OTHERS = sm3Hex(
  canonicalJson({ publicity: PUBLICITY_RULES, severity: SEVERITY_RULES, thresholds: THRESHOLD_RULES }),
);

const known = new WeakMap<RiskModel, string>();

/** Edition of the model and a digest of all rules beside it, e.g. "2026.1+5f0c2a9b7e4d1a33". */
export function rulesetOf(model: RiskModel): string {
  const name = known.get(model) ?? `${model.edition}+${sm3Hex(canonicalJson({ model, OTHERS })).slice(0, DIGITS)}`;
  known.set(model, name);
  return name;
}
