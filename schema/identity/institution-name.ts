/** Names as keys: what a department's spelling has in common with the registry's. */

const BLANKS_AND_MARKS = /[\s·・,，.。'"“”‘’-]/gu;
const LEGAL_FORM = /(?:股份有限公司|有限责任公司|有限公司|公司)$/u;

/** The name without width, bracket style, blanks and punctuation, e.g. for comparing two departments' spelling. */
export function comparableName(name: string): string {
  return name.normalize('NFKC').replace(BLANKS_AND_MARKS, '').toUpperCase();
}

/** The comparable name without its legal form, for departments that leave it off. */
export function looseName(name: string): string {
  return comparableName(name).replace(LEGAL_FORM, '');
}
