/** Under what the department files a row: the credit code, else the organization code, else the station's number. */
import { normaliseCode } from '../../schema/codes/credit-code.ts';
import type { SubjectKey } from '../../schema/ports.ts';
import type { PenaltyChangeWire, StationChangeWire, TestChangeWire } from './wire.ts';

export function subjectsOfStation({ TYSHXYDM, ZZJGDM, JCJGBH }: StationChangeWire): SubjectKey[] {
  return firstOf(TYSHXYDM, ZZJGDM, JCJGBH);
}

/** A test has no organization code: its station's row tells whose number it is. */
export function subjectsOfTest({ TYSHXYDM, JCJGBH }: TestChangeWire): SubjectKey[] {
  return firstOf(TYSHXYDM, '', JCJGBH);
}

export function subjectsOfPenalty({ CF_XDR_SHXYM, CF_XDR_ZZJG, JCJGBH }: PenaltyChangeWire): SubjectKey[] {
  return firstOf(CF_XDR_SHXYM, CF_XDR_ZZJG, JCJGBH);
}

function firstOf(creditCode: string, organizationCode: string, localNumber: string): SubjectKey[] {
  if (creditCode !== '') return [`code:${normaliseCode(creditCode)}`];
  if (organizationCode !== '') return [`org:${organizationCode.replace('-', '').toUpperCase()}`];
  return localNumber === '' ? [] : [`local:${localNumber}`];
}
