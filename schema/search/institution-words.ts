/**
 * Words: pieces of an institution's name and its numbers, which a text is searched by. Chinese names have no blanks
 * between words, so every two neighbouring characters are a word, and for the shortest texts every single one.
 */
import { normaliseCode } from '../codes/credit-code.ts';
import { comparableName } from '../identity/institution-name.ts';
import type { InstitutionEntry } from './institution-entry.model.ts';

const NUMBER = /^[0-9A-Z]{6,40}$/;

/** The words of an entry: pairs and single characters of its comparable name, and the numbers of its certificates. */
export function wordsOf({ name, cmaNumbers }: Pick<InstitutionEntry, 'name' | 'cmaNumbers'>): string[] {
  const comparable = comparableName(name);
  const numbers = cmaNumbers.flatMap((number) => numberWord(number) ?? []);
  return [...new Set([...Array.from(comparable), ...pairsOf(comparable), ...numbers])];
}

/** The fewest words that a comparable name has when it contains this text. */
export function wordsToAsk(comparable: string): string[] {
  const pairs = pairsOf(comparable);
  return pairs.length > 0 ? pairs : [comparable];
}

/** The word of a whole certificate number; null for a text that is no number. */
export function numberWord(text: string): string | null {
  const number = normaliseCode(text);
  return NUMBER.test(number) ? `n:${number}` : null;
}

function pairsOf(comparable: string): string[] {
  const characters = Array.from(comparable);
  return [...new Set(characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`))];
}
