/** Names as keys: what a department's spelling has in common with the registry's. */

const BLANKS_AND_MARKS = /[\s·・,，.。'"“”‘’-]/gu;
const LEGAL_FORM = /(?:股份有限公司|有限责任公司|有限公司|公司)$/u;
/** 有限公司 is short for 有限责任公司 (Company Law art. 7); 公司 alone does not say which. */
const FORMS = [
  ['股份有限公司', 'JOINT_STOCK'],
  ['有限责任公司', 'LIMITED'],
  ['有限公司', 'LIMITED'],
] as const;

/** The name without width, bracket style, blanks and punctuation, e.g. for comparing two departments' spelling. */
export function comparableName(name: string): string {
  return name.normalize('NFKC').replace(BLANKS_AND_MARKS, '').toUpperCase();
}

/** The comparable name without its legal form, for departments that leave it off. */
export function looseName(name: string): string {
  return comparableName(name).replace(LEGAL_FORM, '');
}

/** Whether two names can be of one company as far as their legal forms go: equal, or one of them leaves it off. */
export function legalFormsAgree(a: string, b: string): boolean {
  const [left, right] = [legalFormOf(a), legalFormOf(b)];
  return left === null || right === null || left === right;
}

function legalFormOf(name: string): 'JOINT_STOCK' | 'LIMITED' | null {
  const text = comparableName(name);
  return FORMS.find(([ending]) => text.endsWith(ending))?.[1] ?? null;
}
