/** The year of a case number in any of the brackets in use; NFKC has made full-width and small forms ASCII before. */
const YEAR_IN_BRACKETS = /[[({<〔【〖〘〈《❲](\d{4})[\])}>〕】〗〙〉》❳]/gu;
const BLANKS = /[\s\p{Format}]+/gu;

/**
 * A case or decision number (文书号) in the form the departments print: `黔市监处罚[2026]12号` becomes
 * `黔市监处罚〔2026〕12号`. Full-width digits and brackets become ASCII, blanks go, and the year stands in hexagonal
 * brackets; other brackets and the words stay. Idempotent, and the result is unchanged by NFKC.
 * @remarks The hexagonal brackets are those of GB/T 9704 for document numbers; typists and systems use [] and () instead.
 */
export function normaliseCaseNumber(text: string): string {
  return text.normalize('NFKC').replace(BLANKS, '').replace(YEAR_IN_BRACKETS, '〔$1〕');
}
