/** Which column of a file holds the numbers, and what they are: by its heading, else by what they look like. */
import { checkCreditCode } from '../../schema/codes/credit-code.ts';
import type { ScreenedKind } from '../../schema/screening/screened.ts';
import type { FileCell } from '../../sources/kit/file-layout.ts';
import { fileProblem } from '../import/file-problem.ts';

export interface KeyColumn {
  /** 0-based. */
  readonly index: number;
  readonly hasHeading: boolean;
  /** What every row of it asks about; null where each row shows that itself. */
  readonly kind: ScreenedKind | null;
}

/** Departments' and export programs' headings, compared without blanks and case. */
const HEADINGS: Readonly<Record<string, ScreenedKind>> = {
  报告编号: 'REPORT',
  报告号: 'REPORT',
  检验检测报告编号: 'REPORT',
  reportnumber: 'REPORT',
  reportno: 'REPORT',
  number: 'REPORT',
  统一社会信用代码: 'INSTITUTION',
  社会信用代码: 'INSTITUTION',
  信用代码: 'INSTITUTION',
  creditcode: 'INSTITUTION',
  uscc: 'INSTITUTION',
  uniscid: 'INSTITUTION',
};

const plain = (cell: FileCell): string =>
  String(cell)
    .normalize('NFKC')
    .replace(/[\s_-]/g, '')
    .toLowerCase();

const kindOfHeading = (cell: FileCell): ScreenedKind | undefined => {
  const heading = plain(cell);
  return Object.hasOwn(HEADINGS, heading) ? HEADINGS[heading] : undefined;
};

/**
 * @param first the first row that is not blank
 * @param asked a heading, or a column's number from 1, that the caller named; null = to be found
 * @throws HubError INPUT_INVALID COLUMNS_MISSING, COLUMNS_UNKNOWN, COLUMNS_AMBIGUOUS
 */
export function findKeyColumn(first: readonly FileCell[], asked: string | null): KeyColumn {
  if (asked !== null && /^\d+$/.test(asked)) {
    const index = Number(asked) - 1;
    if (index < 0 || index >= first.length) throw fileProblem('COLUMNS_MISSING', `The file has no column ${asked}.`);
    const kind = kindOfHeading(first[index] ?? '');
    return { index, hasHeading: kind !== undefined, kind: kind ?? null };
  }
  if (asked !== null) {
    const index = first.findIndex((cell) => plain(cell) === plain(asked));
    if (index < 0) throw fileProblem('COLUMNS_MISSING', 'The file has no column with the heading that was named.');
    return { index, hasHeading: true, kind: kindOfHeading(asked) ?? null };
  }
  const known = [...first.entries()].filter(([, cell]) => kindOfHeading(cell) !== undefined);
  const [only] = known;
  if (only !== undefined && known.length === 1) {
    return { index: only[0], hasHeading: true, kind: kindOfHeading(only[1]) ?? null };
  }
  if (known.length > 1) {
    throw fileProblem('COLUMNS_AMBIGUOUS', 'Several columns may hold the numbers; name one with --column.');
  }
  const filled = first.filter((cell) => plain(cell) !== '');
  if (filled.length > 1) {
    throw fileProblem('COLUMNS_UNKNOWN', 'No heading tells which column holds the numbers; name it with --column.');
  }
  return { index: first.findIndex((cell) => plain(cell) !== ''), hasHeading: false, kind: null };
}

/** A credit code, or one with a slip of the pen in its check characters. */
export function looksLikeCode(text: string): boolean {
  const { faults } = checkCreditCode(text);
  return faults.every(({ kind }) => kind === 'ORG_CHECK' || kind === 'CHECK18');
}

/** In a list of mixed rows a right credit code is one; of all else the majority decides. */
export function kindOfRow(text: string, majority: ScreenedKind): ScreenedKind {
  return checkCreditCode(text).verdict === 'REJECT' ? majority : 'INSTITUTION';
}
