import type { RiskClass } from '../search/institution-entry.model.ts';

/** The classes in words, from low to high (国市监信发〔2022〕6号). */
export const CLASS_NAMES: Readonly<Record<RiskClass, string>> = {
  A: 'low 低',
  B: 'general 一般',
  C: 'higher 较高',
  D: 'high 高',
};
