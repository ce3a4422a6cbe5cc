/**
 * The class of an infringement where the department gives none: the content column of NDRC order 36 (credit repair,
 * in force 2026-04-01; domain reference 3.5). Until the hub keeps the rules as dated data, one edition serves all dates.
 */
import type { PenaltyRecord, Severity } from '../records.ts';

const SERIOUS = ['吊销', '限制开展生产经营活动', '责令停产停业', '责令关闭', '限制从业', '行政拘留'];
const GENERAL = ['暂扣', '降低资质等级', '没收'];
/** Above this a fine is not "small": the amount from which a hearing may be asked for, 100,000 yuan for bodies. */
const SMALL_FINE_FEN = 10_000_000;

const holdsAny = (categories: readonly string[], words: readonly string[]): boolean =>
  categories.some((category) => words.some((word) => category.includes(word)));

export function severityOf(penalty: Pick<PenaltyRecord, 'categories' | 'fineFen'>): Severity {
  if (holdsAny(penalty.categories, SERIOUS)) return 'SERIOUS';
  if (holdsAny(penalty.categories, GENERAL) || (penalty.fineFen ?? 0) > SMALL_FINE_FEN) return 'GENERAL';
  return 'MINOR';
}
