/** What the values of a caller may be: lists and texts in the document and in the variables. */
import { visit, type DocumentNode } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import { limitExceeded } from './limit-exceeded.ts';

/** Deeper than any input of the graph; what is deeper is meant to hurt. */
const MOST_LEVELS = 32;
/** Characters; longer than the longest reason or summary that a person writes. */
const LONGEST_TEXT = 20_000;
/** Control characters but tab and line ends, and halves of characters: no database, file or XML takes them. */
const NO_TEXT = /[^\P{Cc}\t\n\r]|\p{Cs}/u;

function checkText(text: string): void {
  if (text.length > LONGEST_TEXT) throw limitExceeded('textLength', LONGEST_TEXT, 'A text in the input is too long');
  if (NO_TEXT.test(text))
    throw new HubError('INPUT_INVALID', 'A text in the input has control characters or halves of characters.');
}

/**
 * @returns how many values the longest list has that is written in the document
 * @throws HubError INPUT_INVALID, DOCUMENT_LIMIT for its texts
 */
export function longestListIn(document: DocumentNode): number {
  let longest = 0;
  visit(document, {
    ListValue({ values }) {
      longest = Math.max(longest, values.length);
    },
    StringValue({ value }) {
      checkText(value);
    },
  });
  return longest;
}

/**
 * @param variables as the caller sent them
 * @throws HubError DOCUMENT_LIMIT, INPUT_INVALID
 */
export function checkVariables(variables: Readonly<Record<string, unknown>>, listSize: number): void {
  let level: readonly unknown[] = Object.values(variables);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) throw limitExceeded('variableDepth', MOST_LEVELS, 'The variables are nested too deeply');
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string') checkText(value);
      if (typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value) && value.length > listSize)
        throw limitExceeded('listSize', listSize, 'A list in the variables is too long');
      for (const inner of Object.values(value)) next.push(inner);
    }
    level = next;
  }
}
