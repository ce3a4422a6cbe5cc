/** Which penalties a rule means, by words of their text. Pure. */
import { z } from 'zod';
import type { InstitutionKind, PenaltyRecord } from '../records.ts';
import { INSTITUTION_KINDS } from '../records.ts';
import { Words } from './rule-file.ts';

/** Each part that is given must hold one of its words. */
export const PenaltyMatch = z.strictObject({ basis: Words.optional(), reason: Words.optional() });
export type PenaltyMatch = z.output<typeof PenaltyMatch>;

/** What rows are about: any of the words, or an institution that works in nothing else. */
export const Area = z.strictObject({ words: Words, kinds: z.array(z.enum(INSTITUTION_KINDS)) });
export type Area = z.output<typeof Area>;

const holdsAny = (text: string | null, words: readonly string[] | undefined): boolean =>
  words === undefined || words.some((word) => (text ?? '').includes(word));

export const isMeant = ({ basis, reason }: PenaltyRecord, match: PenaltyMatch): boolean =>
  holdsAny(basis, match.basis) && holdsAny(reason, match.reason);

/** Reports that were found false by a decision (检验检测机构监督管理办法 art. 14 and sector law). */
export const FALSE_REPORT: PenaltyMatch = { reason: ['虚假', '伪造', '篡改'] };

export function isInArea(text: string, kinds: readonly InstitutionKind[], area: Area): boolean {
  return holdsAny(text, area.words) || (kinds.length > 0 && kinds.every((kind) => area.kinds.includes(kind)));
}
