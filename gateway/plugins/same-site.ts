import type { IncomingHttpHeaders } from 'node:http';

const PREFLIGHT_HEADER = 'apollo-require-preflight';

/** Marks that browsers put on what a page of another site asks for; programs send none of them. */
const isFromAnotherSite = (headers: IncomingHttpHeaders): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined || headers.referer !== undefined || headers.cookie !== undefined;
};

/**
 * Apollo's CSRF prevention asks every plain GET for a header that a foreign page cannot send. Programs need not know
 * that: this vouches for requests that no foreign page can have caused.
 */
export function vouchForSameSite(headers: IncomingHttpHeaders): void {
  if (!isFromAnotherSite(headers)) headers[PREFLIGHT_HEADER] = 'not a foreign page';
}

/**
 * Whether a page of another site has caused the request. Other than plain requests, those for streams always name their
 * origin, also from our own pages.
 */
export function isForeignPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}
