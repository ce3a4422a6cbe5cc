/** Which of the two JSON media types of GraphQL over HTTP a client wants. */

export const JSON_TYPE = 'application/json';
export const GRAPHQL_RESPONSE_TYPE = 'application/graphql-response+json';
const HTML_TYPE = 'text/html';

interface Range {
  readonly type: string;
  readonly quality: number;
}

function parseAccept(accept: string): readonly Range[] {
  return accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const charset = parameters.find((parameter) => parameter.startsWith('charset='));
    const isReadable = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
    return { type, quality: isReadable ? (quality === undefined ? 1 : Number(quality.slice(2)) || 0) : 0 };
  });
}

/** The range that speaks about a type most exactly. */
function rangeFor(type: string, ranges: readonly Range[]): Range | undefined {
  const group = `${type.slice(0, type.indexOf('/'))}/*`;
  return [type, group, '*/*'].flatMap((name) => ranges.find((range) => range.type === name) ?? [])[0];
}

/**
 * The best of the offered types: highest quality first, then the one that the client named first, then ours.
 * @returns null when the client wants none of them
 */
function negotiate(accept: string | undefined, offered: readonly string[]): string | null {
  if (accept === undefined || accept.trim() === '') return offered[0] ?? null;
  const ranges = parseAccept(accept);
  const wanted = offered
    .flatMap((type) => {
      const range = rangeFor(type, ranges);
      return range === undefined || range.quality === 0
        ? []
        : [{ type, quality: range.quality, named: range.type === type ? ranges.indexOf(range) : ranges.length }];
    })
    .sort((a, b) => b.quality - a.quality || a.named - b.named);
  return wanted[0]?.type ?? null;
}

/** @returns null when the client accepts neither media type (406) */
export const responseType = (accept: string | undefined): string | null =>
  negotiate(accept, [JSON_TYPE, GRAPHQL_RESPONSE_TYPE]);

/** Whether a browser asks for a page. */
export const wantsPage = (accept: string | undefined): boolean =>
  accept !== undefined && negotiate(accept, [JSON_TYPE, GRAPHQL_RESPONSE_TYPE, HTML_TYPE]) === HTML_TYPE;

export const acceptsEventStream = (accept: string | undefined): boolean =>
  negotiate(accept, ['text/event-stream']) !== null;
