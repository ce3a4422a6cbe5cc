/** Reads the cells of one row and collects everything that is wrong with it, so that a clerk corrects a row once. */
import { parseCreditCode } from '../../../schema/codes/credit-code.ts';
import type { CreditCode } from '../../../schema/codes/credit-code.ts';
import type { NamedCells, RowProblem, RowProblemCode } from '../../kit/file-layout.ts';
import { wanYuanTextToFen } from '../../kit/money.ts';
import { readNativeDate, readNativeEndDate, readNativeInstant } from '../../kit/native-dates.ts';
import { holdsIdentityNumber } from './identity-number.ts';

/** Longer than any text of the data standard, which allows 5000. */
const LONGEST_TEXT = 10_000;
const LONGEST_NUMBER = 200;
const UNREADABLE = '\uFFFD';

/** 1900 date system: day 1 is 1900-01-01, and day 60 is a day that never was, so days count from 61 here. */
const FIRST_SERIAL = 61;
const LAST_SERIAL = 2_958_465;
const SERIAL_OF_1970 = 25_569;
const DAY_SECONDS = 86_400;

/** A day of the 1900 date system, with its time where it has one, in a style that the departments' readers know. */
function textOfSerial(serial: number): string {
  if (serial < FIRST_SERIAL || serial >= LAST_SERIAL + 1) return String(serial);
  const seconds = Math.round((serial - SERIAL_OF_1970) * DAY_SECONDS);
  const [day = '', time = ''] = new Date(seconds * 1000).toISOString().slice(0, 19).split('T');
  return time === '00:00:00' ? day : `${day} ${time}`;
}

export class FileRow {
  readonly #cells: NamedCells;
  readonly #problems: RowProblem[] = [];

  constructor(cells: NamedCells) {
    this.#cells = cells;
  }

  get problems(): readonly RowProblem[] {
    return this.#problems;
  }

  refuse(column: string, code: RowProblemCode, message: string): void {
    this.#problems.push({ column, code, message });
  }

  /** The text of a cell, unchecked; null when there is none. For looking at a row before deciding to read it. */
  raw(column: string): string | null {
    const text = String(this.#cells.get(column) ?? '').trim();
    // Some offices write the word.
    return text === '' || text === 'null' ? null : text;
  }

  text(column: string): string | null {
    return this.#checked(column, this.raw(column), LONGEST_TEXT);
  }

  /** A number of a document or certificate: text, but not at any length, since it becomes part of a record id. */
  number(column: string): string | null {
    return this.#checked(column, this.raw(column), LONGEST_NUMBER);
  }

  /** @returns empty text when there is none, which is a problem then */
  required(column: string, read: 'text' | 'number' = 'text'): string {
    const text = this[read](column);
    if (text === null) this.refuse(column, 'MISSING', 'is empty');
    return text ?? '';
  }

  /** @returns null when it is missing or wrong, which is a problem then */
  creditCode(column: string): CreditCode | null {
    const text = this.raw(column);
    if (text === null) {
      this.refuse(column, 'MISSING', 'is empty');
      return null;
    }
    return this.#converted(column, 'BAD_CREDIT_CODE', () => parseCreditCode(text));
  }

  /** @returns the text of a day; empty when it is missing or wrong, which is a problem then */
  requiredDay(column: string): string {
    return this.#requiredDate(column, () => this.day(column));
  }

  /** As `requiredDay`, of the last day of a period. A missing end is not taken for "no end", which has its own words. */
  requiredEndDay(column: string): string {
    const text = this.raw(column);
    return this.#requiredDate(column, () => (text !== null && /[\d长]/.test(text) ? this.endDay(column) : null));
  }

  /** @returns the text of a day; null when there is none or it cannot be read */
  day(column: string): string | null {
    return this.#date(column, readNativeDate);
  }

  /** @returns the text of the last day of a period */
  endDay(column: string): string | null {
    const text = this.#cells.get(column);
    if (typeof text === 'string' && text.trim() === '长期') return text.trim();
    return this.#date(column, readNativeEndDate);
  }

  /** @returns the text of a time */
  instant(column: string): string | null {
    return this.#date(column, readNativeInstant);
  }

  /** @returns the text of an amount in 万元 that is not negative */
  wanYuan(column: string): string | null {
    const text = this.raw(column);
    if (text === null) return null;
    return this.#converted(column, 'NOT_AN_AMOUNT', () => {
      if (wanYuanTextToFen(text) < 0) throw new RangeError('an amount below zero');
      return text;
    });
  }

  #requiredDate(column: string, read: () => string | null): string {
    const before = this.#problems.length;
    const text = read();
    if (text === null && this.#problems.length === before) this.refuse(column, 'MISSING', 'is empty');
    return text ?? '';
  }

  #date(column: string, read: (text: string) => unknown): string | null {
    const cell = this.#cells.get(column);
    const text = typeof cell === 'number' ? textOfSerial(cell) : this.raw(column);
    if (text === null) return null;
    return this.#converted(column, 'NOT_A_DATE', () => {
      // The year 0000 is one of the ways to write "no end".
      const isValue = read(text) !== null || read === readNativeEndDate;
      return isValue ? text : null;
    });
  }

  #converted<T>(column: string, code: RowProblemCode, convert: () => T): T | null {
    try {
      return convert();
    } catch (error) {
      this.refuse(column, code, error instanceof Error ? error.message : 'cannot be read');
      return null;
    }
  }

  #checked(column: string, text: string | null, longest: number): string | null {
    if (text === null) return null;
    if (text.length > longest) this.refuse(column, 'TOO_LONG', `is longer than ${longest} characters`);
    else if (text.includes(UNREADABLE))
      this.refuse(column, 'BAD_TEXT', 'holds characters that cannot be read, or an error value');
    else if (holdsIdentityNumber(text)) this.refuse(column, 'PERSONAL_DATA', 'holds an identity card number');
    return text;
  }
}
