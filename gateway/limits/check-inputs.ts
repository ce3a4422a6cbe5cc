/** How large the values of a caller may be: lists in the document and in the variables. */
import { visit, type DocumentNode } from 'graphql';
import { limitExceeded } from './limit-exceeded.ts';

/** Deeper than any input of the graph; what is deeper is meant to hurt. */
const MOST_LEVELS = 32;

/** Values in the longest list that is written in the document. */
export function longestListIn(document: DocumentNode): number {
  let longest = 0;
  visit(document, {
    ListValue({ values }) {
      longest = Math.max(longest, values.length);
    },
  });
  return longest;
}

/**
 * @param variables as the caller sent them
 * @throws HubError DOCUMENT_LIMIT
 */
export function checkVariables(variables: Readonly<Record<string, unknown>>, listSize: number): void {
  let level: readonly unknown[] = Object.values(variables);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) throw limitExceeded('variableDepth', MOST_LEVELS, 'The variables are nested too deeply');
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value) && value.length > listSize)
        throw limitExceeded('listSize', listSize, 'A list in the variables is too long');
      for (const inner of Object.values(value)) next.push(inner);
    }
    level = next;
  }
}
