/** From a department's row to a recipient's word, for departments that say one thing per row. */
import type { RecipientWord } from '../../schema/delivery/ports.ts';
import type { DraftWord } from './adapter.ts';
import { readNativeInstant } from './native-dates.ts';
import { field, MalformedField } from './read-rows.ts';

/** What a row says, as the department wrote it, without blanks around it; '' = nothing. */
export interface SaidInARow {
  readonly wordId: string;
  readonly deliveryId: string;
  readonly kind: string;
  readonly by: string;
  /** Why it was returned; what was done. */
  readonly text: string;
  readonly measureId: string;
  readonly result: string;
  readonly caseCount: string;
  readonly handledAt: string;
}

/** The department's codes, and its names of the columns, by which a row that cannot be read is reported. */
export interface WordDialect {
  readonly kinds: Readonly<Record<string, RecipientWord['kind']>>;
  readonly results: Readonly<Record<string, RecipientWord['feedback'][number]['result']>>;
  readonly names: Readonly<Record<Exclude<keyof SaidInARow, 'wordId' | 'deliveryId' | 'by'>, string>>;
}

/** @throws MalformedField naming the column that holds no code, no date or no number, or lacks what it must say */
export function toWord(said: SaidInARow, { kinds, results, names }: WordDialect): DraftWord {
  const { wordId, deliveryId, by, text, measureId, caseCount } = said;
  const kind = field(names.kind, () => meaningOf(kinds, said.kind));
  if (kind === 'RETURNED' && text === '') throw new MalformedField(names.text, 'is empty');
  const word = { wordId, deliveryId, kind, by: by || null, reason: kind === 'RETURNED' ? text : null };
  if (kind !== 'FED_BACK') return { ...word, feedback: [] };
  if (measureId === '') throw new MalformedField(names.measureId, 'is empty');
  const feedback = {
    measureId,
    result: field(names.result, () => meaningOf(results, said.result)),
    caseCount: field(names.caseCount, () => countOf(caseCount)),
    executedAt: field(names.handledAt, () => readNativeInstant(said.handledAt)),
    description: text || null,
  };
  return { ...word, feedback: [feedback] };
}

function meaningOf<T>(codes: Readonly<Record<string, T>>, code: string): T {
  const meaning = codes[code];
  if (meaning === undefined) throw new RangeError(`is none of the codes ${Object.keys(codes).join(', ')}`);
  return meaning;
}

/** Where nothing was done, many leave the count empty. */
function countOf(text: string): number {
  if (!/^\d{0,9}$/.test(text)) throw new RangeError('is not a number of cases');
  return Number(text);
}
