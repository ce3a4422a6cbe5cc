/** Gathers the rows of a sheet from its XML. */
import type { FileCell } from '../../../sources/kit/file-layout.ts';
import { fileProblem } from '../file-problem.ts';
import type { ImportLimits } from '../limits.ts';
import { UNREADABLE } from '../table.ts';
import type { TableRow } from '../table.ts';
import { RichText, unescaped } from './shared-strings.ts';
import type { XmlHandlers } from './xml-parts.ts';

/** What spreadsheet programs show of a number, and calculate with: 0.1 + 0.2 is stored as 0.30000000000000004. */
const SIGNIFICANT_DIGITS = 15;
const LETTER_A = 64;

/** 0-based index of the column in a reference such as AB12; null when there is none. */
function columnOf(reference: string | undefined): number | null {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(reference ?? '')?.[0] ?? '')
    column = column * 26 + letter.charCodeAt(0) - LETTER_A;
  return column === 0 ? null : column - 1;
}

/** Handlers for the sheet's XML; finished rows wait in `rows` until they are taken. */
export class SheetRows implements XmlHandlers {
  #rows: TableRow[] = [];
  #number = 0;
  #cells: FileCell[] = [];
  #characters = 0;
  #column = -1;
  #type = 'n';
  #value = '';
  #inValue = false;
  readonly #inline = new RichText();
  #inInline = false;
  readonly #sharedStrings: readonly string[];
  readonly #limits: ImportLimits;

  constructor(sharedStrings: readonly string[], limits: ImportLimits) {
    this.#sharedStrings = sharedStrings;
    this.#limits = limits;
  }

  /** The rows finished since the last time. */
  take(): readonly TableRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** The row that comes next, for saying where reading stopped. */
  get nextNumber(): number {
    return this.#number + 1;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#inInline) this.#inline.open(name);
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'v') this.#inValue = true;
    else if (name === 'is') this.#inInline = true;
    else if (name === 'row') this.#openRow(attributes['r']);
  }

  text(text: string): void {
    if (this.#inInline) this.#inline.text(text);
    else if (this.#inValue) this.#value += text;
  }

  close(name: string): void {
    if (name === 'is') {
      this.#inInline = false;
      this.#value = this.#inline.take();
    } else if (this.#inInline) this.#inline.close(name);
    else if (name === 'v') this.#inValue = false;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row') this.#rows.push({ number: this.#number, cells: this.#cells });
  }

  #openRow(reference: string | undefined): void {
    const number = reference === undefined ? this.#number + 1 : Number(reference);
    if (!Number.isSafeInteger(number) || number <= this.#number)
      throw fileProblem('FILE_DAMAGED', 'The rows of the sheet are not in order.', this.nextNumber);
    this.#number = number;
    this.#cells = [];
    this.#characters = 0;
    this.#column = -1;
  }

  #openCell(attributes: Readonly<Record<string, string>>): void {
    const column = columnOf(attributes['r']) ?? this.#column + 1;
    if (column <= this.#column)
      throw fileProblem('FILE_DAMAGED', 'The cells of a row are not in order.', this.nextNumber);
    if (column >= this.#limits.columns)
      throw fileProblem('FILE_TOO_LARGE', 'A row of the sheet has too many cells.', this.nextNumber);
    this.#column = column;
    this.#type = attributes['t'] ?? 'n';
    this.#value = '';
  }

  #closeCell(): void {
    const cell = this.#cellValue();
    if (cell === '') return;
    this.#characters += this.#type === 's' ? 0 : this.#value.length;
    if (this.#characters > this.#limits.rowCharacters)
      throw fileProblem('FILE_TOO_LARGE', 'A row of the sheet is too long.', this.nextNumber);
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells.push(cell);
  }

  #cellValue(): FileCell {
    const value = this.#value;
    switch (this.#type) {
      case 's':
        return value === '' ? '' : (this.#sharedStrings[Number(value)] ?? UNREADABLE);
      case 'inlineStr':
        return value;
      case 'str':
        return unescaped(value);
      case 'e':
        return UNREADABLE;
      case 'n': {
        const number = Number(value);
        if (value.trim() === '') return '';
        return Number.isFinite(number) ? Number(number.toPrecision(SIGNIFICANT_DIGITS)) : UNREADABLE;
      }
      // Truth values, and ISO dates (d).
      default:
        return value;
    }
  }
}
