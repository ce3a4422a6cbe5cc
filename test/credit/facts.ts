/** Facts of one institution as a profile rests on them, with everything filled in that a test does not speak of. */
import type { CreditInputs } from '../../schema/credit/credit-inputs.ts';
import type { ConfirmedFalseReport } from '../../schema/credit/false-report.ts';
import type { MeasureOutcome } from '../../schema/credit/notice-history.ts';
import type { ListEntryRecord, PenaltyRecord } from '../../schema/records.ts';
import { AUTHORITIES } from '../../sources/world/authorities.ts';
import { day, institution, penalty, provenance, type DepartmentId } from '../schema/support/records.ts';

export const factsOf = (facts: Partial<CreditInputs> = {}): CreditInputs => ({
  description: institution('market-regulation'),
  qualifications: [],
  penalties: [],
  listEntries: [],
  notices: [],
  recognitions: [],
  proficiency: [],
  repairs: [],
  falseReports: [],
  ...facts,
});

/** A minor matter of a department, decided on a day. */
export const decided = (
  on: string,
  facts: Partial<PenaltyRecord> = {},
  departmentId: DepartmentId = 'market-regulation',
): PenaltyRecord => {
  const documentNumber = facts.documentNumber ?? `示罚〔${on}〕1号`;
  return penalty(
    {
      ...{ reason: '未按规定保存原始记录', decidedOn: day(on), documentNumber },
      authority: AUTHORITIES[departmentId].name,
      provenance: provenance(departmentId, { sourceRecordId: documentNumber }),
      ...facts,
    },
    departmentId,
  );
};

export const AIR_LAW = '《中华人民共和国大气污染防治法》第一百一十二条';
/** A false emission report, punished by ecology. */
export const emission = (on: string, facts: Partial<PenaltyRecord> = {}): PenaltyRecord =>
  decided(on, { reason: '出具虚假排放检验报告', basis: AIR_LAW, categories: ['罚款'], ...facts }, 'ecology');

export const FALSE_BASIS = '《检验检测机构监督管理办法》第十四条、《中华人民共和国产品质量法》第五十七条';
/** A false report, punished by market regulation. */
export const falseReport = (on: string, facts: Partial<PenaltyRecord> = {}): PenaltyRecord =>
  decided(on, { reason: '出具虚假检验检测报告', basis: FALSE_BASIS, categories: ['罚款'], ...facts });

export const entry = (on: string, facts: Partial<ListEntryRecord> = {}): ListEntryRecord => ({
  ...{ listType: 'ABNORMAL', reason: '(示例)', listedOn: day(on), authority: '示例', removedOn: null },
  provenance: provenance('market-regulation', { sourceRecordId: `YC${on}` }),
  ...facts,
});

export const confirmed = (
  reportNumber: string,
  on: string,
  facts: Partial<ConfirmedFalseReport> = {},
): ConfirmedFalseReport => ({
  ...{ reportNumber, vehicle: null, confirmedOn: day(on), subject: '机动车排放检验报告', documentNumber: null },
  provenance: provenance('ecology', { sourceRecordId: reportNumber }),
  ...facts,
});

export const notice = (from: string, to: string, facts: Partial<MeasureOutcome> = {}): MeasureOutcome => ({
  ...{ number: 'LHCJ520000202601000012', severity: 'GENERAL', startDate: day(from), endDate: day(to), endedOn: null },
  provenance: provenance('market-regulation', { sourceRecordId: 'LHCJ520000202601000012' }),
  ...facts,
});
