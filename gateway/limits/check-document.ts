/** Refuses documents that are too large, before anything else is done with them. */
import { parse, Source, type DocumentNode } from 'graphql';
import { BoundedMap } from '../bounded-map.ts';
import { longestListIn } from './check-inputs.ts';
import { hasAtMostTokens, shapeOf } from './document-shape.ts';
import { limitExceeded } from './limit-exceeded.ts';
import type { OperationLimits } from './limit-settings.ts';

const MAX_REMEMBERED = 500;

function checkShape(document: DocumentNode, limits: OperationLimits): void {
  const shape = { ...shapeOf(document), listSize: longestListIn(document) };
  const checks = [
    ['depth', 'The fields are nested too deeply'],
    ['rootFields', 'The operation has too many fields at its top'],
    ['aliases', 'The document has too many aliases'],
    ['directives', 'The document has too many directives'],
    ['fields', 'The document has too many fields'],
    ['listSize', 'A list in the document is too long'],
  ] as const;
  for (const [limit, what] of checks) if (shape[limit] > limits[limit]) throw limitExceeded(limit, limits[limit], what);
}

/** Documents within the limits are remembered by their text. */
export class DocumentCheck {
  readonly #within = new BoundedMap<true>(MAX_REMEMBERED);

  constructor(readonly limits: OperationLimits) {}

  /**
   * What is no GraphQL passes: the parser says what is wrong with it.
   * @throws HubError DOCUMENT_LIMIT
   */
  check(text: string): void {
    if (this.#within.get(text) === true) return;
    if (Buffer.byteLength(text) > this.limits.bytes)
      throw limitExceeded('bytes', this.limits.bytes, 'The document is too long');
    const source = new Source(text);
    if (!hasAtMostTokens(source, this.limits.tokens))
      throw limitExceeded('tokens', this.limits.tokens, 'The document has too many tokens');
    let document: DocumentNode;
    try {
      document = parse(source, { noLocation: true });
    } catch {
      return;
    }
    checkShape(document, this.limits);
    this.#within.set(text, true);
  }
}
