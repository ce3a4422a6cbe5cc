/** Hands out the rows of one reply by the credit code they carry. */
import { checkCreditCode, normaliseCode, parseCreditCode } from '../../schema/codes/credit-code.ts';
import type { SubjectReference } from '../../schema/ports.ts';
import type { DraftSet } from '../kit/adapter.ts';
import { answerByKey, field } from '../kit/read-rows.ts';
import type { RowReader } from '../kit/read-rows.ts';

/** The text in a column of a row that may be unreadable elsewhere. */
export function textAt(row: unknown, column: string): string | null {
  if (typeof row !== 'object' || row === null) return null;
  const value: unknown = Reflect.get(row, column);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** A reader whose rows carry the code of their subject in one column. */
export interface SubjectRowReader<W, D> extends RowReader<W, D> {
  readonly codeColumn: string;
  /** null where the code needs no check here: the reader checks it itself, or the row is not about a subject. */
  codeOf(row: W): string | null;
}

/**
 * @returns one set per request, same order. A row whose code is wrong and that nobody asked for by that code is
 *   malformed in every set, because it may belong to any of them; a good row about someone else is left out.
 */
export function answerByCode<W, D>(
  requests: readonly SubjectReference[],
  rows: readonly unknown[],
  reader: SubjectRowReader<W, D>,
): DraftSet<D>[] {
  const asked: ReadonlySet<string> = new Set(requests.map(({ creditCode }) => creditCode));
  const keyOf = (row: unknown): string | null => {
    const text = textAt(row, reader.codeColumn);
    if (text === null) return null;
    const code = normaliseCode(text);
    return asked.has(code) || checkCreditCode(code).verdict !== 'REJECT' ? code : null;
  };
  const checked: RowReader<W, D> = {
    wire: reader.wire,
    recordIdOf: (row) => reader.recordIdOf(row),
    toDraft(row) {
      const code = reader.codeOf(row);
      if (code !== null && !asked.has(normaliseCode(code))) field(reader.codeColumn, () => parseCreditCode(code));
      return reader.toDraft(row);
    },
  };
  return answerByKey(
    requests.map(({ creditCode }) => [creditCode]),
    rows,
    keyOf,
    checked,
  );
}
