/** Entries of generated institutions in the abnormal list and the serious list. */
import { addDays } from '../../schema/time/calendar-date.ts';
import { AUTHORITIES } from './authorities.ts';
import { day, daysBetween, LAST_DAY, later } from './clock.ts';
import { digits } from './codes.ts';
import { Dice } from './random.ts';
import type { WorldInstitution, WorldListEntry } from './types.ts';

export const ABNORMAL_RATE = 0.04;
export const SERIOUS_RATE = 0.005;

/** Entries end after three years. */
const FIRST_LISTING = day('2023-07-08');
const LAST_LISTING = day('2026-03-10');
const DAYS_WITHOUT_LISTING = 120;

/** Causes of the abnormal list (SPECAUSE) and what ends them. */
export const ABNORMAL_REASONS: Readonly<Record<string, { readonly reason: string; readonly removal: string }>> = {
  '1': { reason: '未按照规定的期限公示年度报告', removal: '已补报未报年份的年度报告并公示' },
  '2': { reason: '未在责令的期限内公示有关企业信息', removal: '已履行公示义务' },
  '3': { reason: '公示企业信息隐瞒真实情况、弄虚作假', removal: '已更正其公示的信息' },
  '4': { reason: '通过登记的住所或者经营场所无法联系', removal: '已变更住所或者经营场所，可以联系' },
};

/** Grounds of the serious list that concern inspection, testing and certification. */
export const SERIOUS_REASONS: Readonly<Record<string, string>> = {
  'JYJC-01': '出具虚假或者严重失实的检验、检测结论，严重危害质量安全',
  'RZ-01': '出具虚假或者严重失实的认证结论，严重危害质量安全',
};

/** The entries that dice give to an institution, newest first. */
export function drawListEntries(
  seed: number,
  { index, kinds, establishedOn }: WorldInstitution,
): readonly WorldListEntry[] {
  const dice = new Dice(seed, index, 'lists');
  const entries: WorldListEntry[] = [];
  const authority = AUTHORITIES['market-regulation'].name;
  const since = later(FIRST_LISTING, addDays(establishedOn, DAYS_WITHOUT_LISTING));
  const days = daysBetween(since, LAST_LISTING);
  if (dice.chance(ABNORMAL_RATE)) {
    const reasonCode = String(dice.int(1, 4));
    const listedOn = addDays(since, dice.int(0, days));
    const removedOn = addDays(listedOn, dice.int(20, 500));
    const removed = dice.chance(0.5) && removedOn <= LAST_DAY;
    const { reason, removal } = ABNORMAL_REASONS[reasonCode] ?? { reason: '', removal: '' };
    entries.push({
      id: `YC${digits(index, 5)}01`,
      list: 'ABNORMAL',
      reasonCode,
      reason,
      listedOn,
      authority,
      removedOn: removed ? removedOn : null,
      removalReason: removed ? removal : null,
    });
  }
  if (dice.chance(SERIOUS_RATE)) {
    const reasonCode = kinds.includes('CERTIFICATION_BODY') ? 'RZ-01' : 'JYJC-01';
    entries.push({
      id: `YZ${digits(index, 5)}01`,
      list: 'SERIOUS_MR',
      reasonCode,
      reason: SERIOUS_REASONS[reasonCode] ?? '',
      listedOn: addDays(since, dice.int(0, days)),
      authority,
      removedOn: null,
      removalReason: null,
    });
  }
  return entries.sort((one, other) => (one.listedOn < other.listedOn ? 1 : -1));
}
